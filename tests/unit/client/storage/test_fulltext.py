"""Full-text search: what is typed, what is found and marked, what changes with edits, deletions,
files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.core.state.saved import StoredFile, StoredRow
from client.storage.search_index import TextIndex
from client.text.search_query import Query, marked, parse_query

CONV, OTHER, ALICE, BOB = b"c" * 16, b"o" * 16, b"a" * 16, b"b" * 16


@pytest.fixture
def index() -> Iterator[TextIndex]:
    with closing(TextIndex()) as index:
        yield index


def row(
    position: int,
    text: str,
    conv: bytes = CONV,
    sender: bytes = ALICE,
    kind: str = "text",
    at: int = 0,
) -> StoredRow:
    return StoredRow(
        conv_id=conv,
        position=position,
        message_id=os.urandom(16),
        sequence=position + 1,
        kind=kind,
        sender=sender,
        sent_at_ms=at or 1_000 + position,
        text=text,
    )


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("poll", Query(("poll",), is_open=True)),
        ("Poll ", Query(("poll",))),
        ('"two words" next', Query(("two words", "next"), is_open=True)),
        ('"unclosed phrase', Query(("unclosed phrase",))),
        ("from:@Bob nonce", Query(("nonce",), "Bob", is_open=True)),
        ("HAS:FILE", Query(has_file=True)),
        ("recv_multipart(zmq.NOBLOCK)", Query(("recv_multipart zmq noblock",), is_open=True)),
        ("*** AND -", Query(("and",))),
    ],
)
def test_what_is_typed(text: str, query: Query) -> None:
    assert parse_query(text) == query
    assert query.is_empty is (text == "")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=250))
def test_nothing_that_is_typed_does_harm(text: str) -> None:
    query = parse_query(text)
    with closing(TextIndex()) as index:
        index.put([row(0, text), row(1, "something else")])
        found = index.find(query.match(), sender=ALICE, has_file=query.has_file)
    assert {position for _, position in found} <= {0, 1}
    for start, end in marked(text, query):
        assert 0 <= start < end <= len(text)


def test_the_newest_hits_come_first_and_all_words_must_occur(index: TextIndex) -> None:
    index.put(
        [
            row(0, "The poll loop returns", at=30),
            row(1, "poll it again, with a socket", at=10),
            row(2, "no such word", at=20),
            row(0, "Polling sockets in a loop", OTHER, BOB, at=40),
            row(3, "same moment poll", at=30),
        ]
    )

    def find(text: str, **narrowed: bytes) -> list[tuple[bytes, int]]:
        return index.find(parse_query(text).match(), **narrowed)  # type: ignore[arg-type]

    assert find("poll") == [(OTHER, 0), (CONV, 3), (CONV, 0), (CONV, 1)]
    assert find("poll ") == [(CONV, 3), (CONV, 0), (CONV, 1)]  # the whole word
    assert find("loop poll") == [(OTHER, 0), (CONV, 0)]
    assert find('"poll loop"') == [(CONV, 0)]
    assert find("poll", conv_id=CONV) == [(CONV, 3), (CONV, 0), (CONV, 1)]
    assert find("poll", sender=BOB) == [(OTHER, 0)]
    assert find("", sender=BOB) == [(OTHER, 0)] and len(find("")) == 5
    assert index.find('"poll"', limit=1) == [(CONV, 3)]


def test_edits_deletions_and_files_are_followed(index: TextIndex) -> None:
    index.put([row(0, "first words"), row(1, "kept")])
    index.put([row(0, "other words")])
    assert index.find('"first"') == [] and index.find('"other"') == [(CONV, 0)]
    index.put([row(0, "", kind="deleted")])
    assert index.find('"other"') == [] and index.find("") == [(CONV, 1)]
    file = StoredFile(
        file_id=b"f" * 16,
        key=b"k" * 32,
        size=1,
        root=b"r" * 32,
        sha256=b"s" * 32,
        name="hw3_broker.py",
        mime="text/x-python",
    )
    one = StoredRow(
        conv_id=CONV,
        position=2,
        message_id=b"m" * 16,
        sequence=3,
        kind="text",
        sender=BOB,
        sent_at_ms=9,
        text="My draft",
        file=file,
    )
    index.put([one])
    assert (
        index.find('"hw3_broker"')
        == index.find('"draft"')
        == index.find("", has_file=True)
        == [(CONV, 2)]
    )


def test_accents_do_not_matter_but_marks_do_stand_where_the_words_are(index: TextIndex) -> None:
    index.put([row(0, "Naïve café")])
    assert index.find(parse_query("naive").match()) == [(CONV, 0)]
    query = parse_query('poll "event loop" so')
    text = "Poll the event  loop, then poll sockets; polling"
    assert [text[start:end] for start, end in marked(text, query)] == [
        "Poll",
        "event  loop",
        "poll",
        "sockets",
    ]
    assert marked("aa aa", Query(("aa", "aa aa"))) == ((0, 2), (3, 5))
