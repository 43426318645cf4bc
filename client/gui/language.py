"""In which language the window speaks: the translations in languages/, and Qt's own for its standard buttons."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from client.gui import translation
from client.gui.catalogue import plural_of, read_catalogue
from shared.logs import Log

FOLDER = Path(__file__).parent / "languages"
PREFIX = "csce513_"
ENGLISH = "en"
_log = Log("client.gui")


class Catalogue(QTranslator):
    """One .ts file as Qt asks for it. Raises OSError, ValueError if it cannot be read."""

    def __init__(self, path: Path, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = read_catalogue(path)
        self._plural = plural_of(language)

    def isEmpty(self) -> bool:
        return not self._texts

    def translate(self, context: str | None, source: str | None, comment: str | None = None, n: int = -1) -> str:
        forms = self._texts.get(source or "") if context == translation.CONTEXT else None
        if forms is None:
            return None  # type: ignore[return-value]  # so Qt asks the next one, at last for the text as written
        return forms[min(self._plural(n), len(forms) - 1)] if n >= 0 else forms[0]


def languages(folder: Path = FOLDER) -> dict[str, str]:
    """The translations that there are, with their own names: {"de": "Deutsch"}; English is not among them."""
    codes = sorted(path.stem.removeprefix(PREFIX) for path in folder.glob(f"{PREFIX}*.ts"))
    return {code: QLocale(code).nativeLanguageName().capitalize() or code for code in codes}


def language_for(wanted: str, system: list[str], known: list[str]) -> str:
    """The language to speak: the one in the settings, else the first of the system's that there is, else English."""
    for one in [wanted] if wanted else system:
        code = one.replace("-", "_")
        for candidate in (code, code.partition("_")[0]):
            if candidate in known or candidate == ENGLISH:
                return candidate
    return ENGLISH


def speak(app: QCoreApplication, wanted: str, folder: Path = FOLDER) -> list[QTranslator]:
    """Speak the language of the settings ("" for the system's) from now on; a broken file leaves it at English."""
    translation.use(QCoreApplication.translate)
    code = language_for(wanted, QLocale.system().uiLanguages(), list(languages(folder)))
    if code == ENGLISH:
        return []
    try:
        made: list[QTranslator] = [Catalogue(folder / f"{PREFIX}{code}.ts", code, app)]
    except (OSError, ValueError) as error:
        _log.warning("translation not readable", language=code, kind=type(error).__name__)
        return []
    of_qt = QTranslator(app)
    if of_qt.load(QLocale(code), "qtbase", "_", QLibraryInfo.location(QLibraryInfo.LibraryLocation.TranslationsPath)):
        made.append(of_qt)
    QLocale.setDefault(QLocale(code))
    for one in made:
        app.installTranslator(one)
    return made
