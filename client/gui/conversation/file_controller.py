"""What the user does with the files of the open conversation: choose, drop, paste, send, save, look
at, call off.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PyQt5.QtCore import QObject, QStandardPaths, QUrl
from PyQt5.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QImage
from PyQt5.QtWidgets import QFileDialog, QWidget

from client.api.events import (
    CancelTransfer,
    Done,
    FetchPreview,
    PauseTransfer,
    ResumeTransfer,
    SaveFile,
    SendFile,
)
from client.api.values import (
    Quote,
    Row,
    Transfer,
    TransferDirection,
    TransferState,
)
from client.gui.conversation.composer import Composer
from client.gui.files.drop_overlay import DropOverlay
from client.gui.files.image_viewer import ImageViewer
from client.gui.files.outgoing import (
    MAX_FILE_BYTES,
    Outgoing,
    image_in,
    outgoing_of,
    pasted_name,
    paths_in,
)
from client.gui.files.send_dialog import SendFilesDialog
from client.gui.files.zipping import remove_zip
from client.gui.kit.dialogs import ask
from client.gui.kit.theme import LIGHT, Theme
from client.gui.language.said_words import failure_words
from client.gui.language.translation import tr, tr_dynamic
from client.gui.messages.cards.image_decoding import BROKEN
from client.gui.messages.cards.words import file_of
from client.gui.messages.message_view import MessageView
from client.gui.messages.model import ConversationModel
from client.gui.session.requests import Requests

DOWNLOADS_VARIABLE = "CSCE513_DOWNLOADS"


def downloads_folder(chosen: str = "") -> str:
    """Where files are saved when nobody says otherwise."""
    location = QStandardPaths.StandardLocation.DownloadLocation
    return (
        chosen
        or os.environ.get(DOWNLOADS_VARIABLE, "")
        or QStandardPaths.writableLocation(location)
    )


class FileController(QObject):
    """Belongs to the pane of the conversation; lives on the window's thread."""

    def __init__(
        self,
        pane: QWidget,
        view: MessageView,
        composer: Composer,
        model: ConversationModel,
        requests: Requests,
        downloads: str = "",
        max_file_bytes: int = MAX_FILE_BYTES,
    ) -> None:
        super().__init__(pane)
        self._pane, self._view, self._composer, self._model = pane, view, composer, model
        self._requests = requests
        self._downloads, self.max_file_bytes = downloads, max_file_bytes
        self._theme = LIGHT
        self._last_folder = os.path.expanduser("~")  # where the files that were sent last came from
        self._conv_id, self._title, self._can_send = b"", "", False
        self._transfers: dict[bytes, Transfer] = {}  # by transfer_id
        self.overlay = DropOverlay(pane)
        self.dialog: SendFilesDialog | None = None
        self.viewers: dict[bytes, ImageViewer] = {}
        view.signals.save_requested.connect(self.save)
        view.signals.save_as_requested.connect(self.save_as)
        view.signals.transfer_action.connect(self.act_on_transfer)
        view.signals.image_requested.connect(self.show_image)
        view.cards.previews_wanted.connect(self._fetch_preview)
        composer.files_wanted.connect(self.choose_files)
        composer.folder_wanted.connect(self.choose_folder)
        composer.files_offered.connect(self.offer_paths)
        composer.image_offered.connect(self.offer_image)

    # --- what the pane tells ---

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self._theme = theme
        self.overlay.theme = theme

    def set_downloads(self, folder: str) -> None:
        """Where files are saved from now on; empty for the usual folder."""
        self._downloads = folder

    def set_place(self, conv_id: bytes, title: str, can_send: bool) -> None:
        """Where files would go, and whether they may."""
        self._conv_id, self._title, self._can_send = conv_id, title, can_send
        self._composer.set_can_attach(can_send)

    def set_transfers(self, transfers: dict[bytes, Transfer]) -> None:
        """What is on its way or has arrived, by transfer_id."""
        self._transfers = transfers

    # --- sending ---

    def choose_files(self) -> None:
        """Let the user choose files (+, Ctrl+U)."""
        if self._can_send:
            paths, _ = QFileDialog.getOpenFileNames(
                self._pane, tr("Send files to {title}", title=self._title), self._last_folder
            )
            self._last_folder = os.path.dirname(paths[0]) if paths else self._last_folder
            self.offer_paths(paths)

    def choose_folder(self) -> None:
        """Let the user choose a folder, which becomes a zip."""
        if self._can_send:
            path = QFileDialog.getExistingDirectory(
                self._pane, tr("Send a folder to {title}", title=self._title), self._last_folder
            )
            self._last_folder = os.path.dirname(path) if path else self._last_folder
            self.offer_paths([path] if path else [])

    def offer_paths(self, paths: Sequence[str]) -> None:
        """Show these files in the dialog before they are sent."""
        if paths and self._can_send:
            self._open_dialog([outgoing_of(path, self.max_file_bytes) for path in paths])

    def offer_image(self, image: QImage) -> None:
        """Show a pasted image in the dialog before it is sent."""
        if self._can_send:
            self._open_dialog([]).add_image(image, pasted_name(datetime.now()))

    def _open_dialog(self, entries: Sequence[Outgoing]) -> SendFilesDialog:
        if self.dialog is not None:
            self.dialog.add_entries(entries)
            return self.dialog
        dialog = SendFilesDialog(
            self._title, entries, self._theme, self._pane.window(), self.max_file_bytes
        )
        dialog.chosen.connect(partial(self._send, self._conv_id))
        dialog.finished.connect(self._forget_dialog)
        self.dialog = dialog
        dialog.open()
        dialog.caption.setFocus()
        return dialog

    def _forget_dialog(self, _result: int) -> None:
        self.dialog = None
        self._composer.edit.setFocus()

    def _send(self, conv_id: bytes, entries: Sequence[Outgoing], caption: str) -> None:
        quote = self._composer.take_reply() if conv_id == self._conv_id else None
        for at, entry in enumerate(entries):
            command = SendFile(
                conv_id=conv_id,
                path=entry.path,
                name=entry.name if entry.data else "",
                data=entry.data,
                text=caption if at == 0 else "",
                reply_to=quote.message_id if quote is not None and at == 0 else b"",
                is_temporary=entry.is_temporary,
            )
            self._requests.ask(command, partial(self._on_sent, command, quote if at == 0 else None))
        self._view.scroll_to_bottom()

    def _on_sent(self, command: SendFile, quote: Quote | None, done: Done) -> None:
        if done.ok:
            return
        if command.is_temporary:
            remove_zip(command.path)
        state = self._composer.state()
        if command.conv_id == self._conv_id and not state.text and not state.editing:
            # The words of the caption are not lost.
            if quote is not None:
                self._composer.begin_reply(quote)
            if command.text:
                self._composer.edit.setPlainText(command.text)
        name = command.name or os.path.basename(command.path)
        self._composer.say(
            failure_words(done.failure) or tr("{name} could not be sent.", name=name)
        )

    # --- drag and drop ---

    def drag_entered(self, event: QDragEnterEvent) -> None:
        """Something is dragged over the conversation."""
        mime = event.mimeData()
        if self._can_send and (paths_in(mime) or image_in(mime) is not None):
            self.overlay.show_over(self._pane, self._title)
            event.acceptProposedAction()
        else:
            event.ignore()

    def drag_left(self) -> None:
        """It went away again."""
        self.overlay.hide()

    def dropped(self, event: QDropEvent) -> None:
        """It was let go here."""
        self.overlay.hide()
        mime = event.mimeData()
        paths, image = paths_in(mime), image_in(mime)
        if not self._can_send or not (paths or image is not None):
            event.ignore()
            return
        event.acceptProposedAction()
        if paths:
            self.offer_paths(paths)
        elif image is not None:
            self.offer_image(image)

    # --- saving ---

    def save(self, message_id: bytes) -> None:
        """Save the file of a message to the folder of downloads."""
        folder = downloads_folder(self._downloads)
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            self._composer.say(
                tr(
                    "The folder {folder} cannot be made: {reason}.",
                    folder=folder,
                    reason=error.strerror or error,
                )
            )
            return
        self._order_save(message_id, folder)

    def save_as(self, message_id: bytes) -> None:
        """Ask where to save the file of a message."""
        row = self._row(message_id)
        file = file_of(row) if row is not None else None
        if file is None:
            return
        proposed = os.path.join(downloads_folder(self._downloads), file.name)
        path, _ = QFileDialog.getSaveFileName(
            self._pane, tr("Save {name}", name=file.name), proposed
        )
        if path:
            self._order_save(message_id, path)

    def _order_save(self, message_id: bytes, path: str) -> None:
        def answered(done: Done) -> None:
            if not done.ok:
                self._composer.say(
                    failure_words(done.failure) or tr("The file could not be saved.")
                )

        self._requests.ask(SaveFile(message_id=message_id, path=path), answered)

    def act_on_transfer(self, transfer_id: bytes, action: str) -> None:
        """Pause, go on, call off, or open the folder of a file that is saved."""
        transfer = self._transfers.get(transfer_id)
        if action == "folder":
            if transfer is not None and transfer.path:
                QDesktopServices.openUrl(QUrl.fromLocalFile(os.path.dirname(transfer.path)))
        elif action == "pause":
            self._order(PauseTransfer(transfer_id=transfer_id))
        elif action == "resume":
            self._order(ResumeTransfer(transfer_id=transfer_id))
        elif transfer is not None and _is_own_upload(transfer):
            ask(
                self._pane,
                tr("Stop sending {name}?", name=transfer.name),
                tr("It has not been sent and will not be."),
                tr("Stop sending"),
                lambda: self._order(CancelTransfer(transfer_id=transfer_id)),
            )
        else:
            self._order(CancelTransfer(transfer_id=transfer_id))

    def _order(self, command: PauseTransfer | ResumeTransfer | CancelTransfer) -> None:
        def answered(done: Done) -> None:
            if not done.ok:
                self._composer.say(failure_words(done.failure) or tr("This did not work."))

        self._requests.ask(command, answered)

    # --- images ---

    def _fetch_preview(self, message_id: bytes) -> None:
        view = self._view

        def answered(done: Done) -> None:
            if done.ok and isinstance(done.data, bytes):
                view.cards.show_preview(message_id, done.data)
            else:
                why = failure_words(done.failure) or tr("The image could not be loaded.")
                view.cards.preview_failed(message_id, f"{why} {tr('Click to retry.')}")

        self._requests.ask(FetchPreview(message_id=message_id), answered)

    def show_image(self, message_id: bytes) -> None:
        """Open the viewer for the image of a message, or bring it to the front."""
        if message_id in self.viewers:
            self.viewers[message_id].raise_()
            self.viewers[message_id].activateWindow()
            return
        row = self._row(message_id)
        file = file_of(row) if row is not None else None
        if file is None:
            return
        viewer = ImageViewer(message_id, file.name, self._theme, self._pane.window())
        viewer.save_requested.connect(self.save)
        viewer.finished.connect(partial(self._forget_viewer, message_id))
        self.viewers[message_id] = viewer
        viewer.show()
        self._requests.ask(FetchPreview(message_id=message_id), partial(self._on_image, message_id))

    def _on_image(self, message_id: bytes, done: Done) -> None:
        viewer = self.viewers.get(message_id)
        if viewer is None:
            return
        if done.ok and isinstance(done.data, bytes):
            viewer.show_data(done.data)
        else:
            viewer.show_sentence(failure_words(done.failure) or tr_dynamic(BROKEN))

    def _forget_viewer(self, message_id: bytes, _result: int) -> None:
        self.viewers.pop(message_id, None)

    def _row(self, message_id: bytes) -> Row | None:
        return self._model.row_at(self._model.find_message(message_id))


def _is_own_upload(transfer: Transfer) -> bool:
    return transfer.direction is TransferDirection.UP and transfer.state is not TransferState.DONE
