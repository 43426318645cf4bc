"""Decodes images that came from others: only known formats, never too large, scaled down while
reading. Any thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from PyQt5.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PyQt5.QtGui import QBrush, QImage, QImageIOHandler, QImageReader, QPainter

from client.gui.language.translation import tr_dynamic, tr_noop
from client.gui.messages.cards.words import MAX_PIXELS, TOO_LARGE

BROKEN = tr_noop("This image cannot be shown")


@dataclass(slots=True)
class Decoded:
    """An image, or the sentence why there is none."""

    image: QImage | None
    sentence: str = ""
    is_animated: bool = False


def format_of(start: bytes) -> bytes:
    """The format by the first bytes of the content, "" if the window shows none such (SVG is never
    rendered).
    """
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return b"png"
    if start.startswith(b"\xff\xd8\xff"):
        return b"jpeg"
    if start.startswith((b"GIF87a", b"GIF89a")):
        return b"gif"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return b"webp"
    return b"bmp" if start.startswith(b"BM") else b""


def decode(data: bytes, bounds: QSize | None = None) -> Decoded:
    """The (first) image of the content, turned as the camera was held, at most as large as
    `bounds`.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return _read(buffer, format_of(data[:16]), bounds)


def decode_path(path: str, bounds: QSize) -> Decoded:
    """The same for a file on the disk."""
    try:
        with open(path, "rb") as source:
            made = format_of(source.read(16))
    except OSError:
        return Decoded(None, tr_dynamic(BROKEN))
    reader_of_path = QImageReader(path, QByteArray(made))
    return _decode(reader_of_path, made, bounds)


def _read(buffer: QBuffer, made: bytes, bounds: QSize | None) -> Decoded:
    return _decode(QImageReader(buffer, QByteArray(made)), made, bounds)


def _decode(reader: QImageReader, made: bytes, bounds: QSize | None) -> Decoded:
    if not made:
        return Decoded(None, tr_dynamic(BROKEN))
    reader.setAutoDetectImageFormat(
        False
    )  # no other plug-in than that of the format may see the content
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        return Decoded(None, tr_dynamic(BROKEN))
    if size.width() * size.height() > MAX_PIXELS:
        return Decoded(None, tr_dynamic(TOO_LARGE))
    if bounds is not None:
        turned = int(reader.transformation()) & int(
            QImageIOHandler.Transformation.TransformationRotate90
        )
        room = bounds.transposed() if turned else bounds
        if size.width() > room.width() or size.height() > room.height():
            small = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            reader.setScaledSize(small.expandedTo(QSize(1, 1)))
    is_animated = reader.supportsAnimation() and reader.imageCount() != 1
    image = reader.read()
    if image.isNull():
        return Decoded(None, tr_dynamic(BROKEN))
    return Decoded(image, "", is_animated)


def round_corners(image: QImage, radius: float) -> QImage:
    """The image with round corners, on white where it lets the ground through: black lines must
    show on dark.
    """
    made = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    p = QPainter(made)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(Qt.PenStyle.NoPen)
    rect = QRectF(made.rect())
    if image.hasAlphaChannel():
        p.setBrush(Qt.GlobalColor.white)
        p.drawRoundedRect(rect, radius, radius)
    p.setBrush(QBrush(image))
    p.drawRoundedRect(rect, radius, radius)
    p.end()
    return made
