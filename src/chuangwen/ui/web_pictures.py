"""Pictures of the web map: beside the map, on a phone and on a desk, what is asked before it goes out, and what comes back."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chuangwen.domain.audience import INTERNAL, PATROL
from chuangwen.services.audiences import audience
from chuangwen.services.web_map import made_for, write_web_map
from chuangwen.services.web_subject import subject_of
from chuangwen.text import _
from chuangwen.ui.web import engine
from chuangwen.ui.web.bridge import Bridge

if TYPE_CHECKING:
    from PySide6.QtWebEngineWidgets import QWebEngineView

    from chuangwen.services.project import Project
    from chuangwen.ui.pictures import Photographer

_PREFIX = "web"
_PHONE, _DESK = (390, 844), (1280, 760)
_ZONE = "WC-05"
_PATIENCE_S = 30.0
_TICK = "document.querySelector('.tick-choice.is-done').click()"


def web_states(camera: Photographer, folder: Path, only: str = "") -> None:
    """All of them, where pictures that begin with `only` are wanted; nothing where this computer has no web engine."""
    if not engine.is_there() or (not _PREFIX.startswith(only) and not only.startswith(_PREFIX)):
        return
    window = camera.window
    window.open(camera.project)
    project = window.session.project
    assert project is not None
    camera.settle()
    issues = project.features("issue")
    status, zones = issues.column("status"), issues.column("zone_code")
    camera.select("issue", lambda at: status[at] == "in_progress" and zones[at] == _ZONE and bool(issues.located[at]))
    chosen = window.session.selection.ids[0]

    window.actions_by_id["web_view"].trigger()
    dock = window.web.dock
    _wait(camera, lambda: dock.waited_ms > 0)
    _rest(camera)
    camera.take("web-dock")
    dock.forget()

    export = window.web.export()
    assert export is not None
    camera.take("web-export", export)
    export.close()

    pages = {name: folder / f"{name}.html" for name in ("desk", "phone")}
    write_web_map(project, pages["desk"], audience(INTERNAL))
    patrol = subject_of(project, audience(PATROL), {"zone": _ZONE})
    write_web_map(project, pages["phone"], audience(PATROL), patrol)
    for name, size in (("desk", _DESK), ("phone", _PHONE)):
        room, view, seen = _view(camera, pages[name], size)
        camera.take(f"web-{name}", view)
        seen.selected.emit("issue", chosen)
        _rest(camera)
        camera.take(f"web-{name}-card", view)
        if name == "phone":
            view.page().runJavaScript(_TICK)
            _rest(camera)
            camera.take("web-phone-ticked", view)
        room.close()
        view.deleteLater()
        camera.settle()
        room.deleteLater()

    returned = window.web.look_at(_returned(project, folder))
    camera.settle()
    returned.list.setCurrentItem(returned.list.topLevelItem(0))
    camera.take("web-return", returned)
    returned.close()


def _view(camera: Photographer, file: Path, size: tuple[int, int]) -> tuple[QWidget, QWebEngineView, Bridge]:
    """The page as its reader sees it."""
    bridge = Bridge(camera.window.session, camera.window)
    ready: list[bool] = []
    bridge.ready.connect(lambda: ready.append(True))
    room = QWidget()
    room.resize(*size)
    column = QVBoxLayout(room)
    column.setContentsMargins(0, 0, 0, 0)
    view = engine.view_for(file, bridge, lambda: None, room)
    column.addWidget(view)
    room.show()
    view.load(file.absolute().as_uri())
    _wait(camera, lambda: bool(ready))
    bridge.selected.emit("", "")
    _rest(camera)
    return room, view, bridge


def _returned(project: Project, folder: Path) -> Path:
    """What a patrol that ticked five issues of a zone sends back."""
    page = made_for(project, audience(PATROL), subject_of(project, audience(PATROL), {"zone": _ZONE})).page
    assert page.patrol is not None
    ids = next(layer.ids for layer in page.layers if layer.id == "issue")
    at = page.data_time + dt.timedelta(minutes=30)
    entries = [
        {"layer": "issue", "id": row_id, "result": "not_done" if number % 3 == 2 else "done", "note": "", "photo": "", "at": at.isoformat()}
        for number, row_id in enumerate(ids[:5])
    ]
    content = {
        "format": "chuangwen-patrol", "version": 1, "project": page.patrol.project, "packet": page.patrol.packet, "subject": page.patrol.subject,
        "data_time": page.data_time.isoformat(), "saved_at": at.isoformat(), "patroller": _("示范员"), "entries": entries,
    }  # fmt: skip
    path = folder / _("回传.json")
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def _wait(camera: Photographer, true: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not true() and time.monotonic() < end:
        camera.app.processEvents()
        time.sleep(0.02)


def _rest(camera: Photographer, seconds: float = 1.2) -> None:
    """What the page's own process paints is not seen from here: time enough for it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        camera.app.processEvents()
        time.sleep(0.02)
