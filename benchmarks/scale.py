"""The large data set that both sides draw: made once, kept in out/bench."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
OUT = ROOT / "out" / "bench"
SHARED = ROOT.parent / "shared" / "bench"
STATUS_COLOURS = ("#d62728", "#ff9f0e", "#1f77b4", "#2ca02c")


@cache
def folder() -> Path | None:
    """The folder with zones.gpkg, zones_gbk.shp and issues.gpkg; None where its maker is not at hand."""
    maker = SHARED / "make_scale_data.py"
    target = OUT / "scale"
    if not (target / "issues.gpkg").exists():
        if not maker.exists():
            return None
        subprocess.run([sys.executable, str(maker), str(target)], check=True)
    return target


@cache
def qgis() -> dict[str, float]:
    """QGIS's own seconds for the same work in this run; empty where QGIS is not installed."""
    peer, python, data = SHARED / "qgis_peer.py", Path("/usr/bin/python3"), folder()
    if data is None or not peer.exists() or not python.exists():
        return {}
    done = subprocess.run(
        [str(python), str(peer), str(data), "1"], capture_output=True, text=True, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    )
    try:
        figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        return {}
    return {name: float(value) for name, value in figures["seconds"].items()}


@cache
def content() -> list[Any]:
    """Both layers of the data set as the drawing core takes them, styled by status as QGIS's are."""
    from pyogrio.raw import read
    from shapely import from_wkb

    from chuangwen.domain.feature import Features
    from chuangwen.domain.layer import Field, Layer, Symbol
    from chuangwen.render.geometry import flatten
    from chuangwen.render.scene import LayerContent

    made = []
    looks = {"zones": ("polygon", Symbol(stroke="#282828", stroke_width=0.2)), "issues": ("point", Symbol(stroke="#232323", stroke_width=0.2, size=1.6))}
    for name, (kind, symbol) in looks.items():
        data = folder()
        if data is None:
            return []
        meta, _fids, geometry, columns = read(data / f"{name}.gpkg")
        status = columns[list(meta["fields"]).index("status")]
        symbols = tuple(replace(symbol, when={"status": (str(value),)}, fill=colour) for value, colour in enumerate(STATUS_COLOURS))
        layer = Layer(name, name, geometry=kind, fields=(Field("status", "text", "status"),), symbols=symbols)
        ids = [str(number) for number in range(len(status))]
        features = Features(layer, ids, {"status": [str(value) for value in status.tolist()]}, np.asarray(from_wkb(geometry)))
        made.append(LayerContent(features, flatten(features)))
    return made
