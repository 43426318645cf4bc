"""The client program: reads the arguments and starts the window or the headless loop."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from client.events import Notice
from client.network import ClientSession
from client.settings import Options, parse_options
from shared.invitations import Invitation
from shared.logs import setup_logging
from shared.starting import end_without


def main(argv: list[str]) -> int:
    """Run the client; the exit code."""
    try:
        options = parse_options(argv)
    except ValueError as error:
        if "--headless" in argv:
            print(json.dumps({"event": "fatal", "code": "bad_arguments", "message": str(error)}), flush=True)
        else:
            print(f"run_client.py: {error}", file=sys.stderr)
        return 2
    setup_logging()
    if options.is_headless:
        from client.headless import run_headless

        return run_headless(options, sys.stdin, sys.stdout)
    if options.export_to is not None:
        from client.export.command import run_export

        return run_export(options)
    return _run_window(options)


def _run_window(options: Options) -> int:
    try:
        from client.gui.app import run  # Qt is loaded only for the window
    except ImportError as error:
        return end_without(error, "run_client.py")
    return run(options, session_factory(options))


def session_factory(options: Options) -> Callable[..., ClientSession]:
    """How the window, which knows nothing of sockets, gets its session."""

    def make(
        profile: Path, invitation: Invitation | None, username: str, passphrase: str,
        deliver: Callable[[list[Notice]], None], recovers: bool = False,
    ) -> ClientSession:  # fmt: skip
        return ClientSession(
            profile, invitation=invitation, username=username, passphrase=passphrase, deliver=deliver,
            cost=options.cost, recovers=recovers,
        )  # fmt: skip

    return make
