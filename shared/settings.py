"""Settings: what several sources say (defaults, a file, the environment, the command line) as one
checked struct.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

_Settings = TypeVar("_Settings", bound=msgspec.Struct)
_PLACE = re.compile(r"(?P<what>.*) - at `\$\.(?P<field>\w+)(?P<inside>.*)`", re.DOTALL)


class SettingsError(ValueError):
    """A setting has no legal value; the text says which, and what it takes."""


def settled(kind: type[_Settings], *sources: Mapping[str, object]) -> _Settings:
    """Merge the sources, of which later ones win, and convert them to `kind`; its defaults are for
    what none says.

    Texts are read as numbers, flags and paths where the field is one, since environment and command
    line have nothing
    else. Raises SettingsError for an unknown name, or for a value that the type of its field does
    not take.
    """
    merged = {name: value for source in sources for name, value in source.items()}
    try:
        return msgspec.convert(merged, kind, strict=False, dec_hook=_read)
    except msgspec.ValidationError as error:
        raise SettingsError(_sentence(str(error))) from error


def _read(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str | Path):
        try:
            return Path(value).expanduser()
        except RuntimeError as error:
            raise ValueError(f"{error}") from error  # "~somebody" who has no home here
    raise ValueError(f"Expected `{kind.__name__.lower()}`, got `{type(value).__name__}`")


def _sentence(text: str) -> str:
    """Put the name of the setting first: "port: expected `int` <= 65535"."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return text
    what = found["what"]
    return f"{found['field']}: {what[:1].lower()}{what[1:]}"
