"""Everything of the product that reads bytes or texts of others, one function each, for Hypothesis
and for atheris.

A target takes any bytes. It may raise nothing: the documented error of the reader is caught here,
everything else is a
finding. Where there is a way back, it is walked too: what was read must be written and read again
as the same.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from broker.admin.settings import load_settings
from broker.threads.zap import ZapThread
from client.gui.versions.line_diff import (
    LineKind,
    compare_files,
    compare_lines,
    count_files,
    decode_text,
    split_lines,
)
from client.storage.keystore import read_profile
from client.storage.search_index import TextIndex
from client.text.emoji_names import emoji_ranges
from client.text.highlighting import highlight
from client.text.markup import Style, one_line, parse
from client.text.search_query import marked, parse_query
from shared.codec import decode_answers, decode_requests, encode, join
from shared.crypto import accounts, records, sealing
from shared.crypto.accounts import extend_account, verify_genesis, verify_statement
from shared.crypto.content import Text, decode_content, encode_content
from shared.crypto.files import (
    check_index,
    open_chunk,
    open_index_piece,
    pack_manifest,
    unpack_manifest,
)
from shared.crypto.headers import decode_header, encode_header
from shared.crypto.public import label, pack
from shared.crypto.records import apply_record, decode_record, encode_record, read_record
from shared.crypto.secret import aead_seal
from shared.crypto.seeds import device_key, open_box, open_link, open_title
from shared.crypto.vault import _read_header as read_vault_header
from shared.errors import CodecError, CryptoReject, InvitationInvalid, NameRefused
from shared.filenames import numbered_name, safe_file_name, split_name
from shared.files import Layout, layout_of, pack_stored, unpack_stored
from shared.invitations import _parse_link, parse_invitation, z85_decode, z85_encode
from shared.messages import Message
from shared.names import name_key, normalize_group_name, normalize_username, suggest_usernames
from shared.settings import SettingsError
from tests.fuzz import samples
from tests.fuzz.samples import HEADER, KEY, MANIFEST, RAW_HEADER, SEED, class_of_two, group_of_two
from tests.support.members import CLASS_ID, CountedRandom, make_identity
from tests.support.people import Room

RANDOM = CountedRandom("fuzz")


@dataclass(frozen=True)
class Target:
    """`run` takes any bytes; the samples are what it is made for, to be changed by the fuzzer."""

    run: Callable[[bytes], None]
    samples: Callable[[], list[bytes]] = field(default=lambda: [b""])


@contextmanager
def _believed(module: object) -> Iterator[None]:
    """Every signature holds, so that the rules behind it are reached: who signs can be hostile,
    too.
    """
    before = module.verify  # type: ignore[attr-defined]
    module.verify = lambda *_: None  # type: ignore[attr-defined]
    try:
        yield
    finally:
        module.verify = before  # type: ignore[attr-defined]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _joined(messages: list[Message]) -> bytes:
    return join([encode(message) for message in messages])


# --- frames
# ----------------------------------------------------------------------------------------------------


def requests(raw: bytes) -> None:
    """A frame that a client sends."""
    with suppress(CodecError):
        messages = decode_requests(raw)
        assert decode_requests(_joined(messages)) == messages


def answers(raw: bytes) -> None:
    """A frame that the broker sends."""
    with suppress(CodecError):
        messages = decode_answers(raw)
        assert decode_answers(_joined(messages)) == messages


def zap(raw: bytes) -> None:
    """What libzmq asks at a handshake; the last part is the client's."""
    parts = raw.split(b"|")
    version, number, code, *_ = ZapThread(None, {}).answer(parts)  # type: ignore[arg-type]
    assert version == b"1.0" and code in (b"200", b"300", b"400", b"500")


def broker(raw: bytes) -> None:
    """Frames of somebody who is signed in, half signed in, or not at all; the broker must go on
    whatever it was.
    """
    first, alice, bo, _ = class_of_two()
    room = Room(storage=first.storage)
    room.storage.commit = lambda batch: None  # type: ignore[method-assign]  # the next run begins as this one
    try:
        for person in (alice, bo):
            room.sign_in(person)
        session = room.sessions[alice.uid] if raw[:1] < b"\x80" else room.connect(alice)
        if raw[:1] >= b"\xc0":
            room.hello(session, alice)
        for frame in raw[1:].split(b"\xc1\xc1"):
            with suppress(CodecError):
                room.send(session, alice, *decode_requests(frame))
        room.tick(2_000)
    finally:
        del room.storage.commit  # type: ignore[method-assign]


# --- what is signed or sealed
# ------------------------------------------------------------------------------------


def header(raw: bytes) -> None:
    """The header of a message."""
    with suppress(CryptoReject):
        found = decode_header(raw)
        assert decode_header(encode_header(found)) == found


def content(raw: bytes) -> None:
    """What stands inside a sealed message, its manifest included."""
    with suppress(CryptoReject):
        found = decode_content(raw)
        assert decode_content(encode_content(found)) == found


def message(raw: bytes) -> None:
    """A message whose seal and signature are right and whose inside is anything; then a cipher that
    is anything.
    """
    with _believed(sealing):
        for cipher in (
            aead_seal(device_key(SEED, HEADER.did), raw, label("msg") + RAW_HEADER, RANDOM),
            raw,
        ):
            with suppress(CryptoReject):
                opened = sealing.open_message(SEED, KEY, RAW_HEADER, cipher)
                decode_content(opened.body)


def record(raw: bytes) -> None:
    """A record that a member signed: as the first of a conversation, and as the next one."""
    group = group_of_two()
    with suppress(CryptoReject):
        found = decode_record(raw)
        assert decode_record(encode_record(found)) == found
    with _believed(records):
        for before in (None, group.snapshot):
            with suppress(CryptoReject):
                apply_record(
                    before,
                    read_record(raw, bytes(64)),
                    account_of=group.accounts.get,
                    role_of=lambda uid: 0,
                    class_id=CLASS_ID,
                    leavers=frozenset([b"l" * 16]),
                    joiners=frozenset([b"j" * 16]),
                )


def account(raw: bytes) -> None:
    """The first entry of an account, a later one, and a statement, all signed as they should be."""
    ana = verify_genesis(make_identity("ana").genesis)
    (did,) = ana.devices
    with _believed(accounts):
        with suppress(CryptoReject):
            verify_genesis(raw)
        with suppress(CryptoReject):
            extend_account(ana, raw)
        with suppress(CryptoReject):
            verify_statement(ana, did, "leave", raw, bytes(64))


def sealed(raw: bytes) -> None:
    """Boxes, links and titles of somebody who knows the keys."""
    person = make_identity("ana")
    secret, _ = person.uk_secrets[1]
    readers: list[Callable[[], object]] = [
        lambda: open_box(raw, secret, b"c" * 16, 0, person.uid, bytes(32)),
        lambda: open_link(SEED, raw, b"c" * 16, 1, bytes(32)),
        lambda: open_title(SEED, b"c" * 16, 0, raw),
    ]
    for reader in readers:
        with suppress(CryptoReject):
            reader()


def parts(raw: bytes) -> None:
    """A manifest, the parts that belong to it, and the list of what is stored."""
    count, total = int.from_bytes(raw[:3], "big"), int.from_bytes(raw[3:8], "big")
    layout = layout_of(count, total)
    assert layout is None or (layout.part_count, layout.total_bytes) == (count, total)
    stored = unpack_stored(raw, 100)
    assert unpack_stored(pack_stored(stored), 100) == stored
    manifest = MANIFEST
    with suppress(CryptoReject):
        manifest = unpack_manifest(raw)
        assert unpack_manifest(pack_manifest(manifest)) == manifest
    place = Layout(manifest.size)
    readers: list[Callable[[], object]] = [
        lambda: open_chunk(manifest, place, 0, raw, raw[:32]),
        lambda: open_index_piece(manifest, place, 1, raw),
        lambda: check_index(manifest, place, raw),
    ]
    for reader in readers:
        with suppress(CryptoReject):
            reader()


def vault(raw: bytes) -> None:
    """The header of a vault, up to where the passphrase would be needed."""
    with suppress(CryptoReject):
        read_vault_header(raw)


def profile(raw: bytes) -> None:
    """The open file of a profile."""
    folder = _folder()
    (folder / "profile.json").write_bytes(raw)
    read_profile(folder)


# --- what people pass on and type
# ---------------------------------------------------------------------------------


def invitation(raw: bytes) -> None:
    """A link; what comes out of it goes in again."""
    with suppress(InvitationInvalid):
        found = parse_invitation("csce513:" + _text(raw))
        assert _parse_link(found.encode()) == found
    with suppress(ValueError):
        assert z85_encode(z85_decode(raw)) == raw


def names(raw: bytes) -> None:
    """Names of people and groups; a name that is taken stays as it is."""
    text = _text(raw)
    with suppress(NameRefused):
        name = normalize_username(text)
        assert normalize_username(name) == name and name.isprintable()
        assert name_key(name)
        for suggested in suggest_usernames(name, lambda taken: len(taken) % 2 == 0):
            assert normalize_username(suggested) == suggested
    with suppress(NameRefused):
        name = normalize_group_name(text)
        assert normalize_group_name(name) == name


def file_names(raw: bytes) -> None:
    """A name that somebody gave to a file stands on a disk and on a screen without harm."""
    name = safe_file_name(_text(raw))
    assert safe_file_name(name) == name and 0 < len(name.encode()) <= 255
    hidden = {
        one for one in name if unicodedata.category(one) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    }
    assert not hidden - {"\u200c", "\u200d"}  # joiners of emoji
    assert name not in (".", "..") and not set(name) & set('/\\:*?"<>|')
    assert "".join(split_name(name)) == name
    assert safe_file_name(numbered_name(name, 7))


def query(raw: bytes) -> None:
    """What is typed into the search field, asked of a real index."""
    text = _text(raw)
    found = parse_query(text)
    _index().find(found.match())
    last = 0
    for start, end in marked(text, found):
        assert last <= start < end <= len(text)
        last = end


WEB = ("http://", "https://", "mailto:")


def markup(raw: bytes) -> None:
    """The text of a message: every span within its block, none of a wrong order."""
    text = _text(raw)
    for block in parse(text):
        cells = [(cell.text, cell.spans) for row in block.rows for cell in row]
        painted = (block.text, highlight(block.text, block.language or "python"))
        for shown, spans in ((block.text, block.spans), painted, *cells):
            end = 0
            for span in spans:
                assert end <= span.start < span.end <= len(shown)
                end = span.end
                assert (
                    span.style & Style.MENTION
                    or not span.target
                    or span.target.lower().startswith(WEB)
                )
    assert all(start < end for start, end in emoji_ranges(text))
    assert "\n" not in one_line(text)


def line_diff(raw: bytes) -> None:
    """Two versions of a file: the comparison gives back both."""
    old, _, new = raw.partition(b"\xff\x00")
    compare_files(old, new)
    before, after = decode_text(old), decode_text(new)
    if before is None or after is None:
        return
    lines = compare_lines(before, after)
    counted = count_files(old, new)
    assert counted is not None
    for text, other in ((before, LineKind.ADDED), (after, LineKind.REMOVED)):
        shown = [line.text + "\n" * line.has_end for line in lines if line.kind != other]
        assert shown == split_lines(text)


def image(raw: bytes) -> None:
    """A picture of somebody else: decoded, or a sentence."""
    from PyQt5.QtCore import QSize

    from client.gui.messages.cards.image_decoding import decode

    decoded = decode(raw, QSize(64, 64))
    assert (decoded.image is None) == bool(decoded.sentence)


def settings(raw: bytes) -> None:
    """A configuration file of the broker."""
    path = _folder() / "broker.toml"
    path.write_bytes(raw)
    with suppress(SettingsError):
        load_settings(["--config", str(path)], {})


@cache
def _folder() -> Path:
    path = Path(
        tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    )
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@cache
def _index() -> TextIndex:
    index = TextIndex()
    atexit.register(index.close)
    return index


TARGETS: dict[str, Target] = {
    "requests": Target(requests, samples.requests),
    "answers": Target(answers, samples.answers),
    "zap": Target(
        zap, lambda: [b"|".join((b"1.0", b"1", b"csce513", b"127.0.0.1", b"", b"CURVE", KEY))]
    ),
    "broker": Target(broker, samples.broker),
    "header": Target(header, lambda: [RAW_HEADER]),
    "content": Target(
        content, lambda: [encode_content(Text("hi")), pack((5, pack_manifest(MANIFEST), "x", b""))]
    ),
    "message": Target(message, samples.message),
    "record": Target(record, samples.record),
    "account": Target(account, samples.account),
    "sealed": Target(sealed, lambda: [bytes(72), bytes(80)]),
    "parts": Target(parts, lambda: [pack_manifest(MANIFEST), pack_stored({1: KEY, 2: KEY})]),
    "vault": Target(vault, lambda: [samples.VAULT]),
    "profile": Target(
        profile, lambda: [b'{"username": "ana", "invitation": "csce513:", "is_registered": true}']
    ),
    "invitation": Target(invitation, lambda: [samples.LINK]),
    "names": Target(names, lambda: ["Zoë".encode(), b"#Homework 1", "李小龍".encode()]),
    "file_names": Target(
        file_names, lambda: [b"homework.tar.gz", b"../../etc/passwd", b"con.txt "]
    ),
    "query": Target(query, lambda: [b'"exact words" from:@ana has:file recv_multi']),
    "markup": Target(markup, lambda: [samples.MARKUP]),
    "line_diff": Target(line_diff, lambda: samples.LINES),
    "image": Target(image, lambda: [samples.PNG, samples.GIF, samples.BMP]),
    "settings": Target(settings, lambda: [samples.TOML]),
}
