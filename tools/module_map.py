"""Write the list of modules into the README of each folder, from the modules' docstrings; a test
compares them.

Run: python -m tools.module_map
"""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("shared", "broker", "client", "tools", "benchmarks")
BEGIN, END = "<!-- modules: python -m tools.module_map -->\n", "<!-- end of modules -->\n"
WIDTH = 120


def rooms() -> list[Path]:
    """Return every folder of FOLDERS that holds modules of its own, sorted."""
    folders = {
        path.parent
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "__init__.py"
    }
    return sorted(folders)


def first_line(path: Path) -> str:
    """Return the first line of the module's docstring, "" if it has none."""
    return summary(path).partition("\n")[0]


def summary(path: Path) -> str:
    """Return the first paragraph of the module's docstring, "" if it has none."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return (docstring or "").partition("\n\n")[0]


def module_list(room: Path) -> str:
    """Return the list of a folder's modules as Markdown, in lines of at most WIDTH characters."""
    return "".join(
        textwrap.fill(
            f"- `{path.name}` {' '.join(summary(path).split())}",
            WIDTH,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
        for path in sorted(room.glob("*.py"))
        if path.name != "__init__.py"
    )


def written_list(room: Path) -> str:
    """Return the list that the folder's README holds, "" if there is no README or no list."""
    readme = room / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    return text.partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    """Replace the list in every README by the present one; a README without a list gets one."""
    for room in rooms():
        readme = room / "README.md"
        text = readme.read_text(encoding="utf-8") if readme.exists() else f"# {room.name}\n"
        before, _, rest = text.partition(BEGIN)
        before = before.rstrip("\n") + "\n\n"
        readme.write_text(
            before + BEGIN + module_list(room) + END + rest.partition(END)[2], encoding="utf-8"
        )


if __name__ == "__main__":
    main()
