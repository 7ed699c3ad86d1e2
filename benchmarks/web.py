"""The web map: the demo as one file, fifty thousand features as one file, and the page beside the map. What a browser does with them: tests/web."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.projects import demo
from benchmarks.scale import ROOT
from benchmarks.table import Row, median_of

# From the asking to the drawn page, in a window that has come to rest; nothing of the engine was loaded before.
_DOCK = """
import json, os, sys, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from chuangwen.settings import Settings
from chuangwen.ui.app_window import make_application
from chuangwen.ui.window import MainWindow
app = make_application(Settings(actor="bench", theme="light"))
window = MainWindow(Settings(actor="bench", theme="light"))
window._keep = lambda settings: None
window.resize(1366, 768)
window.show()
window.open(Path(sys.argv[1]))
quiet = 0
while quiet < 30:
    app.processEvents()
    time.sleep(0.01)
    quiet = 0 if window.session.jobs.busy else quiet + 1
dock = window.web.dock
window.actions_by_id["web_view"].trigger()
end = time.monotonic() + 60
while not dock.waited_ms and time.monotonic() < end:
    app.processEvents()
    time.sleep(0.002)
print(json.dumps({"ms": dock.waited_ms}), flush=True)
dock.forget()
os._exit(0)
"""


def web() -> list[Row]:
    """Files are written to a folder of their own; the medians of three."""
    from chuangwen.exchange.web.page import write_page
    from tests.exchange.web.pages import many_page

    project = demo()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.html"

        def page() -> None:
            command = [sys.executable, str(ROOT / "main.py"), "web", str(project), str(file), "--profile", "internal"]
            subprocess.run(command, check=True, capture_output=True)

        rows = [
            Row("web map of the demo", median_of(page), "≤ 3 s", None, "with start-up"),
            Row("its size", file.stat().st_size / 1e6, "≤ 1.5 MB", unit="M"),
        ]
        many = many_page()
        rows.append(Row("web map of 50,000 features", median_of(lambda: write_page(many, file)), "", None, "without reading them"))
        rows.append(Row("its size", file.stat().st_size / 1e6, "≤ 12 MB", unit="M"))
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    waits = []
    for _run in range(3):
        done = subprocess.run([sys.executable, "-c", _DOCK, str(project)], capture_output=True, text=True, check=True, env=env)
        waits.append(json.loads(done.stdout.splitlines()[-1])["ms"] / 1000)
    rows.append(Row("open the page beside the map", sorted(waits)[1], "≤ 2 s", None, "engine not loaded before"))
    return rows
