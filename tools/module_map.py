"""Writes the file map of docs/ARCHITECTURE.md from the first line of each module's docstring; a
test compares them.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "ARCHITECTURE.md"
BEGIN, END = "<!-- map -->\n", "<!-- end of map -->\n"
FOLDERS = ("shared", "broker", "client")


def first_line(path: Path) -> str:
    """The first line of the module's docstring, empty if there is none."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return (docstring or "").partition("\n")[0]


def module_map() -> str:
    """The map as Markdown, one line a module."""
    lines = []
    for folder in FOLDERS:
        lines.append(f"\n**{folder}/**\n\n")
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name != "__init__.py":
                lines.append(f"- `{path.relative_to(ROOT).as_posix()}` {first_line(path)}\n")
    return "".join(lines)


def written_map() -> str:
    """The map that stands in the document."""
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    """Replace the map in the document by the present one."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(before + BEGIN + module_map() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
