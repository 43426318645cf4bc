"""The client program: reads the arguments and starts the window or the headless loop."""

from __future__ import annotations

import json
import sys

from client.settings import parse_options
from shared.logs import setup_logging


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
    from client.gui.app import run  # Qt is loaded only for the window

    return run(options)
