"""Names of files and sizes: what others send us becomes something that is safe on every disk and
screen.
"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.text.filetypes import guess_type, is_text_type
from shared.filenames import MAX_FILE_NAME_BYTES, numbered_name, safe_file_name, split_name
from shared.sizes import size_text


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("hw1.py", "hw1.py"),
        ("../../etc/passwd", "passwd"),
        ("/etc/shadow", "shadow"),
        ("C:\\Users\\a\\b.txt", "b.txt"),
        ("CON", "CON_"),
        ("con.txt", "con_.txt"),
        ("lpt9.tar.gz", "lpt9_.tar.gz"),
        ("COM1 .txt", "COM1_.txt"),
        ("CONIN$", "CONIN$_"),
        ("a\x00b\n\x1b[31m.py", "ab[31m.py"),
        ("ev\u202egpj.exe", "evgpj.exe"),
        ("\u2066a\u2069\u200f.txt", "a.txt"),
        (".bashrc", "bashrc"),
        ("..", "file"),
        ("", "file"),
        ("   ", "file"),
        ("hw1.py ", "hw1.py"),
        ("hw1.py...", "hw1.py"),
        ('a:b?<c>|"*.c', "a_b__c____.c"),
        ("x/", "x"),
        ("\u2028a", "a"),
        ("\ud800x.py", "_x.py"),
        ("👩\u200d👧.png", "👩\u200d👧.png"),
        ("e\u0301.txt", "é.txt"),
        ("0 .0.", "0.0"),
        ("aux.txt", "aux_.txt"),
        ("NUL", "NUL_"),
        ("nul.tar.gz", "nul_.tar.gz"),
        ("C:evil", "C_evil"),
        ("\\\\server\\share\\b.txt", "b.txt"),
        ("\\\\?\\C:\\CON", "CON_"),
        ("a.txt:b", "a.txt_b"),
        ("a.txt::$DATA", "a.txt__$DATA"),
        ("PRN .c", "PRN_.c"),
        ("COM\u00b9", "COM\u00b9_"),
    ],
)
def test_names_come_out_safe(given_name: str, safe: str) -> None:
    assert safe_file_name(given_name) == safe


@given(st.text(max_size=400) | st.text("./\\ \u202eCON1aé\0", max_size=40))
def test_any_name_is_safe_and_stays_as_it_is(name: str) -> None:
    safe = safe_file_name(name)
    assert 0 < len(safe.encode()) <= MAX_FILE_NAME_BYTES
    assert (
        not set(safe) & set('/\\<>:"|?*')
        and not safe.startswith(".")
        and not safe.endswith((".", " "))
    )
    assert all(
        one in "\u200c\u200d" or unicodedata.category(one)[0] != "C"
        for one in safe
        if one.isascii()
    )
    assert safe_file_name(safe) == safe
    numbered = numbered_name(safe, 12)
    assert len(numbered.encode()) <= MAX_FILE_NAME_BYTES and "(12)" in numbered


@pytest.mark.parametrize("long", ["x" * 400 + ".py", "é" * 200 + ".tar.gz", "y" * 300])
def test_long_names_keep_their_extension(long: str) -> None:
    safe = safe_file_name(long)
    assert len(safe.encode()) <= 255 and split_name(safe)[1] == split_name(long)[1]


def test_numbered_names() -> None:
    assert numbered_name("hw1.py", 2) == "hw1 (2).py"
    assert numbered_name("README", 3) == "README (3)"
    assert (
        split_name("a.b c") == ("a", ".b c")
        and split_name(".x") == (".x", "")
        and split_name("a.") == ("a.", "")
    )


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (1536, "1.5 KB"),
        (10_240, "10 KB"),
        (2**20 - 1, "1 MB"),
        (int(3.1 * 2**30), "3.1 GB"),
        (2 * 2**30, "2 GB"),
        (2**50, "1024 TB"),
    ],
)
def test_sizes_in_words(size: int, text: str) -> None:
    assert size_text(size) == text


@given(st.integers(0, 2**60))
def test_sizes_are_short(size: int) -> None:
    assert len(size_text(size)) <= 12


def test_types_are_guessed_from_the_name() -> None:
    assert guess_type("a.PNG") == "image/png" and guess_type("a.py") == "text/x-python"
    assert (
        guess_type("a.unknown") == "application/octet-stream"
        and guess_type("README.md") == "text/markdown"
    )
    assert is_text_type("a.cu", "application/octet-stream") and is_text_type(
        "Makefile", "application/octet-stream"
    )
    assert is_text_type("a", "text/plain") and is_text_type("a", "application/json")
    assert not is_text_type("a.pdf", "application/pdf")
