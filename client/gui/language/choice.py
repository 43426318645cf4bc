"""In which language the window speaks: the catalogues in languages/, and Qt's own for its standard
buttons.
"""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from client.gui.language import translation
from client.gui.language.catalogue import FOLDER, catalogue_path, languages_in, read_catalogue
from shared.logs import Log

ENGLISH = "en"
_log = Log("client.gui")


def languages(folder: Path = FOLDER) -> dict[str, str]:
    """Return the translations that there are, with their own names: {"de": "Deutsch"}; English is
    not among them.
    """
    return {
        code: QLocale(code).nativeLanguageName().capitalize() or code
        for code in languages_in(folder)
    }


def language_for(wanted: str, system: list[str], known: list[str]) -> str:
    """Return the language to speak: the wanted one, else the first of the system's that there is,
    else English.
    """
    for one in [wanted] if wanted else system:
        code = one.replace("-", "_")
        for candidate in (code, code.partition("_")[0]):
            if candidate in known or candidate == ENGLISH:
                return candidate
    return ENGLISH


class Language:
    """The language of one application: speaks another one whenever it is told to.

    Lives on the window's thread.
    """

    def __init__(self, app: QCoreApplication, folder: Path = FOLDER) -> None:
        self._app, self._folder = app, folder
        self._of_qt = QTranslator(app)
        self._of_system = QLocale.system()
        self.code = ENGLISH

    def speak(self, wanted: str) -> None:
        """Speak the language of the settings ("" for the system's); a file that cannot be read
        leaves it at English.
        """
        self.code = language_for(wanted, self._of_system.uiLanguages(), languages_in(self._folder))
        self._app.removeTranslator(self._of_qt)
        translation.use()
        QLocale.setDefault(self._of_system)
        if self.code != ENGLISH:
            self._load()

    def _load(self) -> None:
        try:
            translation.use(read_catalogue(catalogue_path(self._folder, self.code)))
        except (OSError, ValueError) as error:
            _log.warning("translation not readable", language=self.code, kind=type(error).__name__)
            self.code = ENGLISH
            return
        QLocale.setDefault(QLocale(self.code))
        where = QLibraryInfo.location(QLibraryInfo.LibraryLocation.TranslationsPath)
        if self._of_qt.load(QLocale(self.code), "qtbase", "_", where):
            self._app.installTranslator(self._of_qt)
