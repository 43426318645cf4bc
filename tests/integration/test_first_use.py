"""Many threads that read their first messages and rows at the same moment do not end the
process.
"""

from __future__ import annotations

import subprocess
import sys

from tools.module_map import ROOT

TRIES = 4  # without preparation three of four processes crashed
RACE = """
import sys, threading
import msgspec
from client.api.values import RowKind
from client.core.state.saved import TABLES, StoredRow
from client.storage.store import Store
from shared.codec import decode_answers, encode
from shared.messages import DIRECTORY_LOG, Entries, Entry, EntryKind, LogHead, SignedIn, Welcome

sys.setswitchinterval(1e-6)
frames = [
    encode(SignedIn(b"u" * 16, "n", 0, [LogHead(DIRECTORY_LOG, 3)], [b"o" * 16], 5)),
    encode(Entries(DIRECTORY_LOG, [Entry(1, EntryKind.MESSAGE, b"s" * 16, 1, b"m" * 16, b"b", b"p")], 1)),
    encode(Welcome(1, "c", b"c" * 16, b"x" * 32, "code", b"")),
]
row = msgspec.msgpack.encode(StoredRow(
    conv_id=b"c" * 16, position=0, message_id=b"m" * 16, sequence=1, kind=RowKind.TEXT,
    sender=b"s" * 16, sent_at_ms=1, text="hello",
))
barrier = threading.Barrier(40)

def read():
    barrier.wait()
    for frame in frames:
        decode_answers(frame)
    msgspec.msgpack.decode(row, type=StoredRow)

threads = [threading.Thread(target=read) for _ in range(40)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_first_use_by_many_threads_at_once() -> None:
    codes = [
        subprocess.run([sys.executable, "-c", RACE], cwd=ROOT, check=False).returncode
        for _ in range(TRIES)
    ]
    assert codes == [0] * TRIES
