"""The keys of the main window, except those of the message list and the composer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import QApplication, QShortcut

from client.events import MarkRead
from client.gui.key_places import latin_key
from client.gui.right_panel import PanelKind

if TYPE_CHECKING:
    from client.gui.main_window import MainWindow


def install_shortcuts(window: MainWindow) -> None:
    """Bind the keys to what the window can do."""
    bound: list[tuple[str, Callable[[], object]]] = [
        ("Ctrl+K", window.show_jump),
        ("Alt+Up", lambda: window.step(-1, False)),
        ("Alt+Down", lambda: window.step(1, False)),
        ("Alt+Shift+Up", lambda: window.step(-1, True)),
        ("Alt+Shift+Down", lambda: window.step(1, True)),
        ("Shift+Esc", lambda: mark_all_read(window)),
        ("Ctrl+/", window.own_menu.show_keys),
        ("Ctrl+,", window.links.show_settings),
        ("Ctrl+Shift+Q", lambda: ask_question(window)),
        ("Ctrl+M", lambda: toggle_panel(window, PanelKind.MEMBERS)),
        ("Ctrl+F", lambda: window.search.open(is_everywhere=False)),
        ("Ctrl+Shift+F", lambda: window.search.open(is_everywhere=True)),
        ("F3", lambda: window.search.panel.step(1)),
        ("Shift+F3", lambda: window.search.panel.step(-1)),
        ("Ctrl+Shift+U", lambda: toggle_panel(window, PanelKind.FILES)),
        ("Ctrl++", lambda: window.change_font(1)),
        ("Ctrl+=", lambda: window.change_font(1)),
        ("Ctrl+-", lambda: window.change_font(-1)),
        ("Ctrl+0", lambda: window.change_font(0)),
        ("F6", lambda: cycle_panes(window)),
        ("Ctrl+Q", window.quit),
    ]
    bound += [(f"Ctrl+{number}", partial(window.open_numbered, number)) for number in range(1, 10)]
    for keys, action in bound:
        shortcut = QShortcut(QKeySequence(keys), window)
        shortcut.setObjectName(keys)
        shortcut.activated.connect(action)


def press_by_place(window: MainWindow, event: QKeyEvent) -> bool:
    """Do what a key with Ctrl is bound to on a Latin layout; False if that is nothing, or the layout is one."""
    key, control = latin_key(event), int(Qt.KeyboardModifier.ControlModifier)
    held = int(event.modifiers()) & ~int(Qt.KeyboardModifier.ShiftModifier)
    if key == event.key() or held != control:  # AltGr is no Ctrl
        return False
    wanted = QKeySequence(int(event.modifiers()) | key)
    for shortcut in window.findChildren(QShortcut):
        if shortcut.parent() in (window, window.pane) and shortcut.key() == wanted:
            shortcut.activated.emit()
            return True
    return False


def toggle_panel(window: MainWindow, kind: PanelKind) -> None:
    """Show a panel with the keyboard in it, or hide it."""
    is_shown = window.panel.shown is not kind
    window.show_panel(kind, is_shown)
    target = window.panel.focus_target()
    if is_shown and kind is PanelKind.FILES and target is not None:
        target.setFocus()


def ask_question(window: MainWindow) -> None:
    """What is written becomes a question, where one may write."""
    if window.pane.composer.isVisible():
        window.pane.composer.begin_question()


def mark_all_read(window: MainWindow) -> None:
    """Everything everywhere is read."""
    for conversation in window.state.conversations.values():
        if conversation.unread:
            window.requests.post(MarkRead(conv_id=conversation.conv_id))
    window.pane.go_to_end()


def cycle_panes(window: MainWindow) -> None:
    """From the sidebar to the messages, the composer, the right panel, and round again."""
    panes = (window.sidebar.list, window.pane.view, window.pane.composer.edit, window.panel.focus_target())
    shown = [pane for pane in panes if pane is not None and pane.isVisible()]
    focused = QApplication.focusWidget()
    at = next((index for index, pane in enumerate(shown) if pane is focused), -1)
    if shown:
        shown[(at + 1) % len(shown)].setFocus(Qt.FocusReason.ShortcutFocusReason)
