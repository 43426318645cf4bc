"""Heights in chunks answer as a plain list of numbers would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.gui.messages.anchor import Anchor
from client.gui.messages.heights import Heights

ESTIMATE = 40


def plain_find(heights: list[int], y: int) -> tuple[int, int]:
    for row, height in enumerate(heights):
        if y < height:
            return row, y
        y -= height
    return len(heights) - 1, heights[-1]


steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 300), st.just(0)),
        st.tuples(st.just("insert"), st.integers(1, 40), st.integers(0, 999)),
        st.tuples(st.just("remove"), st.integers(1, 40), st.integers(0, 999)),
        st.tuples(st.just("set"), st.integers(1, 5000), st.integers(0, 999)),
    ),
    max_size=25,
)


@given(st.integers(0, 600), steps, st.integers(0, 100_000))
def test_agrees_with_a_list(count: int, changes: list[tuple[str, int, int]], y: int) -> None:
    heights, model = Heights(ESTIMATE), [ESTIMATE] * count
    heights.reset(count)
    for kind, number, at in changes:
        at = min(at, max(0, len(model) - (kind != "insert")))
        if kind == "append":
            heights.append(number)
            model += [ESTIMATE] * number
        elif kind == "insert":
            heights.insert(at, number)
            model[at:at] = [ESTIMATE] * number
        elif kind == "remove":
            heights.remove(at, min(number, len(model) - at))
            del model[at : at + number]
        elif model:
            assert heights.set(at, number) == number - model[at]
            model[at] = number
    assert len(heights) == len(model)
    assert heights.total == sum(model)
    assert heights.top(len(model)) == sum(model)
    if model:
        middle = len(model) // 2
        assert heights.top(middle) == sum(model[:middle])
        assert heights.find(y) == plain_find(model, y)
        assert heights.find(-5) == (0, 0)


def test_forget_keeps_heights_as_estimates() -> None:
    heights = Heights(ESTIMATE)
    heights.reset(3)
    heights.set(1, 99)
    assert heights.is_measured(1)
    heights.forget()
    assert not heights.is_measured(1)
    assert heights.height(1) == 99


def test_a_row_may_be_higher_than_65535_pixels() -> None:
    heights = Heights(ESTIMATE)
    heights.reset(2)
    heights.set(0, 1_300_000)
    assert heights.find(1_299_999) == (0, 1_299_999)


def test_an_estimate_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        Heights(0)


class Rows:
    """True heights that the anchor finds out by measuring."""

    def __init__(self, true_heights: list[int]) -> None:
        self.true = true_heights
        self.heights = Heights(ESTIMATE)
        self.heights.reset(len(true_heights))
        self.anchor = Anchor(self.heights, self.measure)

    def measure(self, row: int) -> int:
        self.heights.set(row, self.true[row])
        return self.true[row]


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=80),
    st.lists(st.integers(-900, 900), max_size=12),
)
def test_visible_rows_cover_the_viewport_without_gaps(
    true_heights: list[int], moves: list[int]
) -> None:
    rows, view = Rows(true_heights), 250
    for move in [0, *moves]:
        rows.anchor.move(move)
        shown = rows.anchor.visible(view)
        assert shown[0][1] <= 0 or shown[0][0] == 0
        last, y = shown[-1]
        assert y + true_heights[last] >= view or last == len(true_heights) - 1
        for (row, top), (after, after_top) in zip(shown, shown[1:], strict=False):
            assert after == row + 1
            assert after_top == top + true_heights[row]
        assert 0 <= rows.anchor.value(view) <= rows.anchor.maximum(view)


@given(st.lists(st.integers(1, 300), min_size=30, max_size=60), st.integers(-2000, -1))
def test_measuring_above_never_moves_the_text(true_heights: list[int], move: int) -> None:
    rows, view = Rows(true_heights), 250
    rows.anchor.visible(view)
    rows.anchor.move(move)
    before = rows.anchor.visible(view)
    for row in range(len(true_heights)):
        rows.measure(row)
    assert rows.anchor.visible(view) == before


def test_few_rows_stand_at_the_bottom() -> None:
    rows = Rows([30, 30])
    assert rows.anchor.visible(100) == [(0, 40), (1, 70)]
    assert rows.anchor.is_at_bottom
