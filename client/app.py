"""The client program: reads the arguments and starts the window or the headless loop."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from client.api.events import Notice
from client.settings import Options, default_profiles_dir, parse_options
from client.storage.keystore import is_profile_open, read_profile
from client.threads.network import ClientSession
from shared.errors import InvitationInvalid
from shared.invitations import Invitation, parse_invitation
from shared.logs import setup_logging
from shared.starting import end_without

if TYPE_CHECKING:
    from client.gui.sign_in.window import KnownProfile


def main(argv: list[str]) -> int:
    """Run the client; the exit code."""
    try:
        options = parse_options(argv)
    except ValueError as error:
        if "--headless" in argv:
            print(
                json.dumps({"event": "fatal", "code": "bad_arguments", "message": str(error)}),
                flush=True,
            )
        else:
            print(f"run_client.py: {error}", file=sys.stderr)
        return 2
    setup_logging()
    if options.is_headless:
        from client.headless.program import run_headless

        return run_headless(options, sys.stdin, sys.stdout)
    if options.export_to is not None:
        from client.headless.export_command import run_export

        return run_export(options)
    return _run_window(options)


def _run_window(options: Options) -> int:
    try:
        from client.gui.app import run  # Qt is loaded only for the window
    except ImportError as error:
        return end_without(error, "run_client.py")
    return run(options, session_factory(options), known_profiles(options.profile))


def known_profiles(only: Path | None) -> list[KnownProfile]:
    """The profiles on this computer whose accounts exist, or the given one."""
    root = default_profiles_dir()
    profiles = []
    with suppress(
        OSError
    ):  # a folder that cannot be looked at holds no profile; opening it says why
        for directory in (
            [only] if only is not None else sorted(root.iterdir()) if root.is_dir() else []
        ):
            known = _known_profile(directory)
            profiles += [known] if known is not None else []
    return profiles


def _known_profile(directory: Path) -> KnownProfile | None:
    from client.gui.sign_in.window import KnownProfile

    try:
        profile = read_profile(directory)
        if profile is None or not profile.is_registered:
            return None
        is_open = is_profile_open(directory)
    except OSError:
        return None
    return KnownProfile(directory, profile.username, _class_name(profile.invitation), is_open)


def _class_name(invitation: str) -> str:
    try:
        return parse_invitation(invitation).class_name if invitation else ""
    except InvitationInvalid:
        return ""


def session_factory(options: Options) -> Callable[..., ClientSession]:
    """How the window, which knows nothing of sockets, gets its session."""

    def make(
        profile: Path,
        invitation: Invitation | None,
        username: str,
        passphrase: str,
        deliver: Callable[[list[Notice]], None],
        recovers: bool = False,
    ) -> ClientSession:
        return ClientSession(
            profile,
            invitation=invitation,
            username=username,
            passphrase=passphrase,
            deliver=deliver,
            cost=options.cost,
            recovers=recovers,
        )

    return make
