"""`run_client.py --doctor`: what is wrong with this computer, and with the way to the server, one
line each.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shared.diagnosis import doctor, machine
from shared.diagnosis.doctor import MIB, Finding, Verdict, note, ok, wrong
from shared.starting import how_to_install

if TYPE_CHECKING:  # these need libraries, and the doctor is there to say that they are missing
    from client.diagnosis.probe import Probed
    from client.settings import Options
    from shared.invitations import Invitation

_LEAST_FREE: Final = 100 * MIB
_SERVER: Final = "server"


def main(argv: Sequence[str]) -> int:
    """Look at everything, say it; the exit code."""
    install = how_to_install("run_client.py", Path(sys.argv[0]).resolve().parent, sys.platform)
    rest = [word for word in argv if word not in ("--doctor", "--json")]
    findings = [doctor.check_python(tuple(sys.version_info[:3]), sys.executable)]
    modules = (*machine.BROKER_MODULES, *machine.WINDOW_MODULES)
    libraries = doctor.check_libraries(machine.libraries(modules), install)
    findings += libraries
    missing = {finding.subject for finding in libraries if finding.verdict is Verdict.WRONG}
    if "PyQt5" not in missing:
        findings += doctor.check_window(machine.window(), sys.platform, machine.EMOJI_FAMILIES)
    if not missing - {"PyQt5", "imagesize"}:
        from client.settings import parse_options

        try:
            options = parse_options(rest)
        except ValueError as error:
            print(f"run_client.py: {error}", file=sys.stderr)
            return 2
        findings += _of_profile(options)
    return doctor.report(findings, is_json="--json" in argv)


def _of_profile(options: Options) -> Iterator[Finding]:
    from client.settings import default_profiles_dir

    profile = _profile(options)
    folder = profile or default_profiles_dir()
    yield doctor.check_folder("profile folder", machine.folder_facts(folder))
    yield doctor.check_disk(str(folder), machine.free_bytes(folder), _LEAST_FREE)
    try:
        invitation = _invitation(options, profile)
    except ValueError as error:
        yield wrong(_SERVER, str(error), "paste the whole link, or give the invitation file")
        return
    if invitation is None:
        yield note(
            _SERVER,
            "not tried, for there is no invitation",
            "give one: run_client.py --doctor LINK",
        )
        return
    from client.diagnosis.probe import probe

    probed = probe(invitation)
    yield check_server(invitation.host, invitation.port, probed)
    if not probed.stage and probed.where is not None:
        yield _clock(options, profile, probed.where)


def _profile(options: Options) -> Path | None:
    """The profile that was named, or the only one on this computer."""
    from client.settings import default_profile_dir, default_profiles_dir

    if options.profile is not None or options.username:
        return options.profile or default_profile_dir(options.username)
    try:
        profiles = [
            path for path in default_profiles_dir().iterdir() if (path / "profile.json").is_file()
        ]
    except OSError:
        return None
    return profiles[0] if len(profiles) == 1 else None


def _invitation(options: Options, profile: Path | None) -> Invitation | None:
    """The one that was given, or the profile's; ValueError with a sentence if it is none."""
    from client.storage.keystore import read_profile
    from shared.errors import InvitationInvalid
    from shared.invitations import parse_invitation

    try:
        if options.invitation:
            return parse_invitation(options.invitation)
        known = read_profile(profile) if profile is not None else None
        return parse_invitation(known.invitation) if known is not None else None
    except InvitationInvalid as error:
        raise ValueError("this is not an invitation") from error
    except OSError as error:
        raise ValueError(f"the profile cannot be read: {error.strerror}") from error


def check_server(host: str, port: int, probed: Probed) -> Finding:
    """What came of the way to the server."""
    where = f"{host} port {port}"
    if probed.stage == "name":
        words = probed.reason.partition(".")[0]
        return wrong(
            _SERVER,
            f"{host}: {words[:1].lower()}{words[1:]}",
            "compare it with your invitation, and look whether this computer is online",
        )
    if probed.stage == "port":
        is_refused = probed.reason.endswith("refused")
        advice = (
            "nothing listens there: is the server running, at this port?"
            if is_refused
            else ("a firewall may be in between, or the server is not running")
        )
        return wrong(_SERVER, f"{where} cannot be reached ({probed.reason})", advice)
    if probed.stage == "key":
        return wrong(
            _SERVER,
            f"something answers at {where}, but not with the key of your invitation",
            "ask your instructor for a new invitation",
        )
    if probed.stage == "greeting":
        return wrong(
            _SERVER, f"{where} does not let anybody in: {probed.reason}", "ask your instructor"
        )
    return ok(_SERVER, f"{probed.class_name} answers at {where}, with the right key")


def _clock(options: Options, profile: Path | None, invitation: Invitation) -> Finding:
    """The protocol tells the server's time only to who has signed in, so it takes a profile and its
    passphrase.
    """
    from client.api.english import failure_words
    from client.api.said import failed_by
    from client.diagnosis.probe import server_clock
    from client.settings import read_passphrase
    from client.storage.keystore import profile_at
    from shared.errors import ChatError

    if (
        options.passphrase_file is None
        or profile is None
        or not (profile / "identity.bin").is_file()
    ):
        return note(
            "clock",
            "not compared: the server tells its time only to who has signed in",
            "give --profile and --passphrase-file",
        )
    try:
        with profile_at(profile):
            difference_ms = server_clock(
                profile, read_passphrase(options.passphrase_file), invitation
            )
    except ValueError as error:
        return wrong("clock", f"not compared: {error}", "give the right file")
    except ChatError as error:
        return note("clock", f"not compared: {failure_words(failed_by(error))}")
    return doctor.check_clock(difference_ms)
