"""The right panel: who is in the open conversation, their roles and presence, and what may be done
about them.
"""

from __future__ import annotations

from dataclasses import dataclass

from PyQt5.QtCore import QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PyQt5.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.api.values import (
    Conversation,
    ConversationKind,
    Member,
    Person,
    Trust,
)
from client.gui.kit.avatars import paint_avatar, paint_chip, paint_presence
from client.gui.kit.theme import LIGHT, Theme, ui_font
from client.gui.language.translation import tr, tr_count, tr_dynamic
from client.gui.session.panels import WIDTH
from client.gui.session.state import (
    GROUP_ADMIN,
    GROUP_OWNER,
    RESTRICTION_WORDS,
    ROLE_WORDS,
    SessionState,
)
from shared.messages import Restriction, Role

ROW_HEIGHT = 40
_SHOWN_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class ShownMember:
    """One row of the panel."""

    person: Person
    member: Member
    chip: str
    second: str

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        words = [
            self.person.username,
            self.chip,
            tr("online") if self.person.is_online else tr("offline"),
            self.second,
        ]
        return ", ".join(word for word in words if word)


def shown_member(person: Person, member: Member, conversation: Conversation) -> ShownMember:
    """What the panel says about a member."""
    chip = tr_dynamic(ROLE_WORDS[Role(person.role)]) if person.role > Role.STUDENT else ""
    is_group = conversation.kind is ConversationKind.GROUP
    if not chip and is_group and member.group_role >= GROUP_ADMIN:
        chip = tr("owner") if member.group_role == GROUP_OWNER else tr("admin")
    restriction = RESTRICTION_WORDS.get(person.restriction, "")
    second = tr_dynamic(restriction) if restriction else tr("you") if person.is_me else ""
    if person.trust is Trust.CHANGED:
        second = tr("key has changed")
    elif person.trust is Trust.VERIFIED and not person.is_me:
        second = tr("verified")
    return ShownMember(person, member, chip, second)


class MemberDelegate(QStyledItemDelegate):
    """Paints members."""

    theme: Theme = LIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(0, ROW_HEIGHT + self.theme.font_px - 14)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        shown = index.data(_SHOWN_ROLE)
        if painter is None or not isinstance(shown, ShownMember):
            return
        theme, rect = self.theme, option.rect.adjusted(8, 1, -8, -1)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        ground = theme.line if is_hovered else theme.side
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(rect), 6, 6)
        top = rect.center().y() - 13
        paint_avatar(painter, QRectF(rect.left() + 8, top, 28, 28), shown.person.username)
        paint_presence(
            painter, QPointF(rect.left() + 33, top + 25), shown.person.is_online, theme, ground
        )
        self._paint_words(painter, rect.adjusted(46, 0, -8, 0), shown)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawRoundedRect(QRectF(rect), 6, 6)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRect, shown: ShownMember) -> None:
        theme, right = self.theme, rect.right()
        small = QFontMetrics(ui_font(theme.small_px))
        if shown.chip:
            width = small.horizontalAdvance(shown.chip) + 12
            paint_chip(
                painter, QRect(right - width, rect.center().y() - 8, width, 18), shown.chip, theme
            )
            right -= width + 6
        if shown.second:
            width = small.horizontalAdvance(shown.second)
            painter.setFont(ui_font(theme.small_px))
            is_alarm = shown.person.trust is Trust.CHANGED
            painter.setPen(QColor(theme.new if is_alarm else theme.muted))
            painter.drawText(
                QRect(right - width, rect.top(), width + 1, rect.height()), _MIDDLE, shown.second
            )
            right -= width + 6
        font = ui_font(theme.font_px)
        painter.setFont(font)
        painter.setPen(QColor(theme.text if shown.person.is_online else theme.muted))
        area = QRect(rect.left(), rect.top(), right - rect.left(), rect.height())
        name = QFontMetrics(font).elidedText(
            shown.person.username, Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, _MIDDLE, name)


_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class MembersList(QListWidget):
    """The list; Enter opens the menu of the focused member."""

    menu_wanted = pyqtSignal(QPoint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.menu_wanted.emit(self.visualItemRect(self.currentItem()).center())
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()


class MembersPanel(QFrame):
    """280 px at the right."""

    closed = pyqtSignal()
    add_requested = pyqtSignal()
    message_requested = pyqtSignal(bytes)
    remove_requested = pyqtSignal(bytes)
    role_requested = pyqtSignal(bytes, int)
    restriction_requested = pyqtSignal(bytes, int)
    safety_requested = pyqtSignal(bytes)
    accept_key_requested = pyqtSignal(bytes)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rightPanel")
        self.setFixedWidth(WIDTH)
        self._may_remove = False
        self._is_instructor = False
        self._is_staff = False
        self.title = QLabel(tr("Members"), self)
        self.title.setProperty("title", True)
        self.count = QLabel(self)
        self.count.setProperty("muted", True)
        self.close_button = QToolButton(self)
        self.close_button.setText("\u2715")
        self.close_button.setAccessibleName(tr("Close the members"))
        self.close_button.clicked.connect(self.closed)
        self.add = QPushButton(tr("Add people\u2026"), self)
        self.add.clicked.connect(self.add_requested)
        self.delegate = MemberDelegate(self)
        self.list = MembersList(self)
        self.list.setAccessibleName(tr("Members"))
        self.list.setItemDelegate(self.delegate)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._pop_up)
        self.list.menu_wanted.connect(self._pop_up)
        self.list.itemClicked.connect(
            lambda item: self._pop_up(self.list.visualItemRect(item).center())
        )
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        head.addWidget(self.close_button)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 4, 16, 12)
        foot.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or size of text."""
        self.delegate.theme = theme
        self.list.viewport().update()

    def show_conversation(self, conversation: Conversation, state: SessionState) -> None:
        """List these members; nothing moves if nothing has changed."""
        self._may_remove = conversation.can_remove
        self._is_instructor, self._is_staff = state.is_instructor(), state.is_staff()
        rows = [
            shown_member(person, member, conversation)
            for person, member in state.members_of(conversation)
        ]
        online = sum(row.person.is_online for row in rows)
        people = tr_count("{count} person", "{count} people", len(rows))
        self._show_count(
            tr("{people}, {online} online", people=people, online=online),
            tr("{online} online", online=online),
            "",
        )
        self.add.setVisible(conversation.can_add)
        if rows == [self._shown(self.list.item(at)) for at in range(self.list.count())]:
            return
        chosen, scrolled = self.list.currentRow(), self.list.verticalScrollBar().value()
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(row.person.username)
            item.setData(_SHOWN_ROLE, row)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), row.spoken())
            self.list.addItem(item)
        self.list.setCurrentRow(min(chosen, len(rows) - 1))
        self.list.verticalScrollBar().setValue(scrolled)

    def _show_count(self, *texts: str) -> None:
        """The first of these for which there is room beside the title."""
        self.ensurePolished()
        room = (
            WIDTH - 16 - self.title.sizeHint().width() - self.close_button.sizeHint().width() - 24
        )
        fits = (text for text in texts if self.count.fontMetrics().horizontalAdvance(text) <= room)
        self.count.setText(next(fits, texts[-1]))
        self.count.setToolTip(texts[0])

    def menu_for(self, shown: ShownMember) -> QMenu:
        """What may be done about a member."""
        menu, person = QMenu(self), shown.person
        uid = person.uid
        if person.is_me:
            menu.addAction(tr("This is you")).setEnabled(False)
            return menu
        menu.addAction(
            tr("Message {username}", username=person.username),
            lambda: self.message_requested.emit(uid),
        )
        menu.addAction(tr("Compare safety number\u2026"), lambda: self.safety_requested.emit(uid))
        if person.trust is Trust.CHANGED:
            menu.addAction(
                tr("Accept the new key\u2026"), lambda: self.accept_key_requested.emit(uid)
            )
        if self._is_instructor and person.role == Role.STUDENT:
            menu.addAction(
                tr("Make assistant"), lambda: self.role_requested.emit(uid, int(Role.ASSISTANT))
            )
        if self._is_instructor and person.role == Role.ASSISTANT:
            menu.addAction(
                tr("Make student again"), lambda: self.role_requested.emit(uid, int(Role.STUDENT))
            )
        self._add_restrictions(menu, person)
        if self._may_remove:
            menu.addSeparator()
            menu.addAction(tr("Remove from here\u2026"), lambda: self.remove_requested.emit(uid))
        return menu

    def _add_restrictions(self, menu: QMenu, person: Person) -> None:
        """What the staff may take from a student, or give back."""
        if (
            not self._is_staff
            or person.role > Role.STUDENT
            or person.restriction == Restriction.CLOSED
        ):
            return
        uid, present = person.uid, person.restriction
        offers: list[tuple[str, Restriction]] = []
        if present == Restriction.MUTED:
            offers.append((tr("Let write again"), Restriction.NONE))
        elif present == Restriction.NONE:
            offers.append((tr("Mute\u2026"), Restriction.MUTED))
        if self._is_instructor and present == Restriction.BANNED:
            offers.append((tr("Let into the class again"), Restriction.NONE))
        elif self._is_instructor:
            offers.append((tr("Remove from the class\u2026"), Restriction.BANNED))
        if offers:
            menu.addSeparator()
        for text, wanted in offers:
            menu.addAction(text, lambda one=wanted: self.restriction_requested.emit(uid, int(one)))

    def _shown(self, item: QListWidgetItem | None) -> ShownMember | None:
        shown = item.data(_SHOWN_ROLE) if item is not None else None
        return shown if isinstance(shown, ShownMember) else None

    def _pop_up(self, point: QPoint) -> None:
        shown = self._shown(self.list.itemAt(point))
        if shown is not None:
            menu = self.menu_for(shown)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.list.viewport().mapToGlobal(point))
