"""Versions of a draft, and somebody who answers what is asked about them."""

from __future__ import annotations

from client.api.events import Command, Done, FetchPreview
from client.api.values import Row
from client.gui.session.requests import Requests
from tests.support.saying import said_so
from tests.support.window.window_data import file_info, file_row

OFFLINE = "This needs a connection to the server."
OLD = "".join(f"line {number}\n" for number in range(1, 21)) + "old end"
NEW = OLD.replace("line 3\n", "line three\nand more\n").replace("old end", "new end\n")


def draft_of(count: int, name: str = "hw3_broker.py", **changes: object) -> tuple[Row, ...]:
    """Versions 1 to `count` of one draft."""
    return tuple(
        file_row(
            at,
            ("carmen_d", "Prof.Nguyen")[at % 2],
            file_info(
                name,
                4000 + 100 * at,
                version=at + 1,
                previous=at_id(at - 1) if at else b"",
                **changes,
            ),
            f"caption **{at + 1}**" if at % 2 == 0 else "",
            minute=at,
        )
        for at in range(count)
    )


def at_id(position: int) -> bytes:
    """The message_id of the row at a position."""
    return position.to_bytes(16, "big")


class Broker:
    """Keeps what is asked for and answers when a test says so."""

    def __init__(self) -> None:
        self.posted: list[Command] = []
        self.requests = Requests(self.posted.append)
        self.asked: list[bytes] = []  # all message_ids, in the order of asking

    def waiting(self) -> list[bytes]:
        """What is asked for and not answered."""
        return [one.message_id for one in self.posted if isinstance(one, FetchPreview)]

    def answer(self, texts: dict[bytes, bytes | None], *only: bytes) -> None:
        """Answer what waits: with the content, or for None with a failure."""
        for command in list(self.posted):
            assert isinstance(command, FetchPreview)
            if only and command.message_id not in only:
                continue
            self.posted.remove(command)
            self.asked.append(command.message_id)
            data = texts[command.message_id]
            if data is None:
                self.requests.answer(Done(command.request_id, False, said_so(OFFLINE)))
            else:
                self.requests.answer(Done(command.request_id, True, data=data))
