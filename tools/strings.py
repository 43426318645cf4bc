"""Collects what the window says into client/gui/language/languages: the template, and every
language with what it has kept.
"""

from __future__ import annotations

import argparse
import ast
import copy
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from client.api.english import CODES, DETAILS, SET_ASIDE, UNVERIFIED
from client.gui.language.catalogue import FOLDER, catalogue_path
from client.gui.language.translation import DOMAIN, fields_of
from tools.module_map import ROOT

SOURCES = ROOT / "client" / "gui"
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
_COLLECTED = ("tr", "tr_noop", "tr_count")
_HEADER = f"""\
# Translations template for {DOMAIN}.
# This file is distributed under the licence of the program, GPL-3.0-or-later.
#"""


def new_catalogue(language: str | None = None) -> Catalog:
    """Return an empty catalogue; of no language it is a template."""
    return Catalog(
        locale=language,
        domain=DOMAIN,
        project=DOMAIN,
        version="main",
        header_comment=_HEADER,
        fuzzy=False,
        msgid_bugs_address="CONTRIBUTING.md",
        last_translator="the class",
        language_team="LANGUAGE",
    )


def collect(folder: Path = SOURCES) -> tuple[Catalog, list[str]]:
    """Return all texts of tr, tr_noop and tr_count below a folder, with the sentences that the
    window shares with other faces, and the places that are not as they should be.

    By the syntax tree: Babel's own extractor goes by tokens, and does not see into f-strings before
    Python 3.12.
    """
    collected = new_catalogue()
    problems: list[str] = []
    for path in sorted(folder.rglob("*.py")):
        if path.name != "translation.py":
            problems += _collect_from(path, path.relative_to(folder).as_posix(), collected)
    if folder == SOURCES:
        for text in (*CODES.values(), *DETAILS.values(), *SET_ASIDE.values(), UNVERIFIED):
            if text:  # something is said about it
                collected.add(text, locations=[("client/api/english.py", 0)])
    return collected, problems


def _collect_from(path: Path, name: str, collected: Catalog) -> Iterator[str]:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            not isinstance(call, ast.Call)
            or not isinstance(call.func, ast.Name)
            or call.func.id not in _COLLECTED
        ):
            continue
        wanted = 2 if call.func.id == "tr_count" else 1
        texts = [
            argument.value for argument in call.args[:wanted] if isinstance(argument, ast.Constant)
        ]
        if len(texts) != wanted or not all(isinstance(text, str) and text for text in texts):
            yield f"{name}:{call.lineno}: {call.func.id} takes literals only"
            continue
        text = (str(texts[0]), str(texts[1])) if wanted == 2 else str(texts[0])
        known = collected.get(str(texts[0]))
        if known is not None and known.id != text:
            yield f"{name}:{call.lineno}: {texts[0]!r} stands elsewhere with another plural, or none"
        else:
            collected.add(text, locations=[(f"client/gui/{name}", 0)])


def is_translated(message: Message) -> bool:
    """Return whether a message has all its forms, and no doubt about them."""
    return not message.fuzzy and bool(message.string) and all(_forms(message.string))


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, (list, tuple)) else (str(text or ""),)


def problems_of(catalogue: Catalog) -> list[str]:
    """Return what is wrong in the translations that would be spoken: fields, tabs, the number of
    forms.
    """
    problems = []
    for message in catalogue:
        if message.id and is_translated(message):
            sources, forms = _forms(message.id), _forms(message.string)
            if len(forms) != (catalogue.num_plurals if len(sources) > 1 else 1):
                problems.append(f"{sources[0]!r}: {len(forms)} forms")
            problems += [
                f"{form!r}: {why}"
                for at, form in enumerate(forms)
                if (why := _fault(sources, forms, at))
            ]
    return problems


def _fault(sources: tuple[str, ...], forms: tuple[str, ...], at: int) -> str:
    """The form for many has the fields of the source; the others may leave some out, as in "a new
    message".
    """
    allowed, is_last = frozenset().union(*map(fields_of, sources)), at == len(forms) - 1
    try:
        fields = fields_of(forms[at])
    except ValueError as error:
        return str(error)
    if not fields <= allowed or (is_last and fields != fields_of(sources[-1])):
        return f"has other fields than {sources[-1]!r}"
    return "" if forms[at].count("\t") == sources[-1].count("\t") else "has other tabs"


def read(path: Path) -> Catalog:
    """Read a .po or .pot file. Raises OSError, ValueError (also for what Babel cannot parse)."""
    with path.open("rb") as file:
        return read_po(file, domain=DOMAIN, abort_invalid=True)


def written(catalogue: Catalog) -> bytes:
    """Return the .po file; what is not used any more stays at its end."""
    made = io.BytesIO()
    write_po(made, catalogue, width=100, sort_output=True, include_lineno=False)
    return made.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Return the .mo file, of what is translated with all its forms."""
    made, spoken = io.BytesIO(), copy.deepcopy(catalogue)
    for message in catalogue:
        if message.id and not is_translated(message):
            spoken.delete(message.id)
    write_mo(made, spoken)
    return made.getvalue()


def update(folder: Path, collected: Catalog) -> list[str]:
    """Write the template and bring every language up to date; return the problems of their
    translations.
    """
    template, problems = folder / TEMPLATE.name, []
    if (
        template.exists()
    ):  # the date of the first time: changes made side by side do not conflict over it
        collected.creation_date = read(template).creation_date
    template.write_bytes(written(collected))
    for path in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        catalogue, language = read(path), path.parents[1].name
        catalogue.update(collected)
        path.write_bytes(written(catalogue))
        wrong = problems_of(catalogue)
        problems += [f"{language}: {problem}" for problem in wrong]
        if not wrong:
            path.with_suffix(".mo").write_bytes(compiled(catalogue))
        done = sum(is_translated(message) for message in catalogue if message.id)
        print(f"{language}: {done} of {len(catalogue)} texts are translated")
    return problems


def begin(folder: Path, language: str) -> None:
    """Begin a language: an empty file for it.

    Raises ValueError for one that Unicode's CLDR does not know.
    """
    try:
        Locale.parse(language)
    except UnknownLocaleError as error:
        raise ValueError(f"{language!r} is no language that Babel knows") from error
    path = catalogue_path(folder, language).with_suffix(".po")
    if not path.exists():
        path.parent.mkdir(parents=True)
        path.write_bytes(written(new_catalogue(language)))


def main() -> int:
    """Collect, update, check, compile."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("language", nargs="?", help="begin this one, such as fr or pt_BR")
    language = parser.parse_args().language
    collected, problems = collect()
    if not problems:
        if language:
            begin(FOLDER, language)
        problems = update(FOLDER, collected)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
