"""What the card of a file says and what can be done with it, in words: state of the transfer,
actions, clipboard.
"""

from __future__ import annotations

from enum import Enum

from client.api.values import (
    FileInfo,
    Row,
    RowKind,
    Transfer,
    TransferDirection,
    TransferState,
)
from client.gui.language.local_words import size_words
from client.gui.language.said_words import failure_words
from client.gui.language.translation import tr, tr_noop

MAX_PIXELS = 40_000_000
TOO_LARGE = tr_noop("This image is too large to be shown")
MINUS = "\u2212"


class CardAction(Enum):
    """What a click on a file means; the value is what tool tip and menu say, in English."""

    SAVE = tr_noop("Save")
    SAVE_AS = tr_noop("Save as\u2026")
    PAUSE = tr_noop("Pause")
    RESUME = tr_noop("Resume")
    CANCEL = tr_noop("Cancel")
    FOLDER = tr_noop("Open folder")
    COMPARE = tr_noop("Compare with the version before")
    VERSIONS = tr_noop("Versions")
    IMAGE = tr_noop("Show the image")
    LOAD = tr_noop("Load the image")


TRANSFER_ORDERS = {
    CardAction.PAUSE: "pause",
    CardAction.RESUME: "resume",
    CardAction.CANCEL: "cancel",
    CardAction.FOLDER: "folder",
}


def file_of(row: Row) -> FileInfo | None:
    """The file that the row shows; a deleted message shows none."""
    return row.file if row.kind is RowKind.TEXT else None


def shows_image(row: Row) -> bool:
    """Whether the row may show its file as a picture; an own one only once it is stored."""
    file = file_of(row)
    return file is not None and file.is_image and row.sequence > 0 and not is_too_large(file)


def is_too_large(file: FileInfo) -> bool:
    """Whether the picture would take too much memory."""
    return file.width * file.height > MAX_PIXELS


def percent_of(transfer: Transfer) -> int:
    """How much is done, 0 to 100."""
    if transfer.size <= 0:
        return 100
    return max(0, min(100, transfer.bytes_done * 100 // transfer.size))


def status_of(transfer: Transfer | None) -> str:
    """Where a transfer stands; "" if there is nothing to say."""
    if transfer is None:
        return ""
    if transfer.state is TransferState.ACTIVE:
        rate = f", {size_words(transfer.rate)}/s" if transfer.rate > 0 else ""
        return f"{percent_of(transfer)} %{rate}"
    if transfer.state is TransferState.PAUSED:
        return tr("Paused")
    if transfer.state is TransferState.WAITING:
        return (
            tr("Waiting: {message}", message=failure_words(transfer.failure))
            if failure_words(transfer.failure)
            else tr("Waiting")
        )
    if transfer.state is TransferState.FAILED:
        return failure_words(transfer.failure) or tr("This file could not be transferred.")
    return tr("Saved, verified") if transfer.direction is TransferDirection.DOWN else ""


def amount_text(transfer: Transfer) -> str:
    """How much of how much: "3.7 of 8.7 MB"."""
    done, size = size_words(transfer.bytes_done), size_words(transfer.size)
    number, _, unit = done.partition(" ")
    return tr("{done} of {size}", done=number if size.endswith(f" {unit}") else done, size=size)


def progress_texts(transfer: Transfer) -> tuple[str, ...]:
    """Amount, rate, and the time left ("3.7 of 8.7 MB, 12.4 MB/s, 0:03"), and less of it."""
    amount = amount_text(transfer)
    if transfer.rate <= 0:
        return (amount,)
    left = time_left_text(-(-max(0, transfer.size - transfer.bytes_done) // transfer.rate))
    return f"{amount}, {size_words(transfer.rate)}/s, {left}", f"{amount}, {left}", amount


def time_left_text(seconds: int) -> str:
    """ "0:03", "12:40", "3:05:00"; nobody plans with days."""
    if seconds >= 86_400:
        return tr("more than a day")
    hours, minutes = divmod(seconds // 60, 60)
    clock = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{clock}:{seconds % 60:02}"


def statuses_of(transfer: Transfer) -> tuple[str, ...]:
    """Where a transfer stands, as the panel says it; in more and in fewer words."""
    if transfer.state is TransferState.ACTIVE:
        return progress_texts(transfer)
    if transfer.state is TransferState.PAUSED:
        return tr("Paused, {amount}", amount=amount_text(transfer)), tr("Paused")
    if transfer.state is TransferState.WAITING:
        return (
            failure_words(transfer.failure)
            or tr("Waiting, {amount}", amount=amount_text(transfer)),
        )
    if transfer.state is TransferState.FAILED:
        return (failure_words(transfer.failure) or tr("This file could not be transferred."),)
    is_sent = transfer.direction is TransferDirection.UP
    if not transfer.sha256:  # its message was deleted meanwhile
        return (tr("Sent") if is_sent else tr("Saved"),)
    verb = tr("Sent") if is_sent else tr("Saved, verified")
    return f"{verb} \u00b7 SHA-256 {transfer.sha256.hex()[:8]}\u2026", verb


def has_progress(transfer: Transfer | None) -> bool:
    """Whether the line of progress is shown."""
    return transfer is not None and transfer.state is not TransferState.DONE


def version_text(file: FileInfo) -> str:
    """ "version 3", nothing for the first."""
    return tr("version {number}", number=file.version) if file.version > 1 else ""


def actions_of(row: Row, transfer: Transfer | None) -> tuple[CardAction, ...]:
    """The buttons of the card, from left to right."""
    file = file_of(row)
    if file is None:
        return ()
    if transfer is not None and transfer.state is not TransferState.DONE:
        can_go_on = transfer.state in (TransferState.PAUSED, TransferState.FAILED)
        return CardAction.RESUME if can_go_on else CardAction.PAUSE, CardAction.CANCEL
    if row.sequence == 0:
        return ()
    is_saved = transfer is not None and transfer.direction is TransferDirection.DOWN
    compare = (CardAction.COMPARE,) if file.version > 1 and file.is_text else ()
    return (*compare, CardAction.FOLDER if is_saved else CardAction.SAVE)


def menu_actions_of(row: Row, transfer: Transfer | None) -> tuple[CardAction, ...]:
    """All that the menu of the row offers for its file."""
    file = file_of(row)
    if file is None:
        return ()
    actions = list(actions_of(row, transfer))
    if row.sequence == 0:
        return tuple(actions)
    if CardAction.SAVE not in actions and CardAction.FOLDER in actions:
        actions.append(CardAction.SAVE)
    if transfer is None or transfer.state is TransferState.DONE:
        actions.append(CardAction.SAVE_AS)
    if file.version > 1 and file.is_text and CardAction.COMPARE not in actions:
        actions.append(CardAction.COMPARE)
    actions.append(CardAction.VERSIONS)
    if shows_image(row):
        actions.insert(0, CardAction.IMAGE)
    return tuple(actions)


def spoken_file(row: Row, status: str) -> str:
    """The file of a row as a screen reader says it."""
    file = file_of(row)
    if file is None:
        return ""
    kind = (
        tr("image {name}", name=file.name) if file.is_image else tr("file {name}", name=file.name)
    )
    phrases = (kind, size_words(file.size), version_text(file), status)
    return ", ".join(phrase for phrase in phrases if phrase)


def copied_file(row: Row) -> str:
    """What copying gives of a row with a file: its name, and the caption below."""
    if row.file is None:
        return row.text
    return f"{row.file.name}\n{row.text}" if row.text else row.file.name
