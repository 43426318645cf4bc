"""The strings of the window: collected completely, marked by literals, looked up with the right
form for a number.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from hypothesis import given
from hypothesis import strategies as st

from client.gui.language import local_words, translation
from client.gui.language.catalogue import FOLDER, catalogue_path, languages_in, read_catalogue
from tools import strings
from tools.module_map import ROOT

SOURCES = sorted(FOLDER.glob("*/LC_MESSAGES/*.po"))


@pytest.fixture(autouse=True)
def as_written() -> Iterator[None]:
    """Every test begins and ends in English."""
    translation.use()
    yield
    translation.use()


class Spoken:
    """A language of a few texts, with two forms as English has them."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def gettext(self, message: str) -> str:
        return self._texts.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def speak(texts: dict[str, str]) -> None:
    translation.use(Spoken(texts))


# --- what is collected ---


def ids_of(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def test_every_string_is_a_literal_and_stands_in_the_template() -> None:
    found, problems = strings.collect()
    assert problems == [] and len(found) > 700
    assert ids_of(strings.read(strings.TEMPLATE)) == ids_of(found), "run: make strings"


def test_what_stands_in_an_f_string_is_collected(tmp_path: Path) -> None:
    (tmp_path / "part.py").write_text(
        "x = f\"{tr('Deep')} {tr_count('{count} dog', '{count} dogs', n)}\"", "utf-8"
    )
    assert ids_of(strings.collect(tmp_path)[0]) == {"Deep", ("{count} dog", "{count} dogs")}


@pytest.mark.parametrize(
    "call", ['tr(f"Hello {name}")', "tr(text)", 'tr("")', 'tr_count("one", many, 2)', "tr_noop(x)"]
)
def test_what_is_no_literal_is_found(tmp_path: Path, call: str) -> None:
    (tmp_path / "part.py").write_text(f"{call}\n", encoding="utf-8")
    assert len(strings.collect(tmp_path)[1]) == 1


@pytest.mark.parametrize("other", ['tr_count("a", "c", 1)', 'tr("a")'])
def test_two_plurals_for_one_are_found(tmp_path: Path, other: str) -> None:
    (tmp_path / "part.py").write_text(
        f'tr_count("a", "b", 1)\ntr_count("a", "b", 2)\n{other}\n', encoding="utf-8"
    )
    (problem,) = strings.collect(tmp_path)[1]
    assert problem.startswith("part.py:3") and "another plural" in problem


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.parents[1].name)
def test_translations_keep_fields_and_have_every_form(path: Path) -> None:
    catalogue = strings.read(path)
    assert ids_of(catalogue) == ids_of(strings.collect()[0]), "run: make strings"
    assert any(strings.is_translated(message) for message in catalogue)
    assert strings.problems_of(catalogue) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.parents[1].name)
def test_what_is_spoken_is_what_was_translated(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == strings.compiled(strings.read(path)), (
        "run: make strings"
    )


def test_every_compiled_language_has_its_source() -> None:
    assert languages_in(FOLDER) == [
        path.parents[1].name for path in SOURCES
    ] and "de" in languages_in(FOLDER)


def begun(folder: Path, source: str, language: str = "de") -> Path:
    """A folder of languages for one source, with one language begun; the .po of it."""
    (folder / "part.py").write_text(source, encoding="utf-8")
    strings.begin(folder, language)
    assert strings.update(folder, strings.collect(folder)[0]) == []
    return catalogue_path(folder, language).with_suffix(".po")


def translate(path: Path, texts: dict[str, str | tuple[str, ...]]) -> None:
    catalogue = strings.read(path)
    for source, text in texts.items():
        catalogue[source].string = text
    path.write_bytes(strings.written(catalogue))


DOGS = 'tr("Old {name}")\ntr("A < B")\ntr_count("{count} dog", "{count} dogs", 3)\n'


def test_a_language_keeps_what_it_has(tmp_path: Path) -> None:
    path = begun(tmp_path, DOGS + 'tr("Gone for good")\n')
    translate(
        path,
        {
            "Old {name}": "Alt {name}",
            "Gone for good": "Weg",
            "{count} dog": ("{count} Hund", "{count} Hunde"),
        },
    )
    (tmp_path / "part.py").write_text(DOGS, encoding="utf-8")
    assert strings.update(tmp_path, strings.collect(tmp_path)[0]) == []
    kept, once = strings.read(path), path.read_bytes()
    assert kept["Old {name}"].string == "Alt {name}" and kept["{count} dog"].string == (
        "{count} Hund",
        "{count} Hunde",
    )
    assert kept.obsolete["Gone for good"].string == "Weg" and not kept["A < B"].string
    translation.use(read_catalogue(path.with_suffix(".mo")))
    assert translation.tr("Old {name}", name="x") == "Alt x" and translation.tr("A < B") == "A < B"
    assert translation.tr("Gone for good") == "Gone for good"
    assert [translation.tr_count("{count} dog", "{count} dogs", count) for count in (1, 2)] == [
        "1 Hund",
        "2 Hunde",
    ]
    template = (tmp_path / strings.TEMPLATE.name).read_bytes()
    assert (
        strings.update(tmp_path, strings.collect(tmp_path)[0]) == [] and path.read_bytes() == once
    )
    assert (tmp_path / strings.TEMPLATE.name).read_bytes() == template
    strings.begin(tmp_path, "de")  # begins nothing that is there
    assert path.read_bytes() == once


def test_a_sentence_that_changed_a_little_is_offered_and_not_spoken(tmp_path: Path) -> None:
    path = begun(tmp_path, 'tr("The file could not be saved.")')
    translate(path, {"The file could not be saved.": "Nicht gespeichert."})
    (tmp_path / "part.py").write_text('tr("The files could not be saved.")', encoding="utf-8")
    assert strings.update(tmp_path, strings.collect(tmp_path)[0]) == []
    assert strings.read(path)["The files could not be saved."].fuzzy
    translation.use(read_catalogue(path.with_suffix(".mo")))
    assert translation.tr("The files could not be saved.") == "The files could not be saved."


def test_an_unknown_language_is_not_begun(tmp_path: Path) -> None:
    for name in ("xx", "", "../de"):
        with pytest.raises(ValueError):
            strings.begin(tmp_path, name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("Old {name}", "Alt {nam}"),
        ("Old {name}", "Alt"),
        ("Old {name}", "Alt {name} {name.__class__}"),
        ("Old {name}", "Alt {name:>1000000000}"),
        ("Old {name}", "Alt {name!r}"),
        ("Old {name}", "Alt {name"),
        ("Old {name}", "Alt {name}}"),
        ("Old {name}", "\tAlt {name}"),
        ("{count} dog", ("{count} Hund", "viele Hunde")),
        ("{count} dog", ("{number} Hund", "{count} Hunde")),
    ],
)
def test_a_translation_with_other_fields_is_refused_and_never_breaks_the_window(
    tmp_path: Path, source: str, wrong: str | tuple[str, ...]
) -> None:
    path = begun(tmp_path, DOGS)
    translate(path, {source: wrong})
    before = path.with_suffix(".mo").read_bytes()
    (problem,) = strings.update(tmp_path, strings.collect(tmp_path)[0])
    assert problem.startswith("de: ") and path.with_suffix(".mo").read_bytes() == before
    path.with_suffix(".mo").write_bytes(
        strings.compiled(strings.read(path))
    )  # somebody did so by hand
    translation.use(read_catalogue(path.with_suffix(".mo")))
    said = translation.tr("Old {name}", name="x")
    assert said in ("Old x", "Alt", "\tAlt x"), said
    assert len(translation.tr_count("{count} dog", "{count} dogs", 1)) < 20
    assert len(translation.tr_count("{count} dog", "{count} dogs", 2)) < 20


def test_a_form_too_few_is_not_finished_and_one_too_many_is_found(tmp_path: Path) -> None:
    path = begun(tmp_path, DOGS)
    translate(path, {"{count} dog": ("{count} Hund", "")})
    assert strings.update(tmp_path, strings.collect(tmp_path)[0]) == []
    translation.use(read_catalogue(path.with_suffix(".mo")))
    assert [translation.tr_count("{count} dog", "{count} dogs", count) for count in (1, 2)] == [
        "1 dog",
        "2 dogs",
    ]
    catalogue = strings.read(path)
    catalogue["{count} dog"].string = ("{count} Hund", "{count} Hunde", "{count} Hunde")
    assert strings.problems_of(catalogue) == ["'{count} dog': 3 forms"]


def test_one_may_be_said_without_its_number(tmp_path: Path) -> None:
    path = begun(tmp_path, 'tr_count("New message", "{count} new messages", 3)')
    translate(path, {"New message": ("{count} neue", "{count} neue Nachrichten")})
    assert strings.update(tmp_path, strings.collect(tmp_path)[0]) == []
    translation.use(read_catalogue(path.with_suffix(".mo")))
    assert (
        translation.tr_count("New message", "{count} new messages", 1) == "1 neue"
    )  # as in Russian, for 21


# --- sentences belong to the faces ---

_WITHOUT_SENTENCES = ("core", "storage", "threads")  # what they say is data (client/api/said.py)
_SENTENCE = re.compile(r"(?:[A-Z][\w'-]*|\{\}),? \S[^\n]*[a-z.!?}]", re.DOTALL)
_SQL = re.compile(r"\b(SELECT|INSERT|DELETE|PRAGMA|WHERE|BEGIN) ")


def _written_sentences(source: str) -> list[str]:
    """What looks like a sentence for people in a module: not docstrings, SQL and checks."""
    tree = ast.parse(source)
    aside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if id(node) in aside | parts or _SQL.search(text):
            continue
        if _SENTENCE.fullmatch(text):
            found.append(text)
    return found


@pytest.mark.parametrize("room", _WITHOUT_SENTENCES)
def test_no_sentence_for_people_stands_below_the_faces(room: str) -> None:
    folder = ROOT / "client" / room
    found = {
        path.relative_to(ROOT).as_posix(): sentences
        for path in sorted(folder.rglob("*.py"))
        if (sentences := _written_sentences(path.read_text(encoding="utf-8")))
    }
    assert found == {}, "it belongs into client/api/said.py, and its words into the faces"


@pytest.mark.parametrize(
    "source",
    [
        'text = "This message is not in the outbox."',
        'raise Refused("busy", "The message is on its way. Try again in a moment.")',
        'say(f"{name} joined")',
        'say(f"{by} added {who}")',
        'x = "Waiting for the key of this conversation"',
    ],
)
def test_a_sentence_is_seen(source: str) -> None:
    assert len(_written_sentences(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '"""This is what the module does."""',
        'code = "unknown_message"',
        'db.execute("DELETE FROM items WHERE tbl = ? AND key = ?")',
        'require(done, "what runs is on the list")',
        '_log.warning("unreadable frame")',
    ],
)
def test_what_is_no_sentence_for_people_is_not_taken_for_one(source: str) -> None:
    assert _written_sentences(source) == []


# --- looking up ---


def test_fields_and_forms() -> None:
    assert (
        translation.tr("Reply to {username}: {text}", username="a", text="{b}") == "Reply to a: {b}"
    )
    assert translation.tr("100 {x}") == "100 {x}"
    assert [translation.tr_count("{count} dog", "{count} dogs", count) for count in (0, 1, 2)] == [
        "0 dogs",
        "1 dog",
        "2 dogs",
    ]
    speak({"{count} dogs": "{count} Hunde", "{count} dog": "{count} Hund"})
    assert [translation.tr_count("{count} dog", "{count} dogs", count) for count in (1, 2)] == [
        "1 Hund",
        "2 Hunde",
    ]


@pytest.mark.parametrize("broken", ["{other}", "{", "{0}", "{name.x}", "{name!r}", "{name:>9}", ""])
def test_a_broken_translation_falls_back_to_what_is_written(broken: str) -> None:
    speak({"Save {name}": broken})
    assert translation.tr("Save {name}", name="a.py") == "Save a.py"
    assert translation.tr_dynamic("Save {name}", name="a.py") == "Save a.py"


def test_the_head_of_the_file_is_no_translation(tmp_path: Path) -> None:
    path = begun(tmp_path, 'tr("Yes")')
    translation.use(read_catalogue(path.with_suffix(".mo")))
    assert translation.tr_dynamic("") == ""


@pytest.mark.parametrize(
    ("language", "counts", "forms"),
    [
        ("de", (0, 1, 2), [1, 0, 1]),
        ("fr", (0, 1, 2, 1_000_000), [0, 0, 2, 1]),
        ("pt_BR", (0, 1, 2, 1_000_000), [0, 0, 2, 1]),
        ("zh_CN", (0, 1, 2), [0, 0, 0]),
        ("cs", (1, 3, 5, 22), [0, 1, 2, 2]),
        ("pl", (1, 3, 5, 12, 22, 21), [0, 1, 2, 2, 1, 2]),
        ("ru", (1, 11, 21, 3, 13, 5), [0, 2, 0, 1, 2, 2]),
        ("ar", (0, 1, 2, 5, 11, 102), [0, 1, 2, 3, 4, 5]),
    ],
)
def test_plural_rules(
    tmp_path: Path, language: str, counts: tuple[int, ...], forms: list[int]
) -> None:
    path = begun(tmp_path, 'tr_count("{count} dog", "{count} dogs", 1)', language)
    needed = strings.read(path).num_plurals
    translate(path, {"{count} dog": tuple(f"{at} {{count}}" for at in range(needed))})
    assert needed > max(forms) and strings.update(tmp_path, strings.collect(tmp_path)[0]) == []
    translation.use(read_catalogue(path.with_suffix(".mo")))
    said = [translation.tr_count("{count} dog", "{count} dogs", count) for count in counts]
    assert said == [f"{form} {count}" for form, count in zip(forms, counts, strict=True)]


# --- days and sizes ---


def test_days_and_sizes_in_both_languages() -> None:
    at_ms = int(datetime(2024, 5, 6, 14, 5, 9).timestamp() * 1000)
    assert local_words.full_time(at_ms) == "Monday, 6 May 2024, 14:05:09"
    assert [local_words.size_words(size) for size in (1, 718, 3_300_000, 40_960)] == [
        "1 byte",
        "718 bytes",
        "3.1 MB",
        "40 KB",
    ]
    translation.use(read_catalogue(catalogue_path(FOLDER, "de")))
    assert local_words.full_time(at_ms) == "Montag, 6. Mai 2024, 14:05:09"
    assert [local_words.size_words(size) for size in (1, 718, 3_300_000)] == [
        "1 Byte",
        "718 Byte",
        "3,1 MB",
    ]


def test_moments_are_as_short_as_they_can_be() -> None:
    now = datetime(2024, 10, 18, 15, 0)
    moments = (
        datetime(2024, 10, 18, 14, 5),
        datetime(2024, 5, 6, 9, 30),
        datetime(2023, 12, 31, 23, 59),
    )
    texts = [local_words.moment_text(int(one.timestamp() * 1000), now) for one in moments]
    assert texts == ["14:05", "6 May 09:30", "31 Dec 2023"]
    assert local_words.time_text(int(moments[1].timestamp() * 1000)) == "09:30"


# --- files that are not as they should be ---


GERMAN = catalogue_path(FOLDER, "de").read_bytes()


def compiled_by_hand(head: str, texts: dict[str, str]) -> bytes:
    """A .mo file that Babel would not write."""
    pairs = sorted((source.encode(), text.encode()) for source, text in {"": head, **texts}.items())
    at, strings_of, tables = 28 + 16 * len(pairs), b"", ([], [])
    for pair in pairs:
        for table, text in zip(tables, pair, strict=True):
            table += [len(text), at + len(strings_of)]
            strings_of += text + b"\0"
    count = len(pairs)
    numbers = (0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0, *tables[0], *tables[1])
    return struct.pack(f"<{len(numbers)}I", *numbers) + strings_of


HEAD = "Content-Type: text/plain; charset={charset}\nPlural-Forms: nplurals=2; plural={plural};\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xde\x12\x04\x95",
        b"msgid",
        GERMAN[:1000],
        GERMAN[:-4000],
        GERMAN[:28] + b"\xff" * 400,
        GERMAN.replace(b"charset=utf-8", b"charset=ascii"),
        GERMAN.replace(b"charset=utf-8", b"charset=xyzzy"),
        compiled_by_hand(HEAD.format(charset="utf-8", plural="__import__('os')"), {}),
        compiled_by_hand(HEAD.format(charset="utf-8", plural="(" * 400 + "n" + ")" * 400), {}),
        compiled_by_hand("Plural-Forms: none\n", {}),
        compiled_by_hand("Content-Type: none\n", {}),
        compiled_by_hand(HEAD.format(charset="utf-8", plural="n"), {"a\0b\0c": "x"}),
    ],
)
def test_a_broken_file_is_an_error_that_is_foreseen(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mo"
    path.write_bytes(content)
    with pytest.raises((OSError, ValueError)):
        read_catalogue(path)


def test_a_plural_rule_that_divides_by_nothing_falls_back(tmp_path: Path) -> None:
    path = tmp_path / "broken.mo"
    path.write_bytes(
        compiled_by_hand(HEAD.format(charset="utf-8", plural="n/(n-n)"), {"a\0b": "x\0y", "c": "z"})
    )
    translation.use(read_catalogue(path))
    assert translation.tr("c") == "z" and translation.tr("Send") == "Send"
    assert [translation.tr_count("a", "b", count) for count in (1, 2)] == ["a", "b"]


@given(at=st.integers(0, len(GERMAN) - 1), byte=st.integers(0, 255), more=st.binary(max_size=8))
def test_whatever_stands_in_the_file_the_window_says_something(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int, more: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.mo"
    path.write_bytes(GERMAN[:at] + bytes([byte]) + more + GERMAN[at + 1 + len(more) :])
    try:
        translation.use(read_catalogue(path))
    except (OSError, ValueError):
        return
    assert translation.tr("Reply to {username}: {text}", username="a", text="b")
    assert translation.tr_count("{count} member", "{count} members", 3)
    assert translation.tr("Send")
