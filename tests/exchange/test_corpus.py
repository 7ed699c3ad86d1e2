"""Every file of the corpus through the import as a user runs it: no traceback, no hang, the outcome that `expected.tsv` names or one that is argued.

`corpus_differences.tsv` beside this file argues each difference. One that is not argued fails the test, and so does an argument that no longer holds.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import multiprocessing
import re
import shutil
import signal
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyproj import CRS

from chuangwen.cli import BUG, DONE, IN_PART, REFUSED, main
from chuangwen.domain.campaign import Campaign
from chuangwen.services.project import Project
from chuangwen.settings import Settings
from tests.build import SHARED

CORPUS = SHARED / "corpus"
DIFFERENCES = Path(__file__).with_name("corpus_differences.tsv")
LIMIT_S = 20
_KINDS = {"Polygon": "polygon", "MultiPolygon": "polygon", "Point": "point", "MultiPoint": "point", "LineString": "line", "MultiLineString": "line"}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus lies in ../shared/data, which is absent")


@dataclass(frozen=True)
class Outcome:
    """What an import of one file came to."""

    path: str
    status: Any
    report: dict[str, Any]
    said: str
    seconds: float
    kind: str  # geometry of the layer that was made


def expected() -> dict[str, dict[str, str]]:
    with (CORPUS / "expected.tsv").open(encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def _late(*_signal: object) -> None:
    raise TimeoutError


def run(arguments: tuple[str, str]) -> Outcome:
    """One file into a new project of its own, in this process."""
    base, path = arguments
    out, err = io.StringIO(), io.StringIO()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "p.gpkg"
        shutil.copyfile(base, project)
        signal.signal(signal.SIGALRM, _late)
        signal.alarm(LIMIT_S)
        status: Any
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main(["import", str(project), str(CORPUS / path), "--layer", "reference", "--json"], Settings())
        except TimeoutError:
            status = "hangs"
        finally:
            signal.alarm(0)
        kind = _kind(project)
        strays = sorted(one.name for one in Path(folder).iterdir() if not one.name.startswith("p.gpkg"))
    lines = out.getvalue().strip().splitlines()
    report = json.loads(lines[-1]) if status in (DONE, IN_PART) and lines else {}
    return Outcome(path, status if not strays else f"left {strays}", report, err.getvalue(), time.perf_counter() - start, kind)


def _kind(project: Path) -> str:
    with contextlib.closing(sqlite3.connect(project)) as connection:
        made = [json.loads(row[0]) for row in connection.execute("SELECT declaration FROM cw_layer")]
    return str(made[0]["geometry"]) if made else ""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """All files, on both cores."""
    base = tmp_path_factory.mktemp("corpus") / "base.gpkg"
    Project.create(base, Campaign(title="语料"), 0, "某某01").close()
    with multiprocessing.get_context("spawn").Pool(2, maxtasksperchild=150) as pool:
        yield {one.path: one for one in pool.map(run, [(str(base), path) for path in expected()], chunksize=8)}


def difference(row: dict[str, str], one: Outcome) -> str:
    """Where an outcome is another than the table names; '' where it is that one."""
    wanted = row["expected"]
    if wanted.startswith("must fail"):
        return "" if one.status == REFUSED and Path(row["path"]).name in one.said else f"exit {one.status}"
    if one.status not in (DONE, IN_PART):
        return "" if "or clear error" in wanted and one.status == REFUSED else f"exit {one.status}: {one.said[:120]}"
    if row["geometry"] != "table" and row["features"].isdigit() and int(row["features"]) != one.report["read"]:
        return f"read {one.report['read']}, not {row['features']}"
    return _of_kind(row, one) or _of_crs(row, one.report) or _of_encoding(row, one.report)


def _of_kind(row: dict[str, str], one: Outcome) -> str:
    """The layer has the kind of the file's shapes; where there are none to be read, any."""
    wanted = _KINDS.get(row["geometry"].removesuffix(" Z"))
    bare = row["features"] == "0" or any(word in row["why"] for word in ("null geometries", "unreadable", "read error", "no features", "mixed types"))
    return "" if wanted is None or one.kind == wanted or (bare and one.kind == "any") else f"{one.kind}, not {wanted}"


def _of_crs(row: dict[str, str], report: dict[str, Any]) -> str:
    """The CRS that the file declares, by code or name; or asked; or by the numbers, where the coordinates cannot be of it."""
    declared, found = row["crs"], report["crs"]["code"]
    if not re.fullmatch(r"EPSG:\d+", declared):
        return ""
    if found is None:
        return "" if report["added"] == 0 or "null geometries" in row["why"] else "no CRS"
    same = {declared, CRS(declared).name, "EPSG:4326" if declared == "EPSG:4979" else declared}
    asked = found == "local" and any(doubt["key"] == "crs" and doubt["asks"] for doubt in report["doubts"])
    by_numbers = found == "EPSG:4490" and "coordinates are degrees" in row["why"]
    return "" if found in same or asked or by_numbers else f"{found}, not {declared}"


def _of_encoding(row: dict[str, str], report: dict[str, Any]) -> str:
    """What the bytes of a shapefile are, by the table; Big5 and Latin-1 are valid GBK as well, there the declaration decides."""
    said = re.fullmatch(r"cpg=(.*) LDID=(\S+) bytes=(.+)", row["encoding"])
    if row["format"] != "shp" or said is None or said[3] == "ascii":
        return ""
    cpg, ldid, content = said[1].lower(), said[2], said[3]
    if content in ("utf-8", "other 8-bit"):
        wanted = "UTF-8"
    elif cpg.startswith("big"):
        wanted = "Big5"
    elif content == "gb18030":
        wanted = "GB18030"
    else:
        wanted = "ISO-8859-1" if ldid == "0x57" or cpg == "iso-8859-1" else "GBK"
    return "" if report["encoding"]["name"] in (wanted, wanted.replace("ISO-8859-1", "Windows-1252")) else f"{report['encoding']['name']}, not {wanted}"


def test_no_file_brings_a_traceback_or_a_hang(outcomes: dict[str, Outcome]) -> None:
    """Whatever a file is."""
    assert [(one.path, one.status) for one in outcomes.values() if one.status not in (DONE, IN_PART, REFUSED)] == []
    assert BUG not in {one.status for one in outcomes.values()}
    assert [(one.path, one.seconds) for one in outcomes.values() if one.seconds > LIMIT_S] == []
    assert [one.path for one in outcomes.values() if "Traceback" in one.said] == []


def test_each_file_comes_out_as_expected_or_as_argued(outcomes: dict[str, Outcome]) -> None:
    """At least 98 % of the files of Chinese practice, 95 % of the others; every difference has its argument, every argument its difference."""
    found = {path: words for path, row in expected().items() if (words := difference(row, outcomes[path]))}
    with DIFFERENCES.open(encoding="utf-8", newline="") as file:
        argued = {row["path"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}

    assert {path: words for path, words in found.items() if path not in argued} == {}
    assert argued - set(found) == set()
    for ours, least in ((True, 0.98), (False, 0.95)):
        rows = [path for path in outcomes if path.startswith("derived_cn/") == ours]
        assert sum(path not in found for path in rows) / len(rows) >= least


def test_a_refusal_says_what_to_do(outcomes: dict[str, Outcome]) -> None:
    """Chinese words, the file's name, a remedy: at least two sentences."""
    refused = [one for one in outcomes.values() if one.status == REFUSED]

    assert refused
    assert [one.path for one in refused if one.said.count("。") < 2 and "？" not in one.said] == []


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("cgcs2000_3deg_cm117.shp", {"EPSG:4548"}),
        ("cgcs2000_3deg_cm117_noprj.shp", {"local"}),
        ("cgcs2000_geo_noprj.shp", {"EPSG:4490"}),
        ("kilometres_noprj.shp", {"local"}),
        ("millimetres_noprj.shp", {"local"}),
        ("latlon_swapped_wgs84.shp", {"EPSG:4326"}),
        ("beijing54_geo_4214.shp", {"EPSG:4214"}),
        ("xian80_3deg_zone39.shp", {"EPSG:2363"}),
        ("prj_epsg_only.shp", {"EPSG:4548"}),
        ("prj_wkt2.shp", {"EPSG:4548"}),
        ("prj_utf16.shp", {"EPSG:4548", "EPSG:4326", "EPSG:4490"}),
        ("prj_says_metres_coords_are_degrees.shp", {"EPSG:4490"}),
    ],
)
def test_the_crs_is_right_or_asked(outcomes: dict[str, Outcome], name: str, crs: set[str]) -> None:
    """Never wrong in silence: `local` comes with the question and its candidates."""
    report = outcomes[f"derived_cn/crs/{name}"].report

    assert report["crs"]["code"] in crs
    if crs == {"local"}:
        doubt = next(one for one in report["doubts"] if one["key"] == "crs")
        assert doubt["asks"]
        assert "EPSG:4548" in [answer["value"] for answer in doubt["answers"]]
        assert any("先按原坐标放置" in warning for warning in report["warnings"])
    if name.startswith(("xian", "beijing")):
        assert any(one["key"] == "old_datum" and one["asks"] for one in report["doubts"])
