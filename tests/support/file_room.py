"""A broker core whose file store is a dictionary: it answers at once, or when a test lets it."""

from __future__ import annotations

from broker.core.events import (
    ListParts,
    PartRead,
    PartsListed,
    PartsWritten,
    RemoveParts,
    WritePart,
)
from broker.core.events import WrittenPart as Written
from broker.core.files.catalogue import FileLimits
from broker.storage.memory import MemoryStorage
from shared.crypto.identity import Identity
from shared.files import Layout, part_hash, upload_digest
from shared.messages import Attach, CloseUpload, Message, OpenUpload, PutPart
from tests.bench.broker import FileOrder
from tests.support.people import Room, new_id


class FileRoom(Room):
    """`is_disk_slow` holds what the core orders of the file store until `work`."""

    def __init__(
        self, limits: FileLimits | None = None, storage: MemoryStorage | None = None
    ) -> None:
        self.parts: dict[bytes, dict[int, bytes]] = {}
        self.spare_bytes = 1 << 40
        self.code = ""  # why the disk does not take or give a part
        self.is_disk_slow = False
        self.waiting: list[FileOrder] = []
        super().__init__(storage=storage, file_limits=limits)

    def on_file_order(self, order: FileOrder) -> None:
        """Do it at once, unless the disk is slow."""
        self.waiting.append(order)
        if not self.is_disk_slow:
            self.work()

    def work(self, count: int = 10**6) -> None:
        """The file store does some of what was ordered."""
        for _ in range(min(count, len(self.waiting))):
            self._work(self.waiting.pop(0))

    def _work(self, order: FileOrder) -> None:
        stored = self.parts.get(order.file_id, {})
        if isinstance(order, WritePart):
            if not self.code:
                self.parts.setdefault(order.file_id, {})[order.number] = order.data
            self.tell(
                PartsWritten([Written(order.session, order.file_id, order.number, self.code)])
            )
        elif isinstance(order, ListParts):
            hashes = {number: part_hash(part) for number, part in stored.items()}
            event = PartsListed(
                order.session, order.file_id, order.digest, hashes, self.spare_bytes, self.now_ms
            )
            self.tell(event)
        elif isinstance(order, RemoveParts):
            self.parts.pop(order.file_id, None)
        else:
            data = b"" if self.code else stored[order.number]
            self.tell(
                PartRead(order.session, order.file_id, order.number, data, self.now_ms, self.code)
            )

    # --- people ---

    def attach(self, person: Identity) -> bytes:
        """A second connection for files; gives its routing id."""
        session = self.connect(person)
        signature = self.login_signature(session, person)
        self.send(session, person, Attach(person.uid, person.did, signature))
        return session

    def upload(self, session: bytes, person: Identity, conv_id: bytes, size: int = 10) -> bytes:
        """Store a file; gives its id."""
        file = UploadOf(size)
        self.send(session, person, file.opening(conv_id))
        answers: list[Message] = []
        for number in range(file.layout.part_count):
            self.send(session, person, file.part(number))
        answers = self.send(session, person, file.closing())
        assert [type(answer).__name__ for answer in answers] == ["UploadClosed"], answers
        return file.file_id


class UploadOf:
    """What a client sends for a file of this size; what stands in the parts is of no interest to
    the broker.
    """

    def __init__(self, size: int) -> None:
        self.layout = Layout(size)
        self.file_id = new_id()

    def opening(self, conv_id: bytes) -> OpenUpload:
        """Begin."""
        return OpenUpload(self.file_id, conv_id, self.layout.part_count, self.layout.total_bytes)

    def data(self, number: int) -> bytes:
        """The content of a part."""
        return bytes([number % 251]) * self.layout.part_size(number)

    def part(self, number: int) -> PutPart:
        """A part."""
        return PutPart(self.file_id, number, self.data(number))

    def closing(self) -> CloseUpload:
        """All is sent."""
        hashes = [part_hash(self.data(number)) for number in range(self.layout.part_count)]
        return CloseUpload(self.file_id, upload_digest(hashes))
