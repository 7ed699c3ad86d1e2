"""Sheets to PDF: the demo's zones and its wall map, 108 full A3 pages beside QGIS's atlas of the same content, preview, cancelling."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.projects import demo
from benchmarks.scale import OUT, ROOT
from benchmarks.table import Row
from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.services.project import Project

BENCH = ROOT.parent / "shared" / "bench"
_STATES = ("unassigned", "dispatched", "in_progress", "rectified")

# Runs a command from a small process: Linux counts what the parent of a process holds as the process's own.
_MEASURED = """
import json, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
seconds = time.perf_counter() - start
try:
    import resource
    mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
except ImportError:
    mb = None
print(json.dumps({"status": done.returncode, "seconds": seconds, "mb": mb, "said": done.stdout, "error": done.stderr[-2000:]}))
"""

# Makes previews of several sheets as the window does; says the median of all but the first.
_PREVIEW = """
import json, sys, time
from pathlib import Path
from statistics import median
from chuangwen.render.output import image
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
run = atlas(Project.open(Path(sys.argv[1]), "bench"), Request("zone", None, "A3"))
spent = []
for page in [page for page in run.pages if page.part == 0][:9]:
    start = time.perf_counter()
    image(page, 3.0)
    spent.append(time.perf_counter() - start)
print(json.dumps({"median": median(spent[1:]), "worst": max(spent[1:])}))
"""

# Stops a long run at several moments, in the middle of a page too; says the longest time until it has ended, with no file and no process left.
_CANCEL = """
import json, sys, time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from chuangwen.errors import Cancelled
from chuangwen.progress import Progress
from chuangwen.render.paper.printing import write
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
project = Project.open(Path(sys.argv[1]), "bench")
spent = []
with TemporaryDirectory() as place:
    for moment in (1.0, 2.1, 3.3, 4.6, 5.2):
        progress, at = Progress(), []
        timer = Timer(moment, lambda: (at.append(time.perf_counter()), progress.cancel()))
        timer.start()
        try:
            write(project, Request("zone", None, "A3"), Path(place) / "a.pdf", progress)
        except Cancelled:
            spent.append(time.perf_counter() - at[0])
        timer.cancel()
        assert not list(Path(place).iterdir()) or not at
print(json.dumps({"worst": max(spent), "times": len(spent)}))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A command that was run: seconds with start-up, MB of the largest of its processes (None where nobody counts), what it printed."""

    seconds: float
    mb: float | None
    said: str


def _measured(*command: str) -> Run | None:
    """None where it failed."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command], check=True, capture_output=True, text=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    )
    figures = json.loads(done.stdout)
    if figures["status"]:
        print(figures["error"], file=sys.stderr)
        return None
    return Run(figures["seconds"], figures["mb"], figures["said"])


def _print(project: Path, product: str, paper: str, target: Path) -> Run | None:
    return _measured(sys.executable, str(ROOT / "main.py"), "print", str(project), product, "--paper", paper, "--out", str(target))


def _said(script: str, project: Path) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", script, str(project)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def _memory(run: Run) -> str:
    return f", {run.mb:.0f} MB of memory" if run.mb else ""


def demo_atlas() -> list[Row]:
    """What `make run` prints, and the map on the wall."""
    rows = []
    with TemporaryDirectory() as place:
        for work, product, paper, asked in (("zone maps A3 of the demo", "zone", "A3", "≤ 5 s"), ("A0 wall map of the demo", "wall", "A0", "≤ 5 s")):
            target = Path(place) / f"{product}.pdf"
            run = _print(demo(), product, paper, target)
            if run is not None:
                rows.append(Row(work, run.seconds, asked, None, f"with start-up; {target.stat().st_size / 1e6:.1f} MB{_memory(run)}"))
    return rows


def preview() -> list[Row]:
    """Turning the pages of the comparison atlas."""
    data = _atlas_data()
    if data is None:
        return []
    figures = _said(_PREVIEW, _project(data))
    return [Row("preview of a full A3 page", figures["median"], "≤ 150 ms", None, f"after the first; worst {figures['worst'] * 1000:.0f} ms")]


def cancelling() -> list[Row]:
    """From the wish to the end of both processes."""
    data = _atlas_data()
    if data is None:
        return []
    figures = _said(_CANCEL, _project(data))
    return [Row("cancel the 108-page atlas", figures["worst"], "≤ 0.2 s", None, f"worst of {figures['times']:.0f}")]


def atlas() -> list[Row]:
    """108 A3 pages, each full of roads, buildings, labels and issues; QGIS prints the same data."""
    data = _atlas_data()
    if data is None:
        return []
    with TemporaryDirectory() as place:
        target = Path(place) / "a.pdf"
        run = _print(_project(data), "zone", "A3", target)
        if run is None:
            return []
        size = target.stat().st_size / 1e6
        peer = _qgis(data, Path(place) / "q.pdf")
    seconds, megabytes, memory = peer or (None, None, None)
    rows = [
        Row("108-page A3 atlas", run.seconds, "≤ 15 s, ≤ QGIS", seconds, "with start-up; QGIS without"),
        Row("its size", size, "≤ 20 MB", megabytes, "", "M"),
    ]
    if run.mb is not None:
        rows.append(Row("its memory, of one process", run.mb, "≤ 400 MB", memory, "", "M"))
    return rows


def _atlas_data() -> Path | None:
    data = OUT / "atlas.gpkg"
    if not data.exists():
        if not (BENCH / "make_atlas_data.py").exists():
            return None
        data.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, str(BENCH / "make_atlas_data.py"), str(data)], check=True, stderr=subprocess.DEVNULL)
    return data


def _project(data: Path) -> Path:
    path = OUT / "atlas_sheets.gpkg"
    if path.exists():
        return path
    import geopandas

    rows = []
    for layer, ours in (("zone", "zone"), ("road", "road"), ("building", "building_outline"), ("issue", "issue")):
        for number, row in enumerate(geopandas.read_file(data, layer=layer).itertuples(index=False)):
            if layer == "issue":
                values = {"code": str(row.no), "name": row.text, "description": row.text, "responsible_unit": row.unit, "status": _STATES[row.status]}
            else:
                values = {"code": getattr(row, "code", str(number)), "name": row.name if isinstance(row.name, str) else ""}
            rows.append(Change(ours, edits.new_id(), None, {**values, GEOMETRY: row.geometry}))
    part = path.with_name("atlas_part.gpkg")
    part.unlink(missing_ok=True)
    project = Project.create(part, Campaign("atlas"), 4548, "bench")
    project.apply(Edit("atlas", tuple(rows)))
    project.close()
    part.replace(path)
    return path


def _qgis(data: Path, target: Path) -> tuple[float, float, float | None] | None:
    """QGIS's own seconds, MB of the file, MB of memory; None where it is not installed."""
    if subprocess.run(["/usr/bin/python3", "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        return None
    run = _measured("/usr/bin/python3", str(BENCH / "qgis_atlas.py"), str(data), str(target))
    found = [line for line in run.said.splitlines() if line.startswith("{")] if run is not None else []
    if run is None or not found:
        return None
    figures = json.loads(found[-1])
    return figures["seconds"], figures["bytes"] / 1e6, run.mb
