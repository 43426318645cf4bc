"""Similar questions: the words that count, when two questions are alike, in which order, what is
never shown.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.core.state.effects import Event, FindQuestions, SaveRow, TextFound
from client.core.state.saved import StoredRow
from client.storage.search_index import TextIndex
from client.storage.similar_questions import (
    MAX_WORDS,
    Wanted,
    fold,
    likeness,
    rarity,
    stem,
    wanted,
    words_of,
)
from client.storage.store import Store
from client.threads.search import SearchThread
from shared.crypto.vault import Vault

HERE, ELSEWHERE, ALICE = b"c" * 16, b"o" * 16, b"a" * 16

# What a class has asked by November.
ASKED = (
    "Does the nonce have to reset on reconnect?",
    "Is part 2 due on Friday at noon, or at the end of the day?",
    "Why does my poll() loop burn 100 % CPU after the peer has closed?",
    "Can IDENTITY be reused while the old socket lingers?",
    "How do I set a timeout for recv()?",
    "Which port should the broker listen on?",
    "When is the midterm exam, and which chapters does it cover?",
    "Do we need to hand in the tests, too?",
    "Is it allowed to use asyncio instead of threads in homework 3?",
    "How many points is homework 4 worth?",
    "My ROUTER socket drops messages, does anybody know why?",
    "What is the difference between DEALER and REQ?",
    "How do I install pyzmq on a Mac with an M1?",
    "Where can I find the slides of last Tuesday?",
    "deadline?",
    "May we work in pairs on the final project?",
    "How does CURVE know which keys to trust?",
    "UnicodeDecodeError when I read the file, what encoding is it?",
    "Does epoll tell us when the other side closes the connection?",
    "Are office hours cancelled this week?",
)


def question(position: int, text: str, conv: bytes = HERE, **changes: object) -> StoredRow:
    fields = {"is_question": True, "kind": "text", **changes}
    kind = fields.pop("kind")
    return StoredRow(
        conv_id=conv,
        position=position,
        message_id=os.urandom(16),
        sequence=position + 1,
        kind=kind,
        sender=ALICE,
        sent_at_ms=1_000 + position,
        text=text,
        **fields,
    )  # type: ignore[arg-type]


@pytest.fixture
def index() -> Iterator[TextIndex]:
    with closing(TextIndex()) as index:
        index.put(question(at, text) for at, text in enumerate(ASKED))
        yield index


def like(index: TextIndex, text: str, conv_id: bytes = HERE, limit: int = 3) -> list[str]:
    """The texts of the similar questions."""
    return [ASKED[position] for _, position in index.similar(wanted(text), conv_id, limit)]


# --- words ---


def test_the_words_that_count() -> None:
    assert words_of("Why is the NONCE of my sockets not reset, and the nonce reused?") == (
        "nonc",
        "socket",
        "reset",
        "reus",
    )
    assert words_of("a in 42 of hw3, part_two") == ("hw3", "part")
    assert words_of("") == words_of("how do I") == ()
    assert words_of("Naïve CAFÉ Straße ﬁle ½") == ("naiv", "cafe", "strass", "file")
    assert len(words_of(" ".join(f"word{number}x" for number in range(100)))) == MAX_WORDS


def test_folding_and_stems() -> None:
    assert fold("ÉCOLE") == "ecole" and fold("\u0130") == "i"
    for words in (
        "socket sockets",
        "close closes closed closing",
        "connect connects connected connecting",
    ):
        assert len({stem(word) for word in words.split()}) == 1, words
    assert stem("red") == "red" and stem("ring") == "ring"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Wanted()),
        ("how do I", Wanted()),
        ("sockets", Wanted((), "sockets")),
        ("sockets ", Wanted(("socket",))),
        ("closing a sock", Wanted(("clos",), "sock")),
        ("nonce and nonces", Wanted(("nonc",))),  # the last word is there already
        ("reset on re", Wanted(("reset",))),  # too short to say anything
        ("reset the", Wanted(("reset",))),
        ("reset?", Wanted(("reset",))),
    ],
)
def test_what_is_looked_for(text: str, expected: Wanted) -> None:
    assert wanted(text) == expected
    assert expected.is_empty is (expected == Wanted())


def test_the_query_holds_words_alone() -> None:
    assert wanted('" OR x* NEAR(a) resets clo').match() == '"near" OR "reset" OR "clo"* OR "clo"'
    assert wanted("closed ").match() == '"clos"'


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_that_is_typed_does_harm(text: str, other: str) -> None:
    with closing(TextIndex()) as index:
        index.put([question(0, text), question(1, other)])
        found = index.similar(wanted(text), HERE, 3)
    if words_of(text) and not wanted(text).beginning:
        assert (HERE, 0) in found  # a question is like itself
    assert all(
        0 <= likeness(wanted(text), words_of(one), lambda _: 1.0) <= 1.000001
        for one in (text, other)
    )


# --- alike or not ---


def test_rare_words_weigh_more() -> None:
    assert rarity(0, 100) > rarity(1, 100) > rarity(50, 100) > rarity(100, 100) > 0
    assert rarity(1, 1) > 1  # in a young class every word is new


def test_likeness_of_words() -> None:
    def even(_: str) -> float:
        return 1.0

    assert likeness(wanted("reset nonce "), ("nonc", "reset"), even) == pytest.approx(1.0)
    assert likeness(wanted("reset nonce "), ("nonc", "reset", "reconnect"), even) == pytest.approx(
        0.816, abs=0.01
    )
    assert likeness(wanted("reset nonce "), ("other",), even) == 0
    assert likeness(wanted("reset nonce "), ("nonc",), even) == 0  # one word alone is not enough
    assert likeness(wanted("deadlines "), ("deadlin",), even) == pytest.approx(
        1.0
    )  # unless it is all there is
    assert likeness(wanted("reset non"), ("nonc", "reset"), even) == pytest.approx(
        1.0
    )  # while the word is typed
    assert likeness(wanted("reset nonces"), ("nonc", "reset"), even) == pytest.approx(1.0)
    assert likeness(wanted("reset xyz"), ("reset",), even) == pytest.approx(
        1.0
    )  # a word is not there yet
    assert likeness(Wanted(), ("reset",), even) == 0


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("do we have to reset the nonce after a reconnect", ASKED[0]),
        ("Why is my nonce not fresh after reconnecting?", ASKED[0]),
        ("reset the non", ASKED[0]),
        ("when is part 2 due?", ASKED[1]),
        ("poll loop burns", ASKED[2]),
        ("CPU at 100% in the poll loop", ASKED[2]),
        ("reuse an IDENTITY when sockets linger", ASKED[3]),
        ("recv with timeouts", ASKED[4]),
        ("what port does the broker list", ASKED[5]),
        ("which chapters are in the midterm", ASKED[6]),
        ("difference of REQ and DEALER sockets", ASKED[11]),
        ("installing pyzmq on mac", ASKED[12]),
        ("Deadlines", ASKED[14]),
        ("can we do the final project in pairs", ASKED[15]),
        ("Office hours this week?", ASKED[19]),
    ],
)
def test_questions_asked_again_are_found(index: TextIndex, typed: str, found: str) -> None:
    assert like(index, typed)[:1] == [found]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "h",
        "how do I",
        "does anybody know",
        "socket",
        "homework",
        "part",
        "How do I set up my editor for Python?",
        "My homework has no tests, is it worth less?",
        "Which part of the book is due for reading?",
        "Can the broker be restarted while clients write?",
        "Why does my laptop crash after the exam software has been installed?",
        "Where is the message stored when the receiver is offline?",
        "what is the difference between TCP and UDP",
        "is there a file with sample messages",
    ],
)
def test_other_questions_find_nothing(index: TextIndex, typed: str) -> None:
    assert like(index, typed) == []


def test_what_is_found_stays_while_the_next_word_is_typed(index: TextIndex) -> None:
    typed = "do we have to reset the nonce after a reconnect"
    from_here = typed.index("nonce") + 3
    for end in range(from_here, len(typed) + 1):
        assert like(index, typed[:end]) == [ASKED[0]], typed[:end]


# --- where ---


def test_the_open_conversation_comes_first_then_the_others_best_first(index: TextIndex) -> None:
    index.put(
        [
            question(0, "Does the nonce reset on reconnect, and who counts?", ELSEWHERE),
            question(1, "nonce reset on reconnect?", ELSEWHERE),
        ]
    )
    typed = wanted("nonce reset on reconnect")
    assert index.similar(typed, HERE, 3) == [(HERE, 0), (ELSEWHERE, 1), (ELSEWHERE, 0)]
    assert index.similar(typed, ELSEWHERE, 3) == [(ELSEWHERE, 1), (ELSEWHERE, 0), (HERE, 0)]
    assert index.similar(typed, b"", 2) == [(ELSEWHERE, 1), (HERE, 0)]
    assert index.similar(wanted(""), HERE, 3) == []


def test_of_two_that_are_alike_the_newer_comes_first(index: TextIndex) -> None:
    index.put([question(len(ASKED), ASKED[0])])
    assert index.similar(wanted(ASKED[0]), HERE, 3) == [(HERE, len(ASKED)), (HERE, 0)]


def test_only_questions_that_are_there_are_found(index: TextIndex) -> None:
    index.put([question(30, "nonce reset on reconnect", is_question=False)])
    assert like(index, "nonce reset on reconnect") == [ASKED[0]]
    index.put([question(0, "", kind="deleted")])
    assert like(index, "nonce reset on reconnect") == []
    index.put([question(0, "Which compiler flags?")])  # edited
    assert index.similar(wanted("compiler flags"), HERE, 3) == [(HERE, 0)]
    index.put([question(0, "Which compiler flags?", is_question=False)])
    assert index.similar(wanted("compiler flags"), HERE, 3) == []


# --- the thread ---


def test_the_thread_reads_the_sealed_store_and_follows_it(tmp_path: Path) -> None:
    vault = Vault(bytes(32), os.urandom)
    store = Store(tmp_path / "client.db", vault)
    store.apply([SaveRow(question(at, text)) for at, text in enumerate(ASKED)])
    store.apply([SaveRow(question(0, "Where do the nonces come from?", ELSEWHERE))])
    answers: queue.SimpleQueue[Event] = queue.SimpleQueue()
    thread = SearchThread(tmp_path / "client.db", vault, answers.put)
    thread.start()

    def look(text: str) -> list[tuple[bytes, str]]:
        while True:  # until the whole history is read
            thread.post(FindQuestions(7, text, ELSEWHERE, 3))
            found = answers.get(timeout=10)
            assert isinstance(found, TextFound) and found.request_id == 7
            if found.is_complete:
                return [(row.conv_id, row.text) for row in found.rows]

    try:
        assert look("does a nonce reset on reconnect") == [(HERE, ASKED[0])]
        assert look("where does a nonce come from") == [
            (ELSEWHERE, "Where do the nonces come from?")
        ]
        gone = question(0, "", kind="deleted")
        store.apply([SaveRow(gone)])
        thread.note([gone])
        assert look("does a nonce reset on reconnect") == []
    finally:
        thread.stop()
        store.close()
