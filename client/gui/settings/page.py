"""What the pages of the settings are built of: headings, notes, choices, ticks, rows; all with
names to be read out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

_Choice = TypeVar("_Choice")


def _take_tab(button: QRadioButton, is_on: bool) -> None:
    # Tab goes to the one that is chosen, and arrows from there; Qt sees to it only once one of them
    # had the focus.
    policy = Qt.FocusPolicy.StrongFocus if is_on else Qt.FocusPolicy.ClickFocus
    button.setFocusPolicy(policy)


class Page(QScrollArea):
    """One page: scrolls if it is higher than the dialog. `read` shows what holds now."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.setAccessibleName(title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body = QWidget(self)
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(4, 0, 16, 8)
        self.column.setSpacing(6)
        self.setWidget(self.body)
        self._is_first = True

    def read(self) -> None:
        """Show what holds now."""

    def heading(self, text: str) -> QLabel:
        """What the next lines are about."""
        if not self._is_first:
            self.column.addSpacing(12)
        self._is_first = False
        label = QLabel(text, self.body)
        label.setStyleSheet("font-weight: 600;")
        self.column.addWidget(label)
        return label

    def note(self, text: str) -> QLabel:
        """A muted sentence that explains."""
        label = QLabel(text, self.body)
        label.setProperty("muted", True)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.column.addWidget(label)
        return label

    def tick(
        self, text: str, changed: Callable[[bool], None], parent_layout: QLayout | None = None
    ) -> QCheckBox:
        """Something that is on or off."""
        box = QCheckBox(text, self.body)
        box.setAccessibleName(text)
        box.toggled.connect(changed)
        (self.column if parent_layout is None else parent_layout).addWidget(
            box
        )  # an empty layout counts as false
        return box

    def choices(
        self, title: str, options: Sequence[tuple[_Choice, str]], chosen: Callable[[_Choice], None]
    ) -> dict[_Choice, QRadioButton]:
        """One of several, all to be seen."""
        group, made = QButtonGroup(self.body), {}
        for value, text in options:
            button = QRadioButton(text, self.body)
            button.setAccessibleName(f"{title}: {text}")
            button.toggled.connect(lambda is_on, one=value: chosen(one) if is_on else None)
            button.toggled.connect(partial(_take_tab, button))
            group.addButton(button)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self.column.addWidget(button)
            made[value] = button
        return made

    def buttons(self, *named: tuple[str, str, Callable[[], object]]) -> list[QPushButton]:
        """Buttons in a row: text, name to be read out, what they do."""
        row, made = QHBoxLayout(), []
        row.setSpacing(6)
        for text, name, action in named:
            button = QPushButton(text, self.body)
            button.setAccessibleName(name)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, act=action: act())
            row.addWidget(button)
            made.append(button)
        row.addStretch(1)
        self.column.addLayout(row)
        return made

    def facts(self, rows: Sequence[tuple[str, str]]) -> dict[str, QLabel]:
        """Names and values in two columns; the values can be selected and copied."""
        grid, made = QGridLayout(), {}
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        top = Qt.Alignment(Qt.AlignmentFlag.AlignTop)
        for at, (name, value) in enumerate(rows):
            label = QLabel(name, self.body)
            fact = QLabel(value, self.body)
            fact.setTextFormat(Qt.TextFormat.PlainText)
            fact.setWordWrap(True)
            fact.setAccessibleName(f"{name}: {value}")
            fact.setTextInteractionFlags(
                Qt.TextInteractionFlags(
                    Qt.TextInteractionFlag.TextSelectableByMouse
                    | Qt.TextInteractionFlag.TextSelectableByKeyboard
                )
            )
            grid.addWidget(label, at, 0, top)
            grid.addWidget(fact, at, 1, top)
            made[name] = fact
        self.column.addLayout(grid)
        return made

    def end(self) -> None:
        """Nothing follows: the lines stay at the top."""
        self.column.addStretch(1)
