"""Some seeds, whether a seed repeats, and whether broken cores are found.

Many more seeds: `make torture`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import client.core.conversation.membership_changes
from broker.core.delivery import Delivery
from broker.core.posting import Posting
from client.core.conversation.log_reading import CatchUp
from client.threads.shell import ClientShell
from shared.codec import encode
from shared.messages import MessageAccepted
from tests.simulation.cheap_crypto import cheap_crypto
from tests.simulation.client_host import SimStore
from tests.simulation.command import main, play, play_many
from tests.simulation.simulation import prepare
from tests.simulation.world import Violation, World
from tools.module_map import ROOT

Patch = Callable[[pytest.MonkeyPatch], None]


def test_seeds_hold() -> None:
    failed = [outcome for outcome in play_many(list(range(1, 31)), False) if outcome.failure]
    assert not failed, [(outcome.seed, outcome.failure) for outcome in failed]


def test_a_few_seeds_hold_with_the_real_primitives() -> None:
    assert [outcome.failure for outcome in play_many([101, 102, 103], True)] == ["", "", ""]


def test_a_seed_repeats_in_any_process() -> None:
    """Sets of ids have another order in every process; nothing may hang on it."""
    seeds = [7, 8, 9]
    here = [outcome.digest for outcome in play_many(seeds, False)]
    assert here == [outcome.digest for outcome in play_many(seeds, False)]
    code = (
        "from tests.simulation.command import play_many\n"
        f"print(*(outcome.digest for outcome in play_many({seeds}, False)))"
    )
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", code]
        found = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert found.stdout.split() == here


def test_the_command_says_how_to_repeat_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--seed", "7"]) == 0
    assert "seed 7: all is as it should be" in capsys.readouterr().out
    with cheap_crypto():
        prepare()
    monkeypatch.setattr(Delivery, "answer_repeat", lambda *_: False)
    seed = first_failure(60)
    assert seed and main(["--seed", str(seed)]) == 1
    printed = capsys.readouterr().out
    assert "is stored twice" in printed and "disk: " in printed


def test_what_never_ends_is_a_failure() -> None:
    world = World(1)

    def again() -> None:
        world.after(0, again)

    again()
    with pytest.raises(Violation, match="no end"):
        world.run_until(1)


# --- broken cores ---


def first_failure(upto: int, why: str = "") -> int:
    """The first seed that fails for this reason, 0 if none does."""
    with cheap_crypto():
        return next((seed for seed in range(1, upto) if why in play(seed).failure != ""), 0)


def acknowledge_before_commit(patch: pytest.MonkeyPatch) -> None:
    def answer(
        self: Delivery, session: Any, message_id: Any, log_id: Any, sequence: int, size: int
    ) -> None:
        self.out.add(session.id, encode(MessageAccepted(message_id, log_id, sequence)))
        right(self, session, message_id, log_id, sequence, size)

    right = Delivery.answer
    patch.setattr(Delivery, "answer", answer)


def forget_repeats(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Delivery, "answer_repeat", lambda *_: False)


def tell_cursors_before_commit(patch: pytest.MonkeyPatch) -> None:
    def advance(self: Posting, session: Any, request: Any, now_ms: int) -> None:
        right(self, session, request, now_ms)
        self._delivery.apply_cursors(self._delivery.change().batch.cursors)

    right = Posting.advance_cursor
    patch.setattr(Posting, "advance_cursor", advance)


def keep_the_seed_after_a_removal(patch: pytest.MonkeyPatch) -> None:
    right = client.core.conversation.membership_changes._send_record

    def send(work: Any, conversation: Any, plan: Any, epoch: int, seed: bytes, *rest: Any) -> None:
        is_removal = plan.reason in ("remove", "leave")
        right(
            work, conversation, plan, epoch, conversation.head_seed() if is_removal else seed, *rest
        )

    patch.setattr(client.core.conversation.membership_changes, "_send_record", send)


def tell_before_save(patch: pytest.MonkeyPatch) -> None:
    save, turn = SimStore.apply, ClientShell.turn
    later: list[tuple[SimStore, list[Any]]] = []

    def turn_before(self: ClientShell, posted: Any = ()) -> None:
        later.clear()
        turn(self, posted)
        for store, effects in later:
            save(store, effects)

    patch.setattr(SimStore, "apply", lambda store, effects: later.append((store, effects)))
    patch.setattr(ClientShell, "turn", turn_before)


def believe_every_push(patch: pytest.MonkeyPatch) -> None:
    def apply(self: Any, conversation: Any, answer: Any) -> None:
        if answer.entries and self._work.is_directory_read:
            conversation.log.cursor = max(conversation.log.cursor, answer.entries[0].sequence - 1)
        right(self, conversation, answer)

    right = CatchUp._apply_conversation
    patch.setattr(CatchUp, "_apply_conversation", apply)


@pytest.mark.parametrize(
    "break_something, why",
    [
        (acknowledge_before_commit, "acknowledged and not stored"),
        (forget_repeats, "stored twice"),
        (tell_cursors_before_commit, "a cursor is told that is not stored"),
        (keep_the_seed_after_a_removal, "holds the key of epoch"),
        (tell_before_save, "is lost"),
        (believe_every_push, "the cursor of"),
    ],
)
def test_a_broken_core_is_found(
    break_something: Patch, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cheap_crypto():
        prepare()
    break_something(monkeypatch)
    assert first_failure(100, why)
