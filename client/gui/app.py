"""The window program: signs in, starts the session, opens the main window, and ends all in
order.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Protocol

from PyQt5.QtCore import QCoreApplication, QObject, QSettings, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QGuiApplication, QPalette
from PyQt5.QtWidgets import QApplication

from client.api.events import (
    Command,
    ConnectionChanged,
    Notice,
    SessionOpened,
    SessionSignedIn,
    SignInFailed,
)
from client.api.said import Failed
from client.api.values import ConnectionState
from client.gui.kit.screen import EXIT_NO_SCREEN, screen_fault, screen_needed
from client.gui.kit.theme import DARK, LIGHT, Theme, apply_theme
from client.gui.language.choice import Language
from client.gui.language.said_words import failure_words
from client.gui.language.translation import tr
from client.gui.notifications.tray import tray_icon
from client.gui.session.bridge import Bridge
from client.gui.session.preferences import Density, Preferences, ThemeChoice
from client.gui.sign_in.window import KnownProfile, SignIn, SignInRequest
from client.gui.window.main_window import MainWindow
from client.settings import Options, default_profile_dir, default_profiles_dir, read_passphrase
from shared.invitations import Invitation, find_local_invitation
from shared.logs import Log

STOP_TIMEOUT_S = 5.0
INTERRUPT_MS = 250  # how soon Ctrl+C in the terminal is noticed
_log = Log("client.gui")


class Session(Protocol):
    """What the window needs of a session."""

    def start(self) -> None: ...

    def post(self, command: Command) -> None: ...

    def stop(self, timeout_s: float = ...) -> None: ...


SessionFactory = Callable[
    [Path, Invitation | None, str, str, Callable[[list[Notice]], None], bool], Session
]


class WindowProgram(QObject):
    """Leads from the sign-in to the main window and back. Lives on the window's thread."""

    ended = pyqtSignal()  # all is saved and closed
    _stopped = pyqtSignal()

    def __init__(
        self,
        app: QApplication,
        options: Options,
        session_factory: SessionFactory,
        settings: QSettings,
        profiles: Sequence[KnownProfile] = (),
    ) -> None:
        super().__init__()
        self._app = app
        self._factory = session_factory
        self._settings = settings
        self._profile: Path | None = options.profile
        self._passphrase_file = options.passphrase_file
        self._is_system_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
        self.preferences = Preferences(settings, self)
        self.preferences.changed.connect(self._follow)
        self._session: Session | None = None
        self._bridge: Bridge | None = None
        self._is_new = False
        self._then: Callable[[], None] = self.ended.emit
        self.window: MainWindow | None = None
        apply_theme(app, self.theme())
        self._language = Language(app)
        self._language.speak(self.preferences.language)
        self._profiles = profiles
        self.sign_in = self._made_sign_in()
        self._stopped.connect(self._on_stopped)
        self.sign_in.prefill(options.invitation, options.username)

    def _made_sign_in(self) -> SignIn:
        made = SignIn(self._profiles, find_local_invitation())
        made.submitted.connect(self._start_session)
        made.cancelled.connect(lambda: self._stop_session(lambda: self.sign_in.set_busy("")))
        made.closed.connect(self.quit)
        return made

    def start(self) -> None:
        """Show the sign-in; with a passphrase file it goes on by itself if nothing else is
        missing.
        """
        self.sign_in.show()
        if self._passphrase_file is None:
            return
        try:
            self.sign_in.submit_passphrase(read_passphrase(self._passphrase_file))
        except ValueError:
            why = Failed(code="passphrase_file", subject=str(self._passphrase_file))
            self.sign_in.show_failure(SignInFailed(why, "passphrase"))

    def quit(self) -> None:
        """Save, say goodbye, end."""
        for window in (self.window, self.sign_in):
            if window is not None:
                window.hide()
        self._stop_session(self.ended.emit)

    # --- theme ---

    def theme(self) -> Theme:
        """The chosen colours and size of text."""
        chosen, is_compact = self.preferences.theme, self.preferences.density is Density.COMPACT
        is_dark = chosen is ThemeChoice.DARK or (
            chosen is ThemeChoice.SYSTEM and self._is_system_dark
        )
        return replace(
            DARK if is_dark else LIGHT, font_px=self.preferences.font_px, is_compact=is_compact
        )

    def choose_theme(self, name: str) -> None:
        """light, dark or system; kept for the next time."""
        self.preferences.theme = ThemeChoice(name)

    def _choose_font(self, size: int) -> None:
        self.preferences.font_px = size

    def _speak(self) -> None:
        """Another language was chosen, in the settings of the main window: the sign-in is hidden
        meanwhile.
        """
        self._language.speak(self.preferences.language)
        if self.window is not None:
            self.window.reword_soon()
        if self.sign_in.isHidden():
            old, self.sign_in = self.sign_in, self._made_sign_in()
            old.deleteLater()

    def _follow(self, name: str) -> None:
        if name == "language":
            self._speak()
        if name not in ("theme", "font_px", "density"):
            return
        apply_theme(self._app, self.theme())
        if self.window is not None:
            self.window.set_theme(self.theme())

    # --- the session ---

    def _start_session(self, request: SignInRequest) -> None:
        if self._session is not None:
            return
        directory = request.directory or self._profile or default_profile_dir(request.username)
        self._is_new = request.directory is None
        self._bridge = Bridge(self)
        self._bridge.arrived.connect(self._on_notices)
        session = self._factory(
            directory,
            request.invitation,
            request.username,
            request.passphrase,
            self._bridge.deliver,
            request.recovers,
        )
        self._session = session
        self.window = MainWindow(session.post, self._settings, self.theme(), self.preferences)
        self.window.preference_controller.profile_folder = str(directory)
        self.window.closed.connect(self.quit)
        self.window.theme_chosen.connect(self.choose_theme)
        self.window.font_chosen.connect(self._choose_font)
        making = (
            tr("Fetching your keys\u2026") if request.recovers else tr("Making your keys\u2026")
        )
        self.sign_in.set_busy(making if self._is_new else tr("Opening your profile\u2026"))
        session.start()

    def _on_notices(self, notices: list[Notice]) -> None:
        if self.window is None:
            return
        self.window.handle(notices)
        for notice in notices:
            if isinstance(notice, SignInFailed):
                self._fail(notice)
                return
            if isinstance(notice, SessionSignedIn) or (
                isinstance(notice, SessionOpened) and not self._is_new
            ):
                self._open_window()
            elif isinstance(notice, ConnectionChanged):
                self._show_connection(notice)

    def _show_connection(self, notice: ConnectionChanged) -> None:
        if self.sign_in.isHidden() or notice.state is ConnectionState.ONLINE:
            return
        if notice.state is ConnectionState.REFUSED:
            self._fail(SignInFailed(notice.failure or Failed(code="lost")))
        elif notice.state is ConnectionState.OFFLINE:
            reason = failure_words(notice.failure) or tr("The server cannot be reached.")
            self.sign_in.set_busy(tr("{reason} Trying again\u2026", reason=reason))
        else:
            self.sign_in.set_busy(tr("Connecting to the server\u2026"))

    def _open_window(self) -> None:
        window = self.window
        if window is not None and not window.isVisible() and not window.is_in_tray:
            window.show()
            window.activateWindow()
            self.sign_in.hide()

    def _fail(self, failure: SignInFailed) -> None:
        # The profile is locked until the thread has ended: only then the fields are given back.
        def back() -> None:
            self.sign_in.show()
            self.sign_in.show_failure(failure)

        self._stop_session(back)

    def _stop_session(self, then: Callable[[], None]) -> None:
        session, self._session = self._session, None
        if session is None:
            if self._bridge is None:
                then()
            else:
                self._then = then  # it ends already
            return
        self._then = then
        if self._bridge is not None:
            self._bridge.close()

        def stop() -> None:
            try:
                session.stop(STOP_TIMEOUT_S)
            finally:
                self._stopped.emit()

        threading.Thread(target=stop, name="session-end").start()

    def _on_stopped(self) -> None:
        for old in (self._bridge, self.window):
            if old is not None:
                old.deleteLater()
        if self.window is not None:
            self.window.hide()
        self._bridge, self.window = None, None
        self._then()


def _log_exception(
    kind: type[BaseException], _error: BaseException, trace: TracebackType | None
) -> None:
    # Without a hook PyQt5 ends the process on an exception in a slot. The message may hold content:
    # it is not logged.
    _log.error("error in the window", kind=kind.__name__, place="".join(traceback.format_tb(trace)))


def create_application() -> QApplication:
    """The QApplication with sharp drawing on every screen."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_EnableHighDpiScaling)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_UseHighDpiPixmaps)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    app.setApplicationName("csce513fall24msg")
    app.setApplicationDisplayName("")
    app.setWindowIcon(tray_icon(False, 0))
    app.setQuitOnLastWindowClosed(False)
    return app


def run(options: Options, session_factory: SessionFactory, profiles: Sequence[KnownProfile]) -> int:
    """Show the window until it is closed; the exit code. `profiles` are offered at the sign-in.

    A passphrase file spares the typing.
    """
    if (fault := screen_fault(os.environ, sys.platform)) is not None:
        print(f"run_client.py: {fault}", file=sys.stderr)
        return EXIT_NO_SCREEN
    with screen_needed():
        app = create_application()
    sys.excepthook = _log_exception
    root = options.profile or default_profiles_dir().parent
    settings = QSettings(str(root / "window.ini"), QSettings.Format.IniFormat)
    program = WindowProgram(app, options, session_factory, settings, profiles)
    signal.signal(signal.SIGINT, lambda _number, _frame: program.quit())
    awake = QTimer(program)  # lets Python look for Ctrl+C while Qt waits
    awake.timeout.connect(lambda: None)
    awake.start(INTERRUPT_MS)
    program.ended.connect(app.quit)
    program.start()
    return app.exec()
