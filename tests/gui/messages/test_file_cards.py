"""The card of a file in the messages: what it says in every state, its buttons by mouse and
keyboard, its colours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent
from PyQt5.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from client.api.events import (
    CancelTransfer,
    PauseTransfer,
    ResumeTransfer,
    RowsAppended,
    SaveFile,
)
from client.api.values import (
    MessageState,
    Row,
    RowKind,
    Transfer,
    TransferDirection,
    TransferState,
)
from client.gui.conversation import file_controller as file_desk
from client.gui.kit.theme import DARK, LIGHT, Theme, contrast
from client.gui.messages.cards.layout import CARD_HEIGHT, CARD_WIDTH, PieceKind
from client.gui.messages.cards.words import CardAction, actions_of, percent_of, status_of
from client.gui.messages.message_view import MessageView
from client.gui.messages.model import ConversationModel
from tests.support.saying import said_so
from tests.support.window.room import Room
from tests.support.window.window_data import HOMEWORK, file_info, file_row, transfer_of

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
DRAFT = file_row(
    0, "carmen_d", file_info(version=3, previous=b"v" * 16), "Third draft, **please read**"
)
TRACE = file_row(1, "carmen_d", file_info("trace-2k-clients.pcap", 9_122_611))
PENDING = replace(
    file_row(0, "alice", file_info("mine.c", 1_000_000, sha256=b"")),
    position=-1,
    sequence=0,
    message_id=b"p" * 16,
    state=MessageState.SAVED,
)
LONG_NAME = "a very long name of a file that does not fit on any card, final version (2).ipynb"


class Board:
    """A message view with files, and all that it has asked for."""

    def __init__(
        self, qtbot: QtBot, rows: list[Row], pending: list[Row], theme: Theme = LIGHT
    ) -> None:
        self.bot: Any = qtbot
        self.view = MessageView()
        qtbot.addWidget(self.view)
        self.model = ConversationModel(self.view)
        self.model.rows_wanted.connect(
            lambda first, count: self.model.rows_loaded(rows[first : first + count])
        )
        self.view.set_theme(theme)
        self.view.setModel(self.model)
        self.view.resize(700, 600)
        self.view.show()
        self.model.reset(len(rows), len(rows), False, pending)
        self.said: list[tuple[object, ...]] = []
        actions = self.view.signals
        for name in (
            "save_requested",
            "save_as_requested",
            "versions_requested",
            "compare_requested",
        ):
            getattr(actions, name).connect(
                lambda message_id, name=name: self.said.append((name, message_id))
            )
        actions.transfer_action.connect(
            lambda transfer_id, what: self.said.append((what, transfer_id))
        )
        self.view.grab()

    def card(self, index: int) -> Any:
        return self.view.timeline.layout(index).card

    def words(self, index: int) -> dict[PieceKind, str]:
        return {piece.kind: piece.text for piece in self.card(index).pieces}

    def actions(self, index: int) -> list[CardAction]:
        return [action for action, _ in self.card(index).buttons]

    def point(self, index: int, x: float, y: float) -> QPoint:
        top = self.view.timeline.row_y(index)
        assert top is not None
        return QPointF(x, y + top).toPoint()

    def button(self, index: int, action: CardAction) -> QPoint:
        rect = dict(self.card(index).buttons)[action]
        return self.point(index, rect.center().x(), rect.center().y())

    def piece(self, index: int, kind: PieceKind) -> QPoint:
        rect = next(one.rect for one in self.card(index).pieces if one.kind is kind)
        return self.point(index, rect.center().x(), rect.center().y())

    def click(self, point: QPoint, modifier: Any = NONE) -> None:
        self.bot.mouseClick(self.view.viewport(), LEFT, modifier, point)

    def hover(self, point: QPoint) -> None:
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(point),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            NONE,
        )
        QApplication.sendEvent(self.view.viewport(), event)

    def tool_tip(self, point: QPoint) -> str:
        self.hover(point)
        viewport = self.view.viewport()
        QApplication.sendEvent(
            viewport, QHelpEvent(QEvent.Type.ToolTip, point, viewport.mapToGlobal(point))
        )
        text = QToolTip.text()
        QToolTip.hideText()
        return text

    def set(self, *transfers: Transfer) -> None:
        self.view.cards.set_transfers({one.message_id: one for one in transfers})
        self.view.grab()

    def spoken(self, index: int) -> str:
        return str(self.model.index(index).data(Qt.ItemDataRole.AccessibleTextRole))

    def menu(self, index: int) -> QMenu:
        row = self.model.row_at(index)
        assert row is not None
        return self.view.menus.of(row)


@pytest.fixture
def build(qtbot: QtBot) -> Callable[..., Board]:
    return lambda rows=(DRAFT, TRACE), pending=(), theme=LIGHT: Board(
        qtbot, list(rows), list(pending), theme
    )


@pytest.fixture
def board(build: Callable[..., Board]) -> Board:
    return build()


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


# --- what it says ---


def test_the_card_names_file_size_version_and_changes(board: Board) -> None:
    card = board.card(0)
    assert (card.rect.width(), card.rect.height()) == (
        CARD_WIDTH,
        CARD_HEIGHT,
    ) and card.name == "hw3_broker.py"
    assert board.words(0) == {PieceKind.SIZE: "4.8 KB", PieceKind.VERSION: "version 3"}
    board.view.cards.set_changes(DRAFT.message_id, 12, 4)
    assert board.words(0)[PieceKind.CHANGES] == "+12 \u22124"
    assert board.words(1) == {PieceKind.SIZE: "8.7 MB"}


def test_the_caption_stands_below_as_markup(board: Board) -> None:
    card, caption = board.view.timeline.layout(0).blocks
    assert (
        card.is_file
        and caption.text == "Third draft, please read"
        and caption.y >= card.y + card.height
    )
    assert len(board.view.timeline.layout(1).blocks) == 1


def test_a_long_name_is_elided_in_the_middle_and_whole_in_the_tool_tip(
    build: Callable[..., Board],
) -> None:
    board = build([file_row(0, "bob.k", file_info(LONG_NAME, 2048))])
    name = board.card(0).name
    assert "\u2026" in name and name.startswith("a very") and name.endswith(".ipynb")
    rect = board.card(0).rect
    assert (
        board.tool_tip(board.point(0, rect.left() + 20, rect.center().y())) == f"{LONG_NAME}\n2 KB"
    )


def state(kind: TransferState, **changes: object) -> Transfer:
    return replace(transfer_of(TRACE, kind, 3_922_723), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("transfer", "words"),
    [
        (state(TransferState.ACTIVE, rate=13_002_343), "43 %, 12.4 MB/s"),
        (state(TransferState.ACTIVE), "43 %"),
        (state(TransferState.PAUSED), "Paused"),
        (
            state(TransferState.WAITING, failure=said_so("the connection is lost")),
            "Waiting: the connection is lost",
        ),
        (state(TransferState.WAITING), "Waiting"),
        (state(TransferState.FAILED, failure=said_so("The disk is full.")), "The disk is full."),
        (state(TransferState.FAILED), "This file could not be transferred."),
        (state(TransferState.DONE), "Saved, verified"),
        (state(TransferState.DONE, direction=TransferDirection.UP), ""),
        (None, ""),
    ],
)
def test_the_words_of_every_state(transfer: Transfer | None, words: str) -> None:
    assert status_of(transfer and replace(transfer, bytes_done=3_932_000)) == words


def test_percents_stay_between_0_and_100() -> None:
    assert percent_of(state(TransferState.ACTIVE, size=0)) == 100
    assert percent_of(state(TransferState.ACTIVE, size=10)) == 100
    assert percent_of(state(TransferState.ACTIVE, size=10, bytes_done=-5)) == 0


def test_a_sentence_that_does_not_fit_is_whole_in_the_tool_tip(board: Board) -> None:
    sentence = "The server does not answer any more, and nobody knows when it will again."
    board.set(state(TransferState.FAILED, failure=said_so(sentence)))
    assert board.words(1)[PieceKind.STATUS].endswith("\u2026")
    rect = board.card(1).rect
    assert sentence in board.tool_tip(board.point(1, rect.left() + 20, rect.center().y()))


def test_progress_moves_without_laying_the_row_out_anew(board: Board) -> None:
    layout = board.view.timeline.layout(1)
    line_of = (layout.card.rect.bottom() - 2) if layout.card else 0.0
    colours = []
    for done in (0, 9_122_611):
        board.set(replace(state(TransferState.ACTIVE), bytes_done=done))
        point = board.point(1, board.card(1).rect.center().x(), line_of)
        colours.append(board.view.viewport().grab().toImage().pixelColor(point).name().upper())
    assert colours == [LIGHT.line, LIGHT.accent] and board.view.timeline.layout(1) is layout


def test_what_a_screen_reader_says(board: Board) -> None:
    board.set(transfer_of(DRAFT, TransferState.PAUSED))
    assert board.spoken(0) == (
        "carmen_d, 14:45: file hw3_broker.py, 4.8 KB, version 3, Paused. Third draft, please read"
    )
    assert board.spoken(1) == "carmen_d, 14:45: file trace-2k-clients.pcap, 8.7 MB"


# --- buttons ---


@pytest.mark.parametrize(
    ("kind", "actions"),
    [
        (TransferState.ACTIVE, [CardAction.PAUSE, CardAction.CANCEL]),
        (TransferState.WAITING, [CardAction.PAUSE, CardAction.CANCEL]),
        (TransferState.PAUSED, [CardAction.RESUME, CardAction.CANCEL]),
        (TransferState.FAILED, [CardAction.RESUME, CardAction.CANCEL]),
        (TransferState.DONE, [CardAction.FOLDER]),
    ],
)
def test_the_buttons_of_every_state_do_what_they_say(
    board: Board, kind: TransferState, actions: list[CardAction]
) -> None:
    transfer = state(kind)
    board.set(transfer)
    assert board.actions(1) == actions
    for action in actions:
        assert board.tool_tip(board.button(1, action)) == action.value
        board.click(board.button(1, action))
    orders = {CardAction.FOLDER: "folder", CardAction.CANCEL: "cancel"}
    assert board.said == [
        (orders.get(one, one.value.lower()), transfer.transfer_id) for one in actions
    ]


def test_saving_comparing_and_versions_by_mouse(board: Board) -> None:
    board.view.cards.set_changes(DRAFT.message_id, 12, 4)
    board.click(board.button(0, CardAction.SAVE))
    board.click(board.button(0, CardAction.SAVE), SHIFT)
    board.click(board.button(0, CardAction.COMPARE))
    board.click(board.piece(0, PieceKind.VERSION))
    board.click(board.piece(0, PieceKind.CHANGES))
    names = [
        "save_requested",
        "save_as_requested",
        "compare_requested",
        "versions_requested",
        "compare_requested",
    ]
    assert board.said == [(name, DRAFT.message_id) for name in names]


def test_a_click_beside_the_buttons_does_nothing(board: Board) -> None:
    rect = board.card(0).rect
    board.click(board.point(0, rect.left() + 100, rect.top() + 10))
    assert board.said == []


def test_the_mouse_shows_what_can_be_clicked(board: Board) -> None:
    board.hover(board.button(0, CardAction.SAVE))
    assert board.view.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert board.view.hover.file is CardAction.SAVE
    before = board.view.grab().toImage()
    board.hover(board.point(0, board.card(0).rect.left() + 100, board.card(0).rect.top() + 10))
    assert board.view.hover.file is None and board.view.grab().toImage() != before


def test_an_upload_has_the_same_card_with_its_progress(build: Callable[..., Board]) -> None:
    board = build([DRAFT], [PENDING])
    assert board.actions(1) == []
    board.set(transfer_of(PENDING, TransferState.ACTIVE, 500_000, rate=2048))
    assert board.words(1)[PieceKind.STATUS] == "50 %, 2 KB/s"
    board.click(board.button(1, CardAction.CANCEL))
    assert [one[0] for one in board.said] == ["cancel"]


def test_a_stored_own_file_can_be_saved_again() -> None:
    own = file_row(4, "alice", file_info())
    sent = transfer_of(own, TransferState.DONE, direction=TransferDirection.UP)
    assert actions_of(own, sent) == (CardAction.SAVE,)
    assert actions_of(replace(own, kind=RowKind.DELETED), None) == ()


# --- keyboard ---


def press_menu_key(board: Board) -> QMenu:
    QApplication.setActiveWindow(board.view)
    board.view.setFocus()
    board.bot.keyClick(board.view, Qt.Key.Key_Up)
    board.bot.keyClick(board.view, Qt.Key.Key_Up)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0))
    QApplication.sendEvent(board.view.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_all_can_be_done_by_keyboard(board: Board) -> None:
    menu = press_menu_key(board)
    assert entries(menu)[:4] == [
        "Compare with the version before",
        "Save",
        "Save as\u2026",
        "Versions",
    ]
    for action in menu.actions()[:4]:
        action.trigger()
    menu.close()
    assert [one[0] for one in board.said] == [
        "compare_requested",
        "save_requested",
        "save_as_requested",
        "versions_requested",
    ]


def test_the_menu_follows_the_transfer(board: Board) -> None:
    board.set(state(TransferState.ACTIVE))
    assert entries(board.menu(1))[:3] == ["Pause", "Cancel", "Versions"]
    board.set(state(TransferState.DONE))
    assert entries(board.menu(1))[:4] == ["Open folder", "Save", "Save as\u2026", "Versions"]


# --- copying ---


def test_copying_gives_name_and_caption(board: Board) -> None:
    board.view.setCurrentIndex(board.model.index(0))
    assert board.view.copy_selection() == "hw3_broker.py\nThird draft, **please read**"
    board.view.setCurrentIndex(board.model.index(1))
    assert board.view.copy_selection() == "trace-2k-clients.pcap"
    copy = next(one for one in board.menu(0).actions() if one.text() == "Copy name and caption")
    copy.trigger()
    clipboard = QApplication.clipboard()
    assert (
        clipboard is not None and clipboard.text() == "hw3_broker.py\nThird draft, **please read**"
    )


def test_a_card_is_selected_as_a_whole(board: Board) -> None:
    rect = board.card(1).rect
    start = board.point(0, board.card(0).rect.left() + 60, board.card(0).rect.top() + 8)
    end = board.point(1, rect.right() - 70, rect.top() + 8)
    before = (
        board.view.viewport()
        .grab()
        .toImage()
        .pixelColor(board.point(1, rect.left() + 5, rect.top() + 8))
    )
    board.bot.mousePress(board.view.viewport(), LEFT, NONE, start)
    board.hover(end)
    board.bot.mouseRelease(board.view.viewport(), LEFT, NONE, end)
    assert board.view.text.text() == (
        "[2024-10-18 14:45] carmen_d: hw3_broker.py\nThird draft, **please read**\n"
        "[2024-10-18 14:45] carmen_d: trace-2k-clients.pcap"
    )
    after = (
        board.view.viewport()
        .grab()
        .toImage()
        .pixelColor(board.point(1, rect.left() + 5, rect.top() + 8))
    )
    assert after != before


def test_a_double_click_takes_the_whole_name(board: Board) -> None:
    rect = board.card(1).rect
    board.bot.mouseDClick(
        board.view.viewport(), LEFT, NONE, board.point(1, rect.left() + 60, rect.top() + 10)
    )
    assert board.view.text.text() == "trace-2k-clients.pcap"


# --- looks ---


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_added_and_removed_can_be_read(theme: Theme) -> None:
    for colour in (theme.code_string, theme.new, theme.link, theme.muted, theme.text):
        assert contrast(colour, theme.code_bg) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("font_px", [12, 16, 20])
@pytest.mark.parametrize("width", [260, 700])
def test_nothing_leaves_the_card(
    build: Callable[..., Board], theme: Theme, font_px: int, width: int
) -> None:
    rows = [file_row(0, "bob.k", file_info(LONG_NAME, version=12)), TRACE]
    board = build(rows, [], replace(theme, font_px=font_px))
    board.view.resize(width, 600)
    board.view.cards.set_changes(rows[0].message_id, 1200, 400)
    board.set(
        state(
            TransferState.WAITING,
            failure=said_so("the server has no room for this file at the moment"),
        )
    )
    for index in (0, 1):
        card = board.card(index)
        assert card.rect.right() <= board.view.viewport().width()
        assert all(card.rect.contains(piece.rect) for piece in card.pieces if width == 700)
        assert all(card.rect.contains(rect) for _, rect in card.buttons)


# --- in the window: what is ordered ---


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setenv(file_desk.DOWNLOADS_VARIABLE, str(tmp_path / "saved here"))
    room = Room(qtbot, tmp_path)
    draft = replace(DRAFT, position=6, message_id=b"6" * 16, sequence=7)
    room.open(HOMEWORK)
    room.tell(RowsAppended(HOMEWORK, (draft,)))
    yield room


def test_save_goes_to_the_folder_of_downloads(room: Room, tmp_path: Any) -> None:
    room.window.pane.view.signals.save_requested.emit(b"6" * 16)
    saved = room.orders(SaveFile)
    assert [(one.message_id, one.path) for one in saved] == [
        (b"6" * 16, str(tmp_path / "saved here"))
    ]
    assert (tmp_path / "saved here").is_dir()


def test_a_folder_that_cannot_be_made_is_said(room: Room, tmp_path: Any) -> None:
    (tmp_path / "saved here").write_text("a file stands there")
    room.window.pane.view.signals.save_requested.emit(b"6" * 16)
    assert (
        room.orders(SaveFile) == []
        and "cannot be made" in room.window.pane.composer.typing_label.text()
    )


def test_save_as_asks_for_the_place(
    room: Room, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed: list[str] = []
    answers = iter([(str(tmp_path / "mine.py"), ""), ("", "")])

    def ask(_parent: object, _title: str, path: str) -> tuple[str, str]:
        proposed.append(path)
        return next(answers)

    monkeypatch.setattr(file_desk.QFileDialog, "getSaveFileName", ask)
    for _ in range(2):
        room.window.pane.view.signals.save_as_requested.emit(b"6" * 16)
    room.window.pane.view.signals.save_as_requested.emit(b"nobody knows it.")
    assert proposed == [str(tmp_path / "saved here" / "hw3_broker.py")] * 2
    assert [one.path for one in room.orders(SaveFile)] == [str(tmp_path / "mine.py")]


def test_transfers_are_ordered_and_only_the_folder_is_opened(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        file_desk.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile())
    )
    transfer = transfer_of(replace(DRAFT, message_id=b"6" * 16), TransferState.ACTIVE)
    room.window.pane.set_transfers({transfer.message_id: transfer})
    room.window.pane.set_changes(b"6" * 16, 1, 2)
    view = room.window.pane.view
    for action in ("pause", "resume", "cancel", "folder"):
        view.signals.transfer_action.emit(transfer.transfer_id, action)
    for kind in (PauseTransfer, ResumeTransfer, CancelTransfer):
        assert [one.transfer_id for one in room.orders(kind)] == [transfer.transfer_id]
    assert opened == ["/home/alice/Downloads"]
