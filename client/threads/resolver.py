"""The addresses of the server's name, looked up on a thread of its own: a slow name server holds
nothing up.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.errors import ChatError
from shared.logs import Log

_log = Log("client.names")

WAIT_MS: Final = 5_000  # after so long without an answer it is said; the question stays open
Resolve = Callable[[str, int], tuple[str, ...]]


class NameUnknown(ChatError):
    """The name of the server is not known.

    Compare it with your invitation, or ask your instructor.
    """

    code = "name_unknown"


class NamesUnavailable(ChatError):
    """The name of the server cannot be looked up. Look whether this computer is online."""

    code = "names_unavailable"


def resolve_name(host: str, port: int) -> tuple[str, ...]:
    """Every address of a name, in the system's order.

    Waits; NameUnknown or NamesUnavailable if there is none.
    """
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        is_final = error.errno in _UNKNOWN
        raise (NameUnknown() if is_final else NamesUnavailable()) from error
    except (
        UnicodeError,
        ValueError,
    ) as error:  # no name at all: an empty or endless part, a zero byte
        raise NameUnknown() from error
    except OSError as error:
        raise NamesUnavailable() from error
    return tuple(dict.fromkeys(str(address[0]) for *_, address in infos))


# Linux and Windows know EAI_NODATA, too: the name is there, but has no address.
_UNKNOWN: Final = {
    number
    for name in ("EAI_NONAME", "EAI_NODATA", "EAI_FAIL")
    if (number := getattr(socket, name, None)) is not None
}


def is_address(host: str) -> bool:
    """Whether there is nothing to look up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@dataclass
class _Question:
    """One look-up; `answer` is written last, by its thread."""

    answer: tuple[str, ...] | ChatError | None = None


class Resolver:
    """Finds the address for each attempt to connect. All its methods belong to the network thread.

    A name with several addresses (IPv6 and IPv4, or two servers) gives the next one at every
    attempt.
    """

    def __init__(self, host: str, port: int, resolve: Resolve, ring: Callable[[], None]) -> None:
        self._host = host
        self._port = port
        self._resolve = resolve
        self._ring = ring  # called on another thread when the answer is there
        self._question: _Question | None = None
        self._until_ms = 0
        self._attempts = 0
        self.is_waiting = False

    def start(self, now_ms: int) -> None:
        """Begin an attempt.

        A question that is still open from an earlier one is not asked twice.
        """
        self.is_waiting = True
        self._until_ms = now_ms + WAIT_MS
        if self._question is not None and not isinstance(self._question.answer, ChatError):
            return
        self._question = _Question()
        if is_address(self._host):
            self._question.answer = (self._host,)
            return
        threading.Thread(
            target=self._ask, args=(self._question,), name="client-names", daemon=True
        ).start()

    def stop(self) -> None:
        """The attempt is given up."""
        self.is_waiting = False

    def left_ms(self, now_ms: int) -> int:
        """After how long `take` gives something even without an answer."""
        return (
            0
            if self._question is not None and self._question.answer
            else max(0, self._until_ms - now_ms)
        )

    def take(self, now_ms: int) -> str:
        """The address to connect to; empty while there is no answer. ChatError if there is none."""
        question = self._question
        if not self.is_waiting or question is None:
            return ""
        if question.answer is None:
            if now_ms < self._until_ms:
                return ""
            self.is_waiting = False
            raise NamesUnavailable()
        self.is_waiting = False
        self._question = None  # asked anew the next time: addresses change
        if isinstance(question.answer, ChatError):
            raise question.answer
        self._attempts += 1
        return question.answer[(self._attempts - 1) % len(question.answer)]

    def _ask(self, question: _Question) -> None:
        answer: tuple[str, ...] | ChatError = NamesUnavailable()
        try:
            answer = self._resolve(self._host, self._port) or NameUnknown()
        except ChatError as error:
            answer = error
        except Exception:  # noqa: BLE001 - the top of the thread: the next attempt asks anew
            _log.error("thread for names failed", exc_info=True)
        question.answer = answer
        self._ring()
