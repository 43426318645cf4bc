"""What went wrong, for tests: made of any words, and worded in English."""

from __future__ import annotations

from client.api.english import failure_words, words
from client.api.events import ConnectionChanged, Done, SignInFailed
from client.api.said import Failed, Told
from client.api.values import Transfer


def said_so(sentence: str) -> Failed:
    """A failure of a code that this client does not know, in the words of the server."""
    return Failed(code="code_of_tomorrow", system=sentence)


def told_so(sentence: str) -> Told:
    """The same as something that was told."""
    return Told(said_so(sentence))


def why(notice: Done | ConnectionChanged | SignInFailed | Transfer) -> str:
    """Why it is as it is, in English; empty if there is nothing to say."""
    return failure_words(notice.failure)


def in_english(told: Told | None) -> str:
    """What was told."""
    return words(told)
