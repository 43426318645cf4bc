"""The full-text index over the messages that this profile can read; only in memory, never on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from client.api.values import RowKind
from client.core.state.saved import StoredRow
from client.storage.similar_questions import Wanted, likeness, rarity, words_of

_SCHEMA = """
CREATE VIRTUAL TABLE texts USING fts5(text, tokenize="unicode61 remove_diacritics 2", prefix='2 3');
CREATE TABLE places (
    id INTEGER PRIMARY KEY, conv_id BLOB NOT NULL, position INTEGER NOT NULL, sender BLOB NOT NULL,
    has_file INTEGER NOT NULL, is_question INTEGER NOT NULL, UNIQUE (conv_id, position));
CREATE VIRTUAL TABLE questions USING fts5(words, tokenize="ascii", prefix='3');
CREATE VIRTUAL TABLE terms USING fts5vocab(questions, 'row');
"""
_COUNTER_BITS = 18  # rows within one millisecond
_PLACES = "SELECT conv_id, position FROM places"
_CANDIDATES = 40  # questions, of the open conversation and of all, to compare word by word


class TextIndex:
    """The index; belongs to one thread.

    Ids grow with the time of the messages, so the newest hits come first without sorting.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._question_count = 0

    def close(self) -> None:
        """Free the memory."""
        self._db.close()

    def put(self, rows: Iterable[StoredRow]) -> None:
        """Index these rows as they are now; rows that are no longer text are removed."""
        self._db.execute("BEGIN")
        for row in rows:
            self._remove(row)
            if row.kind == RowKind.TEXT:
                self._add(row)
        self._db.execute("COMMIT")

    def _remove(self, row: StoredRow) -> None:
        query = "SELECT id, is_question FROM places WHERE conv_id = ? AND position = ?"
        hit = self._db.execute(query, (row.conv_id, row.position)).fetchone()
        if hit is None:
            return
        number, is_question = hit
        self._db.execute("DELETE FROM texts WHERE rowid = ?", (number,))
        self._db.execute("DELETE FROM places WHERE id = ?", (number,))
        if is_question:
            self._db.execute("DELETE FROM questions WHERE rowid = ?", (number,))
            self._question_count -= 1

    def _add(self, row: StoredRow) -> None:
        first = row.sent_at_ms << _COUNTER_BITS
        query = "SELECT max(id) FROM places WHERE id BETWEEN ? AND ?"
        (last,) = self._db.execute(query, (first, first + (1 << _COUNTER_BITS) - 1)).fetchone()
        number = first if last is None else last + 1
        text = row.text if row.file is None else f"{row.file.name}\n{row.text}"
        values = (
            number,
            row.conv_id,
            row.position,
            row.sender,
            row.file is not None,
            row.is_question,
        )
        self._db.execute("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)", values)
        self._db.execute("INSERT INTO texts (rowid, text) VALUES (?, ?)", (number, text))
        if row.is_question:
            words = " ".join(words_of(row.text))
            self._db.execute("INSERT INTO questions (rowid, words) VALUES (?, ?)", (number, words))
            self._question_count += 1

    def find(
        self,
        match: str,
        conv_id: bytes = b"",
        sender: bytes = b"",
        has_file: bool = False,
        limit: int = 200,
    ) -> list[tuple[bytes, int]]:
        """Return (conv_id, position) of the newest matching rows.

        An empty `match` fits every text.
        """
        conditions, values = [], []
        for condition, value in (("conv_id = ?", conv_id), ("sender = ?", sender)):
            if value:
                conditions.append(condition)
                values.append(value)
        if has_file:
            conditions.append("has_file = 1")
        if not match:
            where = " AND ".join(conditions) or "1"
            return self._db.execute(
                f"{_PLACES} WHERE {where} ORDER BY id DESC LIMIT ?", (*values, limit)
            ).fetchall()
        also = "".join(f" AND {condition}" for condition in conditions)
        query = (
            "SELECT conv_id, position FROM texts CROSS JOIN places ON places.id = texts.rowid"
            f" WHERE texts MATCH ?{also} ORDER BY texts.rowid DESC LIMIT ?"
        )
        return self._db.execute(query, (match, *values, limit)).fetchall()

    # --- similar questions ---

    def similar(self, typed: Wanted, conv_id: bytes, limit: int) -> list[tuple[bytes, int]]:
        """Return (conv_id, position) of the questions most like what was typed.

        Those of `conv_id` come before all others.
        """
        if typed.is_empty:
            return []
        candidates = {
            **self._candidates(typed, b""),
            **(self._candidates(typed, conv_id) if conv_id else {}),
        }
        weights: dict[str, float] = {}

        def weight(word: str) -> float:
            if word not in weights:
                hit = self._db.execute("SELECT doc FROM terms WHERE term = ?", (word,)).fetchone()
                weights[word] = rarity(hit[0] if hit is not None else 0, self._question_count)
            return weights[word]

        ranked = [
            (position_of[0] == conv_id, likeness(typed, words.split(), weight), number, position_of)
            for number, (position_of, words) in candidates.items()
        ]
        good = sorted((one for one in ranked if one[1] > 0), reverse=True)
        return [position_of for *_, position_of in good[:limit]]

    def _candidates(
        self, typed: Wanted, conv_id: bytes
    ) -> dict[int, tuple[tuple[bytes, int], str]]:
        """Return, by number, the place of a question and its words.

        They are the best by BM25, of one conversation or of all.
        """
        query = (
            "SELECT questions.rowid, conv_id, position, words FROM questions JOIN places ON places.id = questions.rowid"
            f" WHERE questions MATCH ?{' AND conv_id = ?' if conv_id else ''} ORDER BY rank LIMIT ?"
        )
        values = (typed.match(), *((conv_id,) if conv_id else ()), _CANDIDATES)
        return {
            number: ((conv, at), words)
            for number, conv, at, words in self._db.execute(query, values)
        }
