"""Run `run_client.py --export DIR`: an export without a window, in plain words on standard output."""

from __future__ import annotations

import getpass
import queue
import sys
from datetime import datetime
from typing import TextIO

from client.api import events
from client.api.english import failure_words
from client.api.events import Notice
from client.api.values import ConnectionState
from client.export.job import (
    ClassSnapshot,
    ExportEnded,
    ExportJob,
    ExportOptions,
    ExportProgress,
    why_missing,
)
from client.headless.program import (
    EXIT_ARGUMENTS,
    EXIT_CODES,
    EXIT_INTERNAL,
    EXIT_INTERRUPTED,
    EXIT_OK,
)
from client.settings import Options, default_profile_dir, read_passphrase
from client.threads.network import ClientSession
from shared.errors import ChatError
from shared.invitations import parse_invitation

_CAUGHT_UP = 1  # the request_id of the wait before the export


class ExportCommand:
    """Waits until everything is read, or until there is no connection, then exports.

    Everything happens on the main thread.
    """

    def __init__(
        self, options: Options, session: ClientSession, out: TextIO, errors: TextIO
    ) -> None:
        self._options = options
        self._session = session
        self._out = out
        self._errors = errors
        self._snapshot = ClassSnapshot()
        self.job: ExportJob | None = None
        self._tenth = 0
        self.exit_code: int | None = None

    def handle(self, notice: Notice) -> None:
        """Take one notice of the session."""
        if self.job is not None:
            self.job.handle(notice)
            return
        self._snapshot.note(notice)
        match notice:
            case events.SignInFailed():
                self._fail(
                    failure_words(notice.failure), EXIT_CODES.get(notice.code, EXIT_ARGUMENTS)
                )
            case events.SessionOpened():
                self._session.post(events.WaitUntilRead(request_id=_CAUGHT_UP))
            case events.Done() if notice.request_id == _CAUGHT_UP:
                self._start()
            case events.ConnectionChanged() if notice.code:
                is_lost = notice.state in (ConnectionState.OFFLINE, ConnectionState.REFUSED)
                if is_lost and self._snapshot.me is not None:
                    self._say(
                        f"{failure_words(notice.failure)} Only what is on this computer is exported, without files."
                    )
                    self._start()
            case _:
                pass

    def _start(self) -> None:
        conv_ids: tuple[bytes, ...] = ()
        wanted = self._options.export_of
        if wanted:
            key = wanted.lstrip("#@").casefold()
            conversations = self._snapshot.conversations.values()
            conv_ids = tuple(one.conv_id for one in conversations if one.name.casefold() == key)
            if not conv_ids:
                self._fail(f"There is no conversation {wanted}.", EXIT_ARGUMENTS)
                return
        assert self._options.export_to is not None
        options = ExportOptions(
            self._options.export_to, conv_ids, self._options.has_pseudonyms, self._options.has_files
        )
        now = datetime.now().astimezone()
        self.job = ExportJob(options, self._snapshot, self._session.post, self._report, now)
        self.job.start()

    def _report(self, news: ExportProgress | ExportEnded) -> None:
        if isinstance(news, ExportProgress):
            tenth = 10 * news.done // max(1, news.total)
            if tenth > self._tenth:
                self._tenth = tenth
                self._say(f"{news.done} of {news.total} messages")
        elif news.path is None:
            self._fail(failure_words(news.failure), EXIT_INTERNAL)
        else:
            for missing in news.missing:
                self._say(f"Not in the export: {missing.name}: {why_missing(missing.why)}")
            self._say(f"Exported {news.messages} messages and {news.files} files to {news.path}")
            self.exit_code = EXIT_OK

    def _say(self, sentence: str) -> None:
        print(sentence, file=self._out, flush=True)

    def _fail(self, sentence: str, code: int) -> None:
        print(f"run_client.py: {sentence}", file=self._errors, flush=True)
        self.exit_code = code


def run_export(options: Options) -> int:
    """Export until everything is written or the export has failed; returns the exit code."""
    try:
        if options.profile is None and not options.username:
            raise ValueError("--profile or --username is needed")
        profile = options.profile or default_profile_dir(options.username)
        invitation = parse_invitation(options.invitation) if options.invitation else None
        path = options.passphrase_file
        passphrase = read_passphrase(path) if path is not None else getpass.getpass("Passphrase: ")
    except (EOFError, KeyboardInterrupt):  # at the question for the passphrase
        print("run_client.py: no passphrase was given", file=sys.stderr)
        return EXIT_ARGUMENTS
    except (ChatError, ValueError) as error:
        print(f"run_client.py: {error}", file=sys.stderr)
        return EXIT_ARGUMENTS
    inbox: queue.SimpleQueue[list[Notice]] = queue.SimpleQueue()
    session = ClientSession(
        profile,
        invitation=invitation,
        username=options.username,
        passphrase=passphrase,
        deliver=inbox.put,
        cost=options.cost,
    )
    command = ExportCommand(options, session, sys.stdout, sys.stderr)
    session.start()
    try:
        while command.exit_code is None:
            for notice in inbox.get():
                command.handle(notice)
    except KeyboardInterrupt:
        if command.job is not None:
            command.job.cancel()
        return EXIT_INTERRUPTED
    finally:
        session.stop()
    return command.exit_code
