"""The Qt web engine, held to one local page: no network, no other file, no window of its own. Nothing of it is loaded before `view_for` is called."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QObject, QUrl
from PySide6.QtWidgets import QWidget

from chuangwen.settings import resources_folder

if TYPE_CHECKING:
    from PySide6.QtWebEngineCore import QWebEngineScript
    from PySide6.QtWebEngineWidgets import QWebEngineView

_CHANNEL = ":/qtwebchannel/qwebchannel.js"
_TAKES = ("data", "blob", "qrc", "about")
"""Kinds of address beside the page's own file that lead nowhere outside: its pictures, its workers, the channel."""


def is_there() -> bool:
    """Whether this computer has the engine. Looks for its library and loads nothing."""
    from importlib.util import find_spec

    return "CHUANGWEN_NO_WEB_ENGINE" not in os.environ and find_spec("PySide6.QtWebEngineWidgets") is not None


def view_for(file: Path, bridge: QObject, lost: Callable[[], None], parent: QWidget) -> QWebEngineView:
    """A view that may show `file` alone, and whose page finds `bridge` as `program`; `lost`: the page's process has ended. Starts the engine, loads nothing.

    Raises `ImportError` where the engine cannot be loaded.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # as root the sandbox refuses to start (facts.md 3)
    from PySide6.QtWebChannel import QWebChannel
    from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineSettings, QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor
    from PySide6.QtWebEngineWidgets import QWebEngineView

    own = QUrl.fromLocalFile(str(file))

    class Gate(QWebEngineUrlRequestInterceptor):
        """Lets the page's own file through and what lies inside it."""

        def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
            asked = info.requestUrl()
            if asked.scheme() not in _TAKES and not _same(asked, own):
                info.block(True)

    class Page(QWebEnginePage):
        """Stays where it is: a link leads to no other page and opens no window."""

        def acceptNavigationRequest(self, url: QUrl | str, _kind: QWebEnginePage.NavigationType, _is_main: bool) -> bool:
            return _same(QUrl(url), own)

        def createWindow(self, _kind: QWebEnginePage.WebWindowType) -> QWebEnginePage | None:  # type: ignore[override]
            return None

    view = QWebEngineView(parent)
    profile = QWebEngineProfile(parent)  # no name: nothing of it is kept on the disk
    profile.setUrlRequestInterceptor(Gate(profile))
    profile.downloadRequested.connect(lambda download: download.cancel())
    page = Page(profile, view)
    page.destroyed.connect(profile.deleteLater)  # in this order, or Qt warns of trouble
    for attribute, on in (
        (QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls, False),
        (QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls, False),
        (QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows, False),
        (QWebEngineSettings.WebAttribute.PluginsEnabled, False),
        (QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled, False),
        (QWebEngineSettings.WebAttribute.DnsPrefetchEnabled, False),
        (QWebEngineSettings.WebAttribute.ErrorPageEnabled, False),
    ):
        page.settings().setAttribute(attribute, on)
    channel = QWebChannel(page)
    channel.registerObject("program", bridge)
    page.setWebChannel(channel)
    page.scripts().insert(_scripts())
    page.renderProcessTerminated.connect(lambda _status, _code: lost())
    view.setPage(page)
    return view


def _same(asked: QUrl, own: QUrl) -> bool:
    """Whether an address is the file, wherever in it."""
    return asked.isLocalFile() and asked.toLocalFile() == own.toLocalFile()


def _scripts() -> list[QWebEngineScript]:
    """What the program adds to the page, so that the file itself knows nothing of it: Qt's channel, and the hand-shake."""
    from PySide6.QtWebEngineCore import QWebEngineScript

    channel = QFile(_CHANNEL)
    if not channel.open(QFile.OpenModeFlag.ReadOnly):
        raise ImportError(_CHANNEL)
    made = []
    for name, text, when in (
        ("channel", bytes(channel.readAll().data()).decode("utf-8"), QWebEngineScript.InjectionPoint.DocumentCreation),
        ("shake", (resources_folder() / "web" / "in_program.js").read_text(encoding="utf-8"), QWebEngineScript.InjectionPoint.DocumentReady),
    ):
        script = QWebEngineScript()
        script.setName(name)
        script.setSourceCode(text)
        script.setInjectionPoint(when)
        script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
        made.append(script)
    return made
