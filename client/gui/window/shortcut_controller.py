"""The keys of the main window, except those of the message list and the composer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import QApplication, QShortcut, QWidget

from client.api.events import MarkRead
from client.gui.conversation.pane import ConversationPane
from client.gui.kit.key_places import latin_key
from client.gui.search.controller import SearchController
from client.gui.session.panels import PanelKind
from client.gui.session.services import WindowServices
from client.gui.sidebar.navigation_controller import NavigationController
from client.gui.window.right_panel import RightPanel

Keys = list[tuple[str, Callable[[], object]]]


def install_shortcuts(top_level: QWidget, bound: Keys) -> None:
    """Bind keys to what the window can do."""
    for keys, action in bound:
        shortcut = QShortcut(QKeySequence(keys), top_level)
        shortcut.setObjectName(keys)
        shortcut.activated.connect(action)


def navigation_keys(navigation: NavigationController) -> Keys:
    """From one conversation to another."""
    return [
        ("Ctrl+K", navigation.show_jump),
        ("Alt+Up", lambda: navigation.step(-1, False)),
        ("Alt+Down", lambda: navigation.step(1, False)),
        ("Alt+Shift+Up", lambda: navigation.step(-1, True)),
        ("Alt+Shift+Down", lambda: navigation.step(1, True)),
        *((f"Ctrl+{number}", partial(navigation.open_numbered, number)) for number in range(1, 10)),
    ]


def search_keys(search: SearchController) -> Keys:
    """To the search, and from one hit to another."""
    return [
        ("Ctrl+F", lambda: search.open(is_everywhere=False)),
        ("Ctrl+Shift+F", lambda: search.open(is_everywhere=True)),
        ("F3", lambda: search.panel.step(1)),
        ("Shift+F3", lambda: search.panel.step(-1)),
    ]


def text_size_keys(change_font: Callable[[int], None]) -> Keys:
    """Larger, smaller and usual text."""
    return [
        ("Ctrl++", lambda: change_font(1)),
        ("Ctrl+=", lambda: change_font(1)),
        ("Ctrl+-", lambda: change_font(-1)),
        ("Ctrl+0", lambda: change_font(0)),
    ]


def pane_keys(services: WindowServices, pane: ConversationPane, panel: RightPanel) -> Keys:
    """What is done with the open conversation, and the panels beside it."""
    return [
        ("Shift+Esc", lambda: mark_all_read(services, pane)),
        ("Ctrl+Shift+Q", lambda: ask_question(pane)),
        ("Ctrl+M", lambda: toggle_panel(services, panel, PanelKind.MEMBERS)),
        ("Ctrl+Shift+U", lambda: toggle_panel(services, panel, PanelKind.FILES)),
    ]


def press_by_place(event: QKeyEvent, owners: Sequence[QWidget]) -> bool:
    """Do what a key with Ctrl is bound to on a Latin layout; False if that is nothing, or the
    layout is one.

    `owners` are the widgets whose keys count, first the window that all of them stand in.
    """
    key, control = latin_key(event), int(Qt.KeyboardModifier.ControlModifier)
    held = int(event.modifiers()) & ~int(Qt.KeyboardModifier.ShiftModifier)
    if key == event.key() or held != control:  # AltGr is no Ctrl
        return False
    wanted = QKeySequence(int(event.modifiers()) | key)
    for shortcut in owners[0].findChildren(QShortcut):
        if shortcut.parent() in owners and shortcut.key() == wanted:
            shortcut.activated.emit()
            return True
    return False


def toggle_panel(services: WindowServices, panel: RightPanel, kind: PanelKind) -> None:
    """Show a panel with the keyboard in it, or hide it."""
    is_shown = panel.shown is not kind
    services.show_panel(kind, is_shown)
    target = panel.focus_target()
    if is_shown and kind is PanelKind.FILES and target is not None:
        target.setFocus()


def ask_question(pane: ConversationPane) -> None:
    """What is written becomes a question, where one may write."""
    if pane.composer.isVisible():
        pane.composer.begin_question()


def mark_all_read(services: WindowServices, pane: ConversationPane) -> None:
    """Everything everywhere is read."""
    for conversation in services.state.conversations.values():
        if conversation.unread:
            services.post(MarkRead(conv_id=conversation.conv_id))
    pane.go_to_end()


def cycle_panes(panes: Callable[[], Sequence[QWidget | None]]) -> None:
    """The keyboard goes from one of these parts of the window to the next that is shown, and round
    again.
    """
    shown = [pane for pane in panes() if pane is not None and pane.isVisible()]
    focused = QApplication.focusWidget()
    at = next((index for index, pane in enumerate(shown) if pane is focused), -1)
    if shown:
        shown[(at + 1) % len(shown)].setFocus(Qt.FocusReason.ShortcutFocusReason)
