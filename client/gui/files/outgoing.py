"""Files that are about to be sent: what they are called, how large they are, and why one cannot be
sent.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

from PyQt5.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PyQt5.QtGui import QImage

from client.gui.language.local_words import size_words
from client.gui.language.translation import tr
from client.text.filetypes import IMAGE_TYPES, guess_type

MAX_FILE_BYTES = 2 * 1024**3


@dataclass(slots=True)
class Outgoing:
    """One file, folder or pasted image of the dialog."""

    name: str
    path: str = ""
    size: int = 0
    data: bytes = b""
    is_folder: bool = False
    is_temporary: bool = False
    problem: str = ""  # why it is not sent, a sentence

    @property
    def is_image(self) -> bool:
        """Whether a small picture of it may be shown."""
        return not self.is_folder and guess_type(self.name) in IMAGE_TYPES


def outgoing_of(path: str, max_bytes: int = MAX_FILE_BYTES) -> Outgoing:
    """What stands at this path."""
    plain = os.path.normpath(path)
    name = os.path.basename(plain) or plain
    made = Outgoing(name, plain)
    try:
        if os.path.isdir(plain):
            os.listdir(plain)
            made.is_folder = True
        elif not os.path.isfile(plain):
            made.problem = (
                tr("This is not a file that can be sent.")
                if os.path.exists(plain)
                else tr("It is not there.")
            )
        else:
            made.size = os.path.getsize(plain)
            with open(plain, "rb"):
                pass
    except OSError as error:
        made.problem = tr("It cannot be read: {reason}.", reason=error.strerror or error)
    if not made.problem and made.size > max_bytes:
        made.problem = too_large(made.size, max_bytes)
    return made


def too_large(size: int, max_bytes: int) -> str:
    """Why a large file is refused."""
    return tr(
        "It is too large: {size} of {most} allowed.",
        size=size_words(size),
        most=size_words(max_bytes),
    )


def png_of(image: QImage) -> bytes:
    """A pasted image as a file."""
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    buffer.close()
    return bytes(kept.data())


def pasted_name(now: datetime) -> str:
    """The name of a pasted image."""
    return f"image-{now:%Y%m%d-%H%M%S}.png"


def paths_in(mime: QMimeData | None) -> list[str]:
    """The files and folders of this computer that are dragged or were copied."""
    if mime is None or not mime.hasUrls():
        return []
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


def image_in(mime: QMimeData | None) -> QImage | None:
    """The image that is dragged or was copied; a copied table or text has one too, which is not
    meant.
    """
    if mime is None or not mime.hasImage() or mime.text().strip():
        return None
    image = mime.imageData()
    return image if isinstance(image, QImage) and not image.isNull() else None
