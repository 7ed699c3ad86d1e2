"""GDAL's two doors, opened in one place: pyogrio for whole layers, fiona for single records. Only the drivers named here, and no way to the network.

GDAL chooses a driver by content: a .geojson may hold a VRT or a pipeline (GDALG) that opens other files, a list of features, a link to a server.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

READ = ("ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON", "GPKG", "OpenFileGDB", "DXF", "MapInfo File", "FlatGeobuf")
"""The drivers that may open what somebody sends. KML is read by our own hand (`kml.py`), and only written by GDAL."""
WRITTEN = (*READ, "KML", "LIBKML")
_OTHERS = (
    *("ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSV", "CSW", "Carto", "DGN", "EDIGEO", "EEDA", "Elasticsearch", "GDALG", "GML", "GPSBabel"),
    *("GPX", "GTFS", "GeoRSS", "HTTP", "Idrisi", "JML", "JSONFG", "LVBAG", "MBTiles", "MEM", "MVT", "MapML", "MiraMonVector", "NGW", "OAPIF", "ODS"),
    *("OGCAPI", "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM", "PCIDSK", "PDF", "PDS4", "PGDUMP", "PLSCENES", "PMTiles", "S57", "SQLite", "SXF", "Selafin"),
    *("VDV", "VFK", "VICAR", "WAsP", "WFS", "XLSX"),
)
"""All that pyogrio's GDAL brings besides; `test_hostile_files` says when a new release brings more."""
_NOWHERE = {"GDAL_HTTP_PROXY": "127.0.0.1:9", "GDAL_HTTPS_PROXY": "127.0.0.1:9", "GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_MAX_RETRY": "0"}
"""A GeoJSON may name its CRS by a link, which GDAL follows: to a port where nobody listens."""


def pyogrio() -> Any:
    """The package, imported without geopandas and pandas: it offers readers of them that this program does not use, and they take 0.2 s to load."""
    if "pyogrio" not in sys.modules:
        absent = [name for name in ("geopandas", "pandas", "pyarrow") if name not in sys.modules]
        for name in absent:
            sys.modules[name] = None  # type: ignore[assignment]
        os.environ["OGR_SKIP"] = ",".join(_OTHERS)  # read when the package registers its drivers
        try:
            import pyogrio  # noqa: F401 - for sys.modules
        finally:
            del os.environ["OGR_SKIP"]  # programs that we start shall not see it
            for name in absent:
                del sys.modules[name]
    return _at_home()


@cache
def _at_home() -> Any:
    package = sys.modules["pyogrio"]
    package.set_gdal_config_options(_NOWHERE)
    return package


@contextmanager
def fiona() -> Iterator[Any]:
    """The package, for a while in which it keeps to itself what it cannot decode in GDAL's words (it prints tracebacks of them, facts.md 10).

    `fiona.open` is always given the driver: it tries no other.
    """
    import fiona

    logging.getLogger("fiona").setLevel(logging.CRITICAL)
    hooks = sys.excepthook, sys.unraisablehook  # Cython prints by the one, then tells the other
    sys.excepthook, sys.unraisablehook = (lambda *_error: None), (lambda _unraisable: None)
    try:
        yield fiona
    finally:
        sys.excepthook, sys.unraisablehook = hooks


@contextmanager
def configured(**options: str) -> Iterator[None]:
    """GDAL's settings for a while."""
    package = pyogrio()
    package.set_gdal_config_options(options)
    try:
        yield
    finally:
        package.set_gdal_config_options(dict.fromkeys(options))
