"""What W7 counts as lost, doubled and out of order: its verdict must be able to be a bad one."""

from __future__ import annotations

from typing import cast

from benchmarks.load.crowd import VirtualClient
from benchmarks.workloads.w7_crash import Pair, judge, totals
from shared.messages import Entries, Entry, EntryKind, LogId, MessageAccepted, SendMessage

CONV = b"c" * 16
IDS = [bytes([number]) * 16 for number in range(5)]


class Silent:
    """A client that reports nothing."""

    def note_cursor(self, conv_id: bytes, sequence: int, now_s: float) -> None:
        """Not sent."""


def pair(acknowledged: list[int], seen: list[int]) -> Pair:
    client = cast(VirtualClient, Silent())
    made = Pair(client, client, CONV, b"", is_online=True, cursor=1)
    made.sent = {message_id: SendMessage(message_id, CONV, b"", b"") for message_id in IDS}
    made.open = dict.fromkeys(IDS)
    made.take_acknowledgements(
        [MessageAccepted(IDS[number], CONV, number + 2) for number in acknowledged]
    )
    made.seen = [IDS[number] for number in seen]
    return made


def entries(*numbers: int) -> Entries:
    """The messages with these numbers: the first has the sequence 2, after the record."""
    rows = [
        Entry(number + 2, int(EntryKind.MESSAGE), b"", 1, IDS[number], b"", b"")
        for number in numbers
    ]
    return Entries(LogId(CONV), rows, 9)


def test_a_good_run() -> None:
    good = pair([0, 1], [0, 1, 2])
    assert judge(good) == {"lost": 0, "doubled": 0, "order_errors": 0}
    assert list(good.open) == IDS[2:]


def test_what_went_wrong_is_counted() -> None:
    assert judge(pair([0, 1, 2], [0, 2]))["lost"] == 1
    assert judge(pair([], [0, 1, 1, 0]))["doubled"] == 2
    assert judge(pair([], [1, 0, 2]))["order_errors"] == 1
    assert totals([pair([3], []), pair([4], [1, 1])]) == {
        "lost": 2,
        "doubled": 1,
        "order_errors": 0,
    }


def test_a_receiver_takes_the_next_entry_and_no_other() -> None:
    reader = pair([], [])
    reader.take_entries([entries(0, 1), entries(1, 2), entries(4)])
    assert reader.seen == IDS[:3] and reader.cursor == 4
