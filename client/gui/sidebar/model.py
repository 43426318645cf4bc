"""The rows of the sidebar: what stands in them, and the Qt model over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from client.api.values import Conversation, ConversationKind
from client.gui.language.translation import tr, tr_count, tr_dynamic, tr_noop
from client.gui.session.state import Section, SessionState, sign_of

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_EMPTY_LINES = {
    Section.GROUPS: tr_noop("Press + to start one"),
    Section.DIRECT: tr_noop("Nobody else has joined yet"),
}
MAX_PEOPLE = 25  # people not written to yet that are listed; the jump field finds the others


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the sidebar: a section's head, a conversation, a person, or a line that says what
    to do.
    """

    section: Section
    conv_id: bytes = b""
    uid: bytes = b""  # of somebody not written to yet
    name: str = ""
    sign: str = ""
    is_person: bool = False
    is_online: bool = False
    is_member: bool = True
    unread: int = 0
    mentions: int = 0
    is_muted: bool = False
    is_head: bool = False
    is_collapsed: bool = False
    can_add: bool = False
    hint: str = ""

    @property
    def badge(self) -> str:
        """The text of the pill, empty for none. In a direct conversation each message is for me."""
        if self.mentions or (self.is_person and self.unread and not self.is_muted):
            return f"@{_short(self.mentions or self.unread)}"
        return _short(self.unread) if self.unread else ""

    @property
    def is_red(self) -> bool:
        """Whether the pill is that of a mention."""
        return self.badge.startswith("@")

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        if self.is_head:
            how = tr("collapsed") if self.is_collapsed else tr("expanded")
            return f"{tr_dynamic(self.section.value).capitalize()}, {how}"
        if self.hint:
            return self.hint
        phrases = [self.name]
        if self.is_person:
            phrases.append(tr("online") if self.is_online else tr("offline"))
        if self.unread:
            phrases.append(tr("{unread} unread", unread=self.unread))
        if self.mentions:
            phrases.append(tr_count("{count} mention", "{count} mentions", self.mentions))
        if not self.is_member:
            phrases.append(tr("not joined"))
        if self.is_muted:
            phrases.append(tr("muted"))
        return ", ".join(phrases)


def _short(count: int) -> str:
    return str(count) if count < 1000 else "999+"


def entries_of(state: SessionState, collapsed: frozenset[Section], open_conv: bytes) -> list[Entry]:
    """All rows of the sidebar.

    A collapsed section still shows what is unread, and the open conversation.
    """
    entries: list[Entry] = []
    for section, conversations in state.sections():
        can_add = section is not Section.ANNOUNCEMENTS
        if not conversations and not can_add:
            continue
        is_collapsed = section in collapsed
        entries.append(Entry(section, is_head=True, is_collapsed=is_collapsed, can_add=can_add))
        for one in conversations:
            if not is_collapsed or one.unread or one.conv_id == open_conv:
                entries.append(_entry(state, section, one))
        people = _people(state, section) if section is Section.DIRECT and not is_collapsed else []
        entries += people
        if not conversations and not people and not is_collapsed and section in _EMPTY_LINES:
            entries.append(Entry(section, hint=tr_dynamic(_EMPTY_LINES[section])))
    return entries


def _people(state: SessionState, section: Section) -> list[Entry]:
    """The rest of the class, so that everybody is seen and one click away."""
    others = state.not_written_to()
    entries = [
        Entry(section, uid=one.uid, name=one.username, is_person=True, is_online=one.is_online)
        for one in others[:MAX_PEOPLE]
    ]
    if len(others) > MAX_PEOPLE:
        entries.append(
            Entry(section, hint=tr("{count} more: press +", count=len(others) - MAX_PEOPLE))
        )
    return entries


def _entry(state: SessionState, section: Section, one: Conversation) -> Entry:
    person = state.other_person(one)
    return Entry(
        section,
        one.conv_id,
        name=one.name,
        sign=sign_of(one) or "\u25e6",
        is_person=one.kind is ConversationKind.DIRECT,
        is_online=person is not None and person.is_online,
        is_member=one.is_member,
        unread=one.unread,
        mentions=one.unread_mentions,
        is_muted=one.conv_id in state.muted,
    )


class SidebarModel(QAbstractListModel):
    """The entries as a Qt model; rows that stay are only repainted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these entries."""
        fresh = list(entries)
        same = [_place(entry) for entry in fresh] == [_place(entry) for entry in self.entries]
        if same:
            old, self.entries = self.entries, fresh
            for row, entry in enumerate(fresh):
                if entry != old[row]:
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self.entries = fresh
        self.endResetModel()

    def row_of(self, conv_id: bytes) -> int:
        """The row of a conversation, -1 if it is not shown."""
        return next(
            (row for row, entry in enumerate(self.entries) if entry.conv_id == conv_id and conv_id),
            -1,
        )

    def row_at(self, entry: Entry) -> int:
        """Where an entry stands now, -1 if it is gone."""
        return next(
            (row for row, one in enumerate(self.entries) if _place(one) == _place(entry)), -1
        )

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.entries):
            return None
        entry = self.entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.spoken()
        if role == Qt.ItemDataRole.ToolTipRole:
            return None if entry.is_head else entry.spoken().replace("<", "\u2039")
        return (
            (entry.name or tr_dynamic(entry.section.value))
            if role == Qt.ItemDataRole.DisplayRole
            else None
        )

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        usable = Qt.ItemFlags(Qt.ItemFlag.ItemIsEnabled)
        entry = (
            self.entries[index.row()]
            if index.isValid() and index.row() < len(self.entries)
            else None
        )
        if entry is None or entry.hint:
            return usable
        return usable | Qt.ItemFlag.ItemIsSelectable


def _place(entry: Entry) -> tuple[Section, bytes, bytes, bool, str]:
    return entry.section, entry.conv_id, entry.uid, entry.is_head, entry.hint
