"""Exports: names and pseudonyms, records, pages that no text can break, the job from its first page
to its manifest.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from client.api import events
from client.api.english import failure_words
from client.api.events import Command, Notice
from client.api.said import Detail, Failed, Joined, Told, failed_by
from client.api.values import (
    ConnectionState,
    ConversationKind,
    QuestionState,
    Quote,
    Reaction,
    Row,
    RowKind,
    Transfer,
    TransferDirection,
    TransferState,
)
from client.export import html as export_html
from client.export.folder import MANIFEST, ExportFolder, ExportRefused
from client.export.html import Listed, Pages, front_page, text_html
from client.export.job import (
    FIRST_REQUEST,
    PAGE_ROWS,
    ClassSnapshot,
    ExportEnded,
    ExportJob,
    ExportOptions,
    ExportProgress,
)
from client.export.pseudonyms import Names
from client.export.records import (
    StoredCopy,
    conversation_record,
    message_record,
    person_record,
    title_of,
    utc_text,
)
from tests.support.window.window_data import (
    EVERYBODY,
    HOMEWORK,
    ME,
    PEOPLE,
    TEAM,
    conversation,
    direct,
    file_info,
    row,
    uid_of,
)
from tests.support.work import steps

CLASS = (ME, *PEOPLE)
BY_UID = {person.uid: person for person in CLASS}
PLAIN, HIDDEN = Names(CLASS, False), Names(CLASS, True)
NOW = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)


# --- names ---


DELETED = Failed(code="unknown_message", detail=Detail.FILE_DELETED)


def joined(name: str) -> Told:
    return Told(Joined(uids=(b"u",)), ((b"u", name),))


def test_students_get_numbers_and_staff_keep_their_names() -> None:
    called = {person.username: HIDDEN.of(person.username) for person in CLASS}
    students = [name for name, shown in called.items() if shown != name]
    assert "alice" in students and "Prof.Nguyen" not in students
    assert sorted(called[name] for name in students) == sorted(
        f"Student {at}" for at in range(1, len(students) + 1)
    )
    assert PLAIN.of("alice") == "alice" and PLAIN.within("alice and @bob.k") == "alice and @bob.k"


@pytest.mark.parametrize(
    "text", ["@alice", "Alice,", "(ALICE)", "alice_hw1.py", "hw1-alice.py", "alice.", "see alice"]
)
def test_a_name_is_replaced_where_it_stands_as_a_word(text: str) -> None:
    assert "alice" not in HIDDEN.within(text).lower() and HIDDEN.of("alice") in HIDDEN.within(text)


def test_a_name_inside_of_a_word_stays_and_the_longest_name_wins() -> None:
    assert HIDDEN.within("malice aforethought, alices") == "malice aforethought, alices"
    pair = Names((ME, *(one for one in PEOPLE if one.username == "bob.k")), True)
    assert pair.within("bob.k wrote") == f"{pair.of('bob.k')} wrote"
    assert Names((), True).within("alice") == "alice"


@given(st.text(), st.text())
def test_no_name_of_a_student_survives_as_a_word(before: str, after: str) -> None:
    shown = HIDDEN.within(f"{before} carmen_d {after}")
    assert " carmen_d " not in shown


# --- records ---


def test_records_say_who_what_and_where() -> None:
    assert (
        person_record(ME, HIDDEN)["name"] == HIDDEN.of("alice")
        and person_record(ME, PLAIN)["is_me"] is True
    )
    group = conversation(TEAM, ConversationKind.GROUP, "alice-and-friends", members=EVERYBODY)
    assert title_of(group, PLAIN) == "alice-and-friends" and "alice" not in title_of(group, HIDDEN)
    channel = conversation(HOMEWORK, ConversationKind.CHANNEL, "homework-3")
    assert title_of(channel, PLAIN) == "#homework-3" and title_of(
        direct("alice"), HIDDEN
    ) == HIDDEN.of("alice")
    record = conversation_record(group, BY_UID, PLAIN, "conversations/001 x", 7)
    assert (record["messages"], record["folder"]) == (7, "conversations/001 x")
    assert {"name": "alice", "role": "member"} in record["members"]  # type: ignore[operator]
    assert utc_text(1_700_000_000_123) == "2023-11-14T22:13:20.123Z"


def test_the_record_of_a_message_leaves_out_what_is_not_there() -> None:
    plain = message_record(row(0, "alice", "hello", 1), PLAIN, None)
    assert set(plain) == {"position", "sequence", "id", "kind", "sent_at", "text", "from"}
    full = row(
        1,
        "alice",
        "see this",
        1,
        quote=Quote(b"q" * 16, "bob.k", "why?"),
        is_edited=True,
        is_pinned=True,
        reactions=(Reaction("\U0001f44d", ("bob.k",)),),
        question=QuestionState.ANSWERED,
        answers=2,
        file=file_info(),
        is_accepted=True,
    )
    record = message_record(full, HIDDEN, StoredCopy(path="files/1/x.py"))
    assert (
        record["reply_to"] == (b"q" * 16).hex()
        and record["edited"]
        and record["pinned"]
        and record["accepted"]
    )
    assert record["question"] == "answered" and record["answers"] == 2
    assert record["reactions"] == {"\U0001f44d": [HIDDEN.of("bob.k")]} and record[
        "from"
    ] == HIDDEN.of("alice")
    assert record["file"]["path"] == "files/1/x.py"  # type: ignore[index]
    missing = message_record(full, PLAIN, StoredCopy(missing="it is gone"))
    assert missing["file"]["missing"] == "it is gone" and "path" not in missing["file"]  # type: ignore[index,operator]
    said = message_record(
        row(2, "", "", 1, kind=RowKind.SYSTEM, said=joined("alice")), HIDDEN, None
    )
    assert "from" not in said and said["text"] == f"{HIDDEN.of('alice')} joined"


# --- pages ---

ALLOWED = {
    "html": {"lang"},
    "head": set(),
    "meta": {"charset", "http-equiv", "content", "name"},
    "title": set(),
    "style": set(),
    "body": set(),
    "h1": set(),
    "nav": set(),
    "main": set(),
    "article": {"id"},
    "div": {"class"},
    "b": set(),
    "i": set(),
    "s": set(),
    "code": set(),
    "pre": set(),
    "p": {"class", "dir"},
    "span": {"class"},
    "h3": {"dir"},
    "h4": {"dir"},
    "h5": {"dir"},
    "h6": {"dir"},
    "hr": set(),
    "table": {"class"},
    "tr": set(),
    "td": {"style"},
    "th": {"style"},
    "time": {"datetime"},
    "a": {"href", "rel"},
    "blockquote": set(),
    "img": {"src", "alt"},
}


class Checker(HTMLParser):
    """Collects the text, and fails on whatever is not on the list."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED and {name for name, _ in attrs} <= ALLOWED[tag], (tag, attrs)
        for name, value in attrs:
            if name in ("href", "src"):
                assert value is not None and not value.lower().startswith(
                    ("javascript:", "data:", "//")
                ), value
            if name == "style":
                assert value is not None and value.startswith("text-align: ")
        if tag not in ("meta", "img", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def checked(document: str) -> str:
    checker = Checker()
    checker.feed(document)
    checker.close()
    assert checker.open == []
    return "".join(checker.text)


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[x](javascript:alert(1))",
    "</article></main>",
    "https://example.edu/\"onmouseover='x'",
    "```html\n<b>&amp;</b>\n```",
    "**b *i ~~s `c`~~***",
    "> quote\n1. one\n   - two\n# head\n***",
    "|<b>|`|`|\n|-|:-:|\n|&amp;|<i>|",
    "- [ ] <s>\n- > a\n  - b\n\n[a](https://b.c/<)",
)


@given(st.text(max_size=300))
@example("&lt;")
@example("@alice **bold** <i> `x<y`")
def test_no_text_breaks_out_of_its_page(text: str) -> None:
    checked(text_html(text))


@given(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE))
def test_hostile_texts_names_and_files_do_no_harm(one: str, other: str) -> None:
    bad = row(
        0,
        one,
        f"{one} {other}",
        1,
        quote=Quote(b"q" * 16, other, one),
        file=file_info(other, width=5),
        reactions=(Reaction(one, (other,)),),
        question=QuestionState.OPEN,
    )
    pages = Pages(other, PLAIN, BY_UID, NOW)
    for copy in (StoredCopy(path=f"files/0/{one}"), StoredCopy(missing=other)):
        assert one in checked(
            pages.write((bad,), {bad.message_id: copy}, 1, 1)
        )  # as the author's name


def test_the_markdown_of_a_message_is_that_of_the_window() -> None:
    document = text_html(
        "# A *b*\n> x\n> - [x] y\n>\n>   z\n\n- w\n\n|a|b|\n|-|-:|\n|1|2|\n***\n```diff\n+c\n```"
    )
    assert document == (
        '<h3 dir="auto">A <i>b</i></h3><blockquote><p dir="auto">x</p><div class="list"><p dir="auto">\u2611 y</p>'
        '<p dir="auto">z</p></div></blockquote><div class="list"><p dir="auto">\u2022 w</p></div>'
        '<table class="table"><tr><th>a</th><th style="text-align: end">b</th></tr>'
        '<tr><td>1</td><td style="text-align: end">2</td></tr></table><hr><pre><span class="a">+c</span></pre>'
    )
    assert text_html("1. ```\n   x\n   ```") == '<div class="list">1. <pre>x</pre></div>'


class Shape(HTMLParser):
    """The tags of a document and the names of their attributes."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(("/" + tag,))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!",))


def pages_of(word: str) -> str:
    """All pages of an export whose every name, title and reason is this word."""
    rows = (
        row(
            0,
            word,
            "",
            1,
            file=file_info(word, width=5),
            quote=Quote(b"q" * 16, word, word),
            is_pinned=True,
        ),
        row(1, word, "", 1, file=file_info(word), reactions=(Reaction(word, (word, word)),)),
        row(2, "", "", 1, kind=RowKind.SYSTEM, said=joined(word)),
        row(3, word, "", 1, kind=RowKind.DELETED),
        row(4, word, "", 1, quote=Quote((1).to_bytes(16, "big"), word, word)),
    )
    pages = Pages(word, PLAIN, BY_UID, NOW)
    copies = {
        rows[0].message_id: StoredCopy(path=f"files/0/{word}"),
        rows[1].message_id: StoredCopy(missing=word),
    }
    front = front_page(
        word, word, NOW, [Listed(word, word, 3, f"conversations/{word}/page-001.html")], [word]
    )
    return pages.write(rows, copies, 1, 2) + front


@given(st.sampled_from(HOSTILE) | st.text("<>&\"'/={}%#! ascriptonload-", max_size=40))
@example("{{ 7 * 7 }}")
@example("{% include 'style.css' %}{# x #}")
@example("--><b>")
def test_no_tag_and_no_attribute_comes_from_somebody_else(word: str) -> None:
    document = pages_of(word)
    assert Shape(document).tags == Shape(pages_of("x")).tags
    assert word in unescape(document)


def test_a_template_that_asks_for_what_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        export_html._rendered("front.html", title="x")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["**a** ", "[a](http://x) ", "<&> ", "`a` ", "*a **b** c* ", "@alice "]
)
def test_the_work_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    def work(length: int) -> int:
        return steps(lambda: text_html((piece * length)[:length]))

    work(64)
    assert work(32_768) < 10 * work(4_096)  # the square would be 64 times


def test_a_page_shows_what_the_window_showed() -> None:
    rows = (
        row(0, "Prof.Nguyen", "Welcome", 1),
        row(
            1,
            "alice",
            "x = 1 is `code`",
            2,
            quote=Quote((0).to_bytes(16, "big"), "Prof.Nguyen", "Welcome"),
        ),
        row(2, "alice", "", 2, kind=RowKind.DELETED),
        row(3, "", "", 3, kind=RowKind.SYSTEM, said=joined("bob.k")),
        row(4, "alice", "late", 2, kind=RowKind.WAITING),
        row(5, "alice", "It did not verify.", 60 * 24),
        row(
            6,
            "alice",
            "plot",
            60 * 24,
            file=file_info("plot.png", width=9, mime="image/png"),
            is_pinned=True,
        ),
        row(9, "alice", "**bold** ~~s~~ https://example.edu @bob.k\n> quoted\n- item", 60 * 24),
        row(
            7,
            "alice",
            "```python\ndef f(): return 'x'  # 1\n```",
            60 * 24,
            is_edited=True,
            is_accepted=True,
        ),
        row(8, "bob.k", "before?", 60 * 24, quote=Quote(b"?" * 16, "alice", "of another page")),
    )
    pages = Pages("#homework-3", PLAIN, BY_UID, NOW)
    document = pages.write(rows, {rows[6].message_id: StoredCopy(path="files/6/plot a.png")}, 1, 2)
    text = checked(document)
    shown = (
        "instructor",
        "message was deleted",
        "bob.k joined",
        "has not arrived",
        "(edited)",
        "Accepted answer",
    )
    assert [words for words in shown if words not in text] == []
    assert text.count("2024") == 2  # two days
    assert (
        'src="../../files/6/plot%20a.png"' in document
        and f'href="#m{rows[0].message_id.hex()}"' in document
    )
    assert 'href="page-002.html"' in document and '<span class="k">def</span>' in document
    later = pages.write(
        (row(9, "bob.k", "yes", 1, quote=Quote(rows[1].message_id, "alice", "x")),), {}, 2, 2
    )
    assert (
        f'href="page-001.html#m{rows[1].message_id.hex()}"' in later
        and 'href="page-001.html">earlier' in later
    )
    assert "No messages." in checked(Pages("empty", PLAIN, BY_UID, NOW).write((), {}, 1, 1))


# --- the folder ---


def test_a_folder_that_holds_something_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years")
    (tmp_path / "file").write_text("x")
    for name in ("mine", "file"):
        with pytest.raises(ExportRefused) as error:
            ExportFolder(tmp_path / name).begin()
        assert "not empty" in failure_words(failed_by(error.value))
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years"


def test_an_export_appears_at_once_and_whole(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()  # empty
    (tmp_path / ".out.partial").mkdir()  # of an export that was killed
    (tmp_path / ".out.partial" / "old").write_text("x")
    folder = ExportFolder(target)
    folder.begin()
    folder.write("a/one.txt", "one \ud800")
    folder.append("b.jsonl", "1\n")
    folder.append("b.jsonl", "2\n")
    folder.adopt("b.jsonl")
    folder.path_of("files/1/never came.bin.part").write_bytes(b"half")
    assert list(target.iterdir()) == []
    folder.finish()
    assert sorted(
        one.relative_to(target).as_posix() for one in target.rglob("*") if one.is_file()
    ) == ["a/one.txt", "b.jsonl", MANIFEST]
    assert not (target / "files").exists() and not (tmp_path / ".out.partial").exists()
    for line in (target / MANIFEST).read_text().splitlines():
        digest, _, path = line.partition("  ")
        assert hashlib.sha256((target / path).read_bytes()).hexdigest() == digest


# --- the job ---


class Desk:
    """A job with a pretended session: pages come from `rows`, files when the test says so."""

    def __init__(self, tmp_path: Path, rows: list[Row], **options: object) -> None:
        self.target = tmp_path / "out"
        self.rows = rows
        self.commands: list[Command] = []
        self.news: list[ExportProgress | ExportEnded] = []
        self.snapshot = ClassSnapshot()
        opened = conversation(
            HOMEWORK, ConversationKind.CHANNEL, "homework-3", members=EVERYBODY, row_count=len(rows)
        )
        other = conversation(TEAM, ConversationKind.GROUP, "team", row_count=0)
        self.snapshot.note(events.SessionOpened(ME, "CSCE 513", CLASS[1:], (other,)))
        self.snapshot.note(events.PeopleChanged((ME,)))
        self.snapshot.note(events.ConversationsChanged((opened,)))
        self.snapshot.note(events.ConnectionChanged(ConnectionState.ONLINE))
        made = ExportOptions(self.target, **options)  # type: ignore[arg-type]
        self.job = ExportJob(made, self.snapshot, self.commands.append, self.news.append, NOW)

    def taken(self, kind: type[Command]) -> list[Command]:
        found = [one for one in self.commands if isinstance(one, kind)]
        self.commands[:] = [one for one in self.commands if not isinstance(one, kind)]
        return found

    def load(self) -> None:
        while orders := self.taken(events.LoadRows):
            for order in orders:
                assert isinstance(order, events.LoadRows)
                part = self.rows[order.first : order.first + order.count]
                self.job.handle(events.RowsLoaded(order.request_id, order.conv_id, tuple(part)))

    def start(self) -> None:
        self.job.start()
        self.load()

    def tell(self, *notices: Notice) -> None:
        for notice in notices:
            self.job.handle(notice)
        self.load()

    def accept_saves(self) -> list[bytes]:
        """The transfer_ids of all files that were asked for."""
        made = []
        for order in self.taken(events.SaveFile):
            assert isinstance(order, events.SaveFile)
            Path(order.path).write_bytes(b"content")
            made.append(order.message_id[::-1])
            self.tell(events.Done(order.request_id, True, data=made[-1]))
        return made

    @property
    def ended(self) -> ExportEnded:
        (found,) = [one for one in self.news if isinstance(one, ExportEnded)]
        return found

    def records(self) -> list[dict[str, object]]:
        path = self.target / "conversations/001 homework-3/messages.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def transfer(
    transfer_id: bytes, state: TransferState, failure: Failed | None = None
) -> events.TransfersChanged:
    return events.TransfersChanged(
        (
            Transfer(
                transfer_id=transfer_id,
                message_id=b"",
                conv_id=HOMEWORK,
                direction=TransferDirection.DOWN,
                state=state,
                name="x",
                size=7,
                bytes_done=7,
                path="",
                failure=failure,
            ),
        )
    )


def with_files(count: int) -> list[Row]:
    return [row(at, "bob.k", "", 1, file=file_info(f"bob.k-{at}.py")) for at in range(count)]


def test_everything_is_written_page_by_page(tmp_path: Path) -> None:
    desk = Desk(
        tmp_path, [row(at, "alice", f"message {at}", at) for at in range(2 * PAGE_ROWS + 1)]
    )
    desk.start()
    assert (desk.ended.path, desk.ended.messages, desk.ended.missing) == (
        desk.target,
        2 * PAGE_ROWS + 1,
        (),
    )
    assert [record["position"] for record in desk.records()] == list(range(2 * PAGE_ROWS + 1))
    pages = sorted((desk.target / "conversations/001 homework-3").glob("*.html"))
    assert len(pages) == 3 and all(checked(page.read_text(encoding="utf-8")) for page in pages)
    front = (desk.target / "index.html").read_text(encoding="utf-8")
    assert "conversations/001%20homework-3/page-001.html" in front and "Exported by alice" in front
    progress = [one for one in desk.news if isinstance(one, ExportProgress)]
    assert (progress[-1].done, progress[-1].total) == (2 * PAGE_ROWS + 1, 2 * PAGE_ROWS + 1)
    desk.tell(events.ConnectionChanged(ConnectionState.OFFLINE))  # after its end: nothing
    desk.job.cancel()
    desk.job.fail(Failed(code="late"))
    assert desk.ended.path == desk.target


def test_one_conversation_alone_also_if_it_is_empty(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [row(0, "alice", "x", 1)], conv_ids=(TEAM, b"gone" * 4))
    desk.rows = []
    desk.start()
    assert (
        desk.ended.path == desk.target
        and (desk.target / "conversations/001 team/page-001.html").exists()
    )
    assert len((desk.target / "conversations.jsonl").read_text().splitlines()) == 1


def test_files_are_waited_for_and_taken_off_the_list(tmp_path: Path) -> None:
    desk = Desk(tmp_path, with_files(3), is_pseudonymous=True)
    desk.start()
    first, second, third = desk.accept_saves()
    desk.tell(transfer(b"of another", TransferState.DONE), transfer(first, TransferState.ACTIVE))
    progress = desk.news[-1]
    assert (
        isinstance(progress, ExportProgress) and progress.waits_for == f"{HIDDEN.of('bob.k')}-0.py"
    )
    desk.tell(
        transfer(first, TransferState.DONE),
        transfer(second, TransferState.FAILED, Failed(code="unknown_file")),
    )
    assert not desk.job.has_ended
    desk.tell(events.TransferRemoved(third))
    assert (
        desk.ended.files == 1
        and len(desk.ended.missing) == 2
        and desk.ended.missing[0].why == Failed(code="unknown_file")
    )
    assert [one.transfer_id for one in desk.taken(events.CancelTransfer)] == [first, second]  # type: ignore[attr-defined]
    paths = [record["file"].get("path") for record in desk.records()]  # type: ignore[attr-defined]
    assert (desk.target / paths[0]).read_bytes() == b"content" and paths[1:] == [None, None]
    everything = "".join(one.read_text() for one in desk.target.rglob("*") if one.is_file())
    assert "bob.k" not in everything + "".join(map(str, desk.target.rglob("*")))
    assert "pseudonyms" in (desk.target / "index.html").read_text()


def test_without_a_connection_files_are_named_as_missing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, with_files(3))
    desk.job.start()
    desk.tell(
        events.ConnectionChanged(ConnectionState.OFFLINE),
        events.ConnectionChanged(ConnectionState.CONNECTING),
    )
    orders = desk.taken(events.SaveFile)
    desk.tell(events.Done(orders[0].request_id, True, data=b"a" * 16))
    desk.tell(events.ConnectionChanged(ConnectionState.OFFLINE))
    assert not desk.job.has_ended  # two were not answered yet
    desk.tell(events.Done(orders[1].request_id, True, data=b"b" * 16))
    desk.tell(events.Done(orders[2].request_id, False, DELETED))
    assert [record["file"]["missing"] for record in desk.records()] == [  # type: ignore[index]
        "there is no connection to the server",
        "there is no connection to the server",
        "This file was deleted",
    ]
    assert not (desk.target / "files").exists() and len(desk.taken(events.CancelTransfer)) == 2


def test_files_can_be_left_out(tmp_path: Path) -> None:
    deleted = row(1, "bob.k", "", 1, file=file_info(), kind=RowKind.DELETED)
    desk = Desk(tmp_path, [*with_files(1), deleted], has_files=False)
    desk.start()
    assert desk.ended.files == 0 and desk.ended.missing == () and desk.taken(events.SaveFile) == []
    assert "file" not in desk.records()[1]


def test_an_export_that_is_called_off_leaves_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, with_files(1))
    desk.start()
    (transfer_id,) = desk.accept_saves()
    desk.job.cancel()
    assert desk.ended == ExportEnded(None) and list(tmp_path.iterdir()) == []
    assert [one.transfer_id for one in desk.taken(events.CancelTransfer)] == [transfer_id]  # type: ignore[attr-defined]


def test_a_target_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [])
    desk.target.mkdir()
    (desk.target / "x").write_text("mine")
    desk.start()
    assert (
        desk.ended.path is None
        and "not empty" in failure_words(desk.ended.failure)
        and (desk.target / "x").exists()
    )


def test_a_full_disk_is_said_and_leaves_nothing_that_looks_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    desk = Desk(tmp_path, [row(0, "alice", "x", 1)])
    monkeypatch.setattr(ExportFolder, "append", full)
    desk.start()
    assert "No space left" in failure_words(desk.ended.failure) and list(tmp_path.iterdir()) == []


def test_news_of_others_change_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, with_files(1))
    desk.job.start()
    others: list[Callable[[], Notice]] = [
        lambda: events.RowsLoaded(1, HOMEWORK, ()),
        lambda: events.Done(1, True),
        lambda: events.TransferRemoved(b"x" * 16),
        lambda: events.TypingChanged(HOMEWORK),
        lambda: transfer(b"x" * 16, TransferState.DONE),
    ]
    for other in others:
        desk.job.handle(other())
    assert desk.news == [] and len(desk.commands) == 1
    desk.load()
    desk.tell(
        events.Done(FIRST_REQUEST + 2, True, data=None)
    )  # an answer without its id: nothing to wait for
    assert not desk.job.has_ended
    assert uid_of("alice") in desk.snapshot.people
