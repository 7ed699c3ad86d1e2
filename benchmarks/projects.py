"""Projects: opening one, and the memory that takes. In a process of its own, as a user starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.scale import OUT, ROOT
from benchmarks.table import Row

# Opens a project, reads every layer, makes a scene of all and a picture of it; says how long and how much memory.
_OPEN = """
import json, sys, time
start = time.perf_counter()
from pathlib import Path
from chuangwen.render.headless import start as start_qt
from chuangwen.render.draw import image_of
from chuangwen.render.geometry import flatten
from chuangwen.render.picture import whole
from chuangwen.render.scene import LayerContent, build
from chuangwen.render.view import MapView
from chuangwen.services.project import Project
start_qt()
project = Project.open(Path(sys.argv[1]), "bench")
features = [project.features(layer.id) for layer in project.layers.drawn()]
content = [LayerContent(one, flatten(one)) for one in features]
view = MapView.showing(whole(content), 500, 280)
image_of(build(content, view), view)
seconds = time.perf_counter() - start
# VmHWM, not getrusage: that one counts what the parent had before exec.
peak = [int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")] if sys.platform == "linux" else []
print(json.dumps({"seconds": seconds, "mb": peak[0] / 1024 if peak else None}))
"""


def demo() -> Path:
    """The demo project, made once."""
    target = OUT / "demo"
    if not (target / "demo.gpkg").exists():
        subprocess.run([sys.executable, str(ROOT / "main.py"), "demo", str(target)], check=True, stdout=subprocess.DEVNULL)
    return target / "demo.gpkg"


def opening() -> list[Row]:
    """The demo project from nothing to a finished picture, without a window."""
    runs = [
        json.loads(subprocess.run([sys.executable, "-c", _OPEN, str(demo())], check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        for _ in range(3)
    ]
    best = min(runs, key=lambda run: float(run["seconds"]))
    rows = [Row("open demo project, first picture", best["seconds"], "≤ 3 s with window", None, "no window")]
    if best["mb"] is not None:
        rows.append(Row("peak memory of that", best["mb"], "≤ 400 MB", None, "no window", unit="M"))
    return rows
