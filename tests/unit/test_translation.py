"""The strings of the window: collected completely, marked by literals, looked up with the right form for a number."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from client.gui import local_words, translation
from client.gui.catalogue import plural_count, plural_of, read_catalogue
from client.gui.outside_words import SENTENCES, tr_outside
from shared.errors import REFUSAL_SENTENCES
from tools import strings
from tools.module_map import ROOT

LANGUAGES = sorted(strings.FOLDER.glob("csce513_*.ts"))


@pytest.fixture(autouse=True)
def as_written() -> Iterator[None]:
    """Every test begins and ends in English."""
    translation.use()
    yield
    translation.use()


def speak(texts: dict[str, str]) -> None:
    translation.use(lambda _context, text, _about, count: texts.get(text, text) if count != 1 else texts.get("1", text))


# --- what is collected ---


def test_every_string_is_a_literal_and_stands_in_the_template() -> None:
    found = strings.collect()
    assert found.problems == []
    template = {
        message.findtext("source"): message.get("numerus") == "yes"
        for message in ElementTree.parse(strings.TEMPLATE).getroot().iter("message")
    }
    assert template == {one.source: bool(one.one) for one in found.texts.values()}, "run: make strings"


@pytest.mark.parametrize(
    "call", ['tr(f"Hello {name}")', "tr(text)", 'tr("")', 'tr_count("one", many, 2)', "tr_noop(x)"]
)
def test_what_is_no_literal_is_found(tmp_path: Path, call: str) -> None:
    (tmp_path / "part.py").write_text(f"{call}\n", encoding="utf-8")
    assert len(strings.collect(tmp_path).problems) == 1


def test_two_forms_for_one_are_found(tmp_path: Path) -> None:
    (tmp_path / "part.py").write_text('tr_count("a", "b", 1)\ntr_count("c", "b", 1)\n', encoding="utf-8")
    assert "another form" in strings.collect(tmp_path).problems[0]


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_translations_keep_fields_and_have_every_form(path: Path) -> None:
    language = path.stem.removeprefix("csce513_")
    found, texts = strings.collect(), read_catalogue(path)
    assert texts
    for source, forms in texts.items():
        one = found.texts.get(source)
        assert one is not None, f"not used any more: {source}"
        assert len(forms) == (plural_count(language) if one.one else 1), source
        for at, form in enumerate(forms):
            allowed = strings.fields_of(source)
            assert strings.fields_of(form) <= allowed, form
            if at == len(forms) - 1:
                assert strings.fields_of(form) == allowed, form
            assert source.count("\t") == form.count("\t"), form


def test_a_language_keeps_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "part.py").write_text('tr("Old")\ntr("A < B")\ntr_count("{count} dog", "{count} dogs", 3)\n', "utf-8")
    kept = {"Old": ("Alt",), "Gone": ("Weg",), "{count} dogs": ("{count} Hund", "{count} Hunde")}
    path = tmp_path / "csce513_de.ts"
    path.write_text(strings.written(strings.collect(tmp_path), "de", kept), encoding="utf-8")
    assert strings.read_kept(path) == kept
    assert read_catalogue(path) == {"Old": ("Alt",), "{count} dogs": ("{count} Hund", "{count} Hunde")}
    again = strings.written(strings.collect(tmp_path), "de", strings.read_kept(path))
    assert again == path.read_text(encoding="utf-8")


# --- sentences from outside the window ---

_OUTSIDE = [
    *(ROOT / "client").glob("*.py"),
    *(ROOT / "client" / "transfer").glob("*.py"),
    ROOT / "client" / "export" / "folder.py",
    ROOT / "client" / "export" / "thread.py",
    ROOT / "shared" / "errors.py",
    ROOT / "shared" / "names.py",
]
_NOT_SHOWN = {
    "client/app.py", "client/settings.py", "client/store.py", "client/headless.py", "client/headless_events.py",
    "client/headless_files.py", "client/headless_marks.py", "client/headless_parts.py", "client/doctor.py",
    "client/probe.py",
}  # fmt: skip
_NEVER_IN_THE_WINDOW = {
    "Rejected: {}.", "A search gives 1 to {} messages.", "There are 1 to {} similar questions.", "{} and {} others",
}  # fmt: skip


def _written_sentences(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    aside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    aside |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in aside:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_sentence_of_the_core_that_is_shown_is_known_to_the_window() -> None:
    known = {re.sub(r"\{\w+\}", "{}", sentence) for sentence in SENTENCES} | _NEVER_IN_THE_WINDOW
    known.add("Waiting for the key of {} message{}")  # stands there as two
    for path in _OUTSIDE:
        if path.relative_to(ROOT).as_posix() not in _NOT_SHOWN:
            for text in _written_sentences(path):
                if re.match(r"[A-Z{][^\n]* ", text) and re.search(r"[a-z]{3}", text):
                    assert text in known, f"{path.name}: {text!r} belongs in client/gui/outside_words.py"


def test_sentences_from_outside_follow_the_language() -> None:
    speak(
        {
            "{by} added {names}": "{names} kam durch {by}",
            "{names} and {last}": "{names} und {last}",
            "{names} and {count} others": "{names} und {count} weitere",
            REFUSAL_SENTENCES["busy"]: "Gleich.",
            "The group could not be created. {why}": "Keine Gruppe. {why}",
            "{name} cannot be read: {reason}.": "{name}: {reason}!",
            "There are too many groups.": "Zu viele.",
            "{username} left": "{username} ging",
        }
    )
    assert tr_outside(REFUSAL_SENTENCES["busy"]) == "Gleich."
    assert tr_outside("alice added bob") == "bob kam durch alice"
    assert tr_outside("alice added bob, carmen and dan") == "bob, carmen und dan kam durch alice"
    assert tr_outside("alice added b, c, d, e and 3 others") == "b, c, d, e und 3 weitere kam durch alice"
    assert (
        tr_outside(f"The group could not be created. {REFUSAL_SENTENCES['too_many_groups']}")
        == "Keine Gruppe. Zu viele."
    )
    assert tr_outside("a {b}.txt cannot be read: Input/output error.") == "a {b}.txt: Input/output error!"
    assert tr_outside("alice left") == "alice ging"
    assert tr_outside("what the system says") == "what the system says" and tr_outside("") == ""


def test_what_is_taken_apart_is_the_same_in_english() -> None:
    for sentence in SENTENCES:
        text = re.sub(r"\{\w+\}", "x1", sentence)
        assert tr_outside(text) == text


# --- looking up ---


def test_fields_and_forms() -> None:
    assert translation.tr("Reply to {username}: {text}", username="a", text="{b}") == "Reply to a: {b}"
    assert translation.tr("100 {x}") == "100 {x}"
    assert [translation.tr_count("{count} dog", "{count} dogs", count) for count in (0, 1, 2)] == [
        "0 dogs",
        "1 dog",
        "2 dogs",
    ]
    speak({"{count} dogs": "{count} Hunde", "1": "{count} Hund"})
    assert [translation.tr_count("{count} dog", "{count} dogs", count) for count in (1, 2)] == ["1 Hund", "2 Hunde"]


@pytest.mark.parametrize("broken", ["{other}", "{", "{0}", "{name.x}"])
def test_a_broken_translation_falls_back_to_what_is_written(broken: str) -> None:
    speak({"Save {name}": broken})
    assert translation.tr("Save {name}", name="a.py") == "Save a.py"
    assert translation.tr_dynamic("Save {name}", name="a.py") == "Save a.py"


@pytest.mark.parametrize(
    ("language", "counts", "forms"),
    [
        ("de", (0, 1, 2), [1, 0, 1]),
        ("fr", (0, 1, 2), [0, 0, 1]),
        ("pt_BR", (0, 1, 2), [0, 0, 1]),
        ("zh_CN", (0, 1, 2), [0, 0, 0]),
        ("cs", (1, 3, 5, 22), [0, 1, 2, 2]),
        ("pl", (1, 3, 5, 12, 22, 21), [0, 1, 2, 2, 1, 2]),
        ("ru", (1, 11, 21, 3, 13, 5), [0, 2, 0, 1, 2, 2]),
        ("ar", (0, 1, 2, 5, 11, 102), [0, 1, 2, 3, 4, 5]),
    ],
)
def test_plural_rules(language: str, counts: tuple[int, ...], forms: list[int]) -> None:
    assert [plural_of(language)(count) for count in counts] == forms
    assert plural_count(language) > max(forms)


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
    german = read_catalogue(strings.FOLDER / "csce513_de.ts")
    translation.use(lambda _c, text, _d, n: german.get(text, (text,))[0 if n in (-1, 1) else -1])
    assert local_words.full_time(at_ms) == "Montag, 6. Mai 2024, 14:05:09"
    assert [local_words.size_words(size) for size in (1, 718, 3_300_000)] == ["1 Byte", "718 Byte", "3,1 MB"]


def test_moments_are_as_short_as_they_can_be() -> None:
    now = datetime(2024, 10, 18, 15, 0)
    moments = (datetime(2024, 10, 18, 14, 5), datetime(2024, 5, 6, 9, 30), datetime(2023, 12, 31, 23, 59))
    texts = [local_words.moment_text(int(one.timestamp() * 1000), now) for one in moments]
    assert texts == ["14:05", "6 May 09:30", "31 Dec 2023"]
    assert local_words.time_text(int(moments[1].timestamp() * 1000)) == "09:30"


# --- files that are not as they should be ---


def test_what_is_not_ours_or_not_finished_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "csce513_de.ts"
    path.write_text(
        "<TS><context><name>other</name><message><source>a</source><translation>b</translation></message></context>"
        "<context><name>csce513</name><message><source>a</source><translation>A</translation></message>"
        '<message><source>b</source><translation type="vanished">B</translation></message>'
        "<message><source>c</source><translation></translation></message><message><source>d</source></message>"
        '<message numerus="yes"><source>e</source><translation><numerusform>E</numerusform><numerusform></numerusform>'
        "</translation></message></context></TS>",
        encoding="utf-8",
    )
    assert read_catalogue(path) == {"a": ("A",)}


@pytest.mark.parametrize("content", [b"", b"<TS>", b"\xff\xfe\x00", b"<TS/><TS/>", b"&nothing;"])
def test_a_broken_file_is_a_value_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "csce513_de.ts"
    path.write_bytes(content)
    with pytest.raises(ValueError):
        read_catalogue(path)
