"""The broker's data folder: one process at a time, keys and join codes readable by the owner alone,
invitations.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from broker.storage.owner import hand_over, make_folder, open_new
from shared.durable import write_whole
from shared.errors import ChatError, InvitationInvalid
from shared.invitations import INSTRUCTOR_FILE, STUDENT_FILE, Invitation, parse_invitation
from shared.locks import try_lock

KEY_FILE = "broker-key.json"
CODES_FILE = "join-codes.json"
_CONTROL_FILE = "control.json"
_RESTORING_FILE = "restore-unfinished"
_LOCK_FILE = "broker.lock"
DATABASE_FILE = "broker.sqlite3"
FILES_FOLDER = "files"
_CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for each other


class DataDirError(ChatError):
    """The data folder cannot be used."""

    code = "data_dir"


class DataDirInUse(DataDirError):
    """Another broker uses this data folder."""

    code = "data_dir_in_use"


@dataclass(frozen=True, slots=True)
class Codes:
    """The join codes of this class, and those of people whose accounts were closed."""

    student: str
    instructor: str
    personal: Mapping[str, str] = field(default_factory=dict)  # name_key -> code


class DataDir:
    """Holds the lock from `open` to `close`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: BinaryIO | None = None

    def open(self) -> None:
        """Create the folder if need be, and take its lock."""
        try:
            make_folder(self.path)
            lock = lock_file(self.path / _LOCK_FILE)
        except OSError as error:
            raise DataDirError(
                f"The data folder {self.path} cannot be used: {error.strerror}."
            ) from error
        if lock is None:
            raise DataDirInUse(f"Another broker is already running on the data folder {self.path}.")
        self._lock = lock
        if (self.path / _RESTORING_FILE).exists():
            self.close()
            raise DataDirError(
                f"A backup was not restored to its end in {self.path}. Empty this folder and restore it again."
            )

    def check_is_class(self) -> None:
        """DataDirError if no broker ever ran here."""
        if not self.database.exists():
            raise DataDirError(f"There is no class in {self.path}: no broker has run there yet.")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it but its lock."""
        return not self.path.exists() or all(
            path.name == _LOCK_FILE for path in self.path.iterdir()
        )

    def begin_restoring(self) -> None:
        """From now until `end_restoring` no broker starts here."""
        self._write(_RESTORING_FILE, "")

    def end_restoring(self) -> None:
        """All of it is there."""
        (self.path / _RESTORING_FILE).unlink()

    def close(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def database(self) -> Path:
        """Where the messages are stored."""
        return self.path / DATABASE_FILE

    @property
    def files(self) -> Path:
        """Where the parts of files lie."""
        return self.path / FILES_FOLDER

    def curve_pair(self, generated: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        """The broker's (public, secret) CURVE keys in Z85: the stored ones, else those given,
        stored now.
        """
        stored = self._load_or_create(
            KEY_FILE, {"public": generated[0].decode(), "secret": generated[1].decode()}
        )
        return stored["public"].encode(), stored["secret"].encode()

    def codes(self) -> Codes:
        """The join codes; made at the first start. Edit the file to change one."""
        stored = self._load_or_create(CODES_FILE, {"student": new_code(), "instructor": new_code()})
        return Codes(stored["student"], stored["instructor"], self._personal_codes())

    def _personal_codes(self) -> dict[str, str]:
        path = self.path / CODES_FILE
        try:
            codes = json.loads(path.read_text(encoding="utf-8")).get("personal", {})
            return {str(name): str(code) for name, code in codes.items()}
        except (OSError, ValueError, AttributeError) as error:
            raise DataDirError(f"The file {path} cannot be read.") from error

    def store_codes(self, codes: Codes) -> None:
        """Keep these from now on."""
        content = {
            "student": codes.student,
            "instructor": codes.instructor,
            "personal": dict(codes.personal),
        }
        self._write(CODES_FILE, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def invitations(self) -> tuple[Invitation, Invitation]:
        """The invitations that the last start of a broker wrote: for students, for instructors."""
        try:
            students, instructor = (
                parse_invitation(str(self.path / name)) for name in (STUDENT_FILE, INSTRUCTOR_FILE)
            )
        except InvitationInvalid as error:
            raise DataDirError(
                f"There is no invitation in {self.path}: start the broker there first."
            ) from error
        return students, instructor

    # --- how other programs of the owner reach the running broker ---

    def write_control(self, port: int, token: str) -> None:
        """Where this broker takes orders on this machine, and the word that proves their right."""
        self._write(_CONTROL_FILE, json.dumps({"port": port, "token": token}) + "\n")

    def control(self) -> tuple[int, str] | None:
        """Port and token of the running broker."""
        try:
            stored = json.loads((self.path / _CONTROL_FILE).read_text(encoding="utf-8"))
            return int(stored["port"]), str(stored["token"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remove_control(self) -> None:
        """No broker takes orders any more."""
        (self.path / _CONTROL_FILE).unlink(missing_ok=True)

    def write_invitations(self, students: Invitation, instructor: Invitation) -> None:
        """The two links as files to pass on."""
        self._write(STUDENT_FILE, students.encode() + "\n")
        self._write(INSTRUCTOR_FILE, instructor.encode() + "\n")

    def _load_or_create(self, name: str, fresh: dict[str, str]) -> dict[str, str]:
        path = self.path / name
        try:
            if not path.exists():
                self._write(name, json.dumps(fresh, indent=1) + "\n")
                return fresh
            stored = json.loads(path.read_text(encoding="utf-8"))
            return {key: str(stored[key]) for key in fresh}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataDirError(f"The file {path} cannot be read.") from error

    def _write(self, name: str, text: str) -> None:
        """Whole or not at all, and never readable by others, not even for a moment."""
        path = self.path / name
        try:
            write_whole(path, text.encode(), make=open_new)
        except OSError as error:
            raise DataDirError(f"The file {path} cannot be written: {error.strerror}.") from error


def new_code() -> str:
    """A join code: 74 bits, in letters that can be read aloud."""
    letters = [secrets.choice(_CODE_LETTERS) for _ in range(15)]
    return "-".join("".join(letters[start : start + 5]) for start in (0, 5, 10))


def lock_file(path: Path) -> BinaryIO | None:
    """Lock a file as `try_lock` does; one that root makes is the folder's owner's."""
    is_new = not path.exists()
    lock = try_lock(path)
    if is_new:
        hand_over(path)
    return lock
