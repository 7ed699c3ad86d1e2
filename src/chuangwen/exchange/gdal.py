"""GDAL's two doors, opened in one place: pyogrio for whole layers, fiona for single records. Without the drivers that would leave the file or the machine."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAVING = ("OGR_VRT", "WFS", "OAPIF", "CSW", "PLSCENES", "Carto", "AmigoCloud", "Elasticsearch", "NGW", "GPSBabel", "SQLite", "MVT", "PMTiles")
"""Drivers that follow links to other files, servers or programs. GDAL chooses a driver by content: a .geojson that holds a VRT would be one."""
_LATER = ("GDALG", "HTTP", "OGCAPI", "EEDA", "ADBC", "PDF", "MBTiles")
"""The same, of pyogrio's GDAL only: fiona's older one complains of names that it does not know."""


def pyogrio() -> Any:
    """The package, imported without geopandas and pandas: it offers readers of them that this program does not use, and they take 0.2 s to load."""
    if "pyogrio" not in sys.modules:
        absent = [name for name in ("geopandas", "pandas", "pyarrow") if name not in sys.modules]
        for name in absent:
            sys.modules[name] = None  # type: ignore[assignment]
        try:
            with _closed_doors((*_LEAVING, *_LATER)):
                import pyogrio  # noqa: F401 - for sys.modules
        finally:
            for name in absent:
                del sys.modules[name]
    return sys.modules["pyogrio"]


def fiona() -> Any:
    """The package."""
    with _closed_doors(_LEAVING):
        import fiona

    return fiona


@contextmanager
def configured(**options: str) -> Iterator[None]:
    """GDAL's settings for a while."""
    package = pyogrio()
    package.set_gdal_config_options(options)
    try:
        yield
    finally:
        package.set_gdal_config_options(dict.fromkeys(options))


@contextmanager
def _closed_doors(drivers: tuple[str, ...]) -> Iterator[None]:
    """GDAL reads the variable when a package registers its drivers; other programs that we start shall not see it."""
    os.environ["OGR_SKIP"] = ",".join(drivers)
    try:
        yield
    finally:
        del os.environ["OGR_SKIP"]
