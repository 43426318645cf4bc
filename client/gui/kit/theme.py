"""Colours, fonts and the style sheet of the window, light and dark, all pairs checked for
contrast.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PyQt5.QtGui import QColor, QFont, QFontDatabase, QPalette
from PyQt5.QtWidgets import QApplication

UI_FAMILIES = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    ".AppleSystemUIFont",
    "Helvetica Neue",
    "Noto Sans",
    "DejaVu Sans",
)
MONO_FAMILIES = (
    "JetBrains Mono",
    "Cascadia Mono",
    "Consolas",
    "SF Mono",
    "Menlo",
    "DejaVu Sans Mono",
    "Courier New",
)
EMOJI_FAMILIES = ("Noto Color Emoji", "Segoe UI Emoji", "Apple Color Emoji")

AVATAR_COLOURS = (
    "#B4472E",
    "#8A5A00",
    "#4F7300",
    "#0F7A4A",
    "#00757A",
    "#0B67B2",
    "#4B56C4",
    "#7B45B8",
    "#A83A8A",
    "#B03A5B",
)
AVATAR_TEXT = "#FFFFFF"
FONT_PX_MIN, FONT_PX_DEFAULT, FONT_PX_MAX = 12, 14, 20


@dataclass(frozen=True, slots=True)
class Theme:
    """One palette and the size of the text.

    Colours are "#RRGGBB"; `dataclasses.replace` gives another font size.
    """

    name: str
    is_dark: bool
    bg: str  # messages, composer, dialogs
    side: str  # sidebar, right panel
    line: str  # rules and borders
    text: str
    muted: str
    link: str
    accent: str  # primary buttons, focus, progress
    accent_hover: str
    on_accent: str
    new: str  # the NEW line, errors
    badge: str  # pill of mentions
    on_badge: str
    count_bg: str  # pill of unread counts
    count_text: str
    banner_text: str
    banner_bg: str
    code_bg: str
    code_keyword: str
    code_string: str
    code_comment: str
    code_number: str
    code_name: str  # functions, classes, what is built in
    hover: str  # the row under the mouse
    chosen: str  # the open conversation in the sidebar
    mention_bg: str
    selection_bg: str  # selected text
    selection_text: str
    online: str  # presence dot
    field_border: str  # borders that carry meaning (3:1)
    scroll: str
    added: str  # "+12" and the sign of added lines
    added_bg: str  # an added line
    added_word_bg: str  # what is new in it
    removed: str
    removed_bg: str
    removed_word_bg: str
    font_px: int = FONT_PX_DEFAULT
    is_compact: bool = False  # rows of messages and of the sidebar stand closer

    @property
    def small_px(self) -> int:
        """Times, second lines, hints."""
        return self.font_px - 2

    @property
    def code_px(self) -> int:
        """Code, fenced and inline."""
        return self.font_px - 1

    @property
    def title_px(self) -> int:
        """Class name, conversation name."""
        return self.font_px + 2


LIGHT = Theme(
    name="light",
    is_dark=False,
    bg="#FFFFFF",
    side="#F5F6F8",
    line="#E3E6EB",
    text="#1B1F24",
    muted="#5B6570",
    link="#0B5FCC",
    accent="#2563C9",
    accent_hover="#1E54AE",
    on_accent="#FFFFFF",
    new="#C62828",
    badge="#C62828",
    on_badge="#FFFFFF",
    count_bg="#DCE0E6",
    count_text="#3A424C",
    banner_text="#6B4A00",
    banner_bg="#FFF3D6",
    code_bg="#F4F5F7",
    code_keyword="#8A2094",
    code_string="#1A6B2F",
    code_comment="#5B6570",
    code_number="#9A4A00",
    code_name="#0F5C9E",
    hover="#F5F6F8",
    chosen="#DBE7FA",
    mention_bg="#E3EDFC",
    selection_bg="#B9D3F8",
    selection_text="#1B1F24",
    online="#17803D",
    field_border="#8A939E",
    scroll="#C6CCD4",
    added="#14693A",
    added_bg="#E4F5E9",
    added_word_bg="#AEDFBD",
    removed="#B3261E",
    removed_bg="#FDEBEA",
    removed_word_bg="#F6BFBB",
)

DARK = Theme(
    name="dark",
    is_dark=True,
    bg="#17191D",
    side="#1F2227",
    line="#2F343B",
    text="#E6E8EB",
    muted="#9AA4AF",
    link="#7CB7FF",
    accent="#5B9BFF",
    accent_hover="#7DB0FF",
    on_accent="#0B1320",
    new="#FF7B72",
    badge="#C62828",
    on_badge="#FFFFFF",
    count_bg="#3A414B",
    count_text="#E6E8EB",
    banner_text="#FFD982",
    banner_bg="#43340F",
    code_bg="#1F2227",
    code_keyword="#D6A0F0",
    code_string="#8FD19E",
    code_comment="#9AA4AF",
    code_number="#F0B37E",
    code_name="#86BDF5",
    hover="#1E2126",
    chosen="#263A5E",
    mention_bg="#22344F",
    selection_bg="#2F5590",
    selection_text="#FFFFFF",
    online="#4CC46A",
    field_border="#6C7682",
    scroll="#3F464F",
    added="#7BD592",
    added_bg="#16301F",
    added_word_bg="#265A35",
    removed="#FF9A92",
    removed_bg="#3A1E20",
    removed_word_bg="#742F33",
)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two "#RRGGBB" colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def contrast_pairs(theme: Theme) -> list[tuple[str, str, float]]:
    """All (foreground, background, least ratio) that the window paints."""
    t = theme
    plain = (t.bg, t.side, t.hover, t.code_bg)
    pairs = [(colour, ground, 4.5) for colour in (t.text, t.muted, t.link) for ground in plain]
    pairs += [(t.text, t.chosen, 4.5), (t.link, t.mention_bg, 4.5), (t.text, t.mention_bg, 4.5)]
    pairs += [
        (t.on_accent, t.accent, 4.5),
        (t.on_accent, t.accent_hover, 4.5),
        (t.on_badge, t.badge, 4.5),
    ]
    pairs += [(t.count_text, t.count_bg, 4.5), (t.banner_text, t.banner_bg, 4.5)]
    pairs += [(t.new, t.bg, 4.5), (t.new, t.side, 4.5), (t.new, t.hover, 4.5)]
    pairs += [(t.selection_text, t.selection_bg, 4.5)]
    code = (
        t.code_keyword,
        t.code_string,
        t.code_comment,
        t.code_number,
        t.code_name,
        t.added,
        t.removed,
    )
    pairs += [(colour, t.code_bg, 4.5) for colour in code]
    pairs += [(AVATAR_TEXT, colour, 4.5) for colour in AVATAR_COLOURS]
    pairs += [
        (t.accent, t.bg, 3.0),
        (t.accent, t.side, 3.0),
        (t.online, t.side, 3.0),
        (t.online, t.chosen, 3.0),
    ]
    pairs += [(t.field_border, t.bg, 3.0)]
    pairs += diff_pairs(theme)
    return pairs


def diff_pairs(theme: Theme) -> list[tuple[str, str, float]]:
    """The (foreground, background, least ratio) of two versions side by side."""
    t = theme
    lines, words = (t.bg, t.added_bg, t.removed_bg), (t.added_word_bg, t.removed_word_bg)
    pairs = [(t.text, ground, 4.5) for ground in (*lines, *words, t.side)]
    pairs += [(t.muted, ground, 4.5) for ground in (*lines, t.side)]
    pairs += [(t.link, ground, 4.5) for ground in (t.chosen, t.line)]  # in the list of versions
    pairs += [(t.added, ground, 4.5) for ground in (t.added_bg, t.bg, t.side, t.chosen, t.line)]
    pairs += [(t.removed, ground, 4.5) for ground in (t.removed_bg, t.bg, t.side, t.chosen, t.line)]
    return pairs


def avatar_colour(username: str) -> str:
    """The same colour for a name everywhere and on every computer."""
    digest = hashlib.blake2s(username.encode("utf-8", "replace"), digest_size=4).digest()
    return AVATAR_COLOURS[int.from_bytes(digest, "big") % len(AVATAR_COLOURS)]


def initials(username: str) -> str:
    """First letters of the first two words ("carmen_d" -> "CD", "Prof. Nguyen" -> "PN")."""
    spaced = "".join(letter if letter.isalnum() else " " for letter in username)
    return "".join(word[0] for word in spaced.split()[:2]).upper() or "?"


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    return frozenset(QFontDatabase().families())


def _families(wanted: tuple[str, ...], last: str) -> list[str]:
    # Only installed ones: each missing family costs Qt a slow search of aliases on some systems.
    families = [family for family in wanted if family in _installed()][:2] or [last]
    return families + [family for family in EMOJI_FAMILIES if family in _installed()]


def emoji_families() -> list[str]:
    """The families to force on runs of emoji; may be empty."""
    return [family for family in EMOJI_FAMILIES if family in _installed()]


def ui_font(pixel_size: int, weight: int = QFont.Weight.Normal) -> QFont:
    """The font of the window in this size."""
    font = QFont()
    font.setFamilies(_families(UI_FAMILIES, QFont().defaultFamily()))
    font.setPixelSize(pixel_size)
    font.setWeight(weight)
    return font


def mono_font(pixel_size: int) -> QFont:
    """The font of code in this size."""
    font = QFont()
    font.setFamilies(_families(MONO_FAMILIES, "monospace"))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(pixel_size)
    return font


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Set font, palette and style sheet of the whole application."""
    app.setFont(ui_font(theme.font_px))
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme))


def _palette(theme: Theme) -> QPalette:
    palette, role = QPalette(), QPalette.ColorRole
    for colour_role, colour in (
        (role.Window, theme.bg),
        (role.WindowText, theme.text),
        (role.Base, theme.bg),
        (role.AlternateBase, theme.side),
        (role.Text, theme.text),
        (role.Button, theme.side),
        (role.ButtonText, theme.text),
        (role.Link, theme.link),
        (role.Highlight, theme.selection_bg),
        (role.HighlightedText, theme.selection_text),
        (role.ToolTipBase, theme.side),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.muted),
    ):
        palette.setColor(colour_role, QColor(colour))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(theme.muted))
    return palette


_PICTURES: Final = Path(__file__).parent / "pictures"

# Widgets opt in by object name (#sidebar, #header, #banner, #composer, #rightPanel) or by a dynamic
# property:
# QLabel muted/title/section/error = true, QPushButton primary/flat/danger = true.
_STYLE = """
QWidget {{ color: {text}; }}
QMainWindow, QDialog, QStackedWidget, QScrollArea, QMessageBox {{ background: {bg}; }}
QLabel {{ background: transparent; }}
QDialogButtonBox, QMessageBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QLabel[muted="true"] {{ color: {muted}; font-size: {small_px}px; }}
QLabel[title="true"] {{ font-size: {title_px}px; font-weight: 600; }}
QLabel[section="true"] {{ color: {muted}; font-size: {section_px}px; font-weight: 600; }}
QLabel[error="true"] {{ color: {new}; font-size: {small_px}px; }}
QToolTip {{ background: {side}; color: {text}; border: 1px solid {line}; padding: 4px 6px; }}

#sidebar, #rightPanel {{ background: {side}; }}
#sidebar {{ border-right: 1px solid {line}; }}
#rightPanel {{ border-left: 1px solid {line}; }}
#sidebar QAbstractItemView, #rightPanel QAbstractItemView {{ background: {side}; border: none; outline: none; }}
#sidebar QScrollArea, #rightPanel QScrollArea {{ background: {side}; border: none; }}
#header {{ background: {bg}; border-bottom: 1px solid {line}; }}
#banner {{ background: {banner_bg}; }}
#banner QLabel {{ color: {banner_text}; }}
#banner QPushButton {{ color: {banner_text}; background: transparent; border: none; font-weight: 600;
    padding: 2px 6px; }}
#banner QPushButton:hover, #banner QPushButton:focus {{ text-decoration: underline; }}
#composer {{ background: {bg}; border: 1px solid {field_border}; border-radius: 8px; }}
#composer[focused="true"] {{ border-color: {accent}; }}
#composer QPlainTextEdit, #composer QTextEdit {{ border: none; background: transparent; padding: 0; }}
#similar {{ background: {side}; border: 1px solid {field_border}; border-radius: 8px; }}
#similar QListWidget {{ background: {side}; border: none; }}
#messages {{ background: {bg}; border: none; outline: none; }}

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QTimeEdit, QComboBox {{
    background: {bg}; color: {text}; border: 1px solid {field_border}; border-radius: 6px; padding: 5px 8px;
    selection-background-color: {selection_bg}; selection-color: {selection_text}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QTimeEdit:focus, QComboBox:focus {{
    border-color: {accent}; }}
QTimeEdit:disabled {{ color: {muted}; border-color: {line}; }}
QLineEdit[invalid="true"] {{ border-color: {new}; }}
QCheckBox::indicator:unchecked, QListWidget::indicator:unchecked {{ width: 13px; height: 13px;
    border: 1px solid {field_border}; border-radius: 3px; background: {bg}; }}
QCheckBox::indicator:checked, QListWidget::indicator:checked {{ width: 13px; height: 13px;
    border: 1px solid {accent}; border-radius: 3px; background: {accent}; image: url({check}); }}
QCheckBox::indicator:focus {{ border-color: {text}; }}
QRadioButton::indicator {{ width: 13px; height: 13px; border-radius: 7px; border: 1px solid {field_border};
    background: {bg}; }}
QRadioButton::indicator:checked {{ width: 5px; height: 5px; border: 5px solid {accent}; background: {on_accent}; }}
QCheckBox, QRadioButton {{ border: 1px solid transparent; border-radius: 4px; padding: 1px 4px 1px 0; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {accent}; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {scroll}; }}
QSlider::sub-page:horizontal {{ border-radius: 2px; background: {accent}; }}
QSlider::handle:horizontal {{ width: 16px; height: 16px; margin: -7px 0; border-radius: 9px; background: {accent};
    border: 1px solid {accent}; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {text}; width: 14px; height: 14px; }}
QHeaderView::section {{ background: {bg}; color: {muted}; border: none; border-bottom: 1px solid {line};
    padding: 4px 6px; }}
QTableView::item {{ border-bottom: 1px solid {line}; padding: 3px 0; }}
QTableView::item:selected {{ background: {chosen}; color: {text}; }}
#sample {{ background: {side}; border: 1px solid {line}; border-radius: 6px; }}
QComboBox::drop-down {{ subcontrol-origin: padding; subcontrol-position: center right; width: 26px; border: none; }}
QComboBox::down-arrow {{ image: url({arrow}); width: 10px; height: 6px; }}
QComboBox QAbstractItemView {{ background: {bg}; border: 1px solid {line}; selection-background-color: {chosen};
    selection-color: {text}; }}

QPushButton {{ background: {side}; color: {text}; border: 1px solid {line}; border-radius: 6px; padding: 6px 14px; }}
QPushButton:hover {{ border-color: {field_border}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:disabled {{ color: {muted}; }}
QPushButton[primary="true"] {{ background: {accent}; color: {on_accent}; border: 1px solid {accent};
    font-weight: 600; }}
QPushButton[primary="true"]:hover {{ background: {accent_hover}; border-color: {accent_hover}; }}
QPushButton[primary="true"]:focus {{ border: 1px solid {text}; }}
QPushButton[primary="true"]:disabled {{ background: {count_bg}; color: {count_text}; border-color: {count_bg}; }}
QPushButton[danger="true"] {{ color: {new}; }}
QPushButton[flat="true"] {{ background: transparent; border: 1px solid transparent; padding: 4px 8px; color: {muted}; }}
QPushButton[flat="true"]:hover {{ color: {text}; background: {hover}; }}
QPushButton[flat="true"]:checked {{ background: {chosen}; color: {text}; }}
QPushButton[flat="true"]:focus {{ border-color: {accent}; }}
QPushButton#jumpToBottom {{ background: {bg}; color: {text}; border: 1px solid {field_border}; border-radius: 16px;
    padding: 0 12px; font-weight: 600; }}
QPushButton#jumpToBottom:hover {{ background: {side}; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px;
    color: {muted}; }}
QToolButton:hover {{ background: {hover}; color: {text}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton:checked {{ background: {chosen}; color: {text}; }}
QToolButton::menu-indicator {{ image: none; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}

QMenu {{ background: {bg}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {chosen}; color: {text}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QTabWidget::pane {{ border: none; }}
QTabBar::tab {{ padding: 6px 12px; color: {muted}; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QListWidget, QTableView {{ background: {bg}; border: 1px solid {line}; border-radius: 6px; outline: none; }}
QListWidget::item {{ padding: 5px 8px; }}
QListWidget::item:selected, QListWidget::item:hover {{ background: {chosen}; color: {text}; }}
QProgressBar {{ background: {line}; border: none; border-radius: 2px; max-height: 4px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QSplitter::handle {{ background: {line}; }}

QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {scroll}; border-radius: 4px; min-height: 32px; margin: 2px; }}
QScrollBar::handle:disabled {{ background: transparent; }}
QScrollBar::handle:vertical:hover {{ background: {field_border}; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {scroll}; border-radius: 4px; min-width: 32px; margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def style_sheet(theme: Theme) -> str:
    """The style sheet of the whole application in this theme."""
    values = {name: getattr(theme, name) for name in Theme.__dataclass_fields__}
    pictures = {
        name: f'"{(_PICTURES / f"{name}-{theme.name}.png").as_posix()}"'
        for name in ("check", "arrow")
    }
    sizes = {
        "small_px": theme.small_px,
        "title_px": theme.title_px,
        "section_px": theme.font_px - 3,
    }
    return _STYLE.format(**values, **sizes, **pictures)
