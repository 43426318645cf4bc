"""Merge settings from several sources into one checked struct.

The sources are defaults, a file, the environment and the command line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

_Settings = TypeVar("_Settings", bound=msgspec.Struct)
_PLACE = re.compile(r"(?P<what>.*) - at `\$\.(?P<field>\w+)(?P<inside>.*)`", re.DOTALL)
_MSGSPEC: Final = ("Expected `", "Invalid enum value")  # how its own sentences begin
_WORDS: Final = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
_MOST_SHOWN: Final = 60


class SettingsError(ValueError):
    """A setting has no legal value; the text says which one, and what it takes."""


def settled(kind: type[_Settings], *sources: Mapping[str, object]) -> _Settings:
    """Merge the sources, of which later ones win, and convert them to `kind`.

    The defaults of `kind` apply where no source says anything. Texts are read as numbers, flags and
    paths where the field is one, since environment and command line have nothing else. Raises
    SettingsError for an unknown name, or for a value that does not fit the field's type.
    """
    merged = {name: value for source in sources for name, value in source.items()}
    try:
        return msgspec.convert(merged, kind, strict=False, dec_hook=_read)
    except msgspec.ValidationError as error:
        raise SettingsError(_sentence(kind, merged, str(error))) from error


def _read(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str | Path):
        try:
            return Path(value).expanduser()
        except RuntimeError as error:
            raise ValueError(f"{error}") from error  # "~somebody" who has no home here
    raise ValueError(f"Expected `{kind.__name__.lower()}`, got `{type(value).__name__}`")


def _sentence(kind: type, merged: Mapping[str, object], text: str) -> str:
    """Say what the setting takes: "port must be a whole number between 0 and 65535, not 'x'"."""
    hit = _PLACE.fullmatch(text)
    if hit is None:
        return text
    name, what = hit["field"], hit["what"]
    if not what.startswith(_MSGSPEC):
        return f"{name}: {what[:1].lower()}{what[1:]}"
    hint = get_type_hints(kind, include_extras=True)[name]
    return f"{name} must be {_what_fits(hint)}, not {repr(merged[name])[:_MOST_SHOWN]}"


def _what_fits(hint: object) -> str:
    if get_origin(hint) is Annotated:
        base, meta, *_ = get_args(hint)
        return _what_fits(base) + _range(meta)
    if get_origin(hint) is Literal:
        return f"one of: {', '.join(get_args(hint))}"
    return _WORDS.get(hint, "a path") if isinstance(hint, type) else "a path"


def _range(meta: msgspec.Meta) -> str:
    if meta.ge is not None and meta.le is not None:
        return f" between {meta.ge} and {meta.le}"
    bounds = {"at least": meta.ge, "at most": meta.le, "less than": meta.lt}
    said = [f"{words} {bound:.0f}" for words, bound in bounds.items() if bound is not None]
    return f" of {' and '.join(said)}" if said else ""
