"""A working day on real files: 海淀区's 29 streets, OSM roads and buildings, a workbook of 60 issues; then paper."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.build import ROOT, SHARED
from tests.cli.saying import said

REAL = SHARED / "real" / "beijing_haidian"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not REAL.is_dir(), reason="the real district's files lie in ../shared/data, which is absent")]

UNITS = [("U001", "海淀区城市管理委员会", "区城管委"), ("U002", "海淀区住房和城乡建设委员会", "区住建委"), ("U003", "清华园街道办事处", "清华园街道")]


def run(*words: object, status: int = 0) -> Any:
    """Run a command as a planner's script would, and give its JSON."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *map(str, words), "--json"], capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )

    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project after the morning's imports."""
    import geopandas

    folder = tmp_path_factory.mktemp("海淀 区")
    project = folder / "海淀.gpkg"
    run("new", project, "--title", "海淀区迎检", "--arrival", "2024-06-24")

    streets = geopandas.read_file(REAL / "township" / "beijing.shp")
    haidian = streets[streets["县"] == "海淀区"].drop(columns=["省", "市"])
    haidian.to_file(folder / "街道.shp", encoding="GBK")
    (folder / "街道.cpg").unlink()

    report = run("import", project, folder / "街道.shp", "--layer", "zone", "--map", "乡=name")
    assert (29, 0) == (report["added"], len(report["rejected"]))
    assert "gb" in report["encoding"]["name"].lower()

    units = Workbook()
    units.active.append(["单位编号", "单位名称", "简称"])
    for row in UNITS:
        units.active.append(row)
    units.save(folder / "单位.xlsx")
    assert 3 == run("import", project, folder / "单位.xlsx", "--layer", "unit")["added"]

    assert 903 == run("import", project, REAL / "osm_thu" / "roads.geojson", "--layer", "road")["read"]
    assert 626 == run("import", project, REAL / "osm_thu" / "buildings.geojson", "--layer", "building_outline")["read"]
    return project


def test_the_crs_was_chosen_from_the_data(day: Path) -> None:
    """海淀 lies at 116.3° E: zone 39, central meridian 117."""
    assert "EPSG:4548" == run("show", day)["crs"]


def test_issues_on_named_buildings_are_placed_assigned_moved_and_undone(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sixty rows with no coordinates; placed by the building's name, then through the first half of their life."""
    buildings = [one for one in run("show", day, "building_outline")["features"] if one["name"]]
    distinct = [name for name, count in Counter(one["name"] for one in buildings).items() if count == 1 and len(name) > 2][:60]
    assert 60 == len(distinct)
    book = Workbook()
    book.active.append(["海淀区实地考察点位问题明细表"])
    book.active.merge_cells("A1:D1")
    book.active.append(["问题编号", "具体位置", "存在问题", "责任单位"])
    for number, name in enumerate(distinct):
        book.active.append([f"20240603-{number + 1:03d}", f"{name}门前", "非机动车乱停放，占用盲道", UNITS[number % 3][2]])
    book.save(day.parent / "问题.xlsx")

    report = run("import", day, day.parent / "问题.xlsx", "--layer", "issue")
    assert (60, 60) == (report["read"], report["added"])
    issues = run("show", day, "issue")["features"]
    assert {"海淀区城市管理委员会", "海淀区住房和城乡建设委员会", "清华园街道办事处"} == {one["responsible_unit"] for one in issues}
    assert all(one["geometry"] is None for one in issues)

    for one in issues[:3]:
        run("set", day, "issue", one["code"], "location=auto")
    for one in issues[3:]:  # the same without a program started for each
        said(capsys, "set", day, "issue", one["code"], "location=auto")
    first = issues[0]["code"]
    run("set", day, "issue", first, "status=dispatched", "due_at=2099-06-10")
    run("set", day, "issue", first, "status=closed", status=2)
    run("set", day, "issue", first, "status=in_progress", "receiver=某某01", "--by", "王某某")
    assert "in_progress" == run("show", day, "issue", "--where", f"code={first}")["features"][0]["status"]
    run("undo", day)
    assert "dispatched" == run("show", day, "issue", "--where", f"code={first}")["features"][0]["status"]
    run("redo", day)
    placed = run("show", day, "issue")["features"]
    assert all(one["geometry"]["type"] == "Point" for one in placed)
    assert {"do", "undo", "redo"} == {entry["kind"] for entry in run("history", day, "issue", first)["history"]}


def test_the_zone_maps_print_and_read_back(day: Path) -> None:
    """29 streets on A3: true paper, fonts inside, every name found by a text search."""
    pypdf = pytest.importorskip("pypdf")
    target = day.parent / "zones.pdf"

    run("print", day, "zone", "--out", target, "--paper", "A3")

    pages = pypdf.PdfReader(target).pages
    assert 29 <= len(pages)
    for page in pages:
        sides = sorted(float(side) / 72 * 25.4 for side in page.mediabox[2:])
        assert sides == pytest.approx([297, 420], abs=0.5)
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font.get_object() else font.get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())
    words = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    assert "网格" in words
    for zone in run("show", day, "zone")["features"]:
        assert zone["name"].replace(" ", "") in words
