"""Images in the messages: their place, loading and decoding off the window's thread, what is
refused, the viewer.
"""

from __future__ import annotations

import struct
import threading
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QBuffer, QEvent, QIODevice, QPoint, QPointF, QSize, QSizeF, Qt
from PyQt5.QtGui import QColor, QImage, QMouseEvent
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.api.events import (
    Done,
    FetchPreview,
    RowsAppended,
    SaveFile,
)
from client.api.values import Row, TransferState
from client.gui.conversation import file_controller as file_desk
from client.gui.files.image_viewer import ImageViewer
from client.gui.kit.theme import DARK
from client.gui.messages.cards import thumbnails as images
from client.gui.messages.cards.image_decoding import (
    BROKEN,
    Decoded,
    decode,
    decode_path,
    format_of,
    round_corners,
)
from client.gui.messages.cards.thumbnails import Thumbnails
from client.gui.messages.cards.words import MAX_PIXELS, TOO_LARGE, CardAction
from client.gui.messages.message_view import MessageView
from client.gui.messages.model import ConversationModel
from tests.support.saying import said_so
from tests.support.window.room import Room
from tests.support.window.window_data import HOMEWORK, file_info, file_row, transfer_of

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
BLUE = QColor("#2266AA")


def content(width: int, height: int, kind: str = "PNG", is_clear: bool = False) -> bytes:
    """An image file in one colour."""
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent if is_clear else BLUE)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)
    return bytes(buffer.data().data())


def moving(width: int = 20, height: int = 10) -> bytes:
    """A GIF of two frames, each in one colour."""
    start = (
        b"GIF89a"
        + struct.pack("<HHBBB", width, height, 0xF1, 0, 0)
        + bytes([200, 0, 0, 0, 0, 200] + [0] * 6)
    )
    frames = b""
    for colour in (0, 1):
        codes = [code for _ in range(width * height) for code in (4, colour)] + [
            5
        ]  # 4 clears: codes stay 3 bits wide
        bits = sum(code << 3 * at for at, code in enumerate(codes))
        packed = bits.to_bytes((3 * len(codes) + 7) // 8, "little")
        pieces = [packed[at : at + 255] for at in range(0, len(packed), 255)]
        frames += b"\x21\xf9\x04\0\x02\0\0\0," + struct.pack("<HHHHB", 0, 0, width, height, 0)
        frames += b"\x02" + b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"
    return start + frames + b";"


def image_row(position: int, width: int = 900, height: int = 600, **changes: object) -> Row:
    """A message with an image."""
    return file_row(
        position,
        "bob.k",
        file_info(f"plot{position}.png", 9000, width=width, height=height),
        **changes,
    )  # type: ignore[arg-type]


class Wall:
    """A message view with images, and which of them were asked for."""

    def __init__(self, qtbot: QtBot, rows: list[Row], size: tuple[int, int] = (640, 700)) -> None:
        self.bot: Any = qtbot
        self.view = MessageView()
        qtbot.addWidget(self.view)
        self.model = ConversationModel(self.view)
        self.model.rows_wanted.connect(
            lambda first, count: self.model.rows_loaded(rows[first : first + count])
        )
        self.wanted: list[bytes] = []
        self.clicked: list[bytes] = []
        self.saved: list[bytes] = []
        self.view.cards.previews_wanted.connect(self.wanted.append)
        self.view.signals.image_requested.connect(self.clicked.append)
        self.view.signals.save_requested.connect(self.saved.append)
        self.view.setModel(self.model)
        self.view.resize(*size)
        self.view.show()
        self.model.reset(len(rows), len(rows), False, [])
        self.settle()

    def settle(self) -> None:
        """Paint, and let what follows from it happen."""
        self.view.grab()
        self.bot.waitUntil(lambda: not self.view.cards.preview_timer.isActive(), timeout=5000)

    def give(self, row: Row, data: bytes) -> None:
        self.view.cards.show_preview(row.message_id, data)
        self.bot.waitUntil(lambda: not self.view.cards.thumbnails._workers.is_busy, timeout=5000)
        self.settle()

    def card(self, index: int) -> Any:
        return self.view.timeline.layout(index).card

    def middle(self, index: int) -> QPoint:
        card, top = self.card(index), self.view.timeline.row_y(index)
        assert top is not None
        return QPointF((card.picture or card.rect).center() + QPointF(0, top)).toPoint()

    def colour(self, point: QPoint) -> str:
        viewport = self.view.viewport()
        ratio = viewport.devicePixelRatioF()
        return str(viewport.grab().toImage().pixelColor(point * ratio).name())

    def hover(self, point: QPoint) -> None:
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(point),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            NONE,
        )
        QApplication.sendEvent(self.view.viewport(), event)


# --- decoding ---


@pytest.mark.parametrize(
    ("kind", "made"), [("PNG", b"png"), ("JPG", b"jpeg"), ("BMP", b"bmp"), ("WEBP", b"webp")]
)
def test_known_formats_are_decoded_small(kind: str, made: bytes) -> None:
    data = content(800, 400, kind)
    assert format_of(data) == made
    decoded = decode(data, QSize(360, 260))
    assert (
        decoded.image is not None
        and decoded.image.size() == QSize(360, 180)
        and not decoded.is_animated
    )
    whole = decode(data)
    assert whole.image is not None and whole.image.size() == QSize(800, 400)


def test_a_small_image_is_not_made_larger() -> None:
    decoded = decode(content(40, 30), QSize(360, 260))
    assert decoded.image is not None and decoded.image.size() == QSize(40, 30)


def test_the_first_frame_of_a_moving_image() -> None:
    decoded = decode(moving())
    assert decoded.is_animated and decoded.image is not None
    assert decoded.image.pixelColor(5, 5) == QColor(200, 0, 0)


def test_an_image_stands_as_the_camera_was_held() -> None:
    jpeg = content(200, 100, "JPG")
    tiff = b"II*\0\x08\0\0\0" + struct.pack(
        "<HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0
    )  # turned by 90 degrees
    exif = b"Exif\0\0" + tiff
    turned = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
    decoded = decode(turned, QSize(50, 80))
    assert decoded.image is not None and decoded.image.size() in (QSize(40, 80), QSize(40, 79))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no image",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        content(9, 9)[:-30],
    ],
)
def test_what_is_no_image_is_refused_and_svg_is_never_rendered(data: bytes) -> None:
    decoded = decode(data)
    assert decoded.image is None and decoded.sentence == BROKEN


def test_another_format_under_the_name_of_png_is_not_tried() -> None:
    assert decode(b"\x89PNG\r\n\x1a\n<svg width='9' height='9'/>").sentence == BROKEN


def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    header = (
        b"BM"
        + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 8000, 5001, 1, 24, *[0] * 6)
    )
    assert MAX_PIXELS < 8000 * 5001 and decode(header).sentence == TOO_LARGE


def test_files_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "plot.dat"
    path.write_bytes(content(800, 400))
    decoded = decode_path(str(path), QSize(44, 44))
    assert decoded.image is not None and decoded.image.size() == QSize(44, 22)
    assert decode_path(str(tmp_path / "gone.png"), QSize(44, 44)).sentence == BROKEN


def test_round_corners_and_a_white_ground() -> None:
    clear = decode(content(40, 40, is_clear=True)).image
    assert clear is not None
    made = round_corners(clear, 8)
    assert made.pixelColor(0, 0).alpha() == 0 and made.pixelColor(20, 20) == QColor("#FFFFFF")
    opaque = decode(content(40, 40, "BMP")).image
    assert opaque is not None
    full = round_corners(opaque, 8)
    assert full.pixelColor(39, 39).alpha() == 0 and full.pixelColor(20, 20).alpha() == 255


# --- in the messages ---


def test_its_place_is_kept_before_it_is_loaded(qtbot: QtBot) -> None:
    row = image_row(0)
    wall = Wall(qtbot, [row])
    card, height = wall.card(0), wall.view.timeline.layout(0).height
    assert card.picture.size() == QSizeF(360, 240)
    assert wall.wanted == [row.message_id]
    wall.settle()
    assert wall.wanted == [row.message_id]
    wall.give(row, content(900, 600))
    assert (
        wall.view.timeline.layout(0).height == height and wall.colour(wall.middle(0)) == BLUE.name()
    )
    assert wall.wanted == [row.message_id]


@pytest.mark.parametrize(
    ("width", "height", "card"),
    [(40, 30, (40, 30)), (100, 900, (29, 260)), (9000, 3, (360, 24)), (4, 4, (24, 24))],
)
def test_the_size_of_its_place(
    qtbot: QtBot, width: int, height: int, card: tuple[int, int]
) -> None:
    size = Wall(qtbot, [image_row(0, width, height)]).card(0).picture.size()
    assert (size.width(), size.height()) == card


def test_only_what_is_visible_is_loaded(qtbot: QtBot) -> None:
    rows = [image_row(position) for position in range(30)]
    wall = Wall(qtbot, rows)
    assert (
        1 <= len(wall.wanted) <= 4
        and rows[29].message_id in wall.wanted
        and rows[0].message_id not in wall.wanted
    )
    wall.view.scroll_to_position(0)
    wall.settle()
    assert rows[0].message_id in wall.wanted


def test_decoding_leaves_the_thread_of_the_window_alone(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def decoded(data: bytes, bounds: QSize) -> Decoded:
        threads.append(threading.current_thread())
        return decode(data, bounds)

    monkeypatch.setattr(images, "decode", decoded)
    row = image_row(0)
    Wall(qtbot, [row]).give(row, content(900, 600))
    assert threads and threads[0] is not threading.main_thread()


def test_a_broken_image_becomes_a_card(qtbot: QtBot) -> None:
    row = image_row(0)
    wall = Wall(qtbot, [row])
    wall.give(row, b"no image at all")
    assert wall.card(0).picture is None and wall.card(0).words_of_state == BROKEN
    assert wall.view.timeline.layout(0).height < 150
    assert BROKEN in str(wall.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))
    wall.settle()
    assert wall.wanted == [row.message_id]
    assert [action.text() for action in wall.view.menus.of(row).actions()][0] == "Save"


def test_an_image_that_says_it_is_huge_is_never_asked_for(qtbot: QtBot) -> None:
    wall = Wall(qtbot, [image_row(0, 30_000, 20_000)])
    assert (
        wall.card(0).picture is None
        and wall.card(0).words_of_state == TOO_LARGE
        and wall.wanted == []
    )


def test_an_image_on_its_way_up_is_a_card(qtbot: QtBot) -> None:
    assert Wall(qtbot, [image_row(0, sequence=0)]).card(0).picture is None


def test_what_could_not_be_had_is_asked_for_again_by_a_click(qtbot: QtBot) -> None:
    row = image_row(0)
    wall = Wall(qtbot, [row])
    wall.view.cards.preview_failed(row.message_id, "You are not connected. Click to retry.")
    wall.settle()
    assert wall.wanted == [row.message_id] and wall.card(0).note.startswith("You are not connected")
    wall.bot.mouseClick(wall.view.viewport(), LEFT, NONE, wall.middle(0))
    assert wall.wanted == [row.message_id] * 2 and wall.clicked == [] and wall.card(0).note == ""
    wall.give(row, content(900, 600))
    wall.bot.mouseClick(wall.view.viewport(), LEFT, NONE, wall.middle(0))
    assert wall.clicked == [row.message_id]


def test_the_buttons_of_an_image_come_with_the_mouse(qtbot: QtBot) -> None:
    row = image_row(0)
    wall = Wall(qtbot, [row])
    wall.give(row, content(900, 600))
    action, rect = wall.card(0).buttons[0]
    top = wall.view.timeline.row_y(0)
    assert action is CardAction.SAVE and top is not None
    corner = QPointF(rect.topLeft() + QPointF(5, 5 + top)).toPoint()
    assert wall.colour(corner) == BLUE.name()
    wall.hover(wall.middle(0))
    assert wall.colour(corner) != BLUE.name()
    wall.bot.mouseClick(
        wall.view.viewport(), LEFT, NONE, QPointF(rect.center() + QPointF(0, top)).toPoint()
    )
    assert wall.saved == [row.message_id] and wall.clicked == []


def test_the_transfer_of_an_image_is_shown_over_it(qtbot: QtBot) -> None:
    row = image_row(0)
    wall = Wall(qtbot, [row])
    wall.give(row, content(900, 600))
    before = wall.view.grab().toImage()
    wall.view.cards.set_transfers({row.message_id: transfer_of(row, TransferState.ACTIVE, 4500)})
    assert wall.view.grab().toImage() != before
    assert [action for action, _ in wall.card(0).buttons] == [CardAction.PAUSE, CardAction.CANCEL]


def test_a_moving_image_stands_still_and_has_a_badge(qtbot: QtBot) -> None:
    row = image_row(0, 200, 120)
    wall = Wall(qtbot, [row])
    wall.give(row, moving(200, 120))
    assert wall.view.cards.thumbnails.is_animated(row.message_id)
    assert wall.colour(wall.middle(0)) == "#c80000"
    card, top = wall.card(0), wall.view.timeline.row_y(0)
    assert top is not None
    badge = QPointF(card.picture.topLeft() + QPointF(12, 12 + top)).toPoint()
    assert wall.colour(badge) != "#c80000"


def test_old_pictures_go_when_there_are_too_many(qtbot: QtBot) -> None:
    kept = Thumbnails(max_bytes=2 * 100 * 100 * 4)
    wanted: list[bytes] = []
    kept.wanted.connect(wanted.append)
    for number in range(3):
        kept.want(bytes([number]), QSizeF(100, 100), 1.0)
        kept.give(bytes([number]), content(100, 100))
        qtbot.waitUntil(
            lambda number=number: kept.pixmap(bytes([number])) is not None, timeout=5000
        )
        assert kept.pixmap(b"\0") is not None or number == 2
    assert kept.pixmap(b"\1") is None or kept.pixmap(b"\0") is None
    kept.want(b"\2", QSizeF(100, 100), 1.0)
    gone = b"\0" if kept.pixmap(b"\0") is None else b"\1"
    kept.want(gone, QSizeF(100, 100), 1.0)
    kept.want(gone, QSizeF(100, 100), 1.0)
    assert wanted == [b"\0", b"\1", b"\2", gone]
    kept.give(b"nobody asked", content(9, 9))


def test_a_screen_with_smaller_pixels_gets_a_sharper_picture(qtbot: QtBot) -> None:
    kept = Thumbnails()
    for ratio, pixels in ((1.0, 100), (2.0, 200)):
        kept.want(b"m", QSizeF(100, 100), ratio)
        kept.give(b"m", content(400, 400))
        qtbot.waitUntil(lambda: not kept._workers.is_busy, timeout=5000)
        pixmap = kept.pixmap(b"m")
        assert pixmap is not None and (pixmap.width(), pixmap.devicePixelRatio()) == (pixels, ratio)


# --- the viewer ---


@pytest.fixture
def viewer(qtbot: QtBot) -> ImageViewer:
    made = ImageViewer(b"m" * 16, "plot.png", DARK)
    qtbot.addWidget(made)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    QApplication.setActiveWindow(made)
    made.canvas.setFocus()
    return made


def shown(qtbot: QtBot, viewer: ImageViewer, data: bytes) -> None:
    viewer.show_data(data)
    qtbot.waitUntil(lambda: not viewer._workers.is_busy, timeout=5000)


def test_the_viewer_fits_and_a_click_shows_every_pixel(qtbot: QtBot, viewer: ImageViewer) -> None:
    assert viewer.windowTitle() == "plot.png" and viewer.canvas.text == "Loading the image\u2026"
    assert not viewer.grab().isNull()
    shown(qtbot, viewer, content(3000, 1500))
    assert viewer.facts.text().startswith("3000 \u00d7 1500, ")
    assert viewer.is_fitted and viewer.canvas.shown_size().width() <= viewer.area.width()
    qtbot.mouseClick(viewer.canvas, LEFT)
    assert not viewer.is_fitted and viewer.canvas.shown_size() == QSize(3000, 1500)
    assert viewer.area.horizontalScrollBar().maximum() > 0
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_Space)
    viewer.resize(700, 500)
    assert viewer.is_fitted and viewer.canvas.width() == viewer.area.viewport().width()
    middle = (
        viewer.canvas.grab()
        .toImage()
        .pixelColor(viewer.canvas.rect().center() * viewer.devicePixelRatioF())
    )
    assert middle == BLUE


def test_the_viewer_shows_black_on_white_where_there_is_no_ground(
    qtbot: QtBot, viewer: ImageViewer
) -> None:
    shown(qtbot, viewer, content(300, 200, is_clear=True))
    middle = (
        viewer.canvas.grab()
        .toImage()
        .pixelColor(viewer.canvas.rect().center() * viewer.devicePixelRatioF())
    )
    assert middle == QColor("#FFFFFF")


def test_escape_closes_the_viewer_and_save_saves(qtbot: QtBot, viewer: ImageViewer) -> None:
    with qtbot.waitSignal(viewer.save_requested, timeout=2000) as saved:
        qtbot.mouseClick(viewer.save, LEFT)
    assert saved.args == [b"m" * 16]
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_Escape)
    assert not viewer.isVisible()


def test_a_moving_image_moves_in_the_viewer(qtbot: QtBot, viewer: ImageViewer) -> None:
    shown(qtbot, viewer, moving(40, 20))
    colours: set[str] = set()

    def look() -> bool:
        colours.add(viewer.canvas._pixmap.toImage().pixelColor(5, 5).name())
        return len(colours) == 2

    qtbot.waitUntil(look, timeout=5000)


def test_the_viewer_says_why_it_shows_nothing(qtbot: QtBot, viewer: ImageViewer) -> None:
    shown(qtbot, viewer, b"no image")
    assert viewer.canvas.text == BROKEN and not viewer.grab().isNull()


# --- in the window ---


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setenv(file_desk.DOWNLOADS_VARIABLE, str(tmp_path / "saved"))
    room = Room(qtbot, tmp_path)
    room.open(HOMEWORK)
    room.tell(RowsAppended(HOMEWORK, (image_row(6, message_id=b"6" * 16),)))
    room.window.pane.view.scroll_to_bottom()
    room.window.grab()
    room.bot.waitUntil(lambda: bool(room.orders(FetchPreview)), timeout=5000)
    return room


def test_the_window_fetches_what_is_visible(room: Room) -> None:
    (order,) = room.orders(FetchPreview)
    assert order.message_id == b"6" * 16
    room.window.handle([Done(order.request_id, True, data=content(900, 600))])
    thumbnails = room.window.pane.view.cards.thumbnails
    room.bot.waitUntil(lambda: thumbnails.pixmap(b"6" * 16) is not None, timeout=5000)


def test_the_window_says_why_an_image_is_not_there(room: Room) -> None:
    (order,) = room.orders(FetchPreview)
    room.window.handle([Done(order.request_id, False, said_so("The file was deleted."))])
    assert (
        room.window.pane.view.cards.thumbnails.failure(b"6" * 16)
        == "The file was deleted. Click to retry."
    )


def test_the_viewer_opens_once_for_an_image(room: Room) -> None:
    view, desk = room.window.pane.view, room.window.pane.files
    for _ in range(2):
        view.signals.image_requested.emit(b"6" * 16)
    view.signals.image_requested.emit(b"nobody knows it.")
    assert list(desk.viewers) == [b"6" * 16]
    viewer = desk.viewers[b"6" * 16]
    order = room.orders(FetchPreview)[-1]
    room.window.handle([Done(order.request_id, True, data=content(900, 600))])
    room.bot.waitUntil(lambda: viewer.facts.text() != "", timeout=5000)
    room.bot.mouseClick(viewer.save, LEFT)
    assert [one.message_id for one in room.orders(SaveFile)] == [b"6" * 16]
    room.bot.keyClick(viewer.canvas, Qt.Key.Key_Escape)
    assert desk.viewers == {}
    room.window.handle([Done(order.request_id, True, data=b"")])


def test_the_viewer_says_why_the_image_could_not_be_had(room: Room) -> None:
    room.window.pane.view.signals.image_requested.emit(b"6" * 16)
    viewer = room.window.pane.files.viewers[b"6" * 16]
    first, second = room.orders(FetchPreview)
    room.window.handle([Done(second.request_id, False, said_so("The file was deleted."))])
    assert viewer.canvas.text == "The file was deleted."
    viewer.close()
    room.window.pane.view.signals.image_requested.emit(b"6" * 16)
    third = room.orders(FetchPreview)[-1]
    room.window.pane.files.viewers[b"6" * 16].close()
    room.window.handle(
        [Done(third.request_id, True, data=content(9, 9)), Done(first.request_id, False)]
    )
