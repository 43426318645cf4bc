"""Uploads and downloads that are cut, killed and resumed at random: bit-equal, and no stored chunk
is sent twice.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from client.threads.files.plan import DownloadPlan, Rate, UploadPlan, Window
from client.threads.files.upload import stamp_of
from shared.files import Layout, pack_stored, unpack_stored
from shared.messages import CHUNK_BYTES, MAX_WINDOW
from tests.support.part_store import PartStore, download_of, manifest_of, upload_of

SIZES = st.one_of(
    st.sampled_from(
        (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 5 * CHUNK_BYTES + 17)
    ),
    st.integers(0, 9 * CHUNK_BYTES),
)


@given(st.integers(0, 4 * 1024**3))
def test_layout_covers_every_byte_once(size: int) -> None:
    layout = Layout(size)
    last = layout.chunk_count - 1
    assert last * CHUNK_BYTES + layout.chunk_size(last) == size
    assert all(layout.chunk_size(number) == CHUNK_BYTES for number in range(min(3, last)))
    assert (
        layout.index_count * CHUNK_BYTES
        >= 32 * layout.chunk_count
        > (layout.index_count - 1) * CHUNK_BYTES
    )
    assert layout.part_count == layout.chunk_count + layout.index_count


@given(st.integers(0, 200 * CHUNK_BYTES), st.data())
def test_upload_plan_sends_exactly_what_is_not_stored(size: int, data: st.DataObject) -> None:
    layout = Layout(size)
    plan = UploadPlan(layout)
    stored = data.draw(st.sets(st.integers(0, layout.chunk_count - 1)))
    plan.restart(dict.fromkeys(stored, b"h" * 32))
    sent = []
    while not plan.is_complete:
        if plan.may_send and plan.is_next_stored:
            plan.skip()
        elif plan.may_send and len(plan.in_flight) < 5:
            sent.append(plan.next_number)
            plan.sent(b"n" * 32, 0)
        else:
            arrived = sorted(plan.in_flight)[: data.draw(st.integers(1, len(plan.in_flight)))]
            assert plan.on_stored(arrived) == [0] * len(arrived)
        assert 0 <= plan.bytes_stored <= size
    assert sent == [number for number in range(layout.part_count) if number not in stored]
    assert plan.bytes_stored == size and not plan.may_send
    assert (
        len(plan.ordered_hashes()) == layout.part_count
        and len(plan.index()) == 32 * layout.chunk_count
    )


@given(st.integers(0, 200 * CHUNK_BYTES), st.data())
def test_download_plan_asks_for_each_part_once_within_the_window(
    size: int, data: st.DataObject
) -> None:
    layout = Layout(size)
    done = data.draw(st.integers(0, layout.chunk_count))
    plan = DownloadPlan(layout, done)
    asked: list[int] = []
    came = 0
    while plan.expected is not None:
        window = data.draw(st.integers(1, MAX_WINDOW))
        asked += plan.ask(window, 7)
        assert len(asked) - came <= MAX_WINDOW
        for _ in range(data.draw(st.integers(1, max(1, len(asked) - came)))):
            if came < len(asked):
                assert plan.expected == asked[came] and plan.came() == 7
                came += 1
    index = list(range(layout.chunk_count, layout.part_count))
    assert (
        asked == index + list(range(done, layout.chunk_count))
        and plan.chunks_done == layout.chunk_count
    )
    assert plan.ask(16, 0) == []


@given(st.lists(st.integers(0, 5000)), st.integers(0, 30))
def test_window_stays_within_its_bounds(times: list[int], limit: int) -> None:
    window = Window()
    window.limit = limit
    for took_ms in times:
        before = window.size
        window.on_answer(took_ms)
        assert 1 <= window.size <= MAX_WINDOW and 1 <= window.open <= max(1, limit)
        assert (window.size >= before) if took_ms <= 1000 else (window.size <= before)


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 10**9)), max_size=50))
def test_rate_is_never_negative(steps: list[tuple[int, int]]) -> None:
    rate, now_ms, total = Rate(), 0, 0
    for ms, more in steps:
        now_ms, total = now_ms + ms, total + more
        assert 0 <= rate.add(now_ms, total) <= total * 1000


@given(
    st.dictionaries(st.integers(0, 20_000), st.binary(min_size=32, max_size=32)),
    st.integers(1, 20_000),
)
def test_stored_parts_survive_the_wire(hashes: dict[int, bytes], part_count: int) -> None:
    assert unpack_stored(pack_stored(hashes), part_count) == {
        n: h for n, h in hashes.items() if n < part_count
    }


@given(st.binary(max_size=200), st.integers(1, 100))
def test_any_bytes_as_stored_parts_are_harmless(raw: bytes, part_count: int) -> None:
    assert all(n < part_count and len(h) == 32 for n, h in unpack_stored(raw, part_count).items())


class TransferMachine(RuleBasedStateMachine):
    """One file from disk to disk, with cuts and kills of either side at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        root = Path(self.folder.name)
        self.source, self.target = root / "source.bin", root / "saved.bin"
        self.content = os.urandom(4 * CHUNK_BYTES + 99)
        self.source.write_bytes(self.content)
        self.store = PartStore(window=3)
        self.is_sent = self.is_saved = False
        self.manifest = None
        self.download = None
        self._new_upload()

    def _new_upload(self) -> None:
        found = self.source.stat()
        self.upload = upload_of(str(self.source), found.st_size, stamp_of(found))
        self.store.take(self.upload, self.upload.start())

    @precondition(lambda self: not self.is_sent)
    @rule()
    def send(self) -> None:
        self._send()

    def _send(self) -> None:
        self.store.take(self.upload, list(self.upload.produce(0)))
        if self.store.is_complete:
            self.is_sent = True
            self.manifest = manifest_of(self.upload)
            self._new_download()

    @precondition(lambda self: not self.is_sent)
    @rule(count=st.integers(1, 4))
    def sync(self, count: int) -> None:
        self.store.sync(self.upload, count)

    @precondition(lambda self: not self.is_sent)
    @rule(broker_dies=st.booleans())
    def cut_upload(self, broker_dies: bool) -> None:
        self.upload.close()
        if broker_dies:
            self.store.crash()
        else:  # what had come is put on the disk after all, only nobody hears of it
            for put in self.store.waiting:
                self.store.parts[put.number] = put.data
            self.store.waiting.clear()
        self._new_upload()

    def _new_download(self) -> None:
        assert self.manifest is not None
        self.download = download_of(self.manifest, str(self.target))
        self.download.start()
        self.store.asked.clear()

    @precondition(lambda self: self.is_sent and not self.is_saved)
    @rule(count=st.integers(1, 4))
    def receive(self, count: int) -> None:
        self._receive(count)

    def _receive(self, count: int) -> None:
        assert self.download is not None
        self.store.serve(self.download, list(self.download.produce(0)))
        self.is_saved = self.store.hand_out(self.download, count)

    @precondition(lambda self: self.is_sent and not self.is_saved)
    @rule(torn=st.integers(0, CHUNK_BYTES))
    def cut_download(self, torn: int) -> None:
        assert self.download is not None
        self.download.close()
        for partial in Path(self.folder.name).glob(".*.part"):  # the last write may be half there
            size = partial.stat().st_size
            os.truncate(partial, max(0, size - torn))
        self._new_download()

    @precondition(lambda self: self.is_saved)
    @rule()
    def rest(self) -> None:
        """All is done."""

    @invariant()
    def no_stored_chunk_is_sent_again(self) -> None:
        chunks = Layout(len(self.content)).chunk_count
        assert [number for number in self.store.puts_in_vain if number < chunks] == []

    @invariant()
    def credit_is_kept(self) -> None:
        assert self.store.most_waiting <= 3 and len(self.store.asked) <= MAX_WINDOW

    @invariant()
    def nothing_stands_at_the_target_before_it_is_whole(self) -> None:
        if self.is_saved:
            assert self.target.read_bytes() == self.content
        else:
            assert not self.target.exists()

    def teardown(self) -> None:
        for _ in range(50):
            if not self.is_sent:
                self._send()
                if not self.is_sent:
                    self.store.sync(self.upload)
            elif not self.is_saved:
                self._receive(4)
        assert self.is_saved and self.target.read_bytes() == self.content
        self.upload.close()
        self.folder.cleanup()


TestTransferMachine = TransferMachine.TestCase
TestTransferMachine.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
