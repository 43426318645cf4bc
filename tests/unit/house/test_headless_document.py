"""docs/HEADLESS.md lists exactly the commands of the headless client, with their fields."""

from __future__ import annotations

import re

from client.headless.program import COMMAND_FIELDS
from tools.module_map import ROOT


def test_document_lists_every_command_with_its_fields() -> None:
    text = (ROOT / "docs" / "HEADLESS.md").read_text(encoding="utf-8")
    documented = {
        name: {(field, not before) for before, field in re.findall(r"(\[?)`(\w+)`", fields)}
        for name, fields in re.findall(r"^\| `(\w+)` \| ([^|]*)\|", text, re.MULTILINE)
        if name != "do"
    }
    expected = {
        name: {(field, is_required) for field, (_, is_required) in fields.items()}
        for name, fields in COMMAND_FIELDS.items()
    }
    assert documented == expected
