"""Root's commands on a folder of somebody else leave nothing there that its owner cannot use."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from shared.durable import new_file
from shared.errors import ChatError


class NotTheOwner(ChatError):
    """The folder belongs to somebody else."""

    code = "data_dir"


def become_owner_of(folder: Path) -> None:
    """From now on this process of root is one of the folder's owner: it can neither write nor read
    anything else.

    For commands that work in this folder alone. Root would follow links there that its owner has
    laid, too.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    try:
        owner = folder.stat()
    except OSError:  # it is not there: whoever makes it owns it
        return
    if owner.st_uid != 0:
        # Imported late elsewhere, when root's Python may be out of reach.
        import encodings.idna  # noqa: F401

        try:
            os.setgroups([owner.st_gid])
            os.setgid(owner.st_gid)
            os.setuid(owner.st_uid)
        except OSError as error:  # a root with fewer rights, as in some containers
            raise NotTheOwner(
                f"The data folder {folder} belongs to user {owner.st_uid}, whom this process cannot become:"
                f" {error.strerror}. Run the command as that user."
            ) from error


def hand_over(path: Path) -> None:
    """Give what root has just made to the owner of the folder that it lies in."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    folder = path.parent.stat()
    if folder.st_uid != 0 or folder.st_gid != 0:
        os.chown(path, folder.st_uid, folder.st_gid, follow_symlinks=False)


def make_folder(folder: Path) -> None:
    """For the owner alone, and so are those above it that are not there yet."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700)
        hand_over(folder)


def open_new(path: Path) -> int:
    """A descriptor of a new file, readable by its owner alone; what had this name is gone."""
    descriptor = new_file(path)
    try:
        hand_over(path)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
