"""Collects what the window says into client/gui/languages: the template, and every language with what it has kept."""

from __future__ import annotations

import ast
import re
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from client.gui.catalogue import plural_count
from client.gui.translation import CONTEXT
from tools.module_map import ROOT

SOURCES = ROOT / "client" / "gui"
FOLDER = SOURCES / "languages"
TEMPLATE = FOLDER / "csce513.ts"
_COLLECTED = ("tr", "tr_noop", "tr_count")
Kept = dict[str, tuple[str, ...]]


@dataclass
class Collected:
    """One text: where it stands, and its form for one thing if it counts."""

    source: str
    one: str = ""
    places: set[str] = field(default_factory=set)


@dataclass
class Found:
    """What the source holds, and the places where something else than a literal is given."""

    texts: dict[str, Collected] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def collect(folder: Path = SOURCES) -> Found:
    """All texts of tr, tr_noop and tr_count below a folder."""
    found = Found()
    for path in sorted(folder.rglob("*.py")):
        if path.name != "translation.py":
            _collect_from(path, path.relative_to(folder).as_posix(), found)
    return found


def _collect_from(path: Path, name: str, found: Found) -> None:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in _COLLECTED:
            continue
        wanted = 2 if call.func.id == "tr_count" else 1
        texts = [part.value for part in call.args[:wanted] if isinstance(part, ast.Constant)]
        if len(texts) != wanted or not all(isinstance(text, str) and text for text in texts):
            found.problems.append(f"{name}:{call.lineno}: {call.func.id} takes literals only")
            continue
        made = found.texts.setdefault(str(texts[-1]), Collected(str(texts[-1])))
        made.places.add(name)
        if wanted == 2:
            if made.one not in ("", texts[0]):
                found.problems.append(f"{name}:{call.lineno}: another form for one stands elsewhere")
            made.one = str(texts[0])


def fields_of(text: str) -> set[str]:
    """The {fields} of a text."""
    return set(re.findall(r"\{(\w+)\}", text))


def read_kept(path: Path) -> Kept:
    """What a file has translated so far, unfinished ones included."""
    kept: Kept = {}
    if path.exists():
        for message in ElementTree.parse(path).getroot().iter("message"):
            made = message.find("translation")
            if made is not None:
                forms = tuple(one.text or "" for one in made.iter("numerusform")) or (made.text or "",)
                if any(forms):
                    kept[message.findtext("source") or ""] = forms
    return kept


def written(found: Found, language: str, kept: Kept) -> str:
    """The .ts file; what is translated and not used any more stays at its end, as Qt Linguist keeps it."""
    spoken = f' language="{language}"' if language else ""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<!DOCTYPE TS>",
        f'<TS version="2.1" sourcelanguage="en"{spoken}>',
        f"<context>\n    <name>{CONTEXT}</name>",
    ]
    count = plural_count(language) if language else 2
    for _, one in sorted(found.texts.items(), key=lambda item: (item[0].casefold(), item[0])):
        forms = kept.get(one.source, ())
        lines.append(_message(one, forms if len(forms) in (0, count if one.one else 1) else (), count))
    for source in sorted(kept.keys() - found.texts.keys()):
        lines.append(_vanished(source, kept[source]))
    return "\n".join([*lines, "</context>", "</TS>", ""])


def _message(one: Collected, forms: tuple[str, ...], count: int) -> str:
    lines = [f"    <message{' numerus=' + chr(34) + 'yes' + chr(34) if one.one else ''}>"]
    lines += [f'        <location filename="../{place}"/>' for place in sorted(one.places)]
    lines.append(f"        <source>{escape(one.source)}</source>")
    if one.one:
        lines.append(f"        <extracomment>{escape(one.one)}</extracomment>")
    kind = "" if forms and all(forms) else ' type="unfinished"'
    forms = forms or ("",) * (count if one.one else 1)
    inner = _numerus(forms) if one.one else escape(forms[0])
    lines.append(f"        <translation{kind}>{inner}</translation>")
    return "\n".join([*lines, "    </message>"])


def _vanished(source: str, forms: tuple[str, ...]) -> str:
    plural = ' numerus="yes"' if len(forms) > 1 else ""
    inner = _numerus(forms) if plural else escape(forms[0])
    return (
        f"    <message{plural}>\n        <source>{escape(source)}</source>\n"
        f'        <translation type="vanished">{inner}</translation>\n    </message>'
    )


def _numerus(forms: tuple[str, ...]) -> str:
    return "".join(f"<numerusform>{escape(one)}</numerusform>" for one in forms)


def main() -> int:
    """Write the template and bring every language up to date; say what each still lacks."""
    found = collect()
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if found.problems:
        return 1
    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_text(written(found, "", {}), encoding="utf-8")
    for path in sorted(FOLDER.glob(f"{TEMPLATE.stem}_*.ts")):
        language = path.stem.removeprefix(f"{TEMPLATE.stem}_")
        text = written(found, language, read_kept(path))
        path.write_text(text, encoding="utf-8")
        missing = text.count('type="unfinished"')
        print(f"{language}: {len(found.texts) - missing} of {len(found.texts)} texts are translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
