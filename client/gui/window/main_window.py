"""The main window: sidebar, conversation and members; notices come in, commands go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from PyQt5 import sip
from PyQt5.QtCore import QByteArray, QEvent, QObject, QSettings, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PyQt5.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QMainWindow, QWidget

from client.api.events import (
    Command,
    Done,
    FetchPreview,
    Notice,
    PendingChanged,
    RowsAppended,
    RowsLoaded,
    RowsUpdated,
    SessionOpened,
    TrustChanged,
)
from client.api.values import Conversation
from client.gui.conversation.pane import ConversationPane
from client.gui.conversation.similar_controller import SimilarController
from client.gui.export.controller import ExportController
from client.gui.files.panel_controller import FilePanelController
from client.gui.kit.theme import FONT_PX_DEFAULT, FONT_PX_MAX, FONT_PX_MIN, LIGHT, Theme
from client.gui.language.said_words import said_words
from client.gui.people.member_controller import MemberController
from client.gui.people.members_panel import MembersPanel
from client.gui.pins.controller import MarkController
from client.gui.search.controller import SearchController
from client.gui.session.panels import PanelKind
from client.gui.session.preferences import Preferences
from client.gui.session.requests import Requests
from client.gui.session.state import Changed, SessionState, title_of
from client.gui.sidebar.navigation_controller import NavigationController
from client.gui.sidebar.panel import Sidebar
from client.gui.window.own_menu import OwnMenu
from client.gui.window.preference_controller import PreferenceController
from client.gui.window.right_panel import RightPanel
from client.gui.window.shortcut_controller import (
    cycle_panes,
    install_shortcuts,
    navigation_keys,
    pane_keys,
    press_by_place,
    search_keys,
    text_size_keys,
)

MIN_WIDTH, MIN_HEIGHT = 760, 520
REFRESH_MS = 30  # the sidebar follows a burst of news at this pace
REWORD_MS = 100  # another language waits for what is under way


class MainWindow(QMainWindow):
    """Lives on the window's thread; `post` hands a command to the session."""

    closed = pyqtSignal()
    theme_chosen = pyqtSignal(str)  # "light" | "dark" | "system"
    font_chosen = pyqtSignal(int)

    def __init__(
        self,
        post: Callable[[Command], None],
        settings: QSettings,
        theme: Theme = LIGHT,
        preferences: Preferences | None = None,
    ) -> None:
        super().__init__()
        self.state = SessionState()
        self.requests = Requests(post)
        self.theme = theme
        self.settings = settings
        self.preferences = preferences or Preferences(settings, self)
        self._is_quitting = False
        self._wanted_conv = b""  # opened as soon as it is known
        self._changed = Changed.NOTHING
        self._refresh_timer = _single_shot(self, REFRESH_MS, self.refresh)
        self._reword_timer = _single_shot(self, REWORD_MS, self._reword)
        self.setMinimumSize(MIN_WIDTH, MIN_HEIGHT)
        self.resize(1240, 780)
        self.setWindowTitle("csce513fall24Msg")
        self._build()
        geometry = self.settings.value("geometry")
        if isinstance(geometry, QByteArray) and self.preferences.remembers_place:
            self.restoreGeometry(geometry)

    def _build(self) -> None:
        """Make all that the window holds; again for another language."""
        theme = self.theme
        self._row = QHBoxLayout()
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._bind_keys()
        self.set_theme(theme)
        self._restore()

    def _make_widgets(self) -> None:
        self.sidebar = Sidebar(self)
        self.navigation = NavigationController(self, self.sidebar)
        self.pane = ConversationPane(self.state, self.requests, self)
        self.members = MembersPanel(self)
        self.files = FilePanelController(self, self.requests)
        self.marks = MarkController(self)
        self.search = SearchController(self)
        self.similar = SimilarController(self, self.pane)
        panels: dict[PanelKind, QFrame] = {
            PanelKind.MEMBERS: self.members,
            PanelKind.FILES: self.files.transfers,
            PanelKind.VERSIONS: self.files.versions,
            PanelKind.PINS: self.marks.pins,
            PanelKind.QUESTIONS: self.marks.questions,
            PanelKind.SEARCH: self.search.panel,
        }
        self.panel = RightPanel(self, self._row, self.settings, panels)
        self.member_controller = MemberController(self, self.members)
        self.own_menu = OwnMenu(self, self.sidebar.own_menu)
        self.preference_controller = PreferenceController(
            self, self.preferences, self.pane, self.sidebar
        )
        self.export_controller = ExportController(self)

    def _lay_out(self) -> None:
        centre = QWidget(self)
        centre.setLayout(self._row)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.sidebar)
        self._row.addWidget(self.pane, 1)
        self.setCentralWidget(centre)

    def _bind_keys(self) -> None:
        def panes() -> tuple[QWidget | None, ...]:  # what F6 goes round
            edit, target = self.pane.composer.edit, self.panel.focus_target()
            return self.sidebar.list, self.pane.view, edit, target

        install_shortcuts(
            self,
            [
                ("Ctrl+/", self.own_menu.show_keys),
                ("Ctrl+,", self.preference_controller.show_settings),
                *navigation_keys(self.navigation),
                *search_keys(self.search),
                *text_size_keys(self.change_font),
                *pane_keys(self, self.pane, self.panel),
                ("Ctrl+Q", self.quit),
                ("F6", partial(cycle_panes, panes)),
            ],
        )

    def _restore(self) -> None:
        names = cast(object, self.settings.value("collapsed", []))
        self.sidebar.set_collapsed(
            [names] if isinstance(names, str) else names if isinstance(names, list) else []
        )
        self._place_panel()

    def _connect(self) -> None:
        pane, header, view, files = self.pane, self.pane.header, self.pane.view, self.files
        self.sidebar.collapsed_changed.connect(
            lambda names: self.settings.setValue("collapsed", names)
        )
        header.members_toggled.connect(self.show_members)
        header.files_toggled.connect(lambda is_shown: self.show_panel(PanelKind.FILES, is_shown))
        header.pins_requested.connect(partial(self.show_panel, PanelKind.PINS, True))
        header.questions_requested.connect(partial(self.show_panel, PanelKind.QUESTIONS, True))
        header.search_requested.connect(partial(self.search.open, False))
        header.export_requested.connect(lambda: self.export_controller.open(self.conv_id))
        header.add_requested.connect(self.member_controller.add_people)
        header.rename_requested.connect(self.member_controller.rename)
        header.leave_requested.connect(self.member_controller.leave)
        header.safety_requested.connect(self.member_controller.compare_with_other)
        view.signals.versions_requested.connect(files.show_versions)
        view.signals.compare_requested.connect(files.compare_with_before)
        files.counts.counted.connect(pane.set_changes)
        files.save_requested.connect(pane.files.save)
        files.transfer_action.connect(pane.files.act_on_transfer)
        pane.mention_activated.connect(self.navigation.open_person_named)
        pane.escaped.connect(pane.go_to_end)
        self.members.closed.connect(lambda: self.show_members(False))
        self.members.message_requested.connect(self.navigation.open_direct)
        self.own_menu.add_requested.connect(self.navigation.add_to_section)
        self.own_menu.theme_chosen.connect(self.theme_chosen)
        self.own_menu.export_requested.connect(lambda: self.export_controller.open())
        self.own_menu.settings_requested.connect(lambda: self.preference_controller.show_settings())
        self.closed.connect(self.preference_controller.tray.hide)
        self.closed.connect(self.export_controller.stop)

    # --- notices ---

    def handle(self, notices: Sequence[Notice]) -> None:
        """Take in a batch from the bridge."""
        for notice in self.export_controller.take(notices):
            self._changed |= self.state.apply(notice)
            if isinstance(notice, SessionOpened):
                self.pane.show_people()
                self.open_conversation(self.state.first_choice())
                self.refresh()
            elif isinstance(notice, Done):
                self.requests.answer(notice)
            elif isinstance(notice, RowsAppended):
                self.pane.rows_appended(notice.conv_id, notice.rows)
                self._note_files(notice)
                self.preference_controller.notifier.rows_appended(notice.conv_id, notice.rows)
            elif isinstance(notice, RowsUpdated):
                self.pane.rows_updated(notice.conv_id, notice.rows)
                self.preference_controller.notifier.rows_updated(notice.conv_id, notice.rows)
                self._note_files(notice)
            elif isinstance(notice, RowsLoaded):
                self.pane.rows_loaded(notice.conv_id, notice.rows)
                self._note_files(notice)
            elif isinstance(notice, PendingChanged):
                self.pane.pending_changed(notice.conv_id)
            elif isinstance(notice, TrustChanged) and notice.change == "changed":
                self.say(said_words(notice.told))
        if self._changed & Changed.TYPING:
            self.pane.show_typing()
        if self._changed & ~Changed.TYPING:
            self.refresh_soon()

    def _note_files(self, notice: RowsAppended | RowsUpdated | RowsLoaded) -> None:
        self.files.note_rows(notice.conv_id, notice.rows)
        self.marks.note_rows(notice.conv_id, notice.rows)
        self.similar.note_rows(notice.conv_id, notice.rows)
        self.refresh_soon()

    def refresh_soon(self) -> None:
        """Write what has changed, with all that comes within a moment."""
        if not self._refresh_timer.isActive():
            self._refresh_timer.start()

    def refresh(self) -> None:
        """Write all that has changed since the last time."""
        changed, self._changed = self._changed, Changed.NOTHING
        self._refresh_timer.stop()
        if self._wanted_conv in self.state.conversations:
            self.open_conversation(self._wanted_conv)
        elif not self.pane.conv_id and self.state.conversations:
            self.open_conversation(self.state.first_choice())
        self.sidebar.show_state(self.state, self.pane.conv_id)
        if changed & Changed.PEOPLE:
            self.pane.show_people()
        self.pane.refresh()
        if changed & Changed.CONVERSATIONS:
            self.pane.mark_read_if_seen()
        self._place_panel()
        if changed & Changed.TRANSFERS:
            self.pane.set_transfers(self.state.transfers_by_message())
            self.pane.header.set_running(self.state.running_transfers())
        self.files.refresh(changed)
        self.marks.refresh()
        self.preference_controller.refresh()
        self.setWindowTitle(window_title(self.state, self.pane.conversation))

    # --- conversations ---

    def open_conversation(self, conv_id: bytes) -> None:
        """Show this conversation; one that is not known yet is shown when it comes."""
        if conv_id and conv_id not in self.state.conversations:
            self._wanted_conv = conv_id
            return
        self._wanted_conv = b""
        if conv_id != self.pane.conv_id or not conv_id:
            self.pane.show_conversation(conv_id)
            self.files.leave_conversation()
            self.panel.leave_conversation()
            self.search.leave_conversation()
            self.refresh_soon()
        elif self.pane.composer.isVisible():
            self.pane.composer.edit.setFocus()
        self.sidebar.show_state(self.state, conv_id)
        self.sidebar.reveal(conv_id)
        self._place_panel()
        self.setWindowTitle(window_title(self.state, self.pane.conversation))

    # --- the right panel ---

    def show_panel(self, kind: PanelKind, is_shown: bool) -> None:
        """Show or hide one of the right panels."""
        self.panel.show_panel(kind, is_shown)
        self._place_panel()
        self.refresh_soon()
        if not is_shown and self.pane.composer.isVisible():
            self.pane.composer.edit.setFocus()

    def show_members(self, is_shown: bool) -> None:
        """Show or hide the members."""
        self.show_panel(PanelKind.MEMBERS, is_shown)

    def _place_panel(self) -> None:
        self.panel.show_beside(self.conversation, self.pane.header.height())
        shown = self.panel.shown
        self.pane.header.set_panels_shown(shown is PanelKind.MEMBERS, shown is PanelKind.FILES)
        conversation = self.conversation
        if shown is PanelKind.MEMBERS and conversation is not None:
            self.members.show_conversation(conversation, self.state)

    # --- what the controllers ask (services.py) ---

    @property
    def conv_id(self) -> bytes:
        """The open conversation, b"" if none is open."""
        return self.pane.conv_id

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation."""
        return self.pane.conversation

    @property
    def shown_panel(self) -> PanelKind:
        """Which right panel is shown."""
        return self.panel.shown

    @property
    def top_level(self) -> QWidget:
        """What dialogs and menus belong to."""
        return self

    def post(self, command: Command) -> None:
        """Order something whose outcome shows by itself."""
        self.requests.post(command)

    def ask(self, command: Command, answered: Callable[[Done], None]) -> None:
        """Order something and be called back once with its outcome."""
        self.requests.ask(command, answered)

    def order(self, command: Command) -> None:
        """Order something; if it fails, say why."""
        self.pane.order(command)

    def say(self, sentence: str) -> None:
        """Say this in the line under the composer."""
        self.pane.composer.say(sentence)

    def tell_failure(self, done: Done) -> None:
        """Say in words why something did not work."""
        self.pane.tell_failure(done)

    def reveal(self, conv_id: bytes, position: int) -> None:
        """Show a row, in whichever conversation it is."""
        if conv_id != self.conv_id:
            self.open_conversation(conv_id)
        self.pane.view.scroll_to_position(position)

    def find_message(self, message_id: bytes) -> int:
        """Where a message stands among the rows that are open and loaded, -1 if it is not there."""
        return self.pane.model.find_message(message_id)

    def is_seen(self, conv_id: bytes) -> bool:
        """Whether the user looks at the newest message of this conversation."""
        return self.pane.is_seen(conv_id)

    # --- another language ---

    def reword_soon(self) -> None:
        """Say everything in the language that is spoken by now, as soon as nothing is lost by
        it.
        """
        self._reword_timer.start()

    def _may_reword(self) -> bool:
        """Return whether nothing waits that would be lost: an answer that may give a text back, a
        dialog, a menu.
        """
        dialogs = {one for one in self.findChildren(QDialog) if one.isVisible()} - {
            self.preference_controller.dialog
        }
        is_asking = self.requests.is_waiting(
            but_for=FetchPreview
        )  # a picture may take long; it is asked for again
        return not dialogs and not is_asking and QApplication.activePopupWidget() is None

    def _reword(self) -> None:
        """Make all parts anew.

        What was written, opened and chosen stays, and so does the session.
        """
        if not self._may_reword():
            self.reword_soon()
            return
        pane, preferences, search = self.pane, self.preference_controller, self.search.panel
        pane.composer.flush_unsent_text()
        top = None if pane.view.timeline.is_at_bottom else pane.view.timeline.top_place
        is_searching, has_focus = (
            self.panel.wanted is PanelKind.SEARCH,
            pane.composer.edit.hasFocus(),
        )
        page = preferences.dialog.list.currentRow() if preferences.dialog is not None else -1
        lasting = (self.layout(), self._refresh_timer, self._reword_timer, self.preferences)
        widgets = [one for one in self.children() if one not in lasting]
        self.requests.forget()
        preferences.tray.hide()
        self._build()
        self.preference_controller.take_over(preferences)
        self._take_over(pane, top)
        self.search.panel.field.setText(search.text)
        if is_searching:
            self.search.open(search.is_everywhere)
        if has_focus:
            self.pane.composer.edit.setFocus()
        for widget in widgets:
            if not sip.isdeleted(widget):
                sip.delete(widget)
        self._changed = Changed.EVERYTHING
        self.refresh()
        self.preference_controller.reopen(page)

    def _take_over(self, pane: ConversationPane, top: tuple[int, int] | None) -> None:
        """Show what another pane has shown, at its place in the log; None: at the end."""
        self.pane.writing.take_written(pane.writing.written())
        self.pane.show_people()
        self.open_conversation(pane.conv_id)
        self.handle(
            [RowsLoaded(0, pane.conv_id, tuple(pane.rows_in_view()))]
        )  # before their heights are needed
        if top is not None:
            self.pane.view.timeline.show_place(top)
        else:
            self.pane.view.timeline.scroll_to_bottom()
        self.pane.set_active(self.isActiveWindow() and not self.isMinimized())

    # --- the window itself ---

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.theme = theme
        for widget in (
            self.sidebar,
            self.pane,
            self.members,
            self.files,
            self.marks,
            self.search,
            self.similar,
        ):
            widget.set_theme(theme)

    def change_font(self, step: int) -> None:
        """Larger (1), smaller (-1) or usual (0) text."""
        wanted = self.theme.font_px + step if step else FONT_PX_DEFAULT
        size = max(FONT_PX_MIN, min(FONT_PX_MAX, wanted))
        if size != self.theme.font_px:
            self.set_theme(replace(self.theme, font_px=size))
            self.font_chosen.emit(size)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no pane wanted: Esc goes to the end, and letters go to the composer."""
        is_letter = event.text().isprintable() and bool(event.text())
        control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        has_control = int(event.modifiers()) & int(control)
        if press_by_place(event, (self, self.pane)):
            return
        if event.key() == Qt.Key.Key_Escape:
            self.pane.go_to_end()
        elif is_letter and not has_control and self.pane.composer.isVisible():
            self.pane.composer.edit.setFocus()
            self.pane.composer.edit.insertPlainText(event.text())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ActivationChange, QEvent.Type.WindowStateChange):
            self.pane.set_active(self.isActiveWindow() and not self.isMinimized())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_panel()

    @property
    def is_in_tray(self) -> bool:
        """Whether it was closed into the tray."""
        return self.preference_controller.tray.holds_window

    def quit(self) -> None:
        """End the program, also if closing would only hide the window."""
        self._is_quitting = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.pane.composer.flush_unsent_text()
        if self.preferences.remembers_place:
            self.settings.setValue("geometry", self.saveGeometry())
        if not self._is_quitting and self.preference_controller.tray.take_window():
            self.pane.set_active(False)  # nobody looks: nothing is read
            self.hide()
            event.ignore()
            return
        event.accept()
        self.closed.emit()


def _single_shot(parent: QObject, milliseconds: int, then: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer


def window_title(state: SessionState, conversation: Conversation | None) -> str:
    """Return what stands in the title bar: unread messages, the open conversation, the class."""
    unread = state.unread_total()
    count = f"({unread}) " if unread else ""
    name = f"{title_of(conversation).replace('# ', '#')} \u2013 " if conversation else ""
    return f"{count}{name}{state.class_name or 'csce513fall24Msg'}"
