"""Small pictures of the images in a conversation: asked for once, decoded off the window's thread,
some kept.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PyQt5.QtCore import QObject, QSize, QSizeF, pyqtSignal
from PyQt5.QtGui import QPixmap

from client.gui.kit.workers import Workers
from client.gui.language.translation import tr_dynamic
from client.gui.messages.cards.image_decoding import BROKEN, Decoded, decode, round_corners
from client.gui.messages.cards.layout import IMAGE_RADIUS

MAX_KEPT_BYTES = 64 * 1024 * 1024


@dataclass(slots=True)
class _Asked:
    """What a picture was asked for as: it may have to be loaded again for a screen with smaller
    pixels.
    """

    size: QSize  # in pixels of the device
    ratio: float
    is_running: bool = True


class Thumbnails(QObject):
    """By message. Lives on the window's thread."""

    wanted = pyqtSignal(bytes)  # the content is needed: answered by give() or fail()
    loaded = pyqtSignal(bytes)
    refused = pyqtSignal(bytes)  # it never will be shown as a picture

    def __init__(self, parent: QObject | None = None, max_bytes: int = MAX_KEPT_BYTES) -> None:
        super().__init__(parent)
        self._max_bytes = max_bytes
        self._bytes = 0
        self._pixmaps: OrderedDict[bytes, QPixmap] = OrderedDict()
        self._animated: set[bytes] = set()
        self._asked: dict[bytes, _Asked] = {}
        self._failures: dict[bytes, str] = {}
        self._refusals: dict[bytes, str] = {}
        self._workers = Workers(self)

    def pixmap(self, message_id: bytes) -> QPixmap | None:
        """The picture, now the youngest; None if it is not here."""
        pixmap = self._pixmaps.get(message_id)
        if pixmap is not None:
            self._pixmaps.move_to_end(message_id)
        return pixmap

    def is_animated(self, message_id: bytes) -> bool:
        """Whether it has more than one frame."""
        return message_id in self._animated

    def refusal(self, message_id: bytes) -> str:
        """Why it will never be a picture, "" if it may."""
        return self._refusals.get(message_id, "")

    def failure(self, message_id: bytes) -> str:
        """Why its content could not be had for now, "" if all is well."""
        return self._failures.get(message_id, "")

    def want(self, message_id: bytes, size: QSizeF, ratio: float, again: bool = False) -> None:
        """It is visible with this size: ask for its content unless it is here, on its way, or could
        not be had.
        """
        if message_id in self._refusals:
            return
        asked, kept = self._asked.get(message_id), self._pixmaps.get(message_id)
        if asked is not None and asked.is_running:
            return
        if kept is not None and kept.devicePixelRatio() == ratio:
            return
        if message_id in self._failures and not again:
            return
        self._failures.pop(message_id, None)
        self._asked[message_id] = _Asked((size * ratio).toSize(), ratio)
        self.wanted.emit(message_id)

    def give(self, message_id: bytes, data: bytes) -> None:
        """The content has come: decode it."""
        asked = self._asked.get(message_id)
        if asked is not None:
            size, ratio = asked.size, asked.ratio
            self._workers.run(
                lambda: _thumbnail(data, size, ratio), lambda made: self._on_made(message_id, made)
            )

    def fail(self, message_id: bytes, sentence: str) -> None:
        """The content could not be had; a click asks for it again."""
        self._asked.pop(message_id, None)
        self._failures[message_id] = sentence
        self.loaded.emit(message_id)

    def forget_failures(self) -> None:
        """Another conversation is shown: what failed in this one may be tried again."""
        self._failures.clear()

    def _on_made(self, message_id: bytes, made: Decoded) -> None:
        asked = self._asked.pop(message_id, None)
        if made.image is None:
            self._refusals[message_id] = made.sentence or tr_dynamic(BROKEN)
            self.refused.emit(message_id)
            return
        pixmap = QPixmap.fromImage(made.image)
        pixmap.setDevicePixelRatio(asked.ratio if asked is not None else 1.0)
        if made.is_animated:
            self._animated.add(message_id)
        self._keep(message_id, pixmap)
        self.loaded.emit(message_id)

    def _keep(self, message_id: bytes, pixmap: QPixmap) -> None:
        self._drop(message_id)
        self._pixmaps[message_id] = pixmap
        self._bytes += _cost(pixmap)
        while self._bytes > self._max_bytes and len(self._pixmaps) > 1:
            self._drop(next(iter(self._pixmaps)))

    def _drop(self, message_id: bytes) -> None:
        pixmap = self._pixmaps.pop(message_id, None)
        if pixmap is not None:
            self._bytes -= _cost(pixmap)


def _cost(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


def _thumbnail(data: bytes, size: QSize, ratio: float) -> Decoded:
    made = decode(data, size)
    if made.image is not None:
        made.image = round_corners(made.image, IMAGE_RADIUS * ratio)
    return made
