"""Fonts, metrics and character formats of one theme, for everything that a row of messages
shows.
"""

from __future__ import annotations

from PyQt5.QtGui import QBrush, QColor, QFont, QFontMetricsF, QTextCharFormat

from client.gui.kit.theme import Theme, emoji_families, mono_font, ui_font
from client.text.markup import Style

AVATAR_X, AVATAR_PX = 16, 36
GROUP_GAP, FILE_GAP, BOTTOM_GAP, DAY_BAND = 10, 8, 2, 36
COMPACT_AVATAR_PX, COMPACT_GROUP_GAP, COMPACT_FILE_GAP, COMPACT_DAY_BAND = 26, 4, 4, 28
HEADING_PX = (6, 4, 2, 0, 0, 0)  # by level, more than the text


class Look:
    """Fonts, metrics and character formats of one theme; built once, kept until the theme
    changes.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        demi = QFont.Weight.DemiBold
        self.text_font, self.name_font = ui_font(theme.font_px), ui_font(theme.font_px, demi)
        self.small_font, self.small_bold = ui_font(theme.small_px), ui_font(theme.small_px, demi)
        self.tiny_font = ui_font(theme.font_px - 3, QFont.Weight.Medium)
        self.code_font = mono_font(theme.code_px)
        self.heading_fonts = {
            more: ui_font(theme.font_px + more, QFont.Weight.Bold) for more in set(HEADING_PX)
        }
        self.name_metrics, self.small_metrics = (
            QFontMetricsF(self.name_font),
            QFontMetricsF(self.small_font),
        )
        self.small_bold_metrics, self.tiny_metrics = (
            QFontMetricsF(self.small_bold),
            QFontMetricsF(self.tiny_font),
        )
        is_compact = theme.is_compact
        self.avatar_px = COMPACT_AVATAR_PX if is_compact else AVATAR_PX
        self.avatar_x = AVATAR_X + (AVATAR_PX - self.avatar_px) / 2
        self.group_gap, self.file_gap, self.bottom_gap = (
            (COMPACT_GROUP_GAP, COMPACT_FILE_GAP, 0)
            if is_compact
            else (GROUP_GAP, FILE_GAP, BOTTOM_GAP)
        )
        self.day_band = COMPACT_DAY_BAND if is_compact else DAY_BAND
        self.line = round(theme.font_px * (1.3 if is_compact else 1.43))
        self.small_line = round(theme.small_px * 1.4)
        self.code_line = round(theme.code_px * 1.46)
        self._text_metrics, self._code_metrics = (
            QFontMetricsF(self.text_font),
            QFontMetricsF(self.code_font),
        )
        self._emoji = emoji_families()
        self._formats: dict[tuple[Style, bool], QTextCharFormat] = {}

    def baseline(self, is_code: bool) -> tuple[float, float]:
        """Height of a line and where in it the baseline lies, the same for every line whatever
        fonts it mixes.
        """
        metrics, line = (
            (self._code_metrics, self.code_line) if is_code else (self._text_metrics, self.line)
        )
        return line, _baseline(metrics, line)

    def heading(self, level: int) -> tuple[QFont, float, float]:
        """Font, height of a line and its baseline for a heading of level 1 to 6."""
        more = HEADING_PX[level - 1]
        font, line = self.heading_fonts[more], self.line + 1.3 * more
        return font, line, _baseline(QFontMetricsF(font), line)

    def format(self, style: Style, is_emoji: bool = False) -> QTextCharFormat:
        """The character format of a style."""
        key = (style, is_emoji)
        if key not in self._formats:
            self._formats[key] = self._emoji_format() if is_emoji else self._style_format(style)
        return self._formats[key]

    def note_format(self, is_italic: bool = False) -> QTextCharFormat:
        """Muted: "(edited)", deleted messages, quotes."""
        note = QTextCharFormat()
        note.setForeground(QBrush(QColor(self.theme.muted)))
        if is_italic:
            note.setFontItalic(True)
        else:
            note.setProperty(QTextCharFormat.Property.FontPixelSize, self.theme.small_px)
        return note

    def reaction_families(self) -> list[str]:
        """The emoji families first, the text's after them."""
        return [*self._emoji, *self.text_font.families()] if self._emoji else []

    def _emoji_format(self) -> QTextCharFormat:
        emoji = QTextCharFormat()
        if self._emoji:
            emoji.setFontFamilies(self._emoji)
        return emoji

    def _style_format(self, style: Style) -> QTextCharFormat:
        theme, made = self.theme, QTextCharFormat()
        if style & Style.BOLD:
            made.setFontWeight(QFont.Weight.Bold)
        if style & Style.ITALIC:
            made.setFontItalic(True)
        if style & Style.STRIKE:
            made.setFontStrikeOut(True)
        if style & Style.CODE:
            made.setFontFamilies(self.code_font.families())
            made.setProperty(QTextCharFormat.Property.FontPixelSize, theme.code_px)
            made.setBackground(QBrush(QColor(theme.code_bg)))
        if style & Style.LINK:
            made.setForeground(QBrush(QColor(theme.link)))
            made.setFontUnderline(True)
        if style & Style.MENTION:
            made.setForeground(QBrush(QColor(theme.link)))
            made.setBackground(QBrush(QColor(theme.mention_bg)))
            made.setFontWeight(QFont.Weight.DemiBold)
        for token, colour in (
            (Style.KEYWORD, theme.code_keyword),
            (Style.STRING, theme.code_string),
            (Style.COMMENT, theme.code_comment),
            (Style.NUMBER, theme.code_number),
            (Style.NAME, theme.code_name),
            (Style.ADDED, theme.added),
            (Style.REMOVED, theme.removed),
        ):
            if style & token:
                made.setForeground(QBrush(QColor(colour)))
        if style & Style.COMMENT:
            made.setFontItalic(True)
        return made


def _baseline(metrics: QFontMetricsF, line: float) -> float:
    return float((line - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent())
