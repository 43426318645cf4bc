"""A session as the window hears of it: people, conversations and rows like those of a class in
October.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from client.api.events import (
    Command,
    ConversationsChanged,
    LoadRows,
    Notice,
    RowsLoaded,
    SessionOpened,
)
from client.api.values import (
    Conversation,
    ConversationKind,
    FileInfo,
    Member,
    MessageState,
    Person,
    Quote,
    Reaction,
    Row,
    RowKind,
    Transfer,
    TransferDirection,
    TransferState,
    Trust,
)
from client.text.filetypes import guess_type
from shared.messages import Role

CLASS_NAME = "CSCE 513 \u00b7 Fall"
START_MS = int(datetime(2024, 10, 18, 14, 5).timestamp() * 1000)
HOMEWORK, GENERAL, LAB, ANNOUNCEMENTS, TEAM, NIGHT, REVIEW = (
    bytes([code]) * 16 for code in range(101, 108)
)
CODE = (
    "My poll() loop burns 100 % CPU:\n```python\nwhile True:\n    events = dict(poller.poll(1000))\n"
    "    if sock in events:\n        data = sock.recv(zmq.NOBLOCK)   # raises?\n        handle(data)\n```"
)


def uid_of(username: str) -> bytes:
    """The same uid for a name in every test."""
    return username.encode().ljust(16, b".")[:16]


def person(
    username: str, role: int = Role.STUDENT, is_online: bool = False, is_me: bool = False
) -> Person:
    """Somebody of the class."""
    return Person(
        uid=uid_of(username),
        username=username,
        role=int(role),
        is_online=is_online,
        trust=Trust.PINNED,
        is_me=is_me,
    )


ME = person("alice", is_online=True, is_me=True)
PEOPLE = (
    person("Prof.Nguyen", Role.INSTRUCTOR, True),
    person("maria-ta", Role.ASSISTANT),
    person("hyun", is_online=True),
    person("carmen_d", is_online=True),
    person("bob.k", is_online=True),
    person("deepak", is_online=True),
    person("fatima"),
    person("george-w"),
)
EVERYBODY = tuple(Member(one.uid, 2 if one.role == Role.INSTRUCTOR else 0) for one in (ME, *PEOPLE))


def conversation(
    conv_id: bytes, kind: ConversationKind, name: str, **changes: object
) -> Conversation:
    """A conversation of everybody in which I may do all that members may."""
    base = Conversation(
        conv_id=conv_id,
        kind=kind,
        name=name,
        members=EVERYBODY,
        row_count=0,
        read_position=0,
        unread=0,
        unread_mentions=0,
        last_at_ms=0,
        can_write=True,
        can_add=kind is ConversationKind.GROUP,
        can_remove=False,
        can_rename=kind is ConversationKind.GROUP,
        can_leave=kind is ConversationKind.GROUP,
        is_member=True,
        is_waiting=False,
        status=None,
        unsent_text="",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def direct(username: str, unread: int = 0, last_at_ms: int = 0) -> Conversation:
    """The direct conversation with somebody."""
    members = (Member(ME.uid, 0), Member(uid_of(username), 0))
    return conversation(
        b"d" + uid_of(username)[:15],
        ConversationKind.DIRECT,
        username,
        members=members,
        unread=unread,
        row_count=unread,
        last_at_ms=last_at_ms,
    )


def row(position: int, username: str, text: str, minute: int, **changes: object) -> Row:
    """One message."""
    base = Row(
        position=position,
        message_id=position.to_bytes(16, "big"),
        sequence=position + 1,
        kind=RowKind.TEXT,
        sender=uid_of(username),
        username=username,
        sent_at_ms=START_MS + minute * 60_000,
        text=text,
        is_own=username == ME.username,
        state=MessageState.DELIVERED,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def file_info(name: str = "hw3_broker.py", size: int = 4915, **changes: object) -> FileInfo:
    """A file as a row has it."""
    base = FileInfo(name=name, size=size, mime=guess_type(name), sha256=b"s" * 32)
    return replace(base, **changes)  # type: ignore[arg-type]


def file_row(
    position: int,
    username: str,
    file: FileInfo,
    text: str = "",
    minute: int = 40,
    **changes: object,
) -> Row:
    """A message with a file; `text` is its caption."""
    return row(position, username, text, minute, file=file, **changes)


def transfer_of(one: Row, state: TransferState, bytes_done: int = 0, **changes: object) -> Transfer:
    """The file of a row on its way down, or up if the row is pending."""
    assert one.file is not None
    direction = TransferDirection.UP if one.sequence == 0 else TransferDirection.DOWN
    base = Transfer(
        transfer_id=b"t" + one.message_id[1:],
        message_id=one.message_id,
        conv_id=HOMEWORK,
        direction=direction,
        state=state,
        name=one.file.name,
        size=one.file.size,
        bytes_done=bytes_done,
        path=f"/home/alice/Downloads/{one.file.name}",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


# All that a message may hold.
RICH = """## Part 2, what is left
- [x] framing, *reviewed* by @bob.k
- [ ] reconnect:
  1. keep the outbox
  2. ask for the **last** sequence
     > As the specification says:
     > - nothing twice
- [ ] ~~retry for ever~~

| Case | Frames | p95 |
|:-----|:------:|----:|
| `poll()` | 1,204 | 3.1 ms |
| a longer name, which needs its room | 7 | 22 ms |

> Quoted
>
> > and quoted in it, see https://docs.example.edu/zmq
"""
RICH_CODE = """```python title="server.py"
@dataclass
class Server:
    port: int = 5513  # of the class

    def run(self, name: str) -> None:
        print(f"{name} listens", self.port)
```
```diff
-while True: poll()
+while poll(timeout): handle()
```
שלום, השאלה היא **מתי** מגישים את `hw3`?

- مرحبا بكم 👋
- [ ] السؤال الثاني

> نعم

for socket in sockets:
    if socket.closed:
        poller.unregister(socket)
"""


def homework_rows() -> list[Row]:
    """The open conversation of the pictures."""
    texts = [
        row(0, "bob.k", CODE, 10),
        row(
            1,
            "hyun",
            "You never *unregister* the socket. After the peer closes it stays readable for ever.",
            13,
        ),
        row(
            2,
            "Prof.Nguyen",
            "Right. @alice see slide 31, and https://docs.example.edu/zmq/poller for details.",
            15,
        ),
        row(3, "carmen_d", "Third draft of part 2. Comments welcome before tonight!", 23),
        row(
            4,
            "bob.k",
            "Two questions:\n- does the nonce reset on **reconnect**?\n- can `IDENTITY` be reused?",
            33,
        ),
        row(5, "alice", "I think it must not, otherwise replay is possible \U0001f914", 35),
    ]
    texts[1] = replace(
        texts[1],
        quote=Quote(texts[0].message_id, "bob.k", "My poll() loop burns 100 % CPU"),
        reactions=(
            Reaction("\U0001f44d", ("alice", "bob.k", "fatima", "deepak")),
            Reaction("\U0001f389", ("bob.k",)),
        ),
    )
    texts[2] = replace(texts[2], mentions_me=True)
    return texts


def conversations() -> tuple[Conversation, ...]:
    """The sidebar of the pictures."""
    channel, group = ConversationKind.CHANNEL, ConversationKind.GROUP
    return (
        conversation(
            ANNOUNCEMENTS, ConversationKind.ANNOUNCEMENTS, "announcements", can_write=False
        ),
        conversation(GENERAL, channel, "general"),
        conversation(
            HOMEWORK,
            channel,
            "homework-3",
            row_count=6,
            read_position=3,
            unread=3,
            unread_mentions=2,
            last_at_ms=START_MS + 35 * 60_000,
        ),
        conversation(LAB, channel, "lab-sockets", unread=3),
        conversation(REVIEW, channel, "exam-review", is_member=False, can_write=False),
        conversation(TEAM, group, "team-epoll", unread=12),
        conversation(NIGHT, group, "late-night-threads"),
        direct("Prof.Nguyen", 1, START_MS + 4000),
        direct("deepak", 0, START_MS + 3000),
        direct("fatima", 0, START_MS + 2000),
        direct("george-w", 0, START_MS + 1000),
    )


def changed(conv_id: bytes, **changes: object) -> ConversationsChanged:
    """The news that a conversation of the sample has changed."""
    found = next(one for one in conversations() if one.conv_id == conv_id)
    return ConversationsChanged((replace(found, **changes),))  # type: ignore[arg-type]


def opened() -> SessionOpened:
    """The first notice."""
    return SessionOpened(ME, CLASS_NAME, PEOPLE, conversations())


class FakeSession:
    """Takes commands, and reads rows as the disk would."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.rows: dict[bytes, list[Row]] = {HOMEWORK: homework_rows()}

    def post(self, command: Command) -> None:
        """Keep a command."""
        self.commands.append(command)

    def of(self, kind: type[Command]) -> list[Command]:
        """The commands of one kind."""
        return [command for command in self.commands if isinstance(command, kind)]

    def answers(self) -> list[Notice]:
        """The rows that were asked for since the last time."""
        wanted = [command for command in self.commands if isinstance(command, LoadRows)]
        self.commands = [command for command in self.commands if not isinstance(command, LoadRows)]
        return [
            RowsLoaded(
                one.request_id,
                one.conv_id,
                tuple(self.rows.get(one.conv_id, [])[one.first :][: one.count]),
            )
            for one in wanted
        ]
