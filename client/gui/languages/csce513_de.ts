<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" sourcelanguage="en" language="de">
<context>
    <name>csce513</name>
    <message>
        <location filename="../layouts.py"/>
        <source>(edited)</source>
        <translation>(bearbeitet)</translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>({unread} unread)</source>
        <translation>({unread} ungelesen)</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A change of members or keys could not be verified and was set aside.</source>
        <translation>Eine Änderung von Mitgliedern oder Schlüsseln war nicht zu prüfen und wurde beiseitegelegt.</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>A conversation can have its own rule: More, Notifications; or its menu in the sidebar.</source>
        <translation>Ein Gespräch kann seine eigene Regel haben: Mehr, Benachrichtigungen; oder sein Menü in der Seitenleiste.</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>A file is saved when you press Save on its card. Save as asks each time.</source>
        <translation>Eine Datei wird gespeichert, wenn du auf ihrer Karte „Speichern“ drückst. „Speichern unter“ fragt jedes Mal.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A frame could not be read.</source>
        <translation>Ein Datenblock konnte nicht gelesen werden.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A group of this name exists already.</source>
        <translation>Eine Gruppe dieses Namens gibt es schon.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A message of this person before the next one is missing, or was set aside.</source>
        <translation>Vor der nächsten Nachricht dieser Person fehlt eine, oder sie wurde beiseitegelegt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name has at most {most} characters.</source>
        <translation>Ein Name hat höchstens {most} Zeichen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name has no letter with more than four marks.</source>
        <translation>Kein Buchstabe eines Namens trägt mehr als vier Zeichen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name holds only letters, digits, dots, hyphens and underscores.</source>
        <translation>Ein Name besteht nur aus Buchstaben, Ziffern, Punkten, Binde- und Unterstrichen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name is written in one alphabet; letters of two that look alike could deceive.</source>
        <translation>Ein Name steht in einem einzigen Alphabet; ähnliche Buchstaben aus zweien könnten täuschen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name starts with a letter or a digit.</source>
        <translation>Ein Name beginnt mit einem Buchstaben oder einer Ziffer.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A question stands for itself; it replies to nothing.</source>
        <translation>Eine Frage steht für sich; sie antwortet auf nichts.</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>A question: replies to it are its answers. Esc to cancel</source>
        <translation>Eine Frage: Antworten darauf sind ihre Antworten. Esc bricht ab</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Accept as the answer</source>
        <translation>Als Antwort annehmen</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Accept it only if {username} told you, face to face, that the key is new.</source>
        <translation>Nimm ihn nur an, wenn {username} dir von Angesicht zu Angesicht gesagt hat, dass der Schlüssel neu ist.</translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>Accept new key</source>
        <translation>Neuen Schlüssel annehmen</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Accept the new key of {username}?</source>
        <translation>Neuen Schlüssel von {username} annehmen?</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Accept the new key…</source>
        <translation>Neuen Schlüssel annehmen …</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Add a caption</source>
        <translation>Beschreibung hinzufügen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../header.py"/>
        <source>Add people</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Add people to {name}</source>
        <translation>Personen zu {name} hinzufügen</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Add people…</source>
        <translation>Personen hinzufügen …</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>admin</source>
        <translation>Verwaltung</translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>All messages</source>
        <translation>Alle Nachrichten</translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>All versions of this file were deleted.</source>
        <translation>Alle Versionen dieser Datei wurden gelöscht.</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Alt+Shift+Up, Alt+Shift+Down</source>
        <translation>Alt+Umschalt+Auf, Alt+Umschalt+Ab</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Alt+Up, Alt+Down</source>
        <translation>Alt+Auf, Alt+Ab</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>An invitation is needed the first time.</source>
        <translation>Beim ersten Mal braucht es eine Einladung.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>An invitation is needed: it says where the server is.</source>
        <translation>Eine Einladung ist nötig: Sie sagt, wo der Server ist.</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../export_dialog.py"/>
        <source>and {count} more</source>
        <translation>und {count} weitere</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>ANNOUNCEMENTS</source>
        <translation>ANKÜNDIGUNGEN</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Another language is spoken from the next start on.</source>
        <translation>Eine andere Sprache gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <location filename="../mark_words.py"/>
        <source>answered ✓</source>
        <translation>beantwortet ✓</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Apr</source>
        <translation>Apr.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>April</source>
        <translation>April</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <location filename="../settings_pages.py"/>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ask a question</source>
        <translation>Eine Frage stellen</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Ask a question	Ctrl+Shift+Q</source>
        <translation>Eine Frage stellen	Strg+Umschalt+Q</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>assistant</source>
        <translation>Tutor:in</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>At least {count} characters, or take a suggested one.</source>
        <translation>Mindestens {count} Zeichen, oder nimm einen Vorschlag.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Aug</source>
        <translation>Aug.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>August</source>
        <translation>August</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Bold	Ctrl+B</source>
        <translation>Fett	Strg+B</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Bold, italic, code</source>
        <translation>Fett, kursiv, Code</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../send_files_dialog.py"/>
        <location filename="../sign_in.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Cancel (Esc)</source>
        <translation>Abbrechen (Esc)</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Cancel reply, edit or question</source>
        <translation>Antwort, Bearbeitung oder Frage abbrechen</translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Caption</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Change {number} of {count}</source>
        <translation>Änderung {number} von {count}</translation>
    </message>
    <message>
        <location filename="../diff_text.py"/>
        <source>Changes, line by line</source>
        <translation>Änderungen, Zeile für Zeile</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>CHANNELS</source>
        <translation>KANÄLE</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Choose an invitation file</source>
        <translation>Einladungsdatei auswählen</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Choose the folder for files</source>
        <translation>Ordner für Dateien auswählen</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Choose the folder of the export</source>
        <translation>Ordner des Exports auswählen</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Choose the invitation</source>
        <translation>Einladung auswählen</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <location filename="../settings_pages.py"/>
        <source>Choose…</source>
        <translation>Auswählen …</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Class</source>
        <translation>Kurs</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Class: {class_name}</source>
        <translation>Kurs: {class_name}</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Click to retry.</source>
        <translation>Klicken, um es noch einmal zu versuchen.</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../export_dialog.py"/>
        <location filename="../settings_dialog.py"/>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <location filename="../search_panel.py"/>
        <location filename="../similar_panel.py"/>
        <location filename="../transfers_panel.py"/>
        <location filename="../versions_panel.py"/>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Close pinned</source>
        <translation>Angeheftetes schließen</translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Close questions</source>
        <translation>Fragen schließen</translation>
    </message>
    <message>
        <location filename="../similar_panel.py"/>
        <source>Close similar questions</source>
        <translation>Ähnliche Fragen schließen</translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>Close the files</source>
        <translation>Dateien schließen</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Close the members</source>
        <translation>Mitglieder schließen</translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Close the search</source>
        <translation>Suche schließen</translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>Close the versions</source>
        <translation>Versionen schließen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Close, cancel; then mark read and go to the newest message</source>
        <translation>Schließen, abbrechen; dann als gelesen markieren und zur neuesten Nachricht</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>closed account</source>
        <translation>geschlossenes Konto</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Code	Ctrl+Shift+C</source>
        <translation>Code	Strg+Umschalt+C</translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>collapsed</source>
        <translation>eingeklappt</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Comfortable</source>
        <translation>Luftig</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Compact: more messages on the screen</source>
        <translation>Dicht: mehr Nachrichten auf dem Bildschirm</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <location filename="../versions_panel.py"/>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../members_panel.py"/>
        <source>Compare safety number…</source>
        <translation>Sicherheitsnummer vergleichen …</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Compare these numbers with {username}, face to face or on the phone. If both of you see the same, nobody stands between you.</source>
        <translation>Vergleiche diese Zahlen mit {username}, von Angesicht zu Angesicht oder am Telefon. Seht ihr beide dieselben, steht niemand zwischen euch.</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Compare with the version before</source>
        <translation>Mit der Version davor vergleichen</translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Compare with version {number}</source>
        <translation>Mit Version {number} vergleichen</translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Compare with {number}</source>
        <translation>Vergleich mit {number}</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Compare {name}</source>
        <translation>{name} vergleichen</translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>Compare {old} with {new}</source>
        <translation>{old} mit {new} vergleichen</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Comparing…</source>
        <translation>Wird verglichen …</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Complete a @name, a #conversation or an :emoji:</source>
        <translation>@Name, #Gespräch oder :Emoji: vervollständigen</translation>
    </message>
    <message>
        <location filename="../text_edit.py"/>
        <source>Completions</source>
        <translation>Vervollständigungen</translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>Connecting to the server…</source>
        <translation>Verbindung zum Server …</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Connecting…</source>
        <translation>Verbindung wird aufgebaut …</translation>
    </message>
    <message>
        <location filename="../sidebar.py"/>
        <source>Conversations</source>
        <translation>Gespräche</translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <location filename="../message_view.py"/>
        <source>Copy link</source>
        <translation>Link kopieren</translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Copy name and caption</source>
        <translation>Name und Beschreibung kopieren</translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Copy selection</source>
        <translation>Auswahl kopieren</translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Copy text</source>
        <translation>Text kopieren</translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>Copy the SHA-256</source>
        <translation>SHA-256 kopieren</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Create</source>
        <translation>Gründen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl++, Ctrl+-, Ctrl+0</source>
        <translation>Strg++, Strg+-, Strg+0</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+,</source>
        <translation>Strg+,</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+/</source>
        <translation>Strg+/</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+1 … Ctrl+9</source>
        <translation>Strg+1 … Strg+9</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+B, Ctrl+I, Ctrl+Shift+C</source>
        <translation>Strg+B, Strg+I, Strg+Umschalt+C</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+Enter</source>
        <translation>Strg+Enter</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Ctrl+Enter sends · Enter new line · Ctrl+Shift+C code</source>
        <translation>Strg+Enter sendet · Enter neue Zeile · Strg+Umschalt+C Code</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Ctrl+Enter sends, Enter makes a new line</source>
        <translation>Strg+Enter sendet, Enter macht eine neue Zeile</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+F, Ctrl+Shift+F</source>
        <translation>Strg+F, Strg+Umschalt+F</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+K</source>
        <translation>Strg+K</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+M</source>
        <translation>Strg+M</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+Q</source>
        <translation>Strg+Q</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+Shift+Q</source>
        <translation>Strg+Umschalt+Q</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+Shift+U</source>
        <translation>Strg+Umschalt+U</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+U</source>
        <translation>Strg+U</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <location filename="../settings_pages.py"/>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Dec</source>
        <translation>Dez.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>December</source>
        <translation>Dezember</translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Delete for everyone</source>
        <translation>Für alle löschen</translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>Delete this message for everybody?</source>
        <translation>Diese Nachricht für alle löschen?</translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Delivered to everybody</source>
        <translation>Allen zugestellt</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Density</source>
        <translation>Dichte</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>DIRECT MESSAGES</source>
        <translation>DIREKTNACHRICHTEN</translation>
    </message>
    <message>
        <location filename="../layouts.py"/>
        <location filename="../message_orders.py"/>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>Discard this message?</source>
        <translation>Diese Nachricht verwerfen?</translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Do not accept this answer any more</source>
        <translation>Diese Antwort nicht mehr annehmen</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Do not disturb</source>
        <translation>Bitte nicht stören</translation>
    </message>
    <message>
        <location filename="../tray.py"/>
        <source>do not disturb</source>
        <translation>bitte nicht stören</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <location filename="../tray.py"/>
        <source>Do not disturb for 1 hour</source>
        <translation>1 Stunde lang nicht stören</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <location filename="../tray.py"/>
        <source>Do not disturb until tomorrow</source>
        <translation>Bis morgen nicht stören</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <location filename="../tray.py"/>
        <source>Do not disturb: off</source>
        <translation>Nicht stören: aus</translation>
    </message>
    <message>
        <location filename="../similar_panel.py"/>
        <source>Down chooses · Enter shows · Esc closes</source>
        <translation>Ab wählt · Enter zeigt · Esc schließt</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Down, Esc in a question</source>
        <translation>Ab, Esc in einer Frage</translation>
    </message>
    <message>
        <location filename="../drop_overlay.py"/>
        <source>Drop to send to {title}</source>
        <translation>Loslassen, um an {title} zu senden</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>e.g. team-epoll</source>
        <translation>z. B. team-epoll</translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Edit your last message</source>
        <translation>Deine letzte Nachricht bearbeiten</translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>edited</source>
        <translation>bearbeitet</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Editing, Esc to cancel</source>
        <translation>Wird bearbeitet, Esc bricht ab</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Emoji</source>
        <translation>Emoji</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>End-to-end encrypted</source>
        <translation>Ende-zu-Ende-verschlüsselt</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Enter sends · Shift+Enter new line · Ctrl+Shift+C code</source>
        <translation>Enter sendet · Umschalt+Enter neue Zeile · Strg+Umschalt+C Code</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Enter sends, Shift+Enter makes a new line</source>
        <translation>Enter sendet, Umschalt+Enter macht eine neue Zeile</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Every question here has an answer.</source>
        <translation>Jede Frage hier hat eine Antwort.</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Everybody in the class sees the name and may join; a member's computer lets them in.</source>
        <translation>Alle im Kurs sehen den Namen und dürfen beitreten; der Rechner eines Mitglieds lässt sie ein.</translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>expanded</source>
        <translation>ausgeklappt</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Export everything you can read</source>
        <translation>Alles exportieren, was du lesen kannst</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Export everything…</source>
        <translation>Alles exportieren …</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Export {name}</source>
        <translation>{name} exportieren</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Exported {messages} and {files} to {path}</source>
        <translation>{messages} und {files} exportiert nach {path}</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>F3, Shift+F3</source>
        <translation>F3, Umschalt+F3</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>F6</source>
        <translation>F6</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Feb</source>
        <translation>Feb.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>February</source>
        <translation>Februar</translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>Fetching your keys…</source>
        <translation>Deine Schlüssel werden geholt …</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Fetching {name}</source>
        <translation>{name} wird geholt</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>file {name}</source>
        <translation>Datei {name}</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../settings_pages.py"/>
        <location filename="../transfers_panel.py"/>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Files and transfers</source>
        <translation>Dateien und Übertragungen</translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>FILES HERE</source>
        <translation>DATEIEN HIER</translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>FILES IN {title}</source>
        <translation>DATEIEN IN {title}</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Files · {count}</source>
        <translation>Dateien · {count}</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Files, {count} on their way</source>
        <translation>Dateien, {count} unterwegs</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>File…</source>
        <translation>Datei …</translation>
    </message>
    <message>
        <location filename="../emoji_picker.py"/>
        <source>Find an emoji</source>
        <translation>Emoji suchen</translation>
    </message>
    <message>
        <location filename="../emoji_picker.py"/>
        <source>Find an emoji, e.g. rocket</source>
        <translation>Emoji suchen, z. B. rocket</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Folder for files</source>
        <translation>Ordner für Dateien</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Folder of the export</source>
        <translation>Ordner des Exports</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>For 1 hour</source>
        <translation>Für 1 Stunde</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Found on this computer.</source>
        <translation>Auf diesem Rechner gefunden.</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Free software under the licence {licence}. It comes without any warranty.</source>
        <translation>Freie Software unter der Lizenz {licence}, ohne jede Gewährleistung.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Free:</source>
        <translation>Frei:</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Friday</source>
        <translation>Freitag</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Get my account back</source>
        <translation>Konto zurückholen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Go to similar questions, close them</source>
        <translation>Zu ähnlichen Fragen gehen, sie schließen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Go to the next pane</source>
        <translation>Zum nächsten Bereich</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>I have an account in this class: get it back on this computer</source>
        <translation>Ich habe schon ein Konto in diesem Kurs: auf diesen Rechner zurückholen</translation>
    </message>
    <message>
        <location filename="../image_viewer.py"/>
        <source>Image {name}</source>
        <translation>Bild {name}</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>image {name}</source>
        <translation>Bild {name}</translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>In all conversations</source>
        <translation>In allen Gesprächen</translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>in reply to {username}</source>
        <translation>als Antwort auf {username}</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Insert</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Inside code (between lines of ```) Enter always makes a new line, and Ctrl+Enter always sends. While names are offered to complete a word, Enter takes one.</source>
        <translation>In Code (zwischen Zeilen aus ```) macht Enter immer eine neue Zeile, und Strg+Enter sendet immer. Solange Namen zur Vervollständigung angeboten werden, übernimmt Enter einen davon.</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Inside code Enter makes a new line · Ctrl+Enter sends</source>
        <translation>In Code macht Enter eine neue Zeile · Strg+Enter sendet</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>instructor</source>
        <translation>Dozent:in</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Instructors read it only if they are in the list of members. You can add people later.</source>
        <translation>Lehrende lesen nur mit, wenn sie in der Liste der Mitglieder stehen. Du kannst später Personen hinzufügen.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Invitation</source>
        <translation>Einladung</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Invitations (*.txt);;All files (*)</source>
        <translation>Einladungen (*.txt);;Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Is part 2 due on Friday at noon, or at the end of the day?</source>
        <translation>Ist Teil 2 am Freitagmittag fällig oder erst am Ende des Tages?</translation>
    </message>
    <message>
        <location filename="../outgoing.py"/>
        <source>It cannot be read: {reason}.</source>
        <translation>Nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>It has not been sent and will not be.</source>
        <translation>Sie wurde nicht gesendet und wird es auch nicht mehr.</translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>It has not been sent and will not be. Its text is lost.</source>
        <translation>Sie wurde nicht gesendet und wird es auch nicht mehr. Ihr Text geht verloren.</translation>
    </message>
    <message>
        <location filename="../outgoing.py"/>
        <source>It is not there.</source>
        <translation>Sie ist nicht da.</translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>It is taken from the window of every member. This cannot be undone.</source>
        <translation>Sie verschwindet aus dem Fenster jedes Mitglieds. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <location filename="../outgoing.py"/>
        <source>It is too large: {size} of {most} allowed.</source>
        <translation>Zu groß: {size}; erlaubt sind {most}.</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Italic	Ctrl+I</source>
        <translation>Kursiv	Strg+I</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Jan</source>
        <translation>Jan.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>January</source>
        <translation>Januar</translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>Join</source>
        <translation>Beitreten</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Join the class</source>
        <translation>Dem Kurs beitreten</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Join your class</source>
        <translation>Tritt deinem Kurs bei</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Jul</source>
        <translation>Juli</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>July</source>
        <translation>Juli</translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Jump to</source>
        <translation>Springen zu</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Jump to a conversation or person</source>
        <translation>Zu einem Gespräch oder einer Person springen</translation>
    </message>
    <message>
        <location filename="../jump_button.py"/>
        <source>Jump to the newest message</source>
        <translation>Zur neuesten Nachricht springen</translation>
    </message>
    <message>
        <location filename="../jump_button.py"/>
        <source>Jump to the newest message, {count} new</source>
        <translation>Zur neuesten Nachricht springen, {count} neu</translation>
    </message>
    <message>
        <location filename="../sidebar.py"/>
        <source>Jump to…      Ctrl+K</source>
        <translation>Springen …    Strg+K</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Jun</source>
        <translation>Juni</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>June</source>
        <translation>Juni</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Keep running in the tray when the window is closed</source>
        <translation>Im Infobereich weiterlaufen, wenn das Fenster geschlossen wird</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>key has changed</source>
        <translation>Schlüssel geändert</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../settings_info.py"/>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Keys…	Ctrl+/</source>
        <translation>Tasten …	Strg+/</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Larger text	Ctrl++</source>
        <translation>Größerer Text	Strg++</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Larger, smaller, usual text</source>
        <translation>Größerer, kleinerer, üblicher Text</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Leave the group instead.</source>
        <translation>Verlasse stattdessen die Gruppe.</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Leave {title}?</source>
        <translation>{title} verlassen?</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Leave…</source>
        <translation>Verlassen …</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Let into the class again</source>
        <translation>Wieder in den Kurs lassen</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Let write again</source>
        <translation>Wieder schreiben lassen</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Libraries</source>
        <translation>Bibliotheken</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <location filename="../settings_pages.py"/>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>Line ends: {before} before, {after} now.</source>
        <translation>Zeilenenden: vorher {before}, jetzt {after}.</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Load the image</source>
        <translation>Bild laden</translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <location filename="../file_painting.py"/>
        <location filename="../image_viewer.py"/>
        <source>Loading the image…</source>
        <translation>Bild wird geladen …</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Loading the versions…</source>
        <translation>Versionen werden geladen …</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Make assistant</source>
        <translation>Zur Tutorin oder zum Tutor machen</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Make student again</source>
        <translation>Wieder zur Studentin oder zum Studenten machen</translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>Making your keys…</source>
        <translation>Deine Schlüssel werden erzeugt …</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Mar</source>
        <translation>März</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>March</source>
        <translation>März</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Mark all conversations read</source>
        <translation>Alle Gespräche als gelesen markieren</translation>
    </message>
    <message>
        <location filename="../preference_links.py"/>
        <source>Mark as read</source>
        <translation>Als gelesen markieren</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>May</source>
        <translation>Mai</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../members_panel.py"/>
        <source>Members</source>
        <translation>Mitglieder</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Mention everybody	@all</source>
        <translation>Alle erwähnen	@all</translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>Mentions and direct</source>
        <translation>Erwähnungen und Direktes</translation>
    </message>
    <message>
        <location filename="../text_edit.py"/>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <location filename="../conversation_pane.py"/>
        <source>Message {sign}</source>
        <translation>Nachricht an {sign}</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Message {username}</source>
        <translation>{username} schreiben</translation>
    </message>
    <message>
        <location filename="../message_view.py"/>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Messages are encrypted on this computer; the server passes on and keeps only what it cannot read.</source>
        <translation>Nachrichten werden auf diesem Rechner verschlüsselt; der Server reicht nur weiter und verwahrt nur, was er nicht lesen kann.</translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Messages found</source>
        <translation>Gefundene Nachrichten</translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>mixed</source>
        <translation>gemischt</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Monday</source>
        <translation>Montag</translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <source>More actions</source>
        <translation>Weitere Aktionen</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>more than a day</source>
        <translation>mehr als einen Tag</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>More ▾</source>
        <translation>Mehr ▾</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Move between messages, open their actions</source>
        <translation>Zwischen Nachrichten wechseln, ihre Aktionen öffnen</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Mute</source>
        <translation>Stummschalten</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Mute {username}?</source>
        <translation>{username} stummschalten?</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <location filename="../sidebar_rows.py"/>
        <source>muted</source>
        <translation>stumm</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Mute…</source>
        <translation>Stummschalten …</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>n, p or F7, Shift+F7</source>
        <translation>n, p oder F7, Umschalt+F7</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Name of a channel, group or person</source>
        <translation>Name eines Kanals, einer Gruppe oder Person</translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Name of a person</source>
        <translation>Name einer Person</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Name of the group</source>
        <translation>Name der Gruppe</translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <source>NEW</source>
        <translation>NEU</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>New group</source>
        <translation>Neue Gruppe</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>New group…</source>
        <translation>Neue Gruppe …</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>New line</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>New name</source>
        <translation>Neuer Name</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Newer version</source>
        <translation>Neuere Version</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Next change (n, F7)</source>
        <translation>Nächste Änderung (n, F7)</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Next, previous change while comparing</source>
        <translation>Nächste, vorige Änderung beim Vergleichen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Next, previous hit</source>
        <translation>Nächster, voriger Treffer</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>No account of this name is known here.</source>
        <translation>Ein Konto dieses Namens ist hier nicht bekannt.</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>No announcements yet. What the staff of {class_name} announces appears here.</source>
        <translation>Noch keine Ankündigungen. Hier erscheint, was die Lehrenden von {class_name} ankündigen.</translation>
    </message>
    <message>
        <location filename="../mark_words.py"/>
        <source>no answer yet</source>
        <translation>noch keine Antwort</translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>No files yet. Drop one on the messages, or press Ctrl+U.</source>
        <translation>Noch keine Dateien. Zieh eine auf die Nachrichten oder drück Strg+U.</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>No key matches.</source>
        <translation>Keine Taste passt.</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>No messages yet.</source>
        <translation>Noch keine Nachrichten.</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>No messages yet. Say hello to {name}.
Only the two of you can read what is written here.</source>
        <translation>Noch keine Nachrichten. Sag {name} Hallo.
Nur ihr beide könnt lesen, was hier geschrieben wird.</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>No messages yet. Say hello, or ask the first question.</source>
        <translation>Noch keine Nachrichten. Sag Hallo oder stell die erste Frage.</translation>
    </message>
    <message>
        <location filename="../diff_text.py"/>
        <source>no newline at the end of the file</source>
        <translation>kein Zeilenende am Ende der Datei</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>No person of this name is in the class.</source>
        <translation>Eine Person dieses Namens ist nicht im Kurs.</translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>No questions here yet. Ask one with the + beside the text field.</source>
        <translation>Hier gibt es noch keine Fragen. Stell eine mit dem + neben dem Textfeld.</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Nobody disturbs you until {time}.</source>
        <translation>Bis {time} stört dich niemand.</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Nobody disturbs you until {weekday} {time}.</source>
        <translation>Bis {weekday} {time} stört dich niemand.</translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>Nobody else has joined yet</source>
        <translation>Sonst ist noch niemand dabei</translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Nobody else is in the class yet. Give your classmates the invitation.</source>
        <translation>Sonst ist noch niemand im Kurs. Gib deinen Mitstudierenden die Einladung.</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Not in the export:</source>
        <translation>Nicht im Export:</translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>not joined</source>
        <translation>nicht beigetreten</translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Not sent</source>
        <translation>Nicht gesendet</translation>
    </message>
    <message>
        <location filename="../layouts.py"/>
        <source>Not sent: {reason}</source>
        <translation>Nicht gesendet: {reason}</translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>not sent: {reason}</source>
        <translation>nicht gesendet: {reason}</translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Nothing can be saved in {folder}.</source>
        <translation>In {folder} kann nichts gespeichert werden.</translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Nothing found for “{text}”.</source>
        <translation>Nichts gefunden für „{text}“.</translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Nothing found here for “{text}”.</source>
        <translation>Hier nichts gefunden für „{text}“.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Nothing is kept for this name that could be given back.</source>
        <translation>Für diesen Namen ist nichts aufbewahrt, das zurückgegeben werden könnte.</translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>Nothing is on its way. Files that you send or save appear here.</source>
        <translation>Nichts ist unterwegs. Hier erscheinen Dateien, die du sendest oder speicherst.</translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Nothing is pinned here. Pin a message by its menu, so that everybody finds it again.</source>
        <translation>Hier ist nichts angeheftet. Hefte eine Nachricht über ihr Menü an, damit alle sie wiederfinden.</translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Nothing of this name. Try fewer letters.</source>
        <translation>Nichts mit diesem Namen. Versuch es mit weniger Buchstaben.</translation>
    </message>
    <message>
        <location filename="../level_menu.py"/>
        <location filename="../settings_pages.py"/>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Nov</source>
        <translation>Nov.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>November</source>
        <translation>November</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Oct</source>
        <translation>Okt.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>October</source>
        <translation>Oktober</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Off: you are told as chosen above.</source>
        <translation>Aus: Du erfährst es wie oben gewählt.</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../members_panel.py"/>
        <location filename="../sidebar_rows.py"/>
        <source>offline</source>
        <translation>offline</translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Older messages are still being read.</source>
        <translation>Ältere Nachrichten werden noch gelesen.</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Older version</source>
        <translation>Ältere Version</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../members_panel.py"/>
        <location filename="../sidebar_rows.py"/>
        <source>online</source>
        <translation>online</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Only a reply to a question can be accepted.</source>
        <translation>Nur eine Antwort auf eine Frage kann angenommen werden.</translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>Only the line ends differ.</source>
        <translation>Nur die Zeilenenden sind verschieden.</translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>Only the staff writes here.</source>
        <translation>Hier schreiben nur die Lehrenden.</translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Only those without an answer</source>
        <translation>Nur die ohne Antwort</translation>
    </message>
    <message>
        <location filename="../preference_links.py"/>
        <location filename="../tray.py"/>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <location filename="../file_words.py"/>
        <location filename="../settings_info.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>open in another window</source>
        <translation>in einem anderen Fenster offen</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Open the profile folder</source>
        <translation>Profilordner öffnen</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Open the window where it was closed</source>
        <translation>Fenster dort öffnen, wo es geschlossen wurde</translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>Opening your profile…</source>
        <translation>Dein Profil wird geöffnet …</translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Others…</source>
        <translation>Andere …</translation>
    </message>
    <message>
        <location filename="../sidebar.py"/>
        <source>Own menu</source>
        <translation>Eigenes Menü</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>owner</source>
        <translation>Gründung</translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Packing {name}.zip…</source>
        <translation>{name}.zip wird gepackt …</translation>
    </message>
    <message>
        <location filename="../settings_dialog.py"/>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Paste the invitation that your instructor sent, or choose its file.</source>
        <translation>Füg die Einladung deiner Lehrperson ein oder wähl ihre Datei aus.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Paste the link ({scheme}://…) that your instructor sent</source>
        <translation>Link deiner Lehrperson einfügen ({scheme}://…)</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Pasted data may have {size}; save it as a file.</source>
        <translation>Eingefügte Daten dürfen {size} haben; speichere sie als Datei.</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Paused, {amount}</source>
        <translation>Angehalten, {amount}</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Pin</source>
        <translation>Anheften</translation>
    </message>
    <message>
        <location filename="../mark_panels.py"/>
        <location filename="../mark_words.py"/>
        <source>Pinned</source>
        <translation>Angeheftet</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Pinned messages</source>
        <translation>Angeheftete Nachrichten</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Play a sound</source>
        <translation>Einen Ton abspielen</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Please enter a name for the group.</source>
        <translation>Gib bitte einen Namen für die Gruppe ein.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Please enter a name.</source>
        <translation>Gib bitte einen Namen ein.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Please type your passphrase.</source>
        <translation>Gib bitte deine Passphrase ein.</translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Preparing…</source>
        <translation>Wird vorbereitet …</translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>Press + to start one</source>
        <translation>Mit + eine gründen</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Previous change (p, Shift+F7)</source>
        <translation>Vorige Änderung (p, Umschalt+F7)</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Previous, next conversation</source>
        <translation>Voriges, nächstes Gespräch</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Previous, next unread conversation</source>
        <translation>Voriges, nächstes ungelesenes Gespräch</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Private: only people who are added can see and read it</source>
        <translation>Privat: nur hinzugefügte Personen sehen und lesen sie</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Profile folder</source>
        <translation>Profilordner</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <location filename="../mark_words.py"/>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../mark_panels.py"/>
        <source>Questions</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Quiet from</source>
        <translation>Ruhig von</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Quiet hours, every day from</source>
        <translation>Ruhezeit, jeden Tag von</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Quiet until</source>
        <translation>Ruhig bis</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../tray.py"/>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Quit	Ctrl+Q</source>
        <translation>Beenden	Strg+Q</translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>React</source>
        <translation>Reagieren</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Reconnecting in {seconds} s.</source>
        <translation>Neue Verbindung in {seconds} s.</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Reconnecting…</source>
        <translation>Verbindung wird wieder aufgebaut …</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <location filename="../send_files_dialog.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Remove from here…</source>
        <translation>Von hier entfernen …</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Remove from the class…</source>
        <translation>Aus dem Kurs entfernen …</translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Remove {name}</source>
        <translation>{name} entfernen</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Remove {username} from the class?</source>
        <translation>{username} aus dem Kurs entfernen?</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Remove {username} from {title}?</source>
        <translation>{username} aus {title} entfernen?</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>removed</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Replace the names of students by “Student 1”, …</source>
        <translation>Namen von Studierenden durch „Student 1“, … ersetzen</translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>Reply</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Reply to the last message</source>
        <translation>Auf die letzte Nachricht antworten</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Reply to {username}: {text}</source>
        <translation>Antwort an {username}: {text}</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <location filename="../layouts.py"/>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>Retry</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <location filename="../banner.py"/>
        <source>Retry now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <location filename="../banner.py"/>
        <source>Retry the connection now</source>
        <translation>Verbindung jetzt noch einmal versuchen</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Safety number</source>
        <translation>Sicherheitsnummer</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Safety numbers</source>
        <translation>Sicherheitsnummern</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Sample of the text</source>
        <translation>Probe der Schrift</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Saturday</source>
        <translation>Samstag</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <location filename="../file_words.py"/>
        <location filename="../image_viewer.py"/>
        <location filename="../transfer_rows.py"/>
        <location filename="../version_rows.py"/>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Save as…</source>
        <translation>Speichern unter …</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Save files to</source>
        <translation>Dateien speichern in</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Save files to the usual folder</source>
        <translation>Dateien im üblichen Ordner speichern</translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Save this version (S)</source>
        <translation>Diese Version speichern (S)</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <location filename="../image_viewer.py"/>
        <source>Save {name}</source>
        <translation>{name} speichern</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Saved on this computer, not sent yet</source>
        <translation>Auf diesem Rechner gespeichert, noch nicht gesendet</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Saved, verified</source>
        <translation>Gespeichert, geprüft</translation>
    </message>
    <message>
        <location filename="../transfer_rows.py"/>
        <source>Saving {name}</source>
        <translation>{name} wird gespeichert</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Say where the export is to be written.</source>
        <translation>Gib an, wohin der Export geschrieben werden soll.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Say where the file is to be saved.</source>
        <translation>Sag, wohin die Datei gespeichert werden soll.</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../search_panel.py"/>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Search here, everywhere</source>
        <translation>Hier suchen, überall suchen</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Search keys</source>
        <translation>Tasten suchen</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Search keys, e.g. Ctrl or files</source>
        <translation>Tasten suchen, z. B. Strg oder Dateien</translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Search messages</source>
        <translation>Nachrichten durchsuchen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Search people</source>
        <translation>Personen suchen</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <location filename="../send_files_dialog.py"/>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Send (a new line inside ```)</source>
        <translation>Senden (eine neue Zeile zwischen ```)</translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>Send a file of the same name here to add a version.</source>
        <translation>Sende hier eine Datei gleichen Namens, um eine Version hinzuzufügen.</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Send a folder to {title}</source>
        <translation>Ordner an {title} senden</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Send a folder…</source>
        <translation>Ordner senden …</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Send files</source>
        <translation>Dateien senden</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Send files (Ctrl+U), insert code, a mention</source>
        <translation>Dateien senden (Strg+U), Code oder Erwähnung einfügen</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Send files to {title}</source>
        <translation>Dateien an {title} senden</translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Send files…	Ctrl+U</source>
        <translation>Dateien senden …	Strg+U</translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Send to {title}</source>
        <translation>An {title} senden</translation>
    </message>
    <message numerus="yes">
        <location filename="../send_files_dialog.py"/>
        <source>Send {count} files</source>
        <extracomment>Send {count} file</extracomment>
        <translation><numerusform>{count} Datei senden</numerusform><numerusform>{count} Dateien senden</numerusform></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Send, also inside ```</source>
        <translation>Senden, auch zwischen ```</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Sending</source>
        <translation>Senden</translation>
    </message>
    <message>
        <location filename="../transfer_rows.py"/>
        <source>Sending {name}</source>
        <translation>{name} wird gesendet</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Sent, the server has not confirmed it yet</source>
        <translation>Gesendet, vom Server noch nicht bestätigt</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Sep</source>
        <translation>Sep.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>September</source>
        <translation>September</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Server {host}:{port}, key {groups}</source>
        <translation>Server {host}:{port}, Schlüssel {groups}</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../settings_dialog.py"/>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Settings…	Ctrl+,</source>
        <translation>Einstellungen …	Strg+,</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Several people are typing…</source>
        <translation>Mehrere schreiben …</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Shift+Enter</source>
        <translation>Umschalt+Enter</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Shift+Esc</source>
        <translation>Umschalt+Esc</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Shift+Up in an empty field</source>
        <translation>Umschalt+Auf im leeren Feld</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Show or hide the members</source>
        <translation>Mitglieder zeigen oder verbergen</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Show the image</source>
        <translation>Bild zeigen</translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>Show the message</source>
        <translation>Nachricht zeigen</translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Show the message (Enter)</source>
        <translation>Nachricht zeigen (Enter)</translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Show what has changed since version {number} (C)</source>
        <translation>Zeigen, was sich seit Version {number} geändert hat (C)</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Show who writes and what</source>
        <translation>Zeigen, wer schreibt und was</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Sign in first.</source>
        <translation>Melde dich zuerst an.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Sign in – csce513fall24Msg</source>
        <translation>Anmelden – csce513fall24Msg</translation>
    </message>
    <message>
        <location filename="../similar_panel.py"/>
        <source>Similar questions</source>
        <translation>Ähnliche Fragen</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Size of text</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Size of text in pixels</source>
        <translation>Schriftgröße in Pixeln</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Smaller text	Ctrl+-</source>
        <translation>Kleinerer Text	Strg+-</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Somebody else changed the keys first.</source>
        <translation>Jemand anders hat die Schlüssel zuerst gewechselt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Somebody left; the keys must change before the next message.</source>
        <translation>Jemand ist gegangen; vor der nächsten Nachricht müssen die Schlüssel wechseln.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Somebody new: join with an invitation</source>
        <translation>Neu hier: mit einer Einladung beitreten</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Something went wrong that we did not expect.</source>
        <translation>Etwas Unerwartetes ist schiefgegangen.</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>staff write here</source>
        <translation>hier schreiben Lehrende</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Stop sending</source>
        <translation>Nicht mehr senden</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Stop sending {name}?</source>
        <translation>{name} nicht mehr senden?</translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Stored by the server</source>
        <translation>Auf dem Server gespeichert</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>student</source>
        <translation>Student:in</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>STUDY GROUPS</source>
        <translation>LERNGRUPPEN</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Suggest one</source>
        <translation>Vorschlag</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Sunday</source>
        <translation>Sonntag</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Take out {name}</source>
        <translation>{name} herausnehmen</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Take the name {name}</source>
        <translation>Den Namen {name} nehmen</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Tell me about</source>
        <translation>Benachrichtige mich über</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The change of keys or members is not valid.</source>
        <translation>Der Wechsel der Schlüssel oder Mitglieder ist ungültig.</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>The chat of one class: end-to-end encrypted, nothing you write is lost.</source>
        <translation>Der Chat eines Kurses: Ende-zu-Ende-verschlüsselt, und nichts, was du schreibst, geht verloren.</translation>
    </message>
    <message>
        <location filename="../conversation_pane.py"/>
        <source>the class</source>
        <translation>deinem Kurs</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The client had a problem and stopped. What you wrote is saved; start it again.</source>
        <translation>Das Programm hatte ein Problem und hat angehalten. Was du geschrieben hast, ist gespeichert; starte es neu.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The connection was lost before the answer came.</source>
        <translation>Die Verbindung brach ab, bevor die Antwort kam.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The connection was lost.</source>
        <translation>Die Verbindung ist abgebrochen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The connection was too slow and was ended by the server; it is tried again.</source>
        <translation>Die Verbindung war zu langsam und wurde vom Server beendet; sie wird neu versucht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The export could not be written: {reason}.</source>
        <translation>Der Export konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The export had a problem and stopped.</source>
        <translation>Beim Export gab es ein Problem, er wurde abgebrochen.</translation>
    </message>
    <message>
        <location filename="../export_desk.py"/>
        <source>The export is done.</source>
        <translation>Der Export ist fertig.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The file cannot be saved: {reason}.</source>
        <translation>Die Datei kann nicht gespeichert werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>The file could not be saved.</source>
        <translation>Die Datei konnte nicht gespeichert werden.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The file has changed; it is sent anew.</source>
        <translation>Die Datei hat sich geändert; sie wird neu gesendet.</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>The first nine conversations</source>
        <translation>Die ersten neun Gespräche</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>The folder {folder} cannot be made: {reason}.</source>
        <translation>Der Ordner {folder} kann nicht angelegt werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The folder {folder} does not exist.</source>
        <translation>Den Ordner {folder} gibt es nicht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The folder {folder} is not there any more.</source>
        <translation>Der Ordner {folder} ist nicht mehr da.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The group could not be created. {why}</source>
        <translation>Die Gruppe konnte nicht gegründet werden. {why}</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>The image could not be loaded.</source>
        <translation>Das Bild konnte nicht geladen werden.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The join code is not right. Ask your instructor for the invitation.</source>
        <translation>Der Beitrittscode stimmt nicht. Bitte deine Lehrperson um die Einladung.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The key of one of these people has changed. Accept it first.</source>
        <translation>Der Schlüssel einer dieser Personen hat sich geändert. Nimm ihn zuerst an.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The key of {username} has changed. Accept it before you write.</source>
        <translation>Der Schlüssel von {username} hat sich geändert. Nimm ihn an, bevor du schreibst.</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>The key of {username} has changed. Ask {username} in person before you accept it; until then nothing is sent.</source>
        <translation>Der Schlüssel von {username} hat sich geändert. Frag {username} persönlich, bevor du ihn annimmst; bis dahin wird nichts gesendet.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The key of {username} has changed. Compare safety numbers before you write to them.</source>
        <translation>Der Schlüssel von {username} hat sich geändert. Vergleicht Sicherheitsnummern, bevor du schreibst.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The key of {username} is known now.</source>
        <translation>Der Schlüssel von {username} ist jetzt bekannt.</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>The keys change; nothing that is written from now on can be read by this person.</source>
        <translation>Die Schlüssel wechseln; was von nun an geschrieben wird, kann diese Person nicht lesen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The keys of this conversation have changed; the message is sealed anew.</source>
        <translation>Die Schlüssel dieses Gesprächs haben gewechselt; die Nachricht wird neu versiegelt.</translation>
    </message>
    <message>
        <location filename="../writing.py"/>
        <source>The message could not be edited.</source>
        <translation>Die Nachricht konnte nicht bearbeitet werden.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The message could not be read.</source>
        <translation>Die Nachricht konnte nicht gelesen werden.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The message is on its way. Try again in a moment.</source>
        <translation>Die Nachricht ist unterwegs. Versuch es gleich noch einmal.</translation>
    </message>
    <message>
        <location filename="../file_panels.py"/>
        <source>The message of this file is not here any more.</source>
        <translation>Die Nachricht zu dieser Datei ist nicht mehr hier.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The message of this file was deleted.</source>
        <translation>Die Nachricht zu dieser Datei wurde gelöscht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group has 1 to {most} characters.</source>
        <translation>Der Name einer Gruppe hat 1 bis {most} Zeichen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group has at most {most} characters.</source>
        <translation>Der Name einer Gruppe hat höchstens {most} Zeichen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group has no letter with more than four marks.</source>
        <translation>Kein Buchstabe eines Gruppennamens trägt mehr als vier Zeichen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group holds only letters, digits, dots, hyphens and underscores.</source>
        <translation>Der Name einer Gruppe besteht nur aus Buchstaben, Ziffern, Punkten, Binde- und Unterstrichen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group starts with a letter or a digit.</source>
        <translation>Der Name einer Gruppe beginnt mit einem Buchstaben oder einer Ziffer.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of the server cannot be looked up. Look whether this computer is online.</source>
        <translation>Der Name des Servers lässt sich nicht nachschlagen. Sieh nach, ob dieser Computer im Netz ist.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of the server is not known. Compare it with your invitation, or ask your instructor.</source>
        <translation>Der Name des Servers ist nicht bekannt. Vergleiche ihn mit deiner Einladung, oder frag deine Lehrperson.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>The name the class sees, e.g. carmen_d</source>
        <translation>Der Name, den der Kurs sieht, z. B. carmen_d</translation>
    </message>
    <message numerus="yes">
        <location filename="../search_panel.py"/>
        <source>The newest {count} messages.</source>
        <extracomment>The newest message.</extracomment>
        <translation><numerusform>Die neueste Nachricht.</numerusform><numerusform>Die neuesten {count} Nachrichten.</numerusform></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The passphrase does not open this profile.</source>
        <translation>Die Passphrase öffnet dieses Profil nicht.</translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>The passphrase file {path} cannot be read, or is empty.</source>
        <translation>Die Passphrasen-Datei {path} ist nicht lesbar oder leer.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The profile folder {path} cannot be used: {reason}.</source>
        <translation>Der Profilordner {path} ist nicht benutzbar: {reason}.</translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>The quoted message is not on this computer.</source>
        <translation>Die zitierte Nachricht ist nicht auf diesem Computer.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The sender has seen another history of this conversation than you.</source>
        <translation>Wer das gesendet hat, hat einen anderen Verlauf dieses Gesprächs gesehen als du.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The sender was not allowed to do this.</source>
        <translation>Die absendende Person durfte das nicht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server answered but its key is not the one in your invitation. Ask your instructor.</source>
        <translation>Der Server hat geantwortet, aber sein Schlüssel ist nicht der aus deiner Einladung. Frag deine Lehrperson.</translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <location filename="../outside_words.py"/>
        <source>The server cannot be reached.</source>
        <translation>Der Server ist nicht erreichbar.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server cannot be reached. An account comes back only from there; try again when it is.</source>
        <translation>Der Server ist nicht erreichbar. Ein Konto kommt nur von dort zurück; versuch es später noch einmal.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server does not answer.</source>
        <translation>Der Server antwortet nicht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server does not hand over the newest messages of this conversation.</source>
        <translation>Der Server gibt die neuesten Nachrichten dieser Unterhaltung nicht heraus.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server does not keep this file any more.</source>
        <translation>Der Server hat diese Datei nicht mehr.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server ended your session.</source>
        <translation>Der Server hat deine Sitzung beendet.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server had a problem. Nothing is lost; it is sent again.</source>
        <translation>Der Server hatte ein Problem. Nichts ist verloren; es wird noch einmal gesendet.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server has lost people or roles that this computer knows. Ask your instructor.</source>
        <translation>Der Server hat Personen oder Rollen verloren, die dieser Computer kennt. Frag deine Lehrperson.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server has lost the end of this conversation. Nothing is sent here; what you have stays.</source>
        <translation>Der Server hat das Ende dieser Unterhaltung verloren. Hier wird nichts gesendet; was du hast, bleibt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server is busy. Nothing is lost; it is sent again.</source>
        <translation>Der Server ist beschäftigt. Nichts ist verloren; es wird noch einmal gesendet.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server is stopping; you are connected again when it is back.</source>
        <translation>Der Server hält an; du wirst wieder verbunden, sobald er zurück ist.</translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>The server passes on and keeps only what it cannot read.</source>
        <translation>Der Server reicht nur weiter und verwahrt nur, was er nicht lesen kann.</translation>
    </message>
    <message>
        <location filename="../layouts.py"/>
        <source>the server refused it</source>
        <translation>der Server hat sie abgelehnt</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>The server refused the connection.</source>
        <translation>Der Server hat die Verbindung abgelehnt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server said that it stored this message, but it is not in the conversation.</source>
        <translation>Der Server sagte, er habe diese Nachricht gespeichert, aber sie steht nicht in der Unterhaltung.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server sent something that cannot be read.</source>
        <translation>Der Server hat etwas gesendet, das nicht zu lesen ist.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server shows another history of this conversation than before. Nothing is sent here.</source>
        <translation>Der Server zeigt einen anderen Verlauf dieser Unterhaltung als zuvor. Hier wird nichts gesendet.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server's disk is full. Nothing is lost; the transfer goes on when there is space again.</source>
        <translation>Der Datenträger des Servers ist voll. Nichts ist verloren; die Übertragung geht weiter, sobald wieder Platz ist.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server's host</source>
        <translation>Der Betreiber des Servers</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The sign-in could not be verified.</source>
        <translation>Die Anmeldung konnte nicht geprüft werden.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The space of this class for files is used up. Ask your instructor.</source>
        <translation>Der Platz dieses Kurses für Dateien ist aufgebraucht. Frag deine Lehrperson.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The staff has muted you; you can still write direct messages.</source>
        <translation>Die Lehrenden haben dich stummgeschaltet; Direktnachrichten kannst du weiter schreiben.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The transfer had a problem. Try it again.</source>
        <translation>Die Übertragung hatte ein Problem. Versuch es noch einmal.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Their key has changed. Accept it before you write.</source>
        <translation>Der Schlüssel hat sich geändert. Nimm ihn an, bevor du schreibst.</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There are too many groups.</source>
        <translation>Es gibt zu viele Gruppen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is a profile of this name on this computer already. Sign in with it.</source>
        <translation>Auf diesem Rechner gibt es schon ein Profil dieses Namens. Melde dich damit an.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no changed key of this person.</source>
        <translation>Diese Person hat keinen geänderten Schlüssel.</translation>
    </message>
    <message>
        <location filename="../emoji_picker.py"/>
        <source>There is no emoji of this name.</source>
        <translation>Ein Emoji dieses Namens gibt es nicht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no file in such a message.</source>
        <translation>In dieser Nachricht ist keine Datei.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no space left on this computer. What has come is kept; make space and go on.</source>
        <translation>Auf diesem Rechner ist kein Platz mehr. Was da ist, bleibt; schaff Platz und setz fort.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no such message.</source>
        <translation>Diese Nachricht gibt es nicht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no such transfer.</source>
        <translation>Diese Übertragung gibt es nicht.</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>There is nobody to add.</source>
        <translation>Niemand ist mehr hinzuzufügen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is nothing to send.</source>
        <translation>Es gibt nichts zu senden.</translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>These versions are the same.</source>
        <translation>Diese Versionen sind gleich.</translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>These versions are too large to be compared. They can be saved.</source>
        <translation>Diese Versionen sind zu groß zum Vergleichen. Speichern lassen sie sich.</translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>These versions hold the same text. Only its encoding differs.</source>
        <translation>Diese Versionen enthalten denselben Text. Nur seine Kodierung ist verschieden.</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>They can read what was written before as well.</source>
        <translation>Sie können auch lesen, was vorher geschrieben wurde.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This account already exists.</source>
        <translation>Dieses Konto gibt es schon.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This account was closed. Ask for a personal invitation to come back under this name.</source>
        <translation>Dieses Konto wurde geschlossen. Bitte um eine persönliche Einladung, um unter diesem Namen wiederzukommen.</translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>This account was closed. Whoever comes back under this name has new keys.</source>
        <translation>Dieses Konto wurde geschlossen. Wer unter diesem Namen wiederkommt, hat neue Schlüssel.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This cannot be done yet.</source>
        <translation>Das geht noch nicht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This client is too old or too new for the server.</source>
        <translation>Dieses Programm ist zu alt oder zu neu für den Server.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This conversation does not exist.</source>
        <translation>Dieses Gespräch gibt es nicht.</translation>
    </message>
    <message>
        <location filename="../conversation_pane.py"/>
        <location filename="../file_desk.py"/>
        <source>This did not work.</source>
        <translation>Das hat nicht geklappt.</translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>This file can be saved, but not compared.</source>
        <translation>Diese Datei lässt sich speichern, aber nicht vergleichen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file can be saved, but not shown.</source>
        <translation>Diese Datei lässt sich speichern, aber nicht zeigen.</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>This file could not be transferred.</source>
        <translation>Diese Datei konnte nicht übertragen werden.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file has {size}; no file may have more than {most}.</source>
        <translation>Diese Datei hat {size}; mehr als {most} darf keine haben.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file is not what its sender signed, so it was not saved.</source>
        <translation>Diese Datei ist nicht die, die unterschrieben wurde; darum wurde sie nicht gespeichert.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file is too large for this class.</source>
        <translation>Diese Datei ist zu groß für diesen Kurs.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file was deleted.</source>
        <translation>Diese Datei wurde gelöscht.</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>This folder is not there. It is made when the first file is saved.</source>
        <translation>Dieser Ordner ist nicht da. Er wird angelegt, wenn die erste Datei gespeichert wird.</translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>This image cannot be read.</source>
        <translation>Dieses Bild ist nicht lesbar.</translation>
    </message>
    <message>
        <location filename="../image_decoding.py"/>
        <source>This image cannot be shown</source>
        <translation>Dieses Bild lässt sich nicht zeigen</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>This image is too large to be shown</source>
        <translation>Dieses Bild ist zu groß, um es zu zeigen</translation>
    </message>
    <message>
        <location filename="../outgoing.py"/>
        <source>This is not a file that can be sent.</source>
        <translation>Das ist keine Datei, die sich senden lässt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This is not a path that a file can be saved to.</source>
        <translation>Das ist kein Pfad, unter dem sich eine Datei speichern lässt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This is not an invitation. Paste the whole link, or choose the invitation file.</source>
        <translation>Das ist keine Einladung. Füg den ganzen Link ein oder wähl die Einladungsdatei aus.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This is too long to be sent.</source>
        <translation>Das ist zu lang zum Senden.</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>This is you</source>
        <translation>Das bist du</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>This list</source>
        <translation>Diese Liste</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message came after the keys had changed.</source>
        <translation>Diese Nachricht kam, nachdem die Schlüssel gewechselt hatten.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <location filename="../writing.py"/>
        <source>This message could not be sent.</source>
        <translation>Diese Nachricht konnte nicht gesendet werden.</translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <location filename="../outside_words.py"/>
        <source>This message could not be verified and was set aside.</source>
        <translation>Diese Nachricht ließ sich nicht prüfen und wurde beiseitegelegt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message does not follow the sender's message before it.</source>
        <translation>Diese Nachricht passt nicht zur vorigen derselben Person.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message is from a device that does not belong to its sender.</source>
        <translation>Diese Nachricht kommt von einem Gerät, das nicht zur absendenden Person gehört.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message is from somebody who is not a member.</source>
        <translation>Diese Nachricht kommt von jemandem, der kein Mitglied ist.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message is not in the outbox, or is on its way.</source>
        <translation>Diese Nachricht ist nicht im Ausgang, oder sie ist unterwegs.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message is not in the outbox.</source>
        <translation>Diese Nachricht ist nicht im Ausgang.</translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>This message was deleted.</source>
        <translation>Diese Nachricht wurde gelöscht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message was delivered before.</source>
        <translation>Diese Nachricht wurde schon einmal zugestellt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message was sealed under keys that this conversation never had.</source>
        <translation>Diese Nachricht wurde mit Schlüsseln versiegelt, die dieses Gespräch nie hatte.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message was sealed under other keys than those of this conversation.</source>
        <translation>Diese Nachricht wurde mit anderen Schlüsseln als denen dieses Gesprächs versiegelt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This name cannot be used.</source>
        <translation>Dieser Name geht nicht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This name is already taken.</source>
        <translation>Dieser Name ist schon vergeben.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This needs a connection to the server.</source>
        <translation>Das braucht eine Verbindung zum Server.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This passphrase does not open what is kept for this name.</source>
        <translation>Diese Passphrase öffnet nicht, was für diesen Namen aufbewahrt ist.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This person is not a member.</source>
        <translation>Diese Person ist kein Mitglied.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This profile belongs to another class. Choose another profile directory.</source>
        <translation>Dieses Profil gehört zu einem anderen Kurs. Wähl einen anderen Profilordner.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This profile is open in another window.</source>
        <translation>Dieses Profil ist in einem anderen Fenster offen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This text holds characters that cannot be sent.</source>
        <translation>Dieser Text enthält Zeichen, die sich nicht senden lassen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This transfer is done.</source>
        <translation>Diese Übertragung ist fertig.</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>This version could not be loaded.</source>
        <translation>Diese Version konnte nicht geladen werden.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Thursday</source>
        <translation>Donnerstag</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Tick at least one person.</source>
        <translation>Kreuz mindestens eine Person an.</translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Tick two versions to compare them (Space)</source>
        <translation>Kreuz zwei Versionen an, um sie zu vergleichen (Leertaste)</translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>Tick two versions to compare them.</source>
        <translation>Kreuz zwei Versionen an, um sie zu vergleichen.</translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>ticked</source>
        <translation>angekreuzt</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>To be sure that nobody stands between you and a classmate, compare safety numbers: open your direct conversation, then More, Compare safety number. Both of you must see the same digits.</source>
        <translation>Um sicher zu sein, dass niemand zwischen dir und anderen im Kurs steht, vergleicht eure Sicherheitsnummern: Öffne euer direktes Gespräch, dann Mehr, Sicherheitsnummer vergleichen. Beide müsst ihr dieselben Ziffern sehen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Too fast. Try again in a moment.</source>
        <translation>Zu schnell. Versuch es gleich noch einmal.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Too many wrong passphrases for this name. Try again in {minutes} min.</source>
        <translation>Zu viele falsche Passphrasen für diesen Namen. Versuch es in {minutes} min noch einmal.</translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>TRANSFERS</source>
        <translation>ÜBERTRAGUNGEN</translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Tuesday</source>
        <translation>Dienstag</translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Unpin</source>
        <translation>Nicht mehr anheften</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Until tomorrow</source>
        <translation>Bis morgen</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Up in an empty field</source>
        <translation>Auf im leeren Feld</translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Up, Down, Menu in the messages</source>
        <translation>Auf, Ab, Menü in den Nachrichten</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Use the usual folder</source>
        <translation>Üblichen Ordner nehmen</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <location filename="../sign_in.py"/>
        <source>Username</source>
        <translation>Name</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Usernames are replaced wherever they stand as a word. Nicknames, and what stands inside of files and pictures, are not.</source>
        <translation>Benutzernamen werden überall ersetzt, wo sie als Wort stehen. Spitznamen und der Inhalt von Dateien und Bildern bleiben, wie sie sind.</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>verified</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <location filename="../version_words.py"/>
        <source>Version {number}</source>
        <translation>Version {number}</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../version_rows.py"/>
        <source>version {number}</source>
        <translation>Version {number}</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../transfer_rows.py"/>
        <location filename="../versions_panel.py"/>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Waiting for a member's computer to hand over the keys. This happens by itself.</source>
        <translation>Warten, bis der Rechner eines Mitglieds die Schlüssel übergibt. Das geschieht von selbst.</translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>Waiting for a member's computer to let you in. This happens by itself.</source>
        <translation>Warten, bis der Rechner eines Mitglieds dich einlässt. Das geschieht von selbst.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting for the key of this conversation</source>
        <translation>Warten auf den Schlüssel dieses Gesprächs</translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>Waiting for the key of this message from {username}.</source>
        <translation>Warten auf den Schlüssel dieser Nachricht von {username}.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting for the key of {count} message</source>
        <translation>Warten auf den Schlüssel von {count} Nachricht</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting for the key of {count} messages</source>
        <translation>Warten auf die Schlüssel von {count} Nachrichten</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting to be let in by a member</source>
        <translation>Warten, bis ein Mitglied dich einlässt</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting to be let in by somebody who is online</source>
        <translation>Warten, bis jemand, der online ist, dich einlässt</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Waiting, {amount}</source>
        <translation>Wartet, {amount}</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Waiting: {message}</source>
        <translation>Wartet: {message}</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Web pages, JSON lines and files, readable without this program. They are plain text: whoever can open the folder can read them.</source>
        <translation>Webseiten, JSON-Zeilen und Dateien, lesbar ohne dieses Programm. Sie sind Klartext: Wer den Ordner öffnen kann, kann sie lesen.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Wednesday</source>
        <translation>Mittwoch</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Welcome back</source>
        <translation>Willkommen zurück</translation>
    </message>
    <message>
        <location filename="../conversation_pane.py"/>
        <source>Welcome to {class_name}.

Channels and groups appear at the left; press + beside STUDY GROUPS to found one.
Press Ctrl+K and a name to write to somebody.
Give your classmates the invitation so that they can join.</source>
        <translation>Willkommen in {class_name}.

Kanäle und Gruppen erscheinen links; mit + neben LERNGRUPPEN gründest du eine.
Mit Strg+K und einem Namen schreibst du jemandem.
Gib deinen Mitstudierenden die Einladung, damit sie beitreten können.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>What the server keeps for this name cannot be used.</source>
        <translation>Was der Server für diesen Namen aufbewahrt, ist nicht brauchbar.</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>What they do</source>
        <translation>Was sie tun</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Where the export goes</source>
        <translation>Wohin der Export kommt</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Who are you?</source>
        <translation>Wer bist du?</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>With all files</source>
        <translation>Mit allen Dateien</translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Words, "exact phrases", from:name, has:file.</source>
        <translation>Wörter, "genaue Wortfolgen", from:name, has:file.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Write it down: it opens your messages, here and on a new computer. Nobody can give it back to you, neither the server nor your instructor.</source>
        <translation>Schreib sie auf: Sie öffnet deine Nachrichten, hier und auf einem neuen Rechner. Niemand kann sie dir wiedergeben, weder der Server noch deine Kursleitung.</translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Write to somebody</source>
        <translation>Jemandem schreiben</translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Write to somebody…</source>
        <translation>Jemandem schreiben …</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>You</source>
        <translation>Du</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>you</source>
        <translation>du</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You accepted the new key of {username}.</source>
        <translation>Du hast den neuen Schlüssel von {username} angenommen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You are no longer a member. What you have read stays here.</source>
        <translation>Du bist kein Mitglied mehr. Was du gelesen hast, bleibt hier.</translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>You are not a member here any more. What you could read stays on this computer.</source>
        <translation>Du bist hier kein Mitglied mehr. Was du lesen konntest, bleibt auf diesem Rechner.</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>You are not a member here.</source>
        <translation>Du bist hier kein Mitglied.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You are not a member of this conversation.</source>
        <translation>Du bist kein Mitglied dieses Gesprächs.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You are not allowed to do this.</source>
        <translation>Das darfst du nicht.</translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>You cannot write here now.</source>
        <translation>Du kannst hier jetzt nicht schreiben.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You cannot write in this conversation any more.</source>
        <translation>Du kannst in diesem Gespräch nicht mehr schreiben.</translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>You have not joined {title} yet.</source>
        <translation>Du bist {title} noch nicht beigetreten.</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>You keep what you have read, and get nothing new. Somebody inside must add you to come back.</source>
        <translation>Du behältst, was du gelesen hast, und bekommst nichts Neues. Zurück kommst du nur, wenn dich jemand von drinnen hinzufügt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You may not read {name}.</source>
        <translation>Du darfst {name} nicht lesen.</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>You may not write to this folder. Choose another one.</source>
        <translation>In diesen Ordner darfst du nicht schreiben. Wähl einen anderen.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You signed in from another window; this one is signed out.</source>
        <translation>Du hast dich in einem anderen Fenster angemeldet; dieses ist abgemeldet.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You were removed from this class.</source>
        <translation>Du wurdest aus diesem Kurs entfernt.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Your keys and all your messages come back from the server; only your passphrase opens them.</source>
        <translation>Deine Schlüssel und alle Nachrichten kommen vom Server zurück; nur deine Passphrase öffnet sie.</translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Your keys and your history lie there, sealed by your passphrase. Nobody can replace them.</source>
        <translation>Dort liegen deine Schlüssel und dein Verlauf, versiegelt mit deiner Passphrase. Niemand kann sie ersetzen.</translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Your passphrase opens what is kept on this computer. It is never sent.</source>
        <translation>Deine Passphrase öffnet, was auf diesem Rechner liegt. Sie wird nie gesendet.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Your space for files on the server is used up.</source>
        <translation>Dein Platz für Dateien auf dem Server ist aufgebraucht.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} added {names}</source>
        <translation>{by} hat {names} hinzugefügt</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} closed the account of {username}; who comes back under this name has new keys</source>
        <translation>{by} hat das Konto von {username} geschlossen; wer unter diesem Namen wiederkommt, hat neue Schlüssel</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} created the group</source>
        <translation>{by} hat die Gruppe gegründet</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} let {username} into the class again</source>
        <translation>{by} hat {username} wieder in den Kurs gelassen</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} lets {username} write again</source>
        <translation>{by} lässt {username} wieder schreiben</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} muted {username}</source>
        <translation>{by} hat {username} stummgeschaltet</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} removed {names}</source>
        <translation>{by} hat {names} entfernt</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} removed {username} from the class</source>
        <translation>{by} hat {username} aus dem Kurs entfernt</translation>
    </message>
    <message numerus="yes">
        <location filename="../mark_words.py"/>
        <source>{count} answers</source>
        <extracomment>{count} answer</extracomment>
        <translation><numerusform>{count} Antwort</numerusform><numerusform>{count} Antworten</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../local_words.py"/>
        <source>{count} bytes</source>
        <extracomment>{count} byte</extracomment>
        <translation><numerusform>{count} Byte</numerusform><numerusform>{count} Byte</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../diff_view.py"/>
        <source>{count} changes</source>
        <extracomment>{count} change</extracomment>
        <translation><numerusform>{count} Änderung</numerusform><numerusform>{count} Änderungen</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../diff_text.py"/>
        <source>{count} characters more</source>
        <extracomment>{count} character more</extracomment>
        <translation><numerusform>{count} weiteres Zeichen</numerusform><numerusform>{count} weitere Zeichen</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../export_dialog.py"/>
        <source>{count} files</source>
        <extracomment>{count} file</extracomment>
        <translation><numerusform>{count} Datei</numerusform><numerusform>{count} Dateien</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../version_words.py"/>
        <source>{count} lines added</source>
        <extracomment>{count} line added</extracomment>
        <translation><numerusform>{count} Zeile hinzugefügt</numerusform><numerusform>{count} Zeilen hinzugefügt</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../header.py"/>
        <source>{count} members</source>
        <extracomment>{count} member</extracomment>
        <translation><numerusform>{count} Mitglied</numerusform><numerusform>{count} Mitglieder</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../sidebar_rows.py"/>
        <source>{count} mentions</source>
        <extracomment>{count} mention</extracomment>
        <translation><numerusform>{count} Erwähnung</numerusform><numerusform>{count} Erwähnungen</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../export_dialog.py"/>
        <source>{count} messages</source>
        <extracomment>{count} message</extracomment>
        <translation><numerusform>{count} Nachricht</numerusform><numerusform>{count} Nachrichten</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../session_state.py"/>
        <source>{count} messages are saved in your outbox and will be sent.</source>
        <extracomment>{count} message is saved in your outbox and will be sent.</extracomment>
        <translation><numerusform>{count} Nachricht liegt in deinem Ausgang und wird gesendet.</numerusform><numerusform>{count} Nachrichten liegen in deinem Ausgang und werden gesendet.</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../session_state.py"/>
        <source>{count} messages will be sent.</source>
        <extracomment>{count} message will be sent.</extracomment>
        <translation><numerusform>{count} Nachricht wird gesendet.</numerusform><numerusform>{count} Nachrichten werden gesendet.</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../search_panel.py"/>
        <source>{count} messages, the newest first.</source>
        <extracomment>{count} message, the newest first.</extracomment>
        <translation><numerusform>{count} Nachricht, die neueste zuerst.</numerusform><numerusform>{count} Nachrichten, die neueste zuerst.</numerusform></translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>{count} more: press +</source>
        <translation>{count} weitere: mit +</translation>
    </message>
    <message numerus="yes">
        <location filename="../should_tell.py"/>
        <source>{count} new messages</source>
        <extracomment>New message</extracomment>
        <translation><numerusform>Neue Nachricht</numerusform><numerusform>{count} neue Nachrichten</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../should_tell.py"/>
        <source>{count} new messages in {places} conversations</source>
        <extracomment>{count} new message in {places} conversations</extracomment>
        <translation><numerusform>{count} neue Nachricht in {places} Gesprächen</numerusform><numerusform>{count} neue Nachrichten in {places} Gesprächen</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../members_panel.py"/>
        <source>{count} people</source>
        <extracomment>{count} person</extracomment>
        <translation><numerusform>{count} Person</numerusform><numerusform>{count} Personen</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../similar_link.py"/>
        <source>{count} similar questions were asked before. Down goes to them.</source>
        <extracomment>{count} similar question was asked before. Down goes to it.</extracomment>
        <translation><numerusform>{count} ähnliche Frage wurde schon gestellt. Ab führt zu ihr.</numerusform><numerusform>{count} ähnliche Fragen wurden schon gestellt. Ab führt zu ihnen.</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../line_diff.py"/>
        <source>{count} unchanged lines</source>
        <extracomment>{count} unchanged line</extracomment>
        <translation><numerusform>{count} unveränderte Zeile</numerusform><numerusform>{count} unveränderte Zeilen</numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../transfer_rows.py"/>
        <location filename="../versions_panel.py"/>
        <source>{count} versions</source>
        <extracomment>{count} version</extracomment>
        <translation><numerusform>{count} Version</numerusform><numerusform>{count} Versionen</numerusform></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>{day} {month} {time}</source>
        <translation>{day}. {month} {time}</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>{day} {month} {year}</source>
        <translation>{day}. {month} {year}</translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>{done} of {size}</source>
        <translation>{done} von {size}</translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>{done} of {total} messages</source>
        <translation>{done} von {total} Nachrichten</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>{first} and {second} are typing…</source>
        <translation>{first} und {second} schreiben …</translation>
    </message>
    <message>
        <location filename="../version_words.py"/>
        <source>{lines}, {count} removed</source>
        <translation>{lines}, {count} entfernt</translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>{messages} from {place}</source>
        <translation>{messages} von {place}</translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>{messages} in {place}</source>
        <translation>{messages} in {place}</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{names} and {count} others</source>
        <translation>{names} und {count} weitere</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{names} and {last}</source>
        <translation>{names} und {last}</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{names} joined</source>
        <translation>Neu dabei: {names}</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} cannot be read: {reason}.</source>
        <translation>{name} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <location filename="../zipping.py"/>
        <source>{name} could not be packed: {reason}.</source>
        <translation>{name} konnte nicht gepackt werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>{name} could not be sent.</source>
        <translation>{name} konnte nicht gesendet werden.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} has seen another history of this conversation than you. Compare what you read.</source>
        <translation>{name} hat einen anderen Verlauf dieser Unterhaltung gesehen als du. Vergleicht, was ihr lest.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} is a folder. Send it as a zip file.</source>
        <translation>{name} ist ein Ordner. Sende ihn als Zip-Datei.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} is not a file.</source>
        <translation>{name} ist keine Datei.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} is not there any more.</source>
        <translation>{name} ist nicht mehr da.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} is not there.</source>
        <translation>{name} ist nicht da.</translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>{name} is typing…</source>
        <translation>{name} schreibt …</translation>
    </message>
    <message>
        <location filename="../zipping.py"/>
        <source>{name}.zip would be too large to be sent.</source>
        <translation>{name}.zip wäre zu groß zum Senden.</translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>{name}/ will be sent as {name}.zip</source>
        <translation>{name}/ wird als {name}.zip gesendet</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name}: its transfer was called off</source>
        <translation>{name}: die Übertragung wurde abgebrochen</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name}: there is no connection to the server</source>
        <translation>{name}: keine Verbindung zum Server</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>{online} online</source>
        <translation>{online} online</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{path} is not a file.</source>
        <translation>{path} ist keine Datei.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{path} is not empty. Choose a new folder: nothing is overwritten.</source>
        <translation>{path} ist nicht leer. Wähle einen neuen Ordner: Nichts wird überschrieben.</translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>{people}, {online} online</source>
        <translation>{people}, {online} online</translation>
    </message>
    <message>
        <location filename="../transfer_rows.py"/>
        <source>{percent} percent</source>
        <translation>{percent} Prozent</translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>{problem} It will not be sent.</source>
        <translation>{problem} Das wird nicht gesendet.</translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>{reason} Trying again…</source>
        <translation>{reason} Neuer Versuch …</translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>{size} px</source>
        <translation>{size} px</translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <location filename="../tray.py"/>
        <source>{unread} unread</source>
        <translation>{unread} ungelesen</translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>{username} in {place}</source>
        <translation>{username} in {place}</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>{username} is signed out and cannot come back until you allow it. #general says so.</source>
        <translation>{username} wird abgemeldet und kann erst zurück, wenn du es erlaubst. In #general wird es gesagt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{username} left</source>
        <translation>{username} ist gegangen</translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>{username} reads everything, but writes in direct conversations only. #general says so.</source>
        <translation>{username} liest alles, schreibt aber nur in direkten Gesprächen. In #general wird es gesagt.</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{username} renamed the group to {title}</source>
        <translation>{username} hat die Gruppe in {title} umbenannt</translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{username} renewed a key.</source>
        <translation>{username} hat einen Schlüssel erneuert.</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>{weekday}, {day} {month} {year}</source>
        <translation>{weekday}, {day}. {month} {year}</translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>{whole}.{tenth}</source>
        <translation>{whole},{tenth}</translation>
    </message>
    <message>
        <location filename="../jump_button.py"/>
        <source>↓ {count} new</source>
        <translation>↓ {count} neu</translation>
    </message>
    <message>
        <location filename="../mark_words.py"/>
        <source>✓ Accepted answer</source>
        <translation>✓ Angenommene Antwort</translation>
    </message>
    <message>
        <source>The staff has removed you from this class.</source>
        <translation type="vanished">Die Lehrenden haben dich aus diesem Kurs entfernt.</translation>
    </message>
    <message>
        <source>Write it down: it opens your messages on this computer. Nobody can give it back to you, neither the server nor your instructor.</source>
        <translation type="vanished">Schreib sie auf: Sie öffnet deine Nachrichten auf diesem Rechner. Niemand kann sie dir zurückgeben, weder der Server noch deine Lehrperson.</translation>
    </message>
</context>
</TS>
