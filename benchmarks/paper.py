"""Zone maps to PDF: the demo's 36 zones, and 108 full A3 pages beside QGIS's atlas of the same content."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
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


def _print(project: Path, target: Path) -> float:
    """Seconds of the command, start-up included."""
    command = [sys.executable, str(ROOT / "main.py"), "print", str(project), "zone", "--paper", "A3", "--out", str(target)]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def demo_atlas() -> list[Row]:
    """What `make run` prints."""
    with TemporaryDirectory() as place:
        target = Path(place) / "z.pdf"
        seconds = _print(demo(), target)
        return [Row("36 zone maps A3 of the demo", seconds, "≤ 5 s", None, f"with start-up; {target.stat().st_size / 1e6:.1f} MB")]


def atlas() -> list[Row]:
    """108 A3 pages, each full of roads, buildings, labels and issues; QGIS prints the same data."""
    data = OUT / "atlas.gpkg"
    if not data.exists():
        if not (BENCH / "make_atlas_data.py").exists():
            return []
        subprocess.run([sys.executable, str(BENCH / "make_atlas_data.py"), str(data)], check=True, stderr=subprocess.DEVNULL)
    with TemporaryDirectory() as place:
        target = Path(place) / "a.pdf"
        seconds = _print(_project(data), target)
        size = target.stat().st_size / 1e6
        peer, note = _qgis(data, Path(place) / "q.pdf")
    return [Row("108-page A3 atlas", seconds, "≤ 15 s, ≤ QGIS", peer, f"{size:.1f} MB{note}"), Row("its size", size, "≤ 20 MB", None, "", unit="M")]


def _project(data: Path) -> Path:
    path = OUT / "atlas_project.gpkg"
    if path.exists():
        return path
    import geopandas

    rows = []
    for layer, ours in (("zone", "zone"), ("road", "road"), ("building", "building_outline"), ("issue", "issue")):
        for number, row in enumerate(geopandas.read_file(data, layer=layer).itertuples(index=False)):
            if layer == "issue":
                values = {"code": str(row.no), "name": row.text, "description": row.text, "responsible_unit": row.unit, "status": _STATES[row.status]}
            else:
                values = {"code": getattr(row, "code", str(number)), "name": row.name}
            rows.append(Change(ours, edits.new_id(), None, {**values, GEOMETRY: row.geometry}))
    part = path.with_name("atlas_part.gpkg")
    part.unlink(missing_ok=True)
    project = Project.create(part, Campaign("atlas"), 4548, "bench")
    project.apply(Edit("atlas", tuple(rows)))
    project.close()
    part.replace(path)
    return path


def _qgis(data: Path, target: Path) -> tuple[float | None, str]:
    """QGIS's own time and size, None where it is not installed."""
    if subprocess.run(["/usr/bin/python3", "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        return None, ""
    command = ["/usr/bin/python3", str(BENCH / "qgis_atlas.py"), str(data), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    found = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not found:
        return None, ""
    figures = json.loads(found[-1])
    return figures["seconds"], f"; QGIS {figures['bytes'] / 1e6:.0f} MB"
