"""What the user prefers, as one typed object over the settings of the window."""

from __future__ import annotations

from datetime import time
from enum import Enum
from typing import TypeVar

from PyQt5.QtCore import QObject, QSettings, pyqtSignal

from client.gui.kit.theme import FONT_PX_DEFAULT, FONT_PX_MAX, FONT_PX_MIN
from client.gui.session.notification_rules import Level

QUIET_FROM, QUIET_TO = time(22, 0), time(7, 0)
LEVELS = "notify"  # the group of the levels of single conversations
_Choice = TypeVar("_Choice", bound=Enum)


class ThemeChoice(Enum):
    """Which colours; the value stands in the settings."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class Density(Enum):
    """How close rows stand; the value stands in the settings."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class Preferences(QObject):
    """Reads and writes the settings; what is unknown or damaged gives the default. Lives on the
    window's thread.

    `changed` carries the name of the property, for the level of one conversation "level".
    """

    changed = pyqtSignal(str)

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    # --- looks ---

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark, or as the system."""
        return self._choice("theme", ThemeChoice.SYSTEM)

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._put("theme", choice.value, "theme")

    @property
    def font_px(self) -> int:
        """The size of text."""
        try:
            size = int(self._text("font_px"))
        except ValueError:
            return FONT_PX_DEFAULT
        return max(FONT_PX_MIN, min(FONT_PX_MAX, size))

    @font_px.setter
    def font_px(self, size: int) -> None:
        self._put("font_px", max(FONT_PX_MIN, min(FONT_PX_MAX, size)), "font_px")

    @property
    def density(self) -> Density:
        """How close rows stand."""
        return self._choice("density", Density.COMFORTABLE)

    @density.setter
    def density(self, density: Density) -> None:
        self._put("density", density.value, "density")

    @property
    def language(self) -> str:
        """The language of the window, such as "de"; empty for the system's."""
        return self._text("language").strip()

    @language.setter
    def language(self, code: str) -> None:
        self._put("language", code, "language")

    # --- writing, files, the window ---

    @property
    def enter_sends(self) -> bool:
        """Whether Enter sends; otherwise Ctrl+Enter does, and Enter makes a line."""
        return self._flag("enter_sends", True)

    @enter_sends.setter
    def enter_sends(self, is_on: bool) -> None:
        self._put("enter_sends", is_on, "enter_sends")

    @property
    def downloads(self) -> str:
        """The folder where files are saved; empty for the system's."""
        return self._text("downloads").strip()

    @downloads.setter
    def downloads(self, folder: str) -> None:
        self._put("downloads", folder, "downloads")

    @property
    def remembers_place(self) -> bool:
        """Whether the window opens where it was closed."""
        return self._flag("remember_place", True)

    @remembers_place.setter
    def remembers_place(self, is_on: bool) -> None:
        self._put("remember_place", is_on, "remembers_place")

    @property
    def keeps_in_tray(self) -> bool:
        """Whether closing the window leaves the program running in the tray."""
        return self._flag("keep_in_tray", False)

    @keeps_in_tray.setter
    def keeps_in_tray(self, is_on: bool) -> None:
        self._put("keep_in_tray", is_on, "keeps_in_tray")

    # --- being told ---

    @property
    def default_level(self) -> Level:
        """The level of conversations that have none of their own."""
        return self._choice("notify_default", Level.MENTIONS)

    @default_level.setter
    def default_level(self, level: Level) -> None:
        self._put("notify_default", level.value, "default_level")

    def level_of(self, conv_id: bytes) -> Level:
        """The level of a conversation."""
        return self._choice(f"{LEVELS}/{conv_id.hex()}", self.default_level)

    def set_level(self, conv_id: bytes, level: Level) -> None:
        """Give a conversation a level of its own."""
        self._put(f"{LEVELS}/{conv_id.hex()}", level.value, "level")

    def muted(self) -> frozenset[bytes]:
        """The conversations that were set to say nothing."""
        self._settings.beginGroup(LEVELS)
        keys = self._settings.childKeys()
        self._settings.endGroup()
        muted = set()
        for key in keys:
            try:
                conv_id = bytes.fromhex(key)
            except ValueError:
                continue
            if self._text(f"{LEVELS}/{key}") == Level.NOTHING.value:
                muted.add(conv_id)
        return frozenset(muted)

    @property
    def has_sound(self) -> bool:
        """Whether a sound goes with it."""
        return self._flag("sound", True)

    @has_sound.setter
    def has_sound(self, is_on: bool) -> None:
        self._put("sound", is_on, "has_sound")

    @property
    def shows_text(self) -> bool:
        """Whether a notification shows who writes what."""
        return self._flag("notify_text", True)

    @shows_text.setter
    def shows_text(self, is_on: bool) -> None:
        self._put("notify_text", is_on, "shows_text")

    @property
    def do_not_disturb_until_ms(self) -> int:
        """Unix milliseconds; 0 if one may be disturbed."""
        try:
            return max(0, int(self._text("dnd_until_ms")))
        except ValueError:
            return 0

    @do_not_disturb_until_ms.setter
    def do_not_disturb_until_ms(self, until_ms: int) -> None:
        self._put("dnd_until_ms", str(until_ms), "do_not_disturb_until_ms")

    @property
    def has_quiet_hours(self) -> bool:
        """Whether the quiet hours hold."""
        return self._flag("quiet_on", False)

    @has_quiet_hours.setter
    def has_quiet_hours(self, is_on: bool) -> None:
        self._put("quiet_on", is_on, "quiet_hours")

    @property
    def quiet_span(self) -> tuple[time, time]:
        """From when to when it would be quiet."""
        return self._time("quiet_from", QUIET_FROM), self._time("quiet_to", QUIET_TO)

    @quiet_span.setter
    def quiet_span(self, span: tuple[time, time]) -> None:
        if span != self.quiet_span:
            self._settings.setValue("quiet_from", f"{span[0]:%H:%M}")
            self._settings.setValue("quiet_to", f"{span[1]:%H:%M}")
            self.changed.emit("quiet_hours")

    @property
    def quiet_hours(self) -> tuple[time, time] | None:
        """From when to when it is quiet every day; None if never."""
        return self.quiet_span if self.has_quiet_hours else None

    # --- inside ---

    def _text(self, key: str) -> str:
        try:
            value = self._settings.value(key, "")
        except (TypeError, ValueError):
            return ""  # something that Qt wrote and Python cannot hold
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, str | int) else ""

    def _flag(self, key: str, default: bool) -> bool:
        return {"true": True, "false": False}.get(self._text(key).lower(), default)

    def _choice(self, key: str, default: _Choice) -> _Choice:
        try:
            return type(default)(self._text(key))
        except ValueError:
            return default

    def _time(self, key: str, default: time) -> time:
        try:
            return time.fromisoformat(self._text(key)).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            return default

    def _put(self, key: str, value: str | int | bool, name: str) -> None:
        written = str(value).lower() if isinstance(value, bool) else str(value)
        if self._text(key) != written:
            self._settings.setValue(key, value)
            self.changed.emit(name)
