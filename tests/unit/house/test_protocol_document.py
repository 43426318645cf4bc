"""docs/PROTOCOL.md lists exactly the messages of shared/messages.py, and their tags never
collide.
"""

from __future__ import annotations

import re

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
    tags = [kind.__struct_config__.tag for kind in (*REQUESTS, *ANSWERS)]
    assert len(tags) == len(set(tags))


def test_no_message_looks_like_a_row_of_messages() -> None:
    assert all(len(kind.__struct_fields__) < 15 for kind in (*REQUESTS, *ANSWERS))
