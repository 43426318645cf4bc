"""The files of the class: who may store and fetch what, quotas, and when a file is swept.

The parts are on the disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from broker.core.accounts import Directory
from broker.core.conversations import Conversations
from broker.storage.base import FileState, StoredFile
from shared.crypto.records import ADMINS, DIRECT, is_allowed
from shared.errors import RefusedError
from shared.files import Layout, layout_of
from shared.invariants import require
from shared.messages import OpenUpload
from shared.sizes import size_text

_MIB = 1024 * 1024
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How much may be stored, in bytes, and for how long, in milliseconds (0: for ever)."""

    max_file_bytes: int = 2048 * _MIB
    user_bytes: int = 10_240 * _MIB
    class_bytes: int = 102_400 * _MIB
    upload_expiry_ms: int = 168 * _HOUR_MS
    retention_ms: int = 0


class Files:
    """Knows every file, and how much space each user and the class take."""

    def __init__(
        self, directory: Directory, conversations: Conversations, limits: FileLimits
    ) -> None:
        self._directory = directory
        self._conversations = conversations
        self.limits = limits
        self.all: dict[bytes, StoredFile] = {}
        self._used: dict[bytes, int] = {}
        self._used_by_class = 0

    def load(self, files: Iterable[StoredFile]) -> None:
        """Take over what the storage holds."""
        for file in files:
            self.put(file)

    def put(self, file: StoredFile) -> StoredFile:
        """Record a new file, or a new state of one."""
        before = self.all.pop(file.file_id, None)
        if before is not None:
            self._count(before, -1)
        if file.state != FileState.REMOVED:
            self.all[file.file_id] = file
            self._count(file, 1)
        return file

    def used_by(self, uid: bytes) -> int:
        """Return the bytes that a person's files take."""
        return self._used.get(uid, 0)

    @property
    def used_by_class(self) -> int:
        """The bytes that all files take."""
        return self._used_by_class

    def _count(self, file: StoredFile, sign: int) -> None:
        self._used[file.uid] = self._used.get(file.uid, 0) + sign * file.total_bytes
        self._used_by_class += sign * file.total_bytes

    def check_invariants(self) -> None:
        """Raise InvariantBroken unless the used bytes are the sums over the files."""
        used: Counter[bytes] = Counter()
        for file_id, file in self.all.items():
            require(
                file.file_id == file_id and file.state != FileState.REMOVED,
                "a file stands under its id",
            )
            used[file.uid] += file.total_bytes
        require(used.total() == self._used_by_class, "the files of the class are counted")
        require(
            all(used[uid] == total for uid, total in self._used.items()),
            "the files of a person are counted",
        )
        require(used.keys() <= self._used.keys(), "the files of everybody are counted")

    # --- rules ---

    def check_open(self, uid: bytes, request: OpenUpload, now_ms: int) -> StoredFile:
        """Return the file of an upload that begins or resumes; raises RefusedError if it may not."""
        known = self.all.get(request.file_id)
        if known is not None:
            if known.uid != uid:
                raise RefusedError("unknown_file")
            if (known.part_count, known.total_bytes) != (request.part_count, request.total_bytes):
                raise RefusedError("malformed")
            return known
        layout = layout_of(request.part_count, request.total_bytes)
        if layout is None:
            raise RefusedError("malformed")
        self._conversations.check_may_write(request.conv_id, uid)
        self._check_space(uid, layout)
        size = request.total_bytes
        return StoredFile(
            file_id=request.file_id,
            conv_id=request.conv_id,
            uid=uid,
            part_count=request.part_count,
            total_bytes=size,
            created_ms=now_ms,
            touched_ms=now_ms,
        )

    def _check_space(self, uid: bytes, layout: Layout) -> None:
        limits, size = self.limits, size_text(layout.size)
        if layout.size > limits.max_file_bytes:
            limit = size_text(limits.max_file_bytes)
            raise RefusedError(
                "file_too_large", f"This file has {size}; the limit of this class is {limit}."
            )
        used = self._used.get(uid, 0)
        if used + layout.total_bytes > limits.user_bytes:
            raise RefusedError(
                "quota_user",
                f"This file has {size}. Your files take {size_text(used)} of {size_text(limits.user_bytes)} on the"
                " server; delete one that is not needed any more.",
            )
        used = self._used_by_class
        if used + layout.total_bytes > limits.class_bytes:
            raise RefusedError(
                "quota_class",
                f"This file has {size}. The files of this class take {size_text(used)} of"
                f" {size_text(limits.class_bytes)} on the server. Ask your instructor for more space.",
            )

    def check_part(self, uid: bytes, file_id: bytes, number: int, size: int) -> StoredFile:
        """Return the file of a part to be stored; raises RefusedError if it may not be."""
        file = self.all.get(file_id)
        if file is None or file.uid != uid:
            raise RefusedError("unknown_file")
        layout = layout_of(file.part_count, file.total_bytes)
        is_right = (
            layout is not None and number < file.part_count and size == layout.part_size(number)
        )
        if file.state != FileState.OPEN or not is_right:
            raise RefusedError("malformed")
        return file

    def check_fetch(self, uid: bytes, file_id: bytes, numbers: Iterable[int]) -> None:
        """Raise RefusedError unless `uid` may have these parts now.

        Members of the file's conversation may.
        """
        file = self.all.get(file_id)
        if file is None or file.state != FileState.COMPLETE:
            raise RefusedError("unknown_file")
        self._conversations.get_as_member(file.conv_id, uid)
        if any(number >= file.part_count for number in numbers):
            raise RefusedError("malformed")

    def may_delete(self, uid: bytes, file: StoredFile) -> bool:
        """Return whether `uid` may remove a file.

        Its sender may, and anyone who may delete other people's messages there.
        """
        if file.uid == uid:
            return True
        conversation = self._conversations.all.get(file.conv_id)
        if conversation is None or conversation.kind == DIRECT or uid not in conversation.members:
            return False
        return is_allowed(ADMINS, conversation.snapshot, uid, self._directory.role_of)

    # --- time ---

    def touched(
        self, file: StoredFile, now_ms: int, state: FileState = FileState.OPEN
    ) -> StoredFile:
        """Record that a file was used now; returns its new state."""
        return self.put(replace(file, touched_ms=now_ms, state=state))

    def removed(self, file: StoredFile) -> StoredFile:
        """Forget a file; returns its removed state, to be stored."""
        return self.put(replace(file, state=FileState.REMOVED))

    def expired(self, now_ms: int) -> list[StoredFile]:
        """Return uploads that nobody continued, and files that were kept long enough."""
        limits = self.limits
        kept_ms: dict[int, int] = {
            FileState.OPEN: limits.upload_expiry_ms,
            FileState.COMPLETE: limits.retention_ms,
        }
        return [
            file for file in self.all.values() if 0 < kept_ms[file.state] < now_ms - file.touched_ms
        ]
