"""What the right panel of the window can show, and how wide it is."""

from __future__ import annotations

from enum import Enum

WIDTH = 280


class PanelKind(Enum):
    """What the panel shows; the value stands in the settings."""

    NONE = ""
    MEMBERS = "members"
    FILES = "files"
    VERSIONS = "versions"
    PINS = "pins"
    QUESTIONS = "questions"
    SEARCH = "search"
