"""The dialog of an export: where to, with or without names and files; then how far it is, and what
came of it.
"""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QUrl, pyqtSignal
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from client.export.job import ExportEnded, ExportOptions, ExportProgress
from client.gui.kit.dialogs import FormDialog
from client.gui.kit.elided_label import ElidedLabel
from client.gui.language.said_words import failure_words
from client.gui.language.translation import tr, tr_count

MISSING_SHOWN = 5


class ExportDialog(FormDialog):
    """Not modal: the class goes on meanwhile.

    `wanted` and `called_off` tell whoever runs the export.
    """

    wanted = pyqtSignal(object)  # ExportOptions
    called_off = pyqtSignal()

    def __init__(
        self, conv_id: bytes, title: str, target: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Export"), tr("Export"), parent)
        self.setModal(False)
        self._conv_ids = (conv_id,) if conv_id else ()
        self._path: Path | None = None
        self.is_running = False
        head = QLabel(
            tr("Export {name}", name=title) if conv_id else tr("Export everything you can read"),
            self,
        )
        head.setProperty("title", True)
        head.setWordWrap(True)
        self.folder = QLineEdit(str(target), self)
        self.folder.setAccessibleName(tr("Folder of the export"))
        self.choose = QPushButton(tr("Choose\u2026"), self)
        self.choose.setAccessibleName(tr("Choose the folder of the export"))
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._choose)
        self.pseudonyms = QCheckBox(
            tr("Replace the names of students by \u201cStudent 1\u201d, \u2026"), self
        )
        self.files = QCheckBox(tr("With all files"), self)
        self.files.setChecked(True)
        self.note = self._muted(
            tr(
                "Web pages, JSON lines and files, readable without this program. They are plain text: whoever can open"
                " the folder can read them."
            )
        )
        self.warning = self._muted(
            tr(
                "Usernames are replaced wherever they stand as a word. Nicknames, and what stands inside of files and"
                " pictures, are not."
            )
        )
        self.warning.hide()
        self.pseudonyms.toggled.connect(self.warning.setVisible)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of the export"))
        self.status = ElidedLabel(self)
        self.outcome = self._muted("")
        self.bar.hide()
        self.status.hide()
        self.outcome.hide()
        self.open_folder = QPushButton(tr("Open folder"), self)
        self.open_folder.setAutoDefault(False)
        self.open_folder.clicked.connect(self._open)
        self.buttons.addButton(self.open_folder, self.buttons.ButtonRole.ActionRole)
        self.open_folder.hide()
        line = QHBoxLayout()
        line.addWidget(self.folder, 1)
        line.addWidget(self.choose)
        self.form.addWidget(head)
        self.form.addWidget(self.note)
        self.form.addWidget(QLabel(tr("Folder"), self))
        self.form.addLayout(line)
        for widget in (
            self.files,
            self.pseudonyms,
            self.warning,
            self.bar,
            self.status,
            self.outcome,
        ):
            self.form.addWidget(widget)
        self.setTabOrder(self.folder, self.choose)
        self.setTabOrder(self.choose, self.files)
        self.setTabOrder(self.files, self.pseudonyms)
        self.begin_with(self.folder, self.pseudonyms)

    def _muted(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("muted", True)
        label.setWordWrap(True)
        return label

    def _choose(self) -> None:
        now = Path(self.folder.text())
        folder = QFileDialog.getExistingDirectory(
            self, tr("Where the export goes"), str(now.parent)
        )
        if folder:
            self.folder.setText(str(Path(folder) / now.name))

    def submit(self) -> None:
        """Begin, or close when it is done."""
        if self._path is not None:
            self.accept()
            return
        text = self.folder.text().strip()
        if not text:
            self.say(tr("Say where the export is to be written."))
            self.folder.setFocus()
            return
        self.say("")
        self._set_running(True)
        self.show_progress(ExportProgress(0, 0))
        target = Path(text).expanduser()
        self.wanted.emit(
            ExportOptions(
                target, self._conv_ids, self.pseudonyms.isChecked(), self.files.isChecked()
            )
        )

    def _set_running(self, is_running: bool) -> None:
        self.is_running = is_running
        for widget in (self.folder, self.choose, self.files, self.pseudonyms, self.action):
            widget.setEnabled(not is_running)
        self.bar.setVisible(is_running)
        self.status.setVisible(is_running)

    def show_progress(self, progress: ExportProgress) -> None:
        """How far it is."""
        self.bar.setRange(0, max(1, progress.total))
        self.bar.setValue(progress.done)
        if progress.waits_for:
            self.status.setText(tr("Fetching {name}", name=progress.waits_for))
        else:
            self.status.setText(
                tr("{done} of {total} messages", done=progress.done, total=progress.total)
            )

    def show_end(self, ended: ExportEnded) -> None:
        """What came of it: where it is, or why it is not."""
        self._set_running(False)
        if ended.path is None:
            self.say(failure_words(ended.failure))
            return
        self._path = ended.path
        messages = tr_count("{count} message", "{count} messages", ended.messages)
        files = tr_count("{count} file", "{count} files", ended.files)
        lines = [
            tr(
                "Exported {messages} and {files} to {path}",
                messages=messages,
                files=files,
                path=ended.path,
            )
        ]
        if ended.missing:
            lines.append(tr("Not in the export:"))
            lines += [
                tr("{name}: {why}", name=one.name, why=failure_words(one.why).rstrip("."))
                for one in ended.missing[:MISSING_SHOWN]
            ]
        if len(ended.missing) > MISSING_SHOWN:
            lines.append(tr("and {count} more", count=len(ended.missing) - MISSING_SHOWN))
        self.outcome.setText("\n".join(lines))
        self.outcome.show()
        for widget in (self.folder, self.choose, self.files, self.pseudonyms):
            widget.setEnabled(False)
        self.action.setText(tr("Close"))
        self.open_folder.show()
        for button in self.buttons.buttons():
            if button not in (self.action, self.open_folder):
                button.hide()
        self.action.setFocus()
        # A label that wraps says how high it is only once it has its width.
        self.outcome.setMinimumHeight(
            self.outcome.heightForWidth(self.folder.width() + self.choose.width())
        )
        self.adjustSize()

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))

    def reject(self) -> None:
        """Cancel, Esc, or the window closed: calls a running export off first."""
        if self.is_running:
            self.called_off.emit()
        super().reject()
