"""Pictures of every step of the import dialog, on files as offices send them: made here from the demo's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from openpyxl import load_workbook

from chuangwen.domain.geo import extent_of
from chuangwen.exchange import review
from chuangwen.services.exporting import ExportOptions, run_export
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.project import Project
from chuangwen.settings import resources_folder
from chuangwen.ui.importing.dialog import ImportDialog
from chuangwen.ui.importing.going_on import FOUND, REVIEW
from chuangwen.ui.importing.review_lines import FINDING, REJECTED

if TYPE_CHECKING:
    from chuangwen.ui.pictures import Photographer

_FILES = resources_folder() / "demo" / "files"
_ZONES, _ISSUES = "示范区_网格边界", "问题明细表.xlsx"
_NAMES = {"gbk": "文昌街道网格_GBK.shp", "bare": "测绘院_网格.shp", "flawed": "网格边界_有缝.geojson", "again": _ISSUES, "web": "路口坐标.csv"}
_ROADS = ("人民路与文昌路口", "建设路与沿江路口", "迎宾大道与学府路口")
_OTHER_UNIT, _DAY = "火星路灯所", "2024-06-09"


def import_states(camera: Photographer, folder: Path, only: str = "") -> None:
    """Each step, each question, each refusal, those whose names begin with `only`.

    `folder` takes the files and a project of its own: nothing is written to the demo.
    """
    made = Path(shutil.copy(camera.project, folder / "import.gpkg"))
    files = sample_files(made, folder)
    window = camera.window
    window.open(made)

    def take(name: str, *paths: Path, then: Callable[[ImportDialog], object] | None = None, steps: int = 0) -> None:
        if not name.startswith(only):
            return
        dialog = ImportDialog(window.session, window)
        dialog.show()
        if paths:
            dialog.take_all(paths)
        camera.settle()
        for _step in range(steps):
            dialog.go_on()
            camera.settle()
        if then is not None:
            then(dialog)
        camera.take(name, dialog)
        dialog.close()
        camera.settle()

    take("import-empty")
    take("import-file", files["gbk"], files["again"], files["bare"])
    take("import-found", files["gbk"], steps=1)
    take("import-encoding", files["gbk"], steps=1, then=lambda dialog: dialog.found_page.show_encodings())
    take("import-crs", files["web"], steps=1, then=lambda dialog: dialog.found_page.show_places())
    take("import-crs-other", files["bare"], steps=1, then=lambda dialog: dialog.found_page.show_places())
    take("import-columns", files["again"], steps=1)
    take("import-review", files["again"], steps=2)
    take("import-conflict", files["again"], steps=2, then=lambda dialog: _chip(dialog, review.CONFLICT, review.CHANGED))
    take("import-rejected", files["again"], steps=2, then=lambda dialog: _chip(dialog, REJECTED))
    take("import-findings", files["flawed"], steps=2, then=lambda dialog: _chip(dialog, FINDING))
    take("import-refused", files["again"].with_name("网格图.dwg"))
    take("import-done", files["again"], steps=3)
    window.open(camera.project)


def _chip(dialog: ImportDialog, *kinds: str) -> None:
    assert dialog.pages.currentIndex() in (FOUND, REVIEW)
    kind = next((one for one in kinds if one in dialog.review_page.chips), "")
    dialog.review_page.show_kind(kind)


def sample_files(project_path: Path, folder: Path) -> dict[str, Path]:
    """GBK without .cpg; six-digit eastings without .prj; planted gap and overlap; the list of last week, changed; points from a web map."""
    project = Project.open(project_path, "示范员")
    try:
        zones = project.layers["zone"]
        files = {name: folder / title for name, title in _NAMES.items()}
        run_export(project, zones, files["gbk"], ExportOptions(encoding="gbk"))
        files["gbk"].with_suffix(".cpg").unlink(missing_ok=True)
        run_export(project, zones, files["bare"], ExportOptions(encoding="gbk"))
        for ending in (".cpg", ".prj"):
            files["bare"].with_suffix(ending).unlink(missing_ok=True)
        _flawed(project, files["flawed"])
        run_import(project, _FILES / _ISSUES, "issue", ImportOptions())
        _changed(files["again"])
        _web(project, files["web"])
        (folder / "网格图.dwg").write_bytes(b"AC1032")
        return files
    finally:
        project.close()


def _flawed(project: Project, path: Path) -> None:
    """Zones of which one is drawn too small and another too large."""
    zones = project.features("zone")
    shapes = zones.geometry.copy()
    shapes[7] = shapely.buffer(shapes[7], -3.0)
    shapes[12] = shapely.buffer(shapes[12], 4.0)
    zones.geometry = shapes
    run_export(project, project.layers["zone"], path, features=zones)
    project.forget("zone")


def _changed(path: Path) -> None:
    """The issue list as it comes back a week later: some texts changed, one new, one with a unit that nobody knows, one with the number of another."""
    book = load_workbook(_FILES / _ISSUES)
    sheet = book.active
    assert sheet is not None
    head = next(row for row in range(1, 12) if any(str(cell.value) == "问题描述" for cell in sheet[row]))
    column = {str(cell.value): cell.column for row in (head - 1, head) for cell in sheet[row] if cell.value}
    for row in range(head + 1, head + 7):
        sheet.cell(row, column["问题描述"]).value = f"{sheet.cell(row, column['问题描述']).value}；已两次交办仍未整改"
    sheet.cell(head + 8, column["责任单位"]).value = _OTHER_UNIT
    sheet.cell(head + 11, column["问题编号"]).value = sheet.cell(head + 10, column["问题编号"]).value
    sheet.cell(head + 9, column["整改时限"]).value = _DAY
    last = sheet.max_row + 1
    for title, number in column.items():
        sheet.cell(last, number).value = sheet.cell(head + 3, number).value if title != "问题编号" else "20240609-001"
    book.save(path)


def _web(project: Project, path: Path) -> None:
    """Crossings read off a web map: degrees that nobody says the source of."""
    from chuangwen.exchange.source_crs import project_crs

    extent = extent_of(project.features("district").bounds)
    assert extent is not None
    x, y = extent.centre
    places = shapely.points([(x - 900.0, y), (x + 200.0, y + 500.0), (x + 900.0, y - 300.0)])
    degrees = project_crs(project.epsg).to_degrees(shapely.get_coordinates(places))
    lines = ["点位编号,点位名称,经度,纬度", *(f"L{n},{name},{lon:.6f},{lat:.6f}" for n, (name, (lon, lat)) in enumerate(zip(_ROADS, degrees, strict=True)))]
    path.write_text("\n".join(lines) + "\n", encoding="gbk")
