"""The broker's settings: four sources, one checked struct, and a sentence for what does not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broker.admin.settings import Settings, load_settings
from shared.settings import SettingsError


def settings(folder: Path, argv: list[str], environment: dict[str, str], toml: str) -> Settings:
    path = folder / "broker.toml"
    path.write_text(toml, encoding="utf-8")
    return load_settings(["--config", str(path), *argv], environment)


def test_line_then_environment_then_file_then_default(tmp_path: Path) -> None:
    made = settings(
        tmp_path,
        ["--port", "3", "--log-level", "DEBUG"],
        {"CSCE513_PORT": "2", "CSCE513_MESSAGE_RATE": "2.5", "CSCE513_JSON": "1", "OTHER": "x"},
        'port = 1\nmessage_rate = 1\nmax_groups = 7\ndata_dir = "~/class"\njoining = "Open"\n',
    )
    assert (made.port, made.message_rate, made.max_groups, made.max_file_mb) == (3, 2.5, 7, 2048)
    assert made.data_dir == Path.home() / "class" and made.json
    assert (made.joining, made.log_level) == ("open", "debug")  # however they are written
    path = tmp_path / "other.toml"
    path.write_text("port = 9", encoding="utf-8")
    assert load_settings([], {"CSCE513_CONFIG": str(path)}).port == 9


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("port", "70000", "port must be a whole number between 0 and 65535, not '70000'"),
        ("joining", "both", "joining must be one of: code, open, not 'both'"),
        ("log_level", "x", "log_level must be one of: debug, info, warning, error, not 'x'"),
        ("max_file_mb", "0", "max_file_mb must be a whole number between 1 and 4096, not '0'"),
        ("max_groups", "-1", "max_groups must be a whole number of at least 0 and less than"),
        ("message_burst", "0.5", "message_burst must be a number of at least 1 and less than"),
        ("message_rate", "inf", "message_rate must be a number of at least 0"),
        ("upload_expiry_hours", "0", "upload_expiry_hours must be a whole number of at least 1"),
        ("class_name", "", "class_name must have 1 to 200 printable characters"),
        ("class_name", "a\tb", "class_name must have 1 to 200 printable characters"),
        ("host", "two words", "host"),
        ("public_address", "[::1", "public_address"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    option = f"--{name.replace('_', '-')}={value}"
    for argv, environment in (([option], {}), ([], {f"CSCE513_{name.upper()}": value})):
        with pytest.raises(SettingsError) as error:
            load_settings([*argv], environment)
        assert str(error.value).startswith(sentence) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("prot = 1", "holds an unknown setting: prot"),
        ("port =", "cannot be read"),
        ("port = true", "port must be a whole number between 0 and 65535, not True"),
        ("port = [1]", "port must be a whole number"),
        ("class_name = 513", "class_name must be text, not 513"),
        ("host = 2026-11-28", "host must be text"),
    ],
)
def test_a_file_that_says_something_else(tmp_path: Path, toml: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings(tmp_path, [], {}, toml)
    assert sentence in str(error.value)


def test_every_setting_has_an_option_with_a_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        load_settings(["--help"])
    text: Any = capsys.readouterr().out
    assert end.value.code == 0
    for name in Settings.__struct_fields__:
        assert f"--{name.replace('_', '-')} " in text
