"""Where translations lie (LANGUAGE/LC_MESSAGES/DOMAIN.mo, the source .po beside it), and reading
one. No Qt.
"""

from __future__ import annotations

import gettext
import struct
from pathlib import Path

from client.gui.language.translation import DOMAIN

FOLDER = Path(__file__).parent / "languages"


def catalogue_path(folder: Path, language: str) -> Path:
    """Return the path of the compiled catalogue of a language such as "de" or "pt_BR"."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.mo"


def languages_in(folder: Path) -> list[str]:
    """Return the languages that have a compiled catalogue, in order."""
    return sorted(path.parents[1].name for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))


def read_catalogue(path: Path) -> gettext.GNUTranslations:
    """Read a compiled catalogue. Raises OSError, ValueError if it cannot be read."""
    with path.open("rb") as file:
        try:
            return gettext.GNUTranslations(file)
        except (struct.error, LookupError) as error:
            raise ValueError(f"{path.name}: {error}") from error
