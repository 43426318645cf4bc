"""Whatever is said: kept on disk and read again, it is the same, and every face words it in every
language.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.api import english, said
from client.api.english import CODES, DETAILS, SET_ASIDE
from client.api.said import (
    Added,
    Detail,
    Failed,
    Joined,
    KeyChanged,
    Said,
    SetAside,
    Told,
    Unknown,
    decode_said,
    encode_said,
    failed_by,
    refused_by,
    refused_in_full,
    tell,
)
from client.gui.language import said_words, translation
from client.gui.language.catalogue import FOLDER, catalogue_path, languages_in, read_catalogue
from shared.errors import REFUSAL_SENTENCES, ChatError, CryptoReject, RefusedError

LANGUAGES = ["", *languages_in(FOLDER)]
KINDS: tuple[type[Said], ...] = get_args(Said)
TEXTS = st.text(max_size=20) | st.sampled_from(["{x}", "{", "{0}", "%s", "a\nb", "\u202e"])
UIDS = st.binary(max_size=16)
COUNTS = st.integers(0, 2**40)

FAILURES = st.builds(
    Failed,
    code=st.sampled_from([*CODES, "code_of_tomorrow"]) | TEXTS,
    detail=st.sampled_from(["", *Detail]) | TEXTS,
    subject=TEXTS,
    system=TEXTS,
    size=COUNTS,
    limit=COUNTS,
    count=COUNTS,
)
FIELDS: dict[object, st.SearchStrategy[object]] = {
    "bytes": UIDS,
    "str": TEXTS | st.sampled_from([*SET_ASIDE]),
    "int": COUNTS,
    "tuple[bytes, ...]": st.lists(UIDS, max_size=9).map(tuple),
    "Failed": FAILURES,
}


def of_kind(kind: type[Said]) -> st.SearchStrategy[Said]:
    """Any value of this kind."""
    if kind is Failed:
        return FAILURES
    return st.builds(kind, **{name: FIELDS[text] for name, text in kind.__annotations__.items()})


@pytest.fixture(autouse=True)
def as_written() -> Iterator[None]:
    """Every test ends in English."""
    yield
    translation.use()


def speak(language: str) -> None:
    translation.use(*([read_catalogue(catalogue_path(FOLDER, language))] if language else []))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_everything_can_be_kept_and_worded(kind: type[Said], data: st.DataObject) -> None:
    happened = data.draw(of_kind(kind))
    assert decode_said(encode_said(happened)) == happened
    told = tell(happened, lambda uid: uid.hex() or "?")
    assert all(told.name(uid) == uid.hex() for uid, _ in told.names)
    english.words(told)
    for language in LANGUAGES:
        speak(language)
        said_words.said_words(told)


@given(st.binary(max_size=40) | st.dictionaries(TEXTS, TEXTS | COUNTS).map(msgspec.msgpack.encode))
def test_what_cannot_be_read_is_something_unknown(raw: bytes) -> None:
    happened = decode_said(raw)
    assert isinstance(happened, KINDS)
    assert english.words(Told(happened)) or isinstance(happened, Failed)


def test_what_a_newer_version_has_kept_is_said_to_be_unknown() -> None:
    raw = msgspec.msgpack.encode({"type": "Promoted", "by": b"u"})
    assert decode_said(raw) == Unknown()
    more = {"type": "Joined", "uids": [b"u"], "mood": "glad"}  # a field that is not known here
    assert decode_said(msgspec.msgpack.encode(more)) == Joined(uids=(b"u",))


def test_every_kind_can_be_said() -> None:
    named = {
        one
        for one in vars(said).values()
        if isinstance(one, type) and issubclass(one, said._Said) and one is not said._Said
    }
    assert isinstance(Said, UnionType) and named == set(KINDS)


def test_every_detail_has_a_sentence_and_is_no_code() -> None:
    assert set(DETAILS) == set(Detail) and not set(Detail) & set(CODES)


def test_every_sentence_can_be_filled_in_every_language() -> None:
    full = Failed(code="", subject="hw1.py", system="Oh", size=1, limit=2_000, count=3)
    for language in LANGUAGES:
        speak(language)
        for one in (*DETAILS, *CODES):
            failed = msgspec.structs.replace(full, code=one, detail=one if one in DETAILS else "")
            for words in (english.failure_words(failed), said_words.failure_words(failed)):
                assert "{" not in words and bool(words) == (one != Detail.QUIET), one


def test_in_english_the_window_says_what_the_others_say() -> None:
    """Two modules word it; in one language they say the same."""
    for kind in KINDS:
        values = {"bytes": b"u", "int": 2, "tuple[bytes, ...]": (b"v", b"u"), "str": "late"}
        fields = {
            name: values.get(text, Failed(code="muted"))
            for name, text in kind.__annotations__.items()
        }
        told = tell(kind(**fields) if kind is not Failed else Failed(code="muted"), chr_of)
        assert said_words.said_words(told) == english.words(told)


def chr_of(uid: bytes) -> str:
    return {b"u": "una", b"v": "vera"}.get(uid, "?")


def test_people_are_listed_by_name_and_many_are_counted() -> None:
    def joined(count: int) -> str:
        uids = tuple(bytes([at]) for at in range(count))
        return english.words(tell(Joined(uids=uids), lambda uid: "gfedcba"[uid[0]]))

    assert [joined(count) for count in (1, 2, 3)] == [
        "g joined",
        "f and g joined",
        "e, f and g joined",
    ]
    assert joined(5) == "c, d, e, f and g joined" and joined(7) == "a, b, c, d and 3 others joined"
    speak("de")
    told = tell(Joined(uids=(b"u", b"v")), chr_of)
    assert said_words.said_words(told) == "Neu dabei: una und vera"


def test_a_name_that_is_known_later_is_shown() -> None:
    kept = decode_said(encode_said(Added(by=b"u", uids=(b"v",))))
    assert english.words(tell(kept, lambda _: "?")) == "? added ?"
    assert english.words(tell(kept, chr_of)) == "una added vera"
    assert Told(kept).name(b"u") == "?"


def test_the_host_has_no_name() -> None:
    told = tell(said.Muted(by=b"", uid=b"u"), chr_of)
    assert told.names == ((b"u", "una"),) and english.words(told) == "The server's host muted una"


def test_errors_become_data() -> None:
    assert failed_by(RefusedError("muted")) == Failed(code="muted")
    assert failed_by(CryptoReject("late")) == Failed(
        code="crypto_reject", detail=Detail.REJECTED, system="late"
    )
    assert english.failure_words(failed_by(CryptoReject("late"))) == "Rejected: late."
    assert failed_by(ChatError("Odd.", suggestions=["x"])).code == "internal"
    assert refused_by("muted", "Whatever") == Failed(code="muted")
    assert refused_by("code_of_tomorrow", "In its words.").system == "In its words."
    assert refused_in_full("muted", REFUSAL_SENTENCES["muted"]) == Failed(code="muted")
    assert refused_in_full("muted", "") == Failed(code="muted")
    full = refused_in_full("quota_user", "You have 3 MB left.")
    assert english.failure_words(full) == "You have 3 MB left."
    assert all(code in CODES for code in REFUSAL_SENTENCES)


def test_what_nobody_knows_is_said_in_the_words_of_the_server_or_in_general() -> None:
    unknown = Failed(code="code_of_tomorrow", system="Come back on {Monday}.")
    plain = Failed(code="code_of_tomorrow")
    for words in (english.failure_words, said_words.failure_words):
        assert words(unknown) == "Come back on {Monday}." and words(None) == ""
        assert words(plain) == DETAILS[Detail.UNEXPECTED]
    assert english.words(None) == said_words.said_words(None) == ""
    assert said_words.error_words(RefusedError("muted")) == REFUSAL_SENTENCES["muted"]
    assert english.words(Told(SetAside(reason="?"))) == english.UNVERIFIED
    assert "Compare safety numbers" in english.words(tell(KeyChanged(uid=b"u"), chr_of))
