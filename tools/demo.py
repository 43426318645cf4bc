"""`make demo`: a broker, three real windows and ten minutes of class in seconds; it checks what it
shows.

With a screen the windows stay open for you at the end; without one they are drawn offscreen. Either
way the pictures
are in demo-output/.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from tools.processes import ROOT

OUTPUT = ROOT / "demo-output"


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make demo", description="Plays a class with real windows."
    )
    parser.add_argument(
        "--offscreen",
        action="store_true",
        help="draw the windows offscreen though there is a screen",
    )
    parser.add_argument("--close", action="store_true", help="close the windows at the end")
    parser.add_argument(
        "--output", type=Path, default=OUTPUT, help="where profiles, broker data and pictures go"
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Play the class; 1 with a sentence if anything is not as it should be."""
    options = _options(argv)
    is_linux = sys.platform not in ("win32", "darwin")
    has_screen = not options.offscreen and bool(
        not is_linux or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if not has_screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault(
            "QT_LOGGING_RULES", "default.warning=false"
        )  # the platform says what it lacks
    try:
        from tools.demo_class import Show  # only now: Qt reads the environment when it is loaded
    except ImportError as error:
        print(
            f"demo: Qt cannot be loaded: {error}. On Debian or Ubuntu run make setup.",
            file=sys.stderr,
        )
        return 1
    shutil.rmtree(options.output, ignore_errors=True)
    options.output.mkdir(parents=True)
    show = Show(options.output)
    try:
        show.play()
    except AssertionError as error:
        print(f"\ndemo: FAILED: {error}", file=sys.stderr)
        show.picture_all("failed")
        show.end()
        return 1
    print(f"\nAll as it should be. Pictures: {options.output}")
    if has_screen and not options.close:
        print("The three windows are yours now; close them to end the broker.")
        show.hand_over()
    show.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
