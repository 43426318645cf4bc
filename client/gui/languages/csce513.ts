<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" sourcelanguage="en">
<context>
    <name>csce513</name>
    <message>
        <location filename="../layouts.py"/>
        <source>(edited)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>({unread} unread)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A change of members or keys could not be verified and was set aside.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>A conversation can have its own rule: More, Notifications; or its menu in the sidebar.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>A file is saved when you press Save on its card. Save as asks each time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A frame could not be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A group of this name exists already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A message of this person before the next one is missing, or was set aside.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name has at most {most} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name has no letter with more than four marks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name holds only letters, digits, dots, hyphens and underscores.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name is written in one alphabet; letters of two that look alike could deceive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A name starts with a letter or a digit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>A question stands for itself; it replies to nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>A question: replies to it are its answers. Esc to cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Accept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Accept as the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Accept it only if {username} told you, face to face, that the key is new.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>Accept new key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Accept the new key of {username}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Accept the new key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Add a caption</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../header.py"/>
        <source>Add people</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Add people to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Add people…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>admin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>All messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>All versions of this file were deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Alt+Shift+Up, Alt+Shift+Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Alt+Up, Alt+Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>An invitation is needed the first time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>An invitation is needed: it says where the server is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../export_dialog.py"/>
        <source>and {count} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>ANNOUNCEMENTS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Another language is spoken from the next start on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../mark_words.py"/>
        <source>answered ✓</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Apr</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>April</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <location filename="../settings_pages.py"/>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Ask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ask a question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Ask a question	Ctrl+Shift+Q</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>assistant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>At least {count} characters, or take a suggested one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Aug</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>August</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Bold	Ctrl+B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Bold, italic, code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../send_files_dialog.py"/>
        <location filename="../sign_in.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Cancel (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Cancel reply, edit or question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Caption</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Change {number} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_text.py"/>
        <source>Changes, line by line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>CHANNELS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Choose an invitation file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Choose the folder for files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Choose the folder of the export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Choose the invitation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <location filename="../settings_pages.py"/>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Class: {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Click to retry.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../export_dialog.py"/>
        <location filename="../settings_dialog.py"/>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <location filename="../search_panel.py"/>
        <location filename="../similar_panel.py"/>
        <location filename="../transfers_panel.py"/>
        <location filename="../versions_panel.py"/>
        <source>Close (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Close pinned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Close questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../similar_panel.py"/>
        <source>Close similar questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>Close the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Close the members</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Close the search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>Close the versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Close, cancel; then mark read and go to the newest message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>closed account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Code	Ctrl+Shift+C</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>collapsed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Comfortable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Compact: more messages on the screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <location filename="../versions_panel.py"/>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../members_panel.py"/>
        <source>Compare safety number…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Compare these numbers with {username}, face to face or on the phone. If both of you see the same, nobody stands between you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Compare with the version before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Compare with version {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Compare with {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Compare {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>Compare {old} with {new}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Comparing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Complete a @name, a #conversation or an :emoji:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../text_edit.py"/>
        <source>Completions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>Connecting to the server…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Connecting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sidebar.py"/>
        <source>Conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../message_view.py"/>
        <source>Copy link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Copy name and caption</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Copy selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Copy text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>Copy the SHA-256</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Create</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl++, Ctrl+-, Ctrl+0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+,</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+/</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+1 … Ctrl+9</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+B, Ctrl+I, Ctrl+Shift+C</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Ctrl+Enter sends · Enter new line · Ctrl+Shift+C code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Ctrl+Enter sends, Enter makes a new line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+F, Ctrl+Shift+F</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+K</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+M</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+Q</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+Shift+Q</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+Shift+U</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Ctrl+U</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <location filename="../settings_pages.py"/>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Dec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>December</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Delete for everyone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>Delete this message for everybody?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Delivered to everybody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Density</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>DIRECT MESSAGES</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../layouts.py"/>
        <location filename="../message_orders.py"/>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>Discard this message?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Do not accept this answer any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Do not disturb</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../tray.py"/>
        <source>do not disturb</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <location filename="../tray.py"/>
        <source>Do not disturb for 1 hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <location filename="../tray.py"/>
        <source>Do not disturb until tomorrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <location filename="../tray.py"/>
        <source>Do not disturb: off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../similar_panel.py"/>
        <source>Down chooses · Enter shows · Esc closes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Down, Esc in a question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../drop_overlay.py"/>
        <source>Drop to send to {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>e.g. team-epoll</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Edit your last message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>edited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Editing, Esc to cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Emoji</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>End-to-end encrypted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Enter sends · Shift+Enter new line · Ctrl+Shift+C code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Enter sends, Shift+Enter makes a new line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Esc</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Every question here has an answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Everybody in the class sees the name and may join; a member's computer lets them in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>expanded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Export everything you can read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Export everything…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Export {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Exported {messages} and {files} to {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>F3, Shift+F3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>F6</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Feb</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>February</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>Fetching your keys…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Fetching {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>file {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../settings_pages.py"/>
        <location filename="../transfers_panel.py"/>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Files and transfers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>FILES HERE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>FILES IN {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Files · {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Files, {count} on their way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>File…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../emoji_picker.py"/>
        <source>Find an emoji</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../emoji_picker.py"/>
        <source>Find an emoji, e.g. rocket</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Folder for files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Folder of the export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>For 1 hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Found on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Free software under the licence {licence}. It comes without any warranty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Free:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Friday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Get my account back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Go to similar questions, close them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Go to the next pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Hide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>How</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>I have an account in this class: get it back on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../image_viewer.py"/>
        <source>Image {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>image {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>In all conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>in reply to {username}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Insert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Inside code (between lines of ```) Enter always makes a new line, and Ctrl+Enter always sends. While names are offered to complete a word, Enter takes one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Inside code Enter makes a new line · Ctrl+Enter sends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>instructor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Instructors read it only if they are in the list of members. You can add people later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Invitation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Invitations (*.txt);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Is part 2 due on Friday at noon, or at the end of the day?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outgoing.py"/>
        <source>It cannot be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>It has not been sent and will not be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>It has not been sent and will not be. Its text is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outgoing.py"/>
        <source>It is not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>It is taken from the window of every member. This cannot be undone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outgoing.py"/>
        <source>It is too large: {size} of {most} allowed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Italic	Ctrl+I</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Jan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>January</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>Join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Join the class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Join your class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Jul</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>July</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Jump to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Jump to a conversation or person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump_button.py"/>
        <source>Jump to the newest message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump_button.py"/>
        <source>Jump to the newest message, {count} new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sidebar.py"/>
        <source>Jump to…      Ctrl+K</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Jun</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>June</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Keep running in the tray when the window is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>key has changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../settings_info.py"/>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Keys…	Ctrl+/</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Larger text	Ctrl++</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Larger, smaller, usual text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Leave</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Leave the group instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Leave {title}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Leave…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Let into the class again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Let write again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Libraries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <location filename="../settings_pages.py"/>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>Line ends: {before} before, {after} now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Load the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>Loading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_painting.py"/>
        <location filename="../image_viewer.py"/>
        <source>Loading the image…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Loading the versions…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Make assistant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Make student again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>Making your keys…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Mar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>March</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Mark all conversations read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../preference_links.py"/>
        <source>Mark as read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>May</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../members_panel.py"/>
        <source>Members</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Mention everybody	@all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>Mentions and direct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../text_edit.py"/>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../conversation_pane.py"/>
        <source>Message {sign}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Message {username}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../message_view.py"/>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Messages are encrypted on this computer; the server passes on and keeps only what it cannot read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Messages found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>mixed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Monday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <source>More actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>more than a day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>More ▾</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Move between messages, open their actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Mute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Mute {username}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <location filename="../sidebar_rows.py"/>
        <source>muted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Mute…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>n, p or F7, Shift+F7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Name of a channel, group or person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Name of a person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Name of the group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <source>NEW</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>New group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>New group…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>New line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>New name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Newer version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Next change (n, F7)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Next, previous change while comparing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Next, previous hit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>No account of this name is known here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>No announcements yet. What the staff of {class_name} announces appears here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../mark_words.py"/>
        <source>no answer yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>No files yet. Drop one on the messages, or press Ctrl+U.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>No key matches.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>No messages yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>No messages yet. Say hello to {name}.
Only the two of you can read what is written here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>No messages yet. Say hello, or ask the first question.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_text.py"/>
        <source>no newline at the end of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>No person of this name is in the class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>No questions here yet. Ask one with the + beside the text field.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Nobody disturbs you until {time}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Nobody disturbs you until {weekday} {time}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>Nobody else has joined yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Nobody else is in the class yet. Give your classmates the invitation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Not in the export:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>not joined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Not sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../layouts.py"/>
        <source>Not sent: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>not sent: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>Nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Nothing can be saved in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Nothing found for “{text}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Nothing found here for “{text}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Nothing is kept for this name that could be given back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>Nothing is on its way. Files that you send or save appear here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Nothing is pinned here. Pin a message by its menu, so that everybody finds it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Nothing of this name. Try fewer letters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../level_menu.py"/>
        <location filename="../settings_pages.py"/>
        <source>Notifications</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Nov</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>November</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Oct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>October</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Off: you are told as chosen above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../members_panel.py"/>
        <location filename="../sidebar_rows.py"/>
        <source>offline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Older messages are still being read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Older version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../members_panel.py"/>
        <location filename="../sidebar_rows.py"/>
        <source>online</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Only a reply to a question can be accepted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>Only the line ends differ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>Only the staff writes here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../marks_panel.py"/>
        <source>Only those without an answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../preference_links.py"/>
        <location filename="../tray.py"/>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <location filename="../file_words.py"/>
        <location filename="../settings_info.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>open in another window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Open the profile folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Open the window where it was closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>Opening your profile…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Others…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sidebar.py"/>
        <source>Own menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Packing {name}.zip…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_dialog.py"/>
        <source>Pages of the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Paste the invitation that your instructor sent, or choose its file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Paste the link ({scheme}://…) that your instructor sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Pasted data may have {size}; save it as a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Paused, {amount}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>People</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Pin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../mark_panels.py"/>
        <location filename="../mark_words.py"/>
        <source>Pinned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Pinned messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Play a sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Please enter a name for the group.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Please enter a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Please type your passphrase.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Preparing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>Press + to start one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>Previous change (p, Shift+F7)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Previous, next conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Previous, next unread conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Private: only people who are added can see and read it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Profile folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Progress of the export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../mark_words.py"/>
        <source>Question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../mark_panels.py"/>
        <source>Questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Quiet from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Quiet hours, every day from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Quiet until</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../tray.py"/>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Quit	Ctrl+Q</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>React</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Reconnecting in {seconds} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Reconnecting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <location filename="../send_files_dialog.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Remove from here…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>Remove from the class…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Remove {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Remove {username} from the class?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>Remove {username} from {title}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>Rename…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Replace the names of students by “Student 1”, …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>Reply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Reply to the last message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Reply to {username}: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../layouts.py"/>
        <location filename="../painting.py"/>
        <location filename="../row_menu.py"/>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../banner.py"/>
        <source>Retry now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../banner.py"/>
        <source>Retry the connection now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Safety number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Safety numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Sample of the text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Saturday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <location filename="../file_words.py"/>
        <location filename="../image_viewer.py"/>
        <location filename="../transfer_rows.py"/>
        <location filename="../version_rows.py"/>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Save as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Save files to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Save files to the usual folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Save this version (S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <location filename="../image_viewer.py"/>
        <source>Save {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Saved on this computer, not sent yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Saved, verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfer_rows.py"/>
        <source>Saving {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Say where the export is to be written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Say where the file is to be saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <location filename="../search_panel.py"/>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Search here, everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Search keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Search keys, e.g. Ctrl or files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Search messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Search people</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <location filename="../send_files_dialog.py"/>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Send (a new line inside ```)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>Send a file of the same name here to add a version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Send a folder to {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Send a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Send files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Send files (Ctrl+U), insert code, a mention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Send files to {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../composer.py"/>
        <source>Send files…	Ctrl+U</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>Send to {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../send_files_dialog.py"/>
        <source>Send {count} files</source>
        <extracomment>Send {count} file</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Send, also inside ```</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfer_rows.py"/>
        <source>Sending {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Sent, the server has not confirmed it yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Sep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>September</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Server {host}:{port}, key {groups}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <location filename="../settings_dialog.py"/>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Settings…	Ctrl+,</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Several people are typing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Shift+Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Shift+Esc</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Shift+Up in an empty field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Show or hide the members</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Show the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>Show the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Show the message (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Show what has changed since version {number} (C)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Show who writes and what</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Sign in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Sign in – csce513fall24Msg</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../similar_panel.py"/>
        <source>Similar questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Size of text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Size of text in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Smaller text	Ctrl+-</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Somebody else changed the keys first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Somebody left; the keys must change before the next message.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Somebody new: join with an invitation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Something went wrong that we did not expect.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>staff write here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Stop sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>Stop sending {name}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../hits.py"/>
        <source>Stored by the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>student</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>STUDY GROUPS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Suggest one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Sunday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Take out {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Take the name {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Tell me about</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The change of keys or members is not valid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>The chat of one class: end-to-end encrypted, nothing you write is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../conversation_pane.py"/>
        <source>the class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The client had a problem and stopped. What you wrote is saved; start it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The connection was lost before the answer came.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The connection was lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The connection was too slow and was ended by the server; it is tried again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The export could not be written: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The export had a problem and stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_desk.py"/>
        <source>The export is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The file cannot be saved: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>The file could not be saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The file has changed; it is sent anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>The first nine conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>The folder {folder} cannot be made: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The folder {folder} does not exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The folder {folder} is not there any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The group could not be created. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>The image could not be loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The join code is not right. Ask your instructor for the invitation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The key of one of these people has changed. Accept it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The key of {username} has changed. Accept it before you write.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>The key of {username} has changed. Ask {username} in person before you accept it; until then nothing is sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The key of {username} has changed. Compare safety numbers before you write to them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The key of {username} is known now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>The keys change; nothing that is written from now on can be read by this person.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The keys of this conversation have changed; the message is sealed anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../writing.py"/>
        <source>The message could not be edited.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The message could not be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The message is on its way. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_panels.py"/>
        <source>The message of this file is not here any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The message of this file was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group has 1 to {most} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group has at most {most} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group has no letter with more than four marks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group holds only letters, digits, dots, hyphens and underscores.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of a group starts with a letter or a digit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of the server cannot be looked up. Look whether this computer is online.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The name of the server is not known. Compare it with your invitation, or ask your instructor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>The name the class sees, e.g. carmen_d</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../search_panel.py"/>
        <source>The newest {count} messages.</source>
        <extracomment>The newest message.</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The passphrase does not open this profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>The passphrase file {path} cannot be read, or is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The profile folder {path} cannot be used: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../message_orders.py"/>
        <source>The quoted message is not on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The sender has seen another history of this conversation than you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The sender was not allowed to do this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server answered but its key is not the one in your invitation. Ask your instructor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <location filename="../outside_words.py"/>
        <source>The server cannot be reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server cannot be reached. An account comes back only from there; try again when it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server does not hand over the newest messages of this conversation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server does not keep this file any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server ended your session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server had a problem. Nothing is lost; it is sent again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server has lost people or roles that this computer knows. Ask your instructor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server has lost the end of this conversation. Nothing is sent here; what you have stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server is busy. Nothing is lost; it is sent again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server is stopping; you are connected again when it is back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../header.py"/>
        <source>The server passes on and keeps only what it cannot read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../layouts.py"/>
        <source>the server refused it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>The server refused the connection.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server said that it stored this message, but it is not in the conversation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server sent something that cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server shows another history of this conversation than before. Nothing is sent here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server's disk is full. Nothing is lost; the transfer goes on when there is space again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The server's host</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The sign-in could not be verified.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The space of this class for files is used up. Ask your instructor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The staff has muted you; you can still write direct messages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>The transfer had a problem. Try it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Their key has changed. Accept it before you write.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There are too many groups.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is a profile of this name on this computer already. Sign in with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no changed key of this person.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../emoji_picker.py"/>
        <source>There is no emoji of this name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no file in such a message.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no space left on this computer. What has come is kept; make space and go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no such message.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is no such transfer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>There is nobody to add.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>There is nothing to send.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>These versions are the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>These versions are too large to be compared. They can be saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>These versions hold the same text. Only its encoding differs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>They can read what was written before as well.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This account already exists.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This account was closed. Ask for a personal invitation to come back under this name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>This account was closed. Whoever comes back under this name has new keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This cannot be done yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This client is too old or too new for the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This conversation does not exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../conversation_pane.py"/>
        <location filename="../file_desk.py"/>
        <source>This did not work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../line_diff.py"/>
        <source>This file can be saved, but not compared.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file can be saved, but not shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>This file could not be transferred.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file has {size}; no file may have more than {most}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file is not what its sender signed, so it was not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file is too large for this class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This file was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>This folder is not there. It is made when the first file is saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>This image cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../image_decoding.py"/>
        <source>This image cannot be shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>This image is too large to be shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outgoing.py"/>
        <source>This is not a file that can be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This is not a path that a file can be saved to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This is not an invitation. Paste the whole link, or choose the invitation file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This is too long to be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>This is you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>This list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message came after the keys had changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <location filename="../writing.py"/>
        <source>This message could not be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <location filename="../outside_words.py"/>
        <source>This message could not be verified and was set aside.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message does not follow the sender's message before it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message is from a device that does not belong to its sender.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message is from somebody who is not a member.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message is not in the outbox, or is on its way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message is not in the outbox.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>This message was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message was delivered before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message was sealed under keys that this conversation never had.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This message was sealed under other keys than those of this conversation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This name cannot be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This name is already taken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This needs a connection to the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This passphrase does not open what is kept for this name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This person is not a member.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This profile belongs to another class. Choose another profile directory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This profile is open in another window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This text holds characters that cannot be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>This transfer is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <source>This version could not be loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Thursday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Tick at least one person.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>Tick two versions to compare them (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../versions_panel.py"/>
        <source>Tick two versions to compare them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <source>ticked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>To be sure that nobody stands between you and a classmate, compare safety numbers: open your direct conversation, then More, Compare safety number. Both of you must see the same digits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Too fast. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Too many wrong passphrases for this name. Try again in {minutes} min.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfers_panel.py"/>
        <source>TRANSFERS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../diff_view.py"/>
        <location filename="../transfer_rows.py"/>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Tuesday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../row_menu.py"/>
        <source>Unpin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Until tomorrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Up in an empty field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../dialogs.py"/>
        <source>Up, Down, Menu in the messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Use the usual folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <location filename="../sign_in.py"/>
        <source>Username</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Usernames are replaced wherever they stand as a word. Nicknames, and what stands inside of files and pictures, are not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../version_rows.py"/>
        <location filename="../version_words.py"/>
        <source>Version {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../version_rows.py"/>
        <source>version {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <location filename="../transfer_rows.py"/>
        <location filename="../versions_panel.py"/>
        <source>Versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>Waiting for a member's computer to hand over the keys. This happens by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>Waiting for a member's computer to let you in. This happens by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting for the key of this conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../models.py"/>
        <source>Waiting for the key of this message from {username}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting for the key of {count} message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting for the key of {count} messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting to be let in by a member</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Waiting to be let in by somebody who is online</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Waiting, {amount}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>Waiting: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Web pages, JSON lines and files, readable without this program. They are plain text: whoever can open the folder can read them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>Wednesday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Welcome back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../conversation_pane.py"/>
        <source>Welcome to {class_name}.

Channels and groups appear at the left; press + beside STUDY GROUPS to found one.
Press Ctrl+K and a name to write to somebody.
Give your classmates the invitation so that they can join.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>What the server keeps for this name cannot be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>What they do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>Where the export goes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Who are you?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>With all files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../search_panel.py"/>
        <source>Words, "exact phrases", from:name, has:file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Write it down: it opens your messages, here and on a new computer. Nobody can give it back to you, neither the server nor your instructor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump.py"/>
        <source>Write to somebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../own_menu.py"/>
        <source>Write to somebody…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>You</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You accepted the new key of {username}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You are no longer a member. What you have read stays here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>You are not a member here any more. What you could read stays on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>You are not a member here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You are not a member of this conversation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You are not allowed to do this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>You cannot write here now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You cannot write in this conversation any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../strip.py"/>
        <source>You have not joined {title} yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>You keep what you have read, and get nothing new. Somebody inside must add you to come back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You may not read {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>You may not write to this folder. Choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You signed in from another window; this one is signed out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>You were removed from this class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Your keys and all your messages come back from the server; only your passphrase opens them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_info.py"/>
        <source>Your keys and your history lie there, sealed by your passphrase. Nobody can replace them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sign_in.py"/>
        <source>Your passphrase opens what is kept on this computer. It is never sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>Your space for files on the server is used up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} added {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} closed the account of {username}; who comes back under this name has new keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} created the group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} let {username} into the class again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} lets {username} write again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} muted {username}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} removed {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{by} removed {username} from the class</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../mark_words.py"/>
        <source>{count} answers</source>
        <extracomment>{count} answer</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../local_words.py"/>
        <source>{count} bytes</source>
        <extracomment>{count} byte</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../diff_view.py"/>
        <source>{count} changes</source>
        <extracomment>{count} change</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../diff_text.py"/>
        <source>{count} characters more</source>
        <extracomment>{count} character more</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../export_dialog.py"/>
        <source>{count} files</source>
        <extracomment>{count} file</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../version_words.py"/>
        <source>{count} lines added</source>
        <extracomment>{count} line added</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../header.py"/>
        <source>{count} members</source>
        <extracomment>{count} member</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../sidebar_rows.py"/>
        <source>{count} mentions</source>
        <extracomment>{count} mention</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../export_dialog.py"/>
        <source>{count} messages</source>
        <extracomment>{count} message</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../session_state.py"/>
        <source>{count} messages are saved in your outbox and will be sent.</source>
        <extracomment>{count} message is saved in your outbox and will be sent.</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../session_state.py"/>
        <source>{count} messages will be sent.</source>
        <extracomment>{count} message will be sent.</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../search_panel.py"/>
        <source>{count} messages, the newest first.</source>
        <extracomment>{count} message, the newest first.</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <source>{count} more: press +</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../should_tell.py"/>
        <source>{count} new messages</source>
        <extracomment>New message</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../should_tell.py"/>
        <source>{count} new messages in {places} conversations</source>
        <extracomment>{count} new message in {places} conversations</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../members_panel.py"/>
        <source>{count} people</source>
        <extracomment>{count} person</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../similar_link.py"/>
        <source>{count} similar questions were asked before. Down goes to them.</source>
        <extracomment>{count} similar question was asked before. Down goes to it.</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../line_diff.py"/>
        <source>{count} unchanged lines</source>
        <extracomment>{count} unchanged line</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message numerus="yes">
        <location filename="../transfer_rows.py"/>
        <location filename="../versions_panel.py"/>
        <source>{count} versions</source>
        <extracomment>{count} version</extracomment>
        <translation type="unfinished"><numerusform></numerusform><numerusform></numerusform></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>{day} {month} {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>{day} {month} {year}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_words.py"/>
        <source>{done} of {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../export_dialog.py"/>
        <source>{done} of {total} messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>{first} and {second} are typing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../version_words.py"/>
        <source>{lines}, {count} removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>{messages} from {place}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>{messages} in {place}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{names} and {count} others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{names} and {last}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{names} joined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} cannot be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../zipping.py"/>
        <source>{name} could not be packed: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../file_desk.py"/>
        <source>{name} could not be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} has seen another history of this conversation than you. Compare what you read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} is a folder. Send it as a zip file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} is not a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} is not there any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name} is not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../session_state.py"/>
        <source>{name} is typing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../zipping.py"/>
        <source>{name}.zip would be too large to be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>{name}/ will be sent as {name}.zip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name}: its transfer was called off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{name}: there is no connection to the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>{online} online</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{path} is not a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{path} is not empty. Choose a new folder: nothing is overwritten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../members_panel.py"/>
        <source>{people}, {online} online</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../transfer_rows.py"/>
        <source>{percent} percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../send_files_dialog.py"/>
        <source>{problem} It will not be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../app.py"/>
        <source>{reason} Trying again…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../settings_pages.py"/>
        <source>{size} px</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../sidebar_rows.py"/>
        <location filename="../tray.py"/>
        <source>{unread} unread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../should_tell.py"/>
        <source>{username} in {place}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>{username} is signed out and cannot come back until you allow it. #general says so.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{username} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../member_actions.py"/>
        <source>{username} reads everything, but writes in direct conversations only. #general says so.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{username} renamed the group to {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../outside_words.py"/>
        <source>{username} renewed a key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>{weekday}, {day} {month} {year}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../local_words.py"/>
        <source>{whole}.{tenth}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../jump_button.py"/>
        <source>↓ {count} new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../mark_words.py"/>
        <source>✓ Accepted answer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
