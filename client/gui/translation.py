"""What the window says, in the user's language: every string passes here, and Qt's translator is asked for it."""

from __future__ import annotations

from collections.abc import Callable

CONTEXT = "csce513"

Translate = Callable[[str, str, "str | None", int], str]


def _as_written(context: str, text: str, disambiguation: str | None, count: int) -> str:
    """Before a Qt application stands, and in tests without one: the text itself."""
    return text


_translate: Translate = _as_written


def use(translate: Translate = _as_written) -> None:
    """Ask this function from now on; the window program gives QCoreApplication.translate. GUI thread."""
    global _translate
    _translate = translate


def tr(text: str, /, **values: object) -> str:
    """The text in the user's language, its {fields} filled in. It must be a literal: it is collected from the source.

    Qt-free, so that the pure modules of the window can use it, too; any thread, as QCoreApplication.translate is.
    """
    return _filled(_translate(CONTEXT, text, None, -1), text, values)


def tr_count(one: str, many: str, count: int, /, **values: object) -> str:
    """The text for a number of things; {count} is the number. A language with more forms has them under `many`."""
    found = _translate(CONTEXT, many, None, count)
    written = one if count == 1 else many
    return _filled(written if found == many else found, written, {"count": count, **values})


def tr_noop(text: str) -> str:
    """The text itself, collected to be translated. For what is made at import, before the language is known."""
    return text


def tr_dynamic(text: str, /, **values: object) -> str:
    """A text that `tr_noop` has marked, in the user's language: to be called where it is shown."""
    return _filled(_translate(CONTEXT, text, None, -1), text, values)


def _filled(found: str, written: str, values: dict[str, object]) -> str:
    if not values:
        return found
    try:
        return found.format(**values)
    except (LookupError, ValueError, AttributeError):  # a translation with a field that is not there
        return written.format(**values)
