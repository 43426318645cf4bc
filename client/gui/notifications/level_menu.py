"""The menu "Notifications" of a conversation: all messages, mentions and direct, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PyQt5.QtWidgets import QActionGroup, QMenu, QWidget

from client.gui.language.translation import tr, tr_dynamic
from client.gui.session.notification_rules import LEVEL_WORDS, Level


class LevelMenu(QMenu):
    """Asks for the present level when it opens, and ticks it."""

    def __init__(
        self, level: Callable[[], Level], choose: Callable[[Level], None], parent: QWidget | None
    ) -> None:
        super().__init__(tr("Notifications"), parent)
        self._level = level
        self._group = QActionGroup(self)
        self._actions = {}
        for one, words in LEVEL_WORDS.items():
            action = self._group.addAction(tr_dynamic(words))
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose, choose, one))
            self.addAction(action)
            self._actions[one] = action
        self.aboutToShow.connect(self.tick)

    def tick(self) -> None:
        """Tick the level that holds now."""
        self._actions[self._level()].setChecked(True)

    def _choose(
        self, choose: Callable[[Level], None], level: Level, _checked: bool = False
    ) -> None:
        choose(level)
