"""docs/PROTOCOL.md lists exactly the messages of shared/messages.py, and their tags never collide."""

from __future__ import annotations

import re

from shared.codec import ANSWER_TABLE, REQUEST_TABLE
from shared.messages import ANSWERS, REQUESTS
from tools.module_map import ROOT


def test_document_lists_every_message_with_tag_and_fields() -> None:
    text = (ROOT / "docs" / "PROTOCOL.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (\d+) \| `(\w+)` \| ([^|]*) \|", text, re.MULTILINE))
    expected = {
        (str(kind.__struct_config__.tag), kind.__name__, ", ".join(kind.__struct_fields__) or "-")
        for kind in (*REQUESTS, *ANSWERS)
    }
    assert rows == expected


def test_tags_are_unique() -> None:
    assert len(REQUEST_TABLE) == len(REQUESTS)
    assert len(ANSWER_TABLE) == len(ANSWERS)
    assert not REQUEST_TABLE.keys() & ANSWER_TABLE.keys()
