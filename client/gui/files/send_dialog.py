"""The dialog before files are sent: what goes out, one caption, folders packed as a zip while one
watches.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from threading import Event

from PyQt5.QtCore import QObject, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PyQt5.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.api.values import FileInfo
from client.gui.files.outgoing import MAX_FILE_BYTES, Outgoing, outgoing_of, png_of, too_large
from client.gui.files.zipping import Zipped, folder_bytes, remove_zip, zip_folder
from client.gui.kit.theme import LIGHT, Theme
from client.gui.kit.workers import Workers
from client.gui.language.local_words import size_words
from client.gui.language.translation import tr, tr_count
from client.gui.messages.cards.image_decoding import Decoded, decode, decode_path, round_corners
from client.gui.messages.cards.layout import ICON_H, ICON_W
from client.gui.messages.cards.painting import paint_file_icon
from client.text.filetypes import guess_type

PICTURE, ROW_HEIGHT, ROWS_SHOWN, WIDTH = 44, 56, 5, 460
PROGRESS_STEPS = 1000


class _Picture(QWidget):
    """The icon of a file, or a small picture of it once that is decoded."""

    def __init__(self, entry: Outgoing, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._entry, self._theme = entry, theme
        self.pixmap: QPixmap | None = None
        self.setFixedSize(PICTURE, PICTURE)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        p = QPainter(self)
        p.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        if self.pixmap is not None:
            size = self.pixmap.size() / self.pixmap.devicePixelRatio()
            p.drawPixmap((PICTURE - size.width()) // 2, (PICTURE - size.height()) // 2, self.pixmap)
        else:
            name = f"{self._entry.name}.zip" if self._entry.is_folder else self._entry.name
            rect = QRectF((PICTURE - ICON_W) / 2, (PICTURE - ICON_H) / 2, ICON_W, ICON_H)
            paint_file_icon(
                p, rect, FileInfo(name=name, size=0, mime=guess_type(name), sha256=b""), self._theme
            )
        p.end()


class FileRow(QFrame):
    """One line of the dialog."""

    removed = pyqtSignal()

    def __init__(self, entry: Outgoing, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.entry = entry
        self.picture = _Picture(entry, theme, self)
        self.name = QLabel(self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setToolTip(entry.name.replace("<", "\u2039"))
        self.line = QLabel(self)
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        self.remove = QToolButton(self)
        self.remove.setText("\u2715")
        self.remove.setToolTip(tr("Remove"))
        self.remove.setAccessibleName(tr("Remove {name}", name=entry.name))
        self.remove.clicked.connect(self.removed)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.line)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 6, 5)
        row.setSpacing(10)
        row.addWidget(self.picture)
        row.addLayout(words, 1)
        row.addWidget(self.remove)
        self.setMinimumHeight(ROW_HEIGHT)
        self.write()

    def write(self) -> None:
        """Write what is known of the file now."""
        entry = self.entry
        title = f"{entry.name}/" if entry.is_folder else entry.name
        self.name.setText(
            self.name.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, WIDTH - 160)
        )
        if entry.problem:
            text = tr("{problem} It will not be sent.", problem=entry.problem)
        elif entry.is_folder:
            text = tr("{name}/ will be sent as {name}.zip", name=entry.name)
        else:
            text = size_words(entry.size) if entry.size or entry.path else tr("Preparing\u2026")
        self.line.setProperty("error", bool(entry.problem))
        self.line.setProperty("muted", not entry.problem)
        style = self.line.style()
        if style is not None:
            style.unpolish(self.line)
            style.polish(self.line)
        self.line.setText(text)
        self.setAccessibleName(f"{title}, {text}")


class _Pace(QObject):
    """Carries the progress of packing from the worker to the window."""

    moved = pyqtSignal(object)


class SendFilesDialog(QDialog):
    """Answers by `chosen`: the files to send, in order, and the caption.

    Enter sends, Esc cancels.
    """

    chosen = pyqtSignal(object, str)

    def __init__(
        self,
        title: str,
        entries: Sequence[Outgoing],
        theme: Theme = LIGHT,
        parent: QWidget | None = None,
        max_file_bytes: int = MAX_FILE_BYTES,
    ) -> None:
        super().__init__(parent)
        self._theme, self._max_bytes = theme, max_file_bytes
        self._workers = Workers(self)
        self._preparing = 0
        self._stop: Event | None = None
        self._packed = 0
        self._total = 0
        self._pace = (
            _Pace()
        )  # without parent: packing may still tell something when the dialog is gone
        self._pace.moved.connect(self._on_moved)
        self.rows: list[FileRow] = []
        self.setWindowTitle(tr("Send to {title}", title=title))
        self.setMinimumWidth(WIDTH)
        self._build(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.add_entries(entries)

    def _build(self, title: str) -> None:
        self.heading = QLabel(tr("Send to {title}", title=title), self)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setProperty("title", True)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget(self.area)
        inner.setObjectName("files")
        inner.setStyleSheet(f"#files {{ background: {self._theme.bg}; }}")
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self.area.setWidget(inner)
        self.caption = QLineEdit(self)
        self.caption.setPlaceholderText(tr("Add a caption"))
        self.caption.setAccessibleName(tr("Caption"))
        self.progress = QProgressBar(self)
        self.progress.setRange(0, PROGRESS_STEPS)
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.sentence = QLabel(self)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setProperty("muted", True)
        self.sentence.setWordWrap(True)
        self.sentence.hide()
        self.cancel = QPushButton(tr("Cancel"), self)
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.send = QPushButton(tr("Send"), self)
        self.send.setProperty("primary", True)
        self.send.setDefault(True)
        self.send.clicked.connect(self.submit)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        for widget in (self.heading, self.area, self.caption, self.progress, self.sentence):
            layout.addWidget(widget)
        layout.addLayout(buttons)

    # --- the list ---

    def add_paths(self, paths: Sequence[str]) -> None:
        """More files."""
        self.add_entries([outgoing_of(path, self._max_bytes) for path in paths])

    def add_entries(self, entries: Sequence[Outgoing]) -> None:
        """More files, folders or pasted images."""
        for entry in entries:
            row = FileRow(entry, self._theme, self)
            row.removed.connect(partial(self._remove, row))
            self.rows.append(row)
            self._list.insertWidget(self._list.count() - 1, row)
            if entry.is_image and entry.path and not entry.problem:
                self._make_picture(row, partial(decode_path, entry.path))
        self._fit()

    def add_image(self, image: QImage, name: str) -> None:
        """A pasted image; it becomes a file in the background."""
        entry = Outgoing(name)
        self.add_entries([entry])
        row = self.rows[-1]
        self._preparing += 1
        self._fit()
        self._workers.run(partial(png_of, image), partial(self._on_png, row))

    def _on_png(self, row: FileRow, data: bytes) -> None:
        self._preparing -= 1
        entry = row.entry
        entry.data, entry.size = data, len(data)
        if not data:
            entry.problem = tr("This image cannot be read.")
        elif entry.size > self._max_bytes:
            entry.problem = too_large(entry.size, self._max_bytes)
        if row in self.rows:
            row.write()
            self._make_picture(row, partial(decode, data))
        self._fit()

    def _make_picture(self, row: FileRow, read: partial[Decoded]) -> None:
        ratio = self.devicePixelRatioF()
        side = round(PICTURE * ratio)
        self._workers.run(
            partial(_small_picture, read, QSize(side, side), ratio),
            partial(self._on_picture, row, ratio),
        )

    def _on_picture(self, row: FileRow, ratio: float, image: QImage | None) -> None:
        if image is not None and row in self.rows:
            row.picture.pixmap = QPixmap.fromImage(image)
            row.picture.pixmap.setDevicePixelRatio(ratio)
            row.picture.update()

    def _remove(self, row: FileRow) -> None:
        self.rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.caption.setFocus()
        if self.rows:
            self._fit()
        else:
            self.reject()

    def _sendable(self) -> list[Outgoing]:
        return [row.entry for row in self.rows if not row.entry.problem]

    def _fit(self) -> None:
        height = sum(max(ROW_HEIGHT, row.sizeHint().height()) for row in self.rows[:ROWS_SHOWN])
        self.area.setFixedHeight(height + 2)
        count = len(self._sendable())
        self.send.setText(
            tr_count("Send {count} file", "Send {count} files", count) if count > 1 else tr("Send")
        )
        self.send.setEnabled(count > 0 and not self._preparing and self._stop is None)
        self.caption.setFocus()

    # --- sending ---

    def submit(self) -> None:
        """Send; folders are packed before."""
        if not self.send.isEnabled():
            return
        if any(entry.is_folder for entry in self._sendable()):
            self._pack_next()
        else:
            self._finish()

    def _finish(self) -> None:
        ready, caption = self._sendable(), self.caption.text().strip()
        self.rows.clear()  # what is sent is not removed when the dialog goes
        self.accept()
        self.chosen.emit(ready, caption)

    def _pack_next(self) -> None:
        row = next(
            (one for one in self.rows if one.entry.is_folder and not one.entry.problem), None
        )
        if row is None:
            self._set_packing(None)
            if any(one.entry.problem for one in self.rows):
                return  # what could not be packed is said; Send sends the rest
            self._finish()
            return
        stop = Event()
        self._set_packing(stop)
        self.sentence.setText(tr("Packing {name}.zip\u2026", name=row.entry.name))
        self._packed, self._total = 0, 0
        self.progress.setValue(0)
        folder, pace, limit = row.entry.path, self._pace, self._max_bytes
        self._workers.run(
            lambda: _pack(folder, stop, pace, limit), partial(self._on_packed, row, stop)
        )

    def _on_moved(self, share: float) -> None:
        self.progress.setValue(int(PROGRESS_STEPS * share))

    def _on_packed(self, row: FileRow, stop: Event, made: Zipped) -> None:
        if stop.is_set():
            if made.path:
                remove_zip(made.path)
            return
        entry = row.entry
        if made.path:
            size = os.path.getsize(made.path)
            row.entry = Outgoing(f"{entry.name}.zip", made.path, size, is_temporary=True)
        else:
            entry.problem = made.sentence
        row.write()
        self._pack_next()

    def _set_packing(self, stop: Event | None) -> None:
        self._stop = stop
        for widget in (self.progress, self.sentence):
            widget.setVisible(stop is not None)
        for row in self.rows:
            row.remove.setEnabled(stop is None)
        self.caption.setEnabled(stop is None)
        self._fit()

    def reject(self) -> None:
        """Cancel: first the packing, then the dialog."""
        if self._stop is not None:
            self._stop.set()
            self._set_packing(None)
            return
        self._drop_temporary()
        super().reject()

    def _drop_temporary(self) -> None:
        for row in self.rows:
            if row.entry.is_temporary:
                remove_zip(row.entry.path)
        self.rows = [row for row in self.rows if not row.entry.is_temporary]


def _pack(folder: str, stop: Event, pace: _Pace, max_bytes: int) -> Zipped:
    total = max(1, folder_bytes(folder))
    last = -1

    def progressed(done: int) -> None:
        nonlocal last
        step = min(PROGRESS_STEPS, done * PROGRESS_STEPS // total)
        if step != last and not stop.is_set():
            last = step
            pace.moved.emit(step / PROGRESS_STEPS)

    return zip_folder(folder, stop, progressed, max_bytes)


def _small_picture(read: partial[Decoded], bounds: QSize, ratio: float) -> QImage | None:
    made = read(bounds)
    return round_corners(made.image, 6 * ratio) if made.image is not None else None
