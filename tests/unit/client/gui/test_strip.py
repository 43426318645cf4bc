"""What the strip over the composer says: of several reasons the one that matters most, with what
can be done.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from client.api.values import ConversationKind, Trust
from client.gui.conversation.strip import StripWords, strip_for
from shared.errors import REFUSAL_SENTENCES
from shared.messages import Restriction
from tests.support.saying import told_so
from tests.support.window.window_data import ME, conversation, direct, person

BOB = person("bob.k")
STAFF_ONLY = "Only the staff writes here."
NOT_NOW = "You cannot write here now."
NO_MEMBER = "You are not a member here any more. What you could read stays on this computer."
WAITING = "Waiting for a member's computer to let you in. This happens by itself."


def test_where_one_can_write_it_says_only_what_the_core_says() -> None:
    assert strip_for(direct("bob.k"), BOB, ME) == StripWords()
    said = replace(direct("bob.k"), status=told_so("Soon."))
    assert strip_for(said, BOB, ME) == StripWords("Soon.")


def test_a_closed_account_says_more_than_its_changed_key() -> None:
    changed = replace(BOB, trust=Trust.CHANGED)
    assert strip_for(direct("bob.k"), changed, ME).action == "Accept new key"
    closed = strip_for(direct("bob.k"), replace(changed, restriction=Restriction.CLOSED), ME)
    assert closed == StripWords(
        "This account was closed. Whoever comes back under this name has new keys."
    )


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        (ConversationKind.CHANNEL, {"is_member": False, "is_waiting": True}, StripWords(WAITING)),
        (
            ConversationKind.CHANNEL,
            {"is_waiting": True, "status": told_so("Soon.")},
            StripWords("Soon."),
        ),
        (
            ConversationKind.CHANNEL,
            {"is_member": False},
            StripWords("You have not joined # lab yet.", "Join"),
        ),
        (ConversationKind.GROUP, {"is_member": False}, StripWords(NO_MEMBER)),
        (ConversationKind.ANNOUNCEMENTS, {"can_write": False}, StripWords(STAFF_ONLY)),
        (ConversationKind.GROUP, {"can_write": False}, StripWords(NOT_NOW)),
        (
            ConversationKind.GROUP,
            {"can_write": False, "status": told_so("Soon.")},
            StripWords("Soon."),
        ),
    ],
)
def test_each_reason_has_its_sentence(
    kind: ConversationKind, changes: dict[str, object], words: StripWords
) -> None:
    assert strip_for(conversation(b"c" * 16, kind, "lab", **changes), None, ME) == words


def test_who_is_muted_is_told_so_only_where_that_matters() -> None:
    muted = replace(ME, restriction=Restriction.MUTED)
    silent = conversation(
        b"c" * 16, ConversationKind.GROUP, "lab", can_write=False, status=told_so("Soon.")
    )
    assert strip_for(silent, None, muted) == StripWords(REFUSAL_SENTENCES["muted"])
    assert strip_for(silent, None, None) == StripWords("Soon.")
    assert strip_for(replace(silent, can_write=True), None, muted) == StripWords("Soon.")
