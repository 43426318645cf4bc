"""Find earlier questions like the one being written, by the rare words that they share; pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

MAX_WORDS: Final = 40  # in one question; what follows them is detail
MAX_TEXT: Final = 2000  # characters; the rest is ignored
LEAST: Final = 0.5  # of 1.0: below it two questions are not alike
LEAST_ALONE: Final = 0.9  # if they share a single word: then there must be little else in both
_OTHERS: Final = 30  # as if this many more questions without the word had been asked
_LEAST_LETTERS: Final = 3
_LEAST_STEM: Final = 4
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ings", "ing", "ed", "es", "s", "e")
_COMMON = """
    about actually after again all also always and another answer any anybody anyone anything are ask asked because been
    before being between both but can cannot could did does doing done don each either else even ever every everybody
    everyone everything exactly find for from get gets getting give gives goes going good got guys had has have having
    hello help her here hers hey him his how idea instead into its just know knows last let like made make makes making
    may maybe mean means might more most much must mine need needs never new next nobody none not nothing now off okay
    once one only our out over own people please possible problem question questions quick really right said same say
    says see seem seems shall she should show since some somebody somehow someone something still such sure take tell
    than thank thanks that the their them then there these they thing things think this those through too tried try
    trying two understand until upon use used uses using very want wants was way well went were what when where whether
    which while who whom whose why will with without wonder wondering work works working would yet you your yours
"""
_STOP_WORDS = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed of a question: its words, and the beginning of an unfinished one."""

    words: tuple[str, ...] = ()
    beginning: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.words and not self.beginning

    def match(self) -> str:
        """Return an FTS5 query for everything with any of these words.

        They contain only letters and digits.
        """
        terms = [f'"{word}"' for word in self.words]
        if self.beginning:
            terms += [f'"{self.beginning}"*', f'"{stem(self.beginning)}"']
        return " OR ".join(terms)


def fold(word: str) -> str:
    """Return a word without case and accents."""
    letters = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def stem(word: str) -> str:
    """Strip the commonest English endings from a folded word.

    So "sockets" and "socket" are one word.
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


def _words_in(text: str) -> list[tuple[str, bool]]:
    """Return a text's meaningful folded words, and whether each one may be unfinished."""
    words = []
    for hit in _WORD.finditer(text[:MAX_TEXT]):
        # Folding may turn a sign into something other than letters; only letters and digits may
        # go into the index.
        word = "".join(_WORD.findall(fold(hit.group())))
        if len(word) >= _LEAST_LETTERS and word not in _STOP_WORDS:
            words.append((word, hit.end() == len(text)))
    return words


def words_of(text: str) -> tuple[str, ...]:
    """Return the stems of a question's words, each once, in order."""
    return tuple(dict.fromkeys(stem(word) for word, _ in _words_in(text)))[:MAX_WORDS]


def wanted(text: str) -> Wanted:
    """Return what to look for while this is being typed."""
    found_words = _words_in(text)
    beginning = found_words.pop()[0] if found_words and found_words[-1][1] else ""
    words = tuple(dict.fromkeys(stem(word) for word, _ in found_words))[:MAX_WORDS]
    return Wanted(words, "" if stem(beginning) in words else beginning)


def rarity(holders: int, total: int) -> float:
    """Return how much a word says that `holders` of `total` questions have.

    This is the idf of BM25, adapted to be useful in a young class, too.
    """
    return math.log(1 + (total + _OTHERS - holders + 0.5) / (holders + 0.5))


def likeness(typed: Wanted, words: Iterable[str], weight: Callable[[str], float]) -> float:
    """Return the likeness of two questions, from 0 to 1.

    It is the weight of the words they share, divided by the geometric mean of both weights; 0 if
    they are not alike enough to be worth a look.
    """
    have = frozenset(words)
    mine = set(typed.words)
    mine |= {word for word in have if typed.beginning and _begins(typed.beginning, word)}
    shared = mine & have
    if not shared:
        return 0.0
    # Summed in one order: two runs give the same number to the last bit.
    common, typed_weight, other_weight = (
        sum(weight(word) for word in sorted(one)) for one in (shared, mine, have)
    )
    likely = common / math.sqrt(typed_weight * other_weight)
    return likely if likely >= (LEAST if len(shared) > 1 else LEAST_ALONE) else 0.0


def _begins(beginning: str, word: str) -> bool:
    return word.startswith(beginning) or word == stem(beginning)
