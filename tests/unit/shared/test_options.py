"""Settings from several sources as one checked struct, and the client's options from its command
line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.settings import MINIMAL_COST, Options, parse_options
from shared.settings import SettingsError, settled


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 5513
    rate: Annotated[float, msgspec.Meta(ge=0, lt=1e9)] = 20.0
    joining: Literal["code", "open"] = "code"
    folder: Path | None = None
    json: bool = False
    title: str = ""
    free: Annotated[float, msgspec.Meta(description="no bounds")] = 0.0
    most: Annotated[int, msgspec.Meta(le=3)] = 0


def test_later_sources_win_and_texts_become_what_the_field_is() -> None:
    file: dict[str, object] = {"port": 1, "rate": 3, "folder": "~/x"}
    environment = {"port": "2", "json": "true"}
    assert settled(Sample, file, environment, {"port": "3"}) == Sample(
        3, 3.0, "code", Path.home() / "x", True
    )
    assert settled(Sample) == Sample() and settled(Sample, {"folder": Path("/y")}).folder == Path(
        "/y"
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("port", "many", "port must be a whole number between 0 and 65535, not 'many'"),
        ("port", 65536, "port must be a whole number between 0 and 65535, not 65536"),
        ("port", "-1", "port must be a whole number between 0 and 65535, not '-1'"),
        ("rate", "nan", "rate must be a number of at least 0 and less than 1000000000, not 'nan'"),
        ("rate", "1e9", "rate must be a number of at least 0 and less than 1000000000, not '1e9'"),
        ("joining", "both", "joining must be one of: code, open, not 'both'"),
        ("json", "perhaps", "json must be true or false, not 'perhaps'"),
        ("title", 3, "title must be text, not 3"),
        ("free", "x", "free must be a number, not 'x'"),
        ("most", 4, "most must be a whole number of at most 3, not 4"),
        ("folder", 3, "folder must be a path, not 3"),
        ("folder", [9] * 99, f"folder must be a path, not [{'9, ' * 19}9,"),
        ("folder", "~no such person/x", "folder: could not determine home"),
        ("prot", 3, "unknown field `prot`"),
    ],
)
def test_what_is_not_legal_is_said_with_its_name(name: str, value: object, sentence: str) -> None:
    with pytest.raises(SettingsError) as error:
        settled(Sample, {name: value})
    assert sentence in str(error.value)


@given(
    st.dictionaries(
        st.sampled_from(Sample.__struct_fields__),
        st.text() | st.integers() | st.floats() | st.none(),
    )
)
def test_whatever_is_given_it_is_legal_or_refused(values: dict[str, object]) -> None:
    try:
        made = settled(Sample, values)
    except SettingsError:
        return
    assert 0 <= made.port <= 65535 and 0 <= made.rate < 1e9 and made.joining in ("code", "open")


def test_the_command_line_of_the_client() -> None:
    assert parse_options([]) == Options()
    assert parse_options(
        ["--profile", "p", "--invitation", "i", "--username", "u", "--passphrase-file", "f"]
    ) == Options(profile=Path("p"), invitation="i", username="u", passphrase_file=Path("f"))
    made = parse_options(["--export", "out", "--conversation", "#x", "--pseudonyms", "--no-files"])
    assert (made.export_to, made.export_of, made.has_pseudonyms, made.has_files) == (
        Path("out"),
        "#x",
        True,
        False,
    )
    assert parse_options(["--headless", "--recover"]) == Options(is_headless=True, recovers=True)


@pytest.mark.parametrize("argv", [["--conversation", "#x"], ["--pseudonyms"], ["--no-files"]])
def test_what_goes_with_an_export_goes_with_nothing_else(argv: list[str]) -> None:
    with pytest.raises(
        ValueError, match="^--conversation, --pseudonyms and --no-files go with --export$"
    ):
        parse_options(argv)


@pytest.mark.parametrize("argv", [["--nonsense"], ["link", "stray"], ["--username"]])
def test_what_is_no_option_is_a_sentence(argv: list[str]) -> None:
    with pytest.raises(ValueError, match="argument"):
        parse_options(argv)


def test_the_cheap_cost_needs_the_word_of_the_environment_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CSCE513_ARGON2", raising=False)
    assert parse_options(["--test-cost"]).cost is None
    monkeypatch.setenv("CSCE513_ARGON2", "minimal")
    assert parse_options(["--test-cost"]).cost == MINIMAL_COST and parse_options([]).cost is None
