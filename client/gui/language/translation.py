"""What the window says, in the user's language: every string passes here, and gettext's catalogue
is asked for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from string import Formatter
from typing import Protocol

DOMAIN = "csce513"


class Speaker(Protocol):
    """What is asked for a text; gettext.NullTranslations and its heirs are."""

    def gettext(self, message: str) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


class _AsWritten:
    """English: the texts themselves."""

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2


AS_WRITTEN: Speaker = _AsWritten()
_speaker = AS_WRITTEN


def use(speaker: Speaker = AS_WRITTEN) -> None:
    """Ask this one from now on.

    Any thread. What is shown already stays as it was said (MainWindow.reword_soon).
    """
    global _speaker
    _speaker = speaker


def tr(text: str, /, **values: object) -> str:
    """Return the text in the user's language, its {fields} filled in.

    It must be a literal: it is collected from the source. Qt-free, so that the pure modules of the
    window can use it,
    too; any thread.
    """
    return tr_dynamic(text, **values)


def tr_count(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the text for a number of things; {count} is the number.

    A language may have more forms than these two.
    """
    written = one if count == 1 else many
    translated = _asked(lambda: _speaker.ngettext(one, many, count), written)
    return _filled(
        translated, written, {"count": count, **values}, _fields_of(one) | _fields_of(many)
    )


def tr_noop(text: str) -> str:
    """Return the text itself, collected to be translated.

    For what is made at import, before the language is known.
    """
    return text


def tr_dynamic(text: str, /, **values: object) -> str:
    """Return a text that `tr_noop` has marked, in the user's language: to be called where it is
    shown.
    """
    translated = (
        _asked(lambda: _speaker.gettext(text), text) if text else ""
    )  # gettext has its file's head under ""
    return _filled(translated, text, values, _fields_of(text) if values else frozenset())


def _asked(ask: Callable[[], str], written: str) -> str:
    try:
        return ask() or written
    except ArithmeticError:  # the plural rule of a broken catalogue divides by nothing
        return written


Field = tuple[str, str, str]  # name, format, conversion
_BROKEN = frozenset({("", "", "broken")})  # the fields of no text


@lru_cache(maxsize=4096)
def fields_of(text: str) -> frozenset[Field]:
    """Return the {fields} of a text, with format and conversion.

    Raises ValueError for a brace out of place.
    """
    return frozenset(
        (name, spec or "", conversion or "")
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    )


def _fields_of(text: str) -> frozenset[Field]:
    try:
        return fields_of(text)
    except ValueError:
        return _BROKEN


def _filled(
    translated: str, written: str, values: dict[str, object], allowed: frozenset[Field]
) -> str:
    """Fill in a translation that asks for nothing else than the source does; otherwise the source
    itself.
    """
    if not values:
        return translated
    return (translated if _fields_of(translated) <= allowed else written).format(**values)
