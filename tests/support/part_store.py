"""What the broker does with the parts of one file, in memory: the other side of an upload and of a
download.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from client.core.state.effects import StartDownload, StartUpload
from client.threads.files.download import Download
from client.threads.files.upload import Upload
from shared.crypto.files import Manifest
from shared.files import pack_stored, part_hash, upload_digest
from shared.messages import CloseUpload, FetchParts, Message, OpenUpload, PutPart
from tests.support.members import CountedRandom

FILE_ID, KEY, CONV = b"f" * 16, b"k" * 32, b"c" * 16


@dataclass
class PartStore:
    """Keeps parts; `puts` counts how often each number came, `waiting` is what has come and is not
    on the disk yet.
    """

    window: int = 16
    parts: dict[int, bytes] = field(default_factory=dict)
    puts: list[int] = field(default_factory=list)
    puts_in_vain: list[int] = field(default_factory=list)
    waiting: list[PutPart] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    part_count: int = 0
    is_complete: bool = False
    most_waiting: int = 0

    def take(self, upload: Upload, messages: list[Message]) -> None:
        """What an upload sends, answered as the broker would."""
        for message in messages:
            if isinstance(message, OpenUpload):
                self.part_count = message.part_count
                upload.on_ready(self.stored(), self.window)
            elif isinstance(message, PutPart):
                self.puts.append(message.number)
                if message.number in self.parts:
                    self.puts_in_vain.append(message.number)
                self.waiting.append(message)
                self.most_waiting = max(self.most_waiting, len(self.waiting))
            elif isinstance(message, CloseUpload):
                hashes = [part_hash(self.parts[number]) for number in sorted(self.parts)]
                if len(hashes) == self.part_count and upload_digest(hashes) == message.digest:
                    self.is_complete = True
                    upload.on_closed()
                else:
                    upload.on_ready(self.stored(), self.window)

    def stored(self) -> bytes:
        """As UploadReady says it."""
        return pack_stored({number: part_hash(part) for number, part in self.parts.items()})

    def sync(self, upload: Upload, count: int = 10**6) -> None:
        """Put some of what has come on the disk, and say so."""
        done, self.waiting = self.waiting[:count], self.waiting[count:]
        for put in done:
            self.parts[put.number] = put.data
        if done:
            upload.on_stored([put.number for put in done], self.window, 0)

    def crash(self) -> None:
        """What is not on the disk is gone."""
        self.waiting.clear()

    def serve(self, download: Download, messages: list[Message]) -> None:
        """What a download asks for."""
        for message in messages:
            assert isinstance(message, FetchParts)
            self.asked += message.numbers

    def hand_out(self, download: Download, count: int = 10**6) -> bool:
        """Answer some of what was asked; whether the file is whole then."""
        now, self.asked = self.asked[:count], self.asked[count:]
        is_done = False
        for number in now:
            is_done = download.on_part(number, self.parts[number], number.to_bytes(8, "big"), 0)
        return is_done


def upload_of(
    path: str, size: int, stamp: tuple[int, int], data: bytes = b"", *, keeps: bool = False
) -> Upload:
    """An upload of a file of this machine, or of bytes."""
    return Upload(
        StartUpload(
            transfer_id=b"t" * 16,
            conv_id=CONV,
            file_id=FILE_ID,
            file_key=KEY,
            size=size,
            stamp=stamp,
            path=path,
            data=data,
            keeps_preview=keeps,
        ),
        CountedRandom("upload"),
    )


def send_all(upload: Upload, store: PartStore) -> None:
    """Without trouble, until the broker has it."""
    store.take(upload, upload.start())
    while not store.is_complete:
        store.take(upload, list(upload.produce(0)))
        store.sync(upload)


def manifest_of(upload: Upload, name: str = "hw1.py") -> Manifest:
    """What the sender signs about it."""
    return Manifest(
        FILE_ID, KEY, upload.order.size, upload.root, upload.sha256, name, "text/x-python"
    )


def download_of(manifest: Manifest, path: str) -> Download:
    """A download to a file or folder; no path: to be shown."""
    return Download(StartDownload(b"d" * 16, manifest, path))


def receive_all(download: Download, store: PartStore) -> None:
    """Without trouble, until the file is whole."""
    download.start()
    is_done = False
    while not is_done:
        store.serve(download, list(download.produce(0)))
        assert store.asked
        is_done = store.hand_out(download)
