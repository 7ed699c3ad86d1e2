"""Pre-flight: each planted defect is found once, with its page and feature; the clean demo has none."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import shapely
from PySide6.QtGui import QPainter
from shapely.geometry import MultiPolygon, Point, Polygon, box

from chuangwen.domain import edits
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Features
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import Cancelled
from chuangwen.progress import Progress
from chuangwen.render.paper import zone as zone_sheets
from chuangwen.render.paper.block import Block
from chuangwen.render.paper.layout import Filling
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.render.paper.preflight import Finding, check
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper import templates
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import Numbered, Request, Sheet
from chuangwen.services.project import Project
from tests.build import copied

pytestmark = pytest.mark.window

RARE = "\U0002a6a5"
"""𪚥: in no font of ours, and hardly in any other."""


@pytest.fixture
def project(demo_file: Path, tmp_path: Path, qapp: object) -> Iterator[Project]:
    """A copy of the demo, to plant defects in."""
    found = Project.open(copied(demo_file, tmp_path), "甲")
    yield found
    found.close()


def run(project: Project, *codes: str, **more: object) -> Atlas:
    """The pages of some zones, of all where none is named."""
    return atlas(project, Request("zone", codes or None, **more))  # type: ignore[arg-type]


def change(project: Project, layer: str, code: str, /, **values: object) -> str:
    """Write values into a feature, or add it; its id."""
    geometry = {GEOMETRY: values.pop("geometry")} if "geometry" in values else {}
    there = project.features(layer).coded(code)
    if there is None:
        row_id = edits.new_id()
        project.apply(Edit("加", (Change(layer, row_id, None, {"code": code, "name": code, **values, **geometry}),)))  # type: ignore[arg-type]
        return row_id
    before = {**{name: there.get(name) for name in values}, **({GEOMETRY: there.geometry} if geometry else {})}
    project.apply(Edit("改", (Change(layer, there.id, before, {**values, **geometry}),)))  # type: ignore[arg-type]
    return there.id


def grave(findings: list[Finding]) -> list[Finding]:
    """Errors and warnings."""
    return [one for one in findings if one.severity != "note"]


def zone_at(project: Project, code: str) -> Polygon:
    """The boundary of a zone."""
    found = project.features("zone").coded(code)
    assert found is not None
    return found.geometry  # type: ignore[return-value]


def test_the_clean_demo_has_no_error_and_no_warning(project: Project, tmp_path: Path) -> None:
    """For a file, a folder and a printer; what has no place is noted."""
    found = check(run(project), target=tmp_path / "out", printer=True)

    assert grave(found) == []
    notes = [one for one in found if one.kind == "unlocated"]
    assert [(one.feature or ("",))[0] for one in notes] == ["site", "issue"]
    assert "12 个" in notes[0].words
    assert "24 个" in notes[1].words
    assert grave(check(run(project, "WC-01"), target=tmp_path / "z.pdf")) == []


@dataclass(frozen=True)
class Plant:
    """A defect: the zones to print (none: all), what is found, about which feature of which zone's sheet ('' none)."""

    codes: tuple[str, ...]
    kind: str
    severity: str
    layer: str
    code: str
    sheet: str = "WC-01"
    values: Mapping[str, object] | None = None
    geometry: str = ""


SHAPES = {
    "none": lambda _zone: None,
    "sliver": lambda zone: box(zone.bounds[0], zone.bounds[1], zone.bounds[0] + 2, zone.bounds[1] + 300),
    "hole": lambda zone: Polygon(zone.exterior.coords, [zone.representative_point().buffer(40).exterior.coords]),
    "two parts": lambda zone: MultiPolygon([zone, shapely.affinity.translate(zone, 8_000, 0)]),
    "mercator": lambda _zone: Point(12_955_000, 3_260_000),
    "far away": lambda _zone: Point(470_000, 3_120_000),
}

PLANTS = {
    "a rare character in a name": Plant(("WC-01", "WC-02"), "glyph", "error", "zone", "WC-01", values={"name": f"文昌{RARE}网格"}),
    "a smile in a description": Plant(("WC-02", "WC-01"), "glyph", "warning", "issue", "N-1", values={"description": "垃圾没清\U0001faa3"}, geometry="inside"),
    "nobody responsible": Plant(("WC-01", "WC-02"), "nobody", "warning", "zone", "WC-01", values=dict.fromkeys(("responsible_unit", "chief", "member"), None)),
    "a sliver": Plant(("X-2",), "shape", "warning", "zone", "X-2", "X-2", values={"chief": "甲"}, geometry="sliver"),
    "a hole": Plant(("WC-01",), "shape", "warning", "zone", "WC-01", geometry="hole"),
    "two parts far apart": Plant(("WC-01",), "shape", "warning", "zone", "WC-01", geometry="two parts"),
    "one code twice": Plant(("WC-01",), "same_code", "warning", "site", "022", values={"code": "TWIN"}, geometry="inside"),
}


ON_NO_SHEET = (
    Plant((), "not_printed", "warning", "zone", "X-1", "", values={"chief": "甲"}),
    Plant((), "on_no_sheet", "warning", "issue", "N-2", "", geometry="far away"),
    Plant((), "crs", "error", "site", "N-3", "", values={"chief": "甲"}, geometry="mercator"),
)
"""What only a run of all zones can find."""


def plant(project: Project, one: Plant) -> str:
    """Put the defect in; the feature's id."""
    values = dict(one.values or {})
    if one.kind == "same_code":
        change(project, one.layer, "TWIN", chief="甲", geometry=zone_at(project, "WC-01").representative_point())
        first = project.features("site").coded("TWIN")
        project.apply(Edit("加", (Change("site", edits.new_id(), None, {"code": "TWIN", "name": "二", "chief": "乙", GEOMETRY: first.geometry}),)))  # type: ignore[union-attr]
        return first.id  # type: ignore[union-attr]
    if one.layer == "issue":
        values = {"status": "in_progress", "description": "坑", "responsible_unit": "某局", **values}
    if one.geometry == "inside":
        values["geometry"] = zone_at(project, "WC-01").representative_point()
    elif one.geometry:
        values["geometry"] = SHAPES[one.geometry](zone_at(project, "WC-01"))
    return change(project, one.layer, one.code, **values)


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_defect_is_found_once_with_page_and_feature(project: Project, name: str) -> None:
    """And nothing else is."""
    one = PLANTS[name]
    row_id = plant(project, one)

    found = grave(check(run(project, *one.codes)))

    assert [(finding.severity, finding.kind) for finding in found] == [(one.severity, one.kind)], [finding.words for finding in found]
    assert found[0].feature == (one.layer, row_id)
    assert (found[0].page.sheet.code if found[0].page else "") == one.sheet
    assert found[0].words.endswith("。")


def test_what_is_on_no_sheet_is_found_in_a_run_of_all(project: Project) -> None:
    """A zone without boundary, an issue in no zone, a site in metres of the web map; each once, the worst first."""
    planted = {one.kind: (one, plant(project, one)) for one in ON_NO_SHEET}

    found = grave(check(run(project)))

    assert found[0].kind == "crs"
    assert sorted(one.kind for one in found) == sorted(planted)
    for finding in found:
        one, row_id = planted[finding.kind]
        assert (finding.severity, finding.feature, finding.page) == (one.severity, (one.layer, row_id), None)
    assert "墨卡托" in found[0].words


def test_four_hundred_issues_in_one_zone(project: Project) -> None:
    """The pages are too many to carry; every number is on the map, or the finding says so."""
    middle = zone_at(project, "WC-01").representative_point()
    rows = [
        Change("issue", edits.new_id(), None, {"code": f"M-{n:03d}", "name": "坑", "description": f"路面破损{n}", "status": "in_progress", GEOMETRY: place})
        for n in range(400)
        for place in [Point(middle.x + 8 * (n % 20) - 80, middle.y + 8 * (n // 20) - 80)]
    ]
    project.apply(Edit("多", tuple(rows)))

    found = grave(check(run(project, "WC-01")))

    assert [one.kind for one in found].count("long_table") == 1
    long = next(one for one in found if one.kind == "long_table")
    assert long.page is not None
    assert long.page.part == 1
    assert {one.kind for one in found} <= {"long_table", "crowded", "number_missing", "unplaced"}


def test_a_number_of_the_table_that_is_not_on_the_map_is_an_error(project: Project) -> None:
    """The one mistake a patrol cannot see through."""
    made = run(project, "WC-01", "WC-02")
    far = project.features("site").at(int(project.features("site").located.argmax()))
    stranger = replace(far, geometry=Point(500_000, 3_100_000))
    sheet = made.sheets[1]
    made.sheets[1] = replace(sheet, rows={**sheet.rows, "site": (*sheet.rows["site"], Numbered("点99", stranger))})

    found = grave(check(made))

    assert [(one.severity, one.kind, one.feature) for one in found] == [("error", "number_missing", ("site", far.id))]
    assert "点99" in found[0].words
    assert found[0].page is not None
    assert found[0].page.sheet.code == "WC-02"


def test_a_zone_whose_map_was_dragged_aside_is_not_shown_whole(project: Project) -> None:
    """By hand, in the preview."""
    made = run(project, "WC-01")
    sheet = made.sheets[0]
    part = replace(sheet.map, centre=(sheet.map.centre[0] + 1500, sheet.map.centre[1]))
    made.sheets[0] = replace(sheet, maps=(part,))

    found = [one for one in grave(check(made)) if one.kind != "number_missing"]

    assert [(one.kind, one.feature) for one in found] == [("cut_off", ("zone", sheet.subject.id))]  # type: ignore[union-attr]


def test_data_of_the_day_before_yesterday(project: Project) -> None:
    """The day of the last entry, not of the file."""
    project.close()
    old = dt.datetime.now() - dt.timedelta(days=3)
    with sqlite3.connect(project.path) as connection:
        connection.execute("UPDATE cw_step SET at = ?", [old.isoformat(timespec="seconds")])
    again = Project.open(project.path, "甲")
    again.store.set_campaign(replace(again.campaign, fixed_today=None))

    found = grave(check(run(again, "WC-01")))

    assert [(one.kind, one.page) for one in found] == [("old_data", None)]
    assert "3 天" in found[0].words
    again.close()


def test_text_that_is_too_small_to_read(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told once, with the smallest size."""
    monkeypatch.setitem(templates.PAPERS, "A4", replace(templates.PAPERS["A4"], text=2.0))

    found = grave(check(run(project, "WC-01", "WC-02")))

    assert [one.kind for one in found] == ["small_text"]
    assert found[0].page is not None
    assert found[0].page.number == 1


def test_text_that_had_to_be_shortened(project: Project) -> None:
    """Told once, though it stands on each page."""
    project.store.set_campaign(replace(project.campaign, office="示范区创建全国文明城市工作领导小组办公室综合协调督查考评" * 4))

    found = grave(check(run(project, "WC-01", "WC-02")))

    assert [(one.severity, one.kind) for one in found] == [("warning", "shortened")]
    assert "示范区创建" in found[0].words


class Tall(Block):
    """Higher than the paper and not to be divided."""

    def height(self, width: float) -> float:
        return 400.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        """Nothing."""


def test_a_block_that_runs_over_the_edge(project: Project) -> None:
    """Nothing is lost in silence."""

    def fill(made: Atlas, sheet: Sheet) -> Filling:
        return {**zone_sheets.fill(made, sheet), "tables": [Tall()]}

    plain = run(project, "WC-01")
    found = grave(check(Atlas(project, plain.request, plain.sheets, fill)))

    assert [(one.severity, one.kind) for one in found] == [("error", "over_edge")]
    assert found[0].page is not None
    assert found[0].page.part == 1


def test_glass_on_a_printer_and_not_in_a_file(project: Project) -> None:
    """Half-transparent green: a printer would make a picture of the page."""
    green = project.features("green")
    layer = replace(green.layer, symbols=tuple(replace(one, fill="#8000aa00") for one in green.layer.symbols))
    project._features["green"] = Features(layer, green.ids, green.columns, green.geometry)

    found = grave(check(run(project, "WC-01"), printer=True))
    assert [(one.kind, one.page.number if one.page else 0) for one in found] == [("alpha", 1)]
    assert grave(check(run(project, "WC-01"))) == []


def test_a_target_that_cannot_be_written(project: Project, tmp_path: Path) -> None:
    """Held by something else, in a folder that is none, in no folder; the name of a file says its code as far as it may."""
    taken = tmp_path / "z.pdf"
    taken.mkdir()
    (tmp_path / "file").write_text("x")
    made = run(project, "WC-01")

    for target in (taken, tmp_path / "file" / "out", tmp_path / "nowhere" / "z.pdf"):
        found = grave(check(made, target=target))
        assert [(one.severity, one.kind) for one in found] == [("error", "target")], target
    assert not list(tmp_path.glob("out*"))

    change(project, "zone", "WC-01", code="WC/1:*")
    notes = [one for one in check(run(project, "WC/1:*"), target=tmp_path / "out") if one.kind == "file_name"]
    assert len(notes) == 1
    assert "WC1" in notes[0].words
    assert notes[0].page is not None
    assert not (tmp_path / "out").exists()


def test_a_file_of_the_folder_that_is_open_elsewhere_is_found_on_its_page(project: Project, tmp_path: Path) -> None:
    """Of 36 files it is this one."""
    from chuangwen.services.paper.file_names import file_names

    made = run(project, "WC-01", "WC-02")
    (tmp_path / "out" / file_names(made.sheets, made.style.printed)[1]).mkdir(parents=True)

    found = grave(check(made, target=tmp_path / "out"))

    assert [(one.kind, one.page.sheet.code if one.page else "") for one in found] == [("target", "WC-02")]


def test_it_tells_how_far_it_is_and_can_be_stopped(project: Project) -> None:
    """Page by page."""
    heard: list[tuple[int, int]] = []
    made = run(project, "WC-01", "WC-02")
    check(made, progress=Progress(lambda done, total, _what: heard.append((done, total))))
    assert heard[-1] == (len(made.pages), len(made.pages))

    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        check(made, progress=progress)


def test_a_painted_page_is_as_it_was_before_somebody_listened(project: Project) -> None:
    """Listening ends with the check."""
    from chuangwen.render.output import image

    made = run(project, "WC-01")
    before = image(made.pages[0], 2.0)
    check(made)
    assert image(made.pages[0], 2.0) == before
