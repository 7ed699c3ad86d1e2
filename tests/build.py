"""One line makes a thing: features and layers for tests."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layers
from chuangwen.store.layer_files import read_layers

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


@cache
def layers() -> Layers:
    """The layers as shipped."""
    return read_layers(ROOT / "layers")


def feature(layer: str, code: str, geometry: BaseGeometry | None = None, **values: Any) -> Feature:
    """A feature of a shipped layer, all fields there."""
    full = {one.name: None for one in layers()[layer].fields} | {"code": code, "name": values.pop("name", code)} | values
    return Feature(layer, f"{layer}-{code}", full, geometry)


def issue(code: str, at: tuple[float, float] | None = None, **values: Any) -> Feature:
    """An issue, registered unless said otherwise."""
    values.setdefault("status", "registered")
    values.setdefault("description", "路面破损")
    return feature("issue", code, Point(at) if at else None, **values)


def site(code: str, at: tuple[float, float] | None = None, **values: Any) -> Feature:
    """A site."""
    return feature("site", code, Point(at) if at else None, **values)


def copied(project: Path, folder: Path, name: str = "p.gpkg") -> Path:
    """A copy of a project with its files, for a test that writes."""
    target = folder / name
    if project.with_suffix(".files").is_dir():
        shutil.copytree(project.with_suffix(".files"), target.with_suffix(".files"), dirs_exist_ok=True)
    return Path(shutil.copy(project, target))
