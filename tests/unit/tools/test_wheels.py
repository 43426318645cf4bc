"""The table of wheels: which pins are asked for on which system, and how the answers are written
down.
"""

from __future__ import annotations

import re
from datetime import date

from tools.module_map import ROOT
from tools.wheels import BEGIN, DOCUMENT, END, PYTHONS, SYSTEMS, Missing, applies, pins, table

LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-broker.txt"]


def test_every_pin_of_the_locks_is_read() -> None:
    for lock in LOCKS:
        assert (
            len(pins(lock))
            == len(re.findall(r"^\S+==", lock.read_text(encoding="utf-8"), re.MULTILINE))
            > 5
        )


def test_qt_has_one_pin_on_each_system() -> None:
    for system in SYSTEMS:
        of_qt = [pin for pin in pins(LOCKS[0]) if pin[0] == "pyqt5-qt5"]
        wanted = [version for _, version, marker in of_qt if applies(marker, system, "3.12")]
        assert len(wanted) == 1 and (wanted == ["5.15.2"]) is system.startswith("Windows")


def test_the_table() -> None:
    broker: Missing = {(system, python): [] for system in SYSTEMS for python in PYTHONS}
    window: Missing = {(system, python): [] for system in SYSTEMS for python in PYTHONS}
    window["musl x86_64", "3.11"] = ["pyqt5 5.15.11"]
    broker["Linux aarch64", "3.14"] = window["Linux aarch64", "3.14"] = ["cffi 2"]
    text = table(broker, window, date(2026, 11, 28))
    assert "Asked on 2026-11-28" in text
    assert "| musl x86_64 | broker; no wheel of pyqt5 5.15.11 | broker, window |" in text
    assert text.count("no wheel of cffi 2 |") == 1


def test_the_table_of_the_document_has_all_systems() -> None:
    written = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert [system for system in SYSTEMS if f"| {system} | " in written] == list(SYSTEMS)
