"""Every pair of colours that the window paints can be read (WCAG AA), in both themes."""

from __future__ import annotations

import pytest

from client.gui.kit.theme import (
    AVATAR_COLOURS,
    DARK,
    LIGHT,
    Theme,
    avatar_colour,
    contrast,
    contrast_pairs,
    initials,
)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_all_pairs_reach_their_ratio(theme: Theme) -> None:
    poor = [
        f"{front} on {ground}: {contrast(front, ground):.2f} < {least}"
        for front, ground, least in contrast_pairs(theme)
        if contrast(front, ground) < least
    ]
    assert not poor


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)
    assert contrast("#1B1F24", "#FFFFFF") == pytest.approx(16.6, abs=0.1)


def test_avatars() -> None:
    assert len({avatar_colour(f"user{number}") for number in range(200)}) == len(AVATAR_COLOURS)
    assert avatar_colour("alice") == avatar_colour("alice")
    found = [initials(name) for name in ("carmen_d", "Prof. Nguyen", "bob.k", "hyun", "__")]
    assert found == ["CD", "PN", "BK", "H", "?"]
