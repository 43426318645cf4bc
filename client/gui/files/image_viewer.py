"""The window that shows one image: fitted or in its own size, moving images move."""

from __future__ import annotations

from PyQt5.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt, pyqtSignal
from PyQt5.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QMovie,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PyQt5.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from client.gui.kit.theme import LIGHT, Theme
from client.gui.kit.workers import Workers
from client.gui.language.local_words import size_words
from client.gui.language.translation import tr, tr_dynamic
from client.gui.messages.cards.image_decoding import BROKEN, Decoded, decode, format_of

SHARE_OF_SCREEN = 0.8
BEFORE = QSize(640, 480)  # before the image has come
LEAST = QSize(360, 260)


class _Canvas(QWidget):
    """Paints the image; a click changes between fitted and its own size."""

    clicked = pyqtSignal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self._scaled = QPixmap()
        self.text = ""
        self.colour = ""

    def set_pixmap(self, pixmap: QPixmap) -> None:
        """Show this image or frame."""
        self._pixmap, self._scaled = pixmap, QPixmap()
        self.update()

    def own_size(self) -> QSize:
        """In logical pixels: one pixel of the image on one of the screen."""
        return self._pixmap.size() / self.devicePixelRatioF()

    def shown_size(self) -> QSize:
        """The size in which it is painted now: never more than 100 %."""
        own = self.own_size()
        if own.width() <= self.width() and own.height() <= self.height():
            return own
        return own.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        p = QPainter(self)
        if self._pixmap.isNull():
            p.setPen(QColor(self.colour))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            p.drawText(self.rect().adjusted(16, 0, -16, 0), flags, self.text)
            p.end()
            return
        size = self.shown_size()
        pixels = size * self.devicePixelRatioF()
        if self._scaled.size() != pixels:
            ratio, smooth = (
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._scaled = self._pixmap.scaled(pixels, ratio, smooth)
        area = QRect(0, 0, size.width(), size.height())
        area.moveCenter(self.rect().center())
        if self._scaled.hasAlphaChannel():
            p.fillRect(
                area, Qt.GlobalColor.white
            )  # black lines on no ground must show on dark, too
        p.drawPixmap(area, self._scaled)
        p.end()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if (
            event is not None
            and event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.pos())
        ):
            self.clicked.emit()


class ImageViewer(QDialog):
    """Shows the image of one message. Esc closes, a click or Space changes the size."""

    save_requested = pyqtSignal(bytes)

    def __init__(
        self, message_id: bytes, name: str, theme: Theme = LIGHT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.message_id = message_id
        self._name = name
        self._workers = Workers(self)
        self._movie: QMovie | None = None
        self._buffer: QBuffer | None = None
        self.is_fitted = True
        self.setWindowTitle(name)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.area = QScrollArea(self)
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas = _Canvas(self.area)
        self.canvas.setObjectName("canvas")
        self.canvas.setAccessibleName(tr("Image {name}", name=name))
        self.canvas.setStyleSheet(f"#canvas {{ background: {theme.side}; }}")
        self.area.setStyleSheet(f"QScrollArea {{ background: {theme.side}; }}")
        self.canvas.text, self.canvas.colour = tr("Loading the image\u2026"), theme.muted
        self.canvas.clicked.connect(self.toggle)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.canvas.setFocus()  # Space must not press Save
        self.area.setWidget(self.canvas)
        self._build_line()
        self.setMinimumSize(LEAST)
        self.resize(BEFORE)

    def _build_line(self) -> None:
        self.facts = QLabel(self)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setProperty("muted", True)
        self.save = QPushButton(tr("Save"), self)
        self.save.setAutoDefault(False)
        self.save.setAccessibleName(tr("Save {name}", name=self._name))
        self.save.clicked.connect(lambda: self.save_requested.emit(self.message_id))
        line = QHBoxLayout()
        line.setContentsMargins(16, 8, 12, 8)
        line.addWidget(self.facts, 1)
        line.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.area, 1)
        layout.addLayout(line)

    # --- the image ---

    def show_data(self, data: bytes) -> None:
        """The content has come."""
        self._workers.run(lambda: decode(data), lambda made: self._on_decoded(made, data))

    def show_sentence(self, sentence: str) -> None:
        """Say why there is nothing to see."""
        self.canvas.text = sentence
        self.canvas.update()

    def _on_decoded(self, made: Decoded, data: bytes) -> None:
        if made.image is None:
            self.show_sentence(made.sentence or tr_dynamic(BROKEN))
            return
        self.canvas.set_pixmap(QPixmap.fromImage(made.image))
        self.facts.setText(
            f"{made.image.width()} \u00d7 {made.image.height()}, {size_words(len(data))}"
        )
        self._grow()
        if made.is_animated:
            self._play(data)

    def _play(self, data: bytes) -> None:
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._movie = QMovie(self._buffer, QByteArray(format_of(data[:16])), self)
        self._movie.frameChanged.connect(self._on_frame)
        self._movie.start()

    def _on_frame(self, _number: int) -> None:
        if self._movie is not None:
            self.canvas.set_pixmap(self._movie.currentPixmap())

    def _grow(self) -> None:
        screen = self.screen() if hasattr(self, "screen") else QApplication.primaryScreen()
        if screen is None:
            return
        line = self.height() - self.area.height()
        wanted = self.canvas.own_size() + QSize(0, line)
        self.resize(wanted.boundedTo(screen.availableSize() * SHARE_OF_SCREEN).expandedTo(LEAST))

    def toggle(self) -> None:
        """Between fitted to the window and one pixel for one."""
        self.is_fitted = not self.is_fitted
        self._place()

    def _place(self) -> None:
        self.area.setWidgetResizable(self.is_fitted)
        if not self.is_fitted:
            viewport = self.area.viewport()
            room = viewport.size() if viewport is not None else QSize()
            self.canvas.resize(self.canvas.own_size().expandedTo(room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.toggle()
        else:
            super().keyPressEvent(event)
