"""Pictures of every window, dialog and panel state, from the demo project: for looking at, for the manual.

    python -m chuangwen.ui.pictures OUT [--project demo.gpkg]

Runs off screen. The 150 % pictures are made by a second process, since Qt scales a whole process.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QSettings
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from chuangwen.domain.lifecycle import moves_from
from chuangwen.errors import FileProblem
from chuangwen.render.output import image
from chuangwen.render.paper.products import atlas
from chuangwen.services.checklists import choices
from chuangwen.services.demo import make_demo
from chuangwen.services.paper.sheet import Request
from chuangwen.services.timing import limit_rules
from chuangwen.settings import Settings
from chuangwen.text import _
from chuangwen.ui import theme
from chuangwen.ui.app_window import make_application
from chuangwen.ui.duty_pictures import duty_states
from chuangwen.ui.help_pages import show_keys
from chuangwen.ui.import_pictures import import_states
from chuangwen.ui.print_pictures import print_states
from chuangwen.ui.small_dialogs import AddDialog, CampaignDialog, NewProjectDialog, SettingsDialog
from chuangwen.ui.tools import Measure, Tool
from chuangwen.ui.web_pictures import web_states
from chuangwen.ui.window import MainWindow

_PATIENCE_S = 30.0
PAPER = {
    "zone-map": (Request("zone", ("WC-01",)), 4.2),
    "section-sheet": (Request("section", ("LZ-02",)), 4.2),
    "site-sheet": (Request("site", ("043",)), 4.2),
    "street-map": (Request("street", ("文昌街道",), "A3"), 3.2),
    "wall-map": (Request("wall", None, "A0"), 1.6),
    "index-map": (Request("index", None, "A4"), 4.2),
    "board": (Request("board", ("LZ-02",), "A4"), 4.2),
}
"""A sheet of each product, and how many dots a millimetre has in its picture."""
_MANUAL = {
    "window": "window-issue",
    "panel-issue": "panel-issue-move",
    "import-found": "import-found",
    "import-encoding": "import-encoding",
    "import-crs": "import-crs",
    "import-review": "import-review",
    "import-findings": "import-findings",
    "import-done": "import-done",
    "why": "duty-why",
    "checks": "duty-checks",
    "ladder": "duty-ladder",
    "order": "duty-order",
    "figures": "duty-figures",
    "shades": "duty-shades",
    "past": "duty-past",
    "inbox": "duty-inbox",
    "responsibility": "duty-responsibility",
    "responsibility-list": "duty-responsibility-list",
    "border": "duty-border",
    "register": "duty-register",
    "changes": "duty-changes",
    "web-dock": "web-dock",
    "web-desk": "web-desk-card",
    "web-phone": "web-phone-ticked",
    "web-return": "web-return",
    "print": "print-lit",
    "print-adjust": "print-adjust",
    **{name: name for name in PAPER},
}
"""Pictures of the manual (docs/manual/pictures) → the state that each shows."""


class Photographer:
    """A window on the demo project, brought into one state after the other."""

    def __init__(self, out: Path, project: Path, theme_name: str = "light", tail: str = "") -> None:
        self.out, self.tail = out, tail
        out.mkdir(parents=True, exist_ok=True)
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, tempfile.mkdtemp())
        self.settings = Settings(actor=_("示范员"), theme=theme_name)
        self.app = make_application(self.settings)
        self.window = MainWindow(self.settings)
        self.window._keep = lambda settings: None  # type: ignore[method-assign]  # noqa: SLF001 - pictures change nobody's settings
        self.project = project
        self.taken: list[Path] = []

    def settle(self) -> None:
        """Wait until nothing moves any more."""
        end = time.monotonic() + _PATIENCE_S
        quiet = 0
        while quiet < 12 and time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.02)
            quiet = 0 if self.window.session.jobs.busy else quiet + 1

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """One picture."""
        self.settle()
        path = self.out / f"{name}{self.tail}.png"
        (widget or self.window).grab().save(str(path))
        self.taken.append(path)

    def select(self, layer: str, wanted: Callable[[int], bool], count: int = 1) -> None:
        """Select the first features of a layer that are wanted, and show them."""
        project = self.window.session.project
        assert project is not None
        features = project.features(layer)
        ids = [features.ids[at] for at in range(len(features)) if wanted(at)][:count]
        self.window.session.selection.set(layer, ids)
        self.settle()

    def dialog(self, name: str, dialog: QDialog) -> None:
        """A picture of a dialog, opened over the window."""
        dialog.show()
        self.take(name, dialog)
        dialog.close()


def states(camera: Photographer) -> None:
    """All states in the light theme at 1366 × 768."""
    window = camera.window
    window.resize(1366, 768)
    window.show()
    camera.take("welcome")
    window.open(camera.project)
    camera.take("window")
    project = window.session.project
    assert project is not None
    issues, canvas = project.features("issue"), window.canvas
    status = issues.column("status")

    camera.select("issue", lambda at: status[at] == "in_progress" and bool(issues.located[at]))
    window.session.zoom_to(window.session.selection.features())
    camera.take("window-issue")
    camera.take("panel-issue", window.panel)
    move = next(move for move in moves_from("in_progress") if move.target == "returned")
    assert window.panel.moves is not None
    window.panel.moves.start(move)
    camera.take("panel-issue-move", window.panel)
    camera.select("issue", lambda at: not issues.located[at] and bool(issues.column("site_name")[at]))
    camera.take("panel-issue-unplaced", window.panel)
    camera.select("issue", lambda at: status[at] == "dispatched", 5)
    camera.take("panel-issues", window.panel)
    window.panel.tabs.setCurrentWidget(window.panel.history)
    camera.select("issue", lambda at: status[at] == "closed")
    camera.take("panel-history", window.panel)
    window.panel.tabs.setCurrentWidget(window.panel.photos)
    camera.take("panel-photos", window.panel)
    window.panel.tabs.setCurrentIndex(0)
    camera.select("site", lambda at: at == 40)
    window.session.zoom_to(window.session.selection.features())
    canvas.set_denominator(4000)
    camera.take("window-site")
    camera.take("panel-site", window.panel)
    camera.select("zone", lambda at: at == 8)
    window.session.zoom_to(window.session.selection.features())
    camera.take("window-zone")
    camera.take("panel-zone", window.panel)
    camera.select("section", lambda at: at == 8)
    window.session.zoom_to(window.session.selection.features())
    camera.take("window-section")
    window.todo.buttons["overdue"].setChecked(True)
    canvas.show_all()
    camera.take("window-overdue")
    window.todo.buttons["overdue"].setChecked(False)
    measure = Measure(canvas)
    canvas.use(measure)
    canvas.set_denominator(6000)
    for share in ((0.25, 0.3), (0.6, 0.25), (0.7, 0.6), (0.4, 0.75)):
        measure.places.append(canvas.ground(QPointF(canvas.width() * share[0], canvas.height() * share[1])))
    camera.take("window-measure")
    canvas.use(Tool(canvas))
    window.search.setText("rml")
    window.search._look()  # noqa: SLF001 - as if the user had paused
    camera.take("search-results", window.search.hits)
    window.search.hits.hide()
    window.search.clear()
    window.notice.say(FileProblem(_("无法写入 zones.pdf：文件正被另一程序打开，或文件夹不可写。"), hint=_("请关闭它或换一个文件夹后重试。")))
    camera.take("window-notice")
    window.notice.hide()
    dialogs(camera)
    window.resize(1920, 1080)
    canvas.show_all()
    camera.take("window-1920")


def dialogs(camera: Photographer) -> None:
    """Every dialog."""
    window = camera.window
    project = window.session.project
    assert project is not None
    camera.dialog("new-project", NewProjectDialog(Path(_("项目")), window))
    camera.dialog("settings", SettingsDialog(window.session.settings, window))
    camera.dialog("campaign", CampaignDialog(project.campaign, limit_rules().tables, choices(project.files_folder), window))
    at = next(one for one in project.features("site").geometry if one is not None)
    camera.dialog("add-issue", AddDialog(project, project.layers["issue"], at, window))
    window.session.selection.clear()
    for name, (request, dots_per_mm) in PAPER.items():
        image(atlas(project, request).pages[0], dots_per_mm).save(str(camera.out / f"{name}.png"))
    keys = show_keys(window)
    camera.take("keys", keys)
    keys.close()


def dark_states(camera: Photographer) -> None:
    """The window in the dark theme, or at another scaling."""
    window = camera.window
    theme.apply(camera.app, camera.settings.theme)
    window.resize(1366, 768)
    window.show()
    window.open(camera.project)
    project = window.session.project
    assert project is not None
    issues = project.features("issue")
    camera.select("issue", lambda at: issues.column("status")[at] == "in_progress" and bool(issues.located[at]))
    camera.take("window-issue")


def _on_a_desk(folder: Path) -> None:
    """A screen of 1366 × 768 for the pictures: windows make themselves as large as it allows."""
    if os.environ["QT_QPA_PLATFORM"] == "offscreen":
        screen = {"name": "desk", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        desk = folder / "desk.json"
        desk.write_text(json.dumps({"synchronousWindowSystemEvents": False, "windowFrameMargins": True, "screens": [screen]}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={desk}"
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # of each window that this platform cannot size it says so


def main(arguments: list[str] | None = None) -> int:
    """Make all pictures; where they are is printed."""
    parser = argparse.ArgumentParser(prog="chuangwen.ui.pictures")
    parser.add_argument("out", type=Path)
    parser.add_argument("--project", type=Path)
    parser.add_argument("--manual", type=Path, help=_("把手册用的几张复制到这个文件夹"))
    parser.add_argument("--part", choices=["all", "dark", "large"], default="all")
    parser.add_argument("--only", default="", help=_("只做名字以此开头的图片，如 import、print"))
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        _on_a_desk(Path(folder))
        project = options.project
        if project is None or not project.exists():
            project, _reports = make_demo(Path(folder), _("示范员"))
        imports = Path(folder) / "imports"
        imports.mkdir()
        if options.part == "all":
            camera = Photographer(options.out, project)
            if options.only:
                camera.window.resize(1366, 768)
                camera.window.show()
            else:
                states(camera)
            duty_states(camera, options.only)
            import_states(camera, imports, options.only)
            print_states(camera, imports, options.only)
            web_states(camera, imports, options.only)
            for part, scale in (("dark", "1"), ("large", "1.5")):
                command = [sys.executable, "-m", "chuangwen.ui.pictures", str(options.out), "--project", str(project), "--part", part, "--only", options.only]
                subprocess.run(command, check=True, env={**os.environ, "QT_SCALE_FACTOR": scale})
        else:
            camera = Photographer(options.out, project, "dark" if options.part == "dark" else "light", f"-{options.part}")
            dark_states(camera)
            duty_states(camera, options.only)
            import_states(camera, imports, options.only)
            print_states(camera, imports, options.only)
            web_states(camera, imports, options.only)
        if options.manual is not None:
            options.manual.mkdir(parents=True, exist_ok=True)
            for name, state in _MANUAL.items():
                shutil.copy(options.out / f"{state}.png", options.manual / f"{name}.png")
        camera.window.close()
        QApplication.processEvents()
    print(_("{count} 张图片在 {folder}").format(count=len(camera.taken), folder=options.out))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
