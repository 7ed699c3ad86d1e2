"""The web map in the window: selections go both ways, nothing of the engine is loaded before it is opened, and it reaches nothing outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from chuangwen.progress import Progress
from chuangwen.services.project import Project
from chuangwen.ui.web import engine
from chuangwen.ui.web.dock import WebDock
from tests.build import ROOT
from tests.ui.conftest import Desk

pytestmark = [pytest.mark.window, pytest.mark.skipif(not engine.is_there(), reason="no Qt web engine here")]

_PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>页</title><body><script>
window.heard = []; window.blocked = 0;
window.chuangwen = {ready: false, onSelect: null,
  select: (layer, id) => window.heard.push([layer, id]), clearSelection: () => window.heard.push(["", ""])};
setTimeout(() => { window.chuangwen.ready = true; }, 30);
</script>"""


def _plain(_project: Project, path: Path, _progress: Progress) -> None:
    path.write_text(_PAGE, encoding="utf-8")


@pytest.fixture
def dock(open_desk: Desk) -> Iterator[WebDock]:
    made = WebDock(open_desk.session, _plain, open_desk.window, open_desk.window.docks["right"])
    yield made
    made.forget()


def _ask(desk: Desk, dock: WebDock, script: str) -> object:
    """What the page answers; a statement answers 0."""
    assert dock.view is not None
    answers: list[object] = []
    dock.view.page().runJavaScript(f"JSON.stringify({script})", 0, answers.append)
    desk.until(lambda: bool(answers))
    return json.loads(str(answers[0]))


def _opened(desk: Desk, dock: WebDock) -> None:
    dock.open()
    desk.until(lambda: dock.waited_ms > 0)


def test_a_selection_goes_both_ways(open_desk: Desk, dock: WebDock) -> None:
    """What is chosen in the program shows in the page; what is chosen in the page shows in the program, once."""
    project = open_desk.session.project
    assert project is not None
    one, other = project.features("site").ids[:2]
    open_desk.session.selection.set("site", [one])
    _opened(open_desk, dock)
    open_desk.until(lambda: _ask(open_desk, dock, "window.heard") == [["site", one]])

    open_desk.session.selection.clear()
    open_desk.until(lambda: _ask(open_desk, dock, "window.heard") == [["site", one], ["", ""]])

    _ask(open_desk, dock, f"window.chuangwen.onSelect('site', {json.dumps(other)}) || 0")
    open_desk.until(lambda: open_desk.session.selection.ids == (other,))
    assert len(_ask(open_desk, dock, "window.heard")) == 2, "what came from the page goes back to it"  # type: ignore[arg-type]


def test_the_real_page_speaks_with_the_program(open_desk: Desk) -> None:
    """网页地图 in the window: a site chosen here opens its card there; what is found and pressed there is selected here."""
    dock = open_desk.window.web.dock
    project = open_desk.session.project
    assert project is not None
    one, other = [site for site in project.features("site") if site.geometry is not None][:2]
    open_desk.window.actions_by_id["web_view"].trigger()
    open_desk.until(lambda: dock.waited_ms > 0, 60)

    open_desk.session.selection.set("site", [one.id])
    open_desk.until(lambda: one.name in str(_ask(open_desk, dock, "document.body.innerText")))

    search = f"""(() => {{
        const box = document.getElementById("find");
        box.value = {json.dumps(other.name)};
        box.dispatchEvent(new Event("input", {{bubbles: true}}));
        document.querySelector("#found button").click();
        return 0;
    }})()"""
    _ask(open_desk, dock, search)
    open_desk.until(lambda: open_desk.session.selection.ids == (other.id,))
    assert open_desk.session.selection.layer == "site"

    open_desk.session.close()
    assert dock.view is None


@pytest.mark.parametrize(("layer", "row_id"), [("nothing", "1"), ("site", "nobody"), ("__class__", "1"), ("site", "<script>alert(1)</script>")])
def test_the_page_is_not_believed(open_desk: Desk, dock: WebDock, layer: str, row_id: str) -> None:
    """A layer or a feature that the project does not have selects nothing."""
    dock.bridge.picked(layer, row_id)
    assert open_desk.session.selection.ids == ()


def test_nothing_outside_is_reached(open_desk: Desk, dock: WebDock, tmp_path: Path) -> None:
    """Neither another file nor an address, and no link leads away."""
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", encoding="utf-8")
    _opened(open_desk, dock)
    assert dock.view is not None
    dock.view.page().runJavaScript(
        "window.tried = {};"
        f"for (const where of [{json.dumps(secret.as_uri())}, 'http://127.0.0.1:9/'])"
        "  fetch(where).then(a => a.text()).then(t => window.tried[where] = t, () => window.tried[where] = 'refused');"
        "window.open('http://127.0.0.1:9/');"
        f"const a = document.createElement('a'); a.href = {json.dumps(secret.as_uri())}; document.body.append(a); a.click();"
    )
    open_desk.until(lambda: len(_ask(open_desk, dock, "Object.keys(window.tried)")) == 2)  # type: ignore[arg-type]
    assert set(_ask(open_desk, dock, "Object.values(window.tried)")) == {"refused"}  # type: ignore[call-overload]
    assert dock.view.url().fileName().endswith(".html")


def test_the_page_goes_with_its_project(open_desk: Desk, dock: WebDock) -> None:
    """The file names persons: it is deleted when the project is closed, and the view ends."""
    _opened(open_desk, dock)
    assert dock.view is not None
    file = Path(dock.view.url().toLocalFile())
    assert file.is_file()
    open_desk.session.close()
    assert not file.exists()
    assert dock.view is None
    assert not dock.isVisible()


def test_an_edit_is_said_until_the_page_is_made_anew(open_desk: Desk, dock: WebDock) -> None:
    """The page stands still, and says that the data have moved on."""
    _opened(open_desk, dock)
    assert not dock.said.text()
    open_desk.session.changed.emit({"site": set()}, None)
    assert "改动" in dock.said.text()
    dock.again.click()
    assert not dock.said.text()


def test_where_there_is_no_engine_the_browser_opens(open_desk: Desk, dock: WebDock, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the program says so."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    monkeypatch.setenv("CHUANGWEN_NO_WEB_ENGINE", "1")
    said: list[object] = []
    open_desk.session.noticed.connect(said.append)
    dock.open()
    open_desk.until(lambda: bool(opened))
    assert "浏览器" in str(said[0])
    assert Path(opened[0]).read_text(encoding="utf-8") == _PAGE
    assert not dock.isVisible()


def test_an_engine_that_cannot_be_loaded_counts_as_none(open_desk: Desk, dock: WebDock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that is there but lacks another of the system (Kylin without libnss3)."""
    opened: list[str] = []

    def broken(*_what: object) -> QWidget:
        raise ImportError("libnss3.so")

    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    monkeypatch.setattr(engine, "view_for", broken)
    dock.open()
    open_desk.until(lambda: bool(opened))
    assert not dock.isVisible()


def test_no_engine_before_the_page_is_opened(project: Path) -> None:
    """A window with a project loads nothing of the web engine and starts no process of its own."""
    code = f"""
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from chuangwen.settings import Settings
from chuangwen.ui.app_window import make_application
from chuangwen.ui.window import MainWindow
app = make_application(Settings(actor="测", theme="light"))
window = MainWindow(Settings(actor="测", theme="light"))
window.show()
window.open(Path({str(project)!r}))
end = time.monotonic() + 3
while time.monotonic() < end:
    app.processEvents()
    time.sleep(0.01)
def below():
    return [one for one in Path("/proc").glob("[0-9]*/cmdline") if b"QtWebEngineProcess" in read(one) and parent(one) == __import__("os").getpid()]
def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""
def parent(path):
    try:
        return int((path.parent / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
print("loaded", [name for name in sys.modules if "WebEngine" in name or "folium" in name], "processes", len(below()))
window.close()
"""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    answer = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120, check=False)
    assert "loaded [] processes 0" in answer.stdout, answer.stdout + answer.stderr
