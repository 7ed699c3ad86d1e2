"""What a moved border hands over, told before and measured after; the hand-over list (issue 5, boundary what-if; domain.md 8.3)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Features
from chuangwen.domain.values import Values
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.handover import HandOver, taking_over
from chuangwen.services.nearby import Changed
from chuangwen.services.placing import View
from chuangwen.services.project import Project
from chuangwen.services.responsibility import STANDING, Resolver
from chuangwen.services.what_if import COUNTED, ROADS, Preview, WhatIf
from tests.build import copied

TODAY = dt.date(2024, 6, 3)
Standing = tuple[dict[str, Counter[str]], dict[str, str | None]]


@pytest.fixture(scope="module")
def project(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy that the property test changes and puts back."""
    return Project.open(copied(demo_file, tmp_path_factory.mktemp("work")), "测试员")


def _holds(project: Project) -> dict[str, Counter[str]]:
    """Zone code → what it holds, counted anew from the project: features by layer, metres, m²."""
    zones, what = project.features("zone"), WhatIf(project, project.campaign.today)
    found: dict[str, Counter[str]] = {str(code): Counter({"m2": float(shapely.area(zones.geometry[row]))}) for row, code in enumerate(zones.column("code"))}
    found[""] = Counter()
    for layer in COUNTED:
        features = project.features(layer)
        wanted = features.located & (is_open(features) if layer == "issue" else True)
        points = features.geometry[wanted]
        areas = shapely.get_dimensions(points) == 2
        points[areas] = shapely.point_on_surface(points[areas])
        for row in what.zones_of(points):
            found[str(zones.column("code")[row]) if row >= 0 else ""][layer] += 1
    for layer in ROADS:
        for line in range(len(project.features(layer))):
            places, each = what.stations(layer, line)
            for row in what.zones_of(shapely.points(places)):
                found[str(zones.column("code")[row]) if row >= 0 else ""][layer] += each  # type: ignore[assignment]
    return found


@pytest.fixture(scope="module")
def standing(project: Project) -> Standing:
    """What each zone holds and who is responsible, before anything is moved: every example puts it back."""
    return _holds(project), _units(project)


def _units(project: View) -> dict[str, str | None]:
    """Open issues on the map that nobody was assigned by hand → the unit that the rules name."""
    issues = project.features("issue")
    found = Resolver(project, TODAY).of_issues(issues)
    wanted = is_open(issues) & issues.located
    bases, units = issues.column("unit_basis"), issues.column("responsible_unit")
    return {row_id: found.unit_of(row) for row, row_id in enumerate(issues.ids) if wanted[row] and not (bases[row] in STANDING and units[row])}


def _drag(project: Project, zone: int, vertex: int, by: tuple[float, float]) -> tuple[WhatIf, Preview]:
    what = WhatIf(project, project.campaign.today)
    ring = shapely.get_coordinates(project.features("zone").geometry[zone])
    handle = what.nearest(*ring[vertex % len(ring)], 0.01)
    assert handle is not None
    what.take(handle)
    return what, what.drag(*by)


@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 35), st.integers(0, 500), st.floats(-150, 150), st.floats(-150, 150))
def test_what_was_told_is_what_happens(project: Project, standing: Standing, zone: int, vertex: int, dx: float, dy: float) -> None:
    """Any vertex of the demo's zones, anywhere: the preview equals what is measured after it was written; no gap, no overlap; undo restores every byte."""
    what, preview = _drag(project, zone, vertex, (dx, dy))
    if preview.refused:
        with pytest.raises(RuleBroken):
            taking_over(what, preview)
        return
    before, units = standing
    zones = shapely.to_wkb(project.features("zone").geometry)
    codes = dict(zip(project.features("issue").ids, project.features("issue").column("responsible_unit"), strict=True))
    try:
        edit = taking_over(what, preview)
    except RuleBroken:  # moved by less than a millimetre
        return
    project.apply(edit)
    try:
        after = _holds(project)
        told: dict[str, Counter[str]] = {code: Counter() for code in before}
        for one in preview.transfers:
            for party, sign in ((one.giver, -1), (one.taker, 1)):
                told[party.code].update({layer: sign * one.count(layer) for layer in COUNTED})
                told[party.code].update({"m2": sign * one.area_m2, "section": sign * one.section_m, "road": sign * one.road_m})
        for code in before:
            for name in ("m2", *ROADS) if code else ():
                assert after[code][name] - before[code][name] == pytest.approx(told[code][name], abs=0.1), (code, name)
            for layer in COUNTED:
                assert after[code][layer] - before[code][layer] == told[code][layer], (code, layer)
        assert {row_id for row_id, unit in _units(project).items() if units[row_id] != unit} == {one.issue for one in preview.owners}
        assert {one.issue: one.after for one in preview.owners} == {one.issue: _units(project)[one.issue] for one in preview.owners}
        assert bool(shapely.coverage_is_valid(project.features("zone").geometry))
        assert codes == dict(zip(project.features("issue").ids, project.features("issue").column("responsible_unit"), strict=True)), "nobody's assignment moves"
    finally:
        project.undo()
    assert (shapely.to_wkb(project.features("zone").geometry) == zones).all()


def test_the_list_says_who_hands_over_what(project: Project, tmp_path: Path) -> None:
    """CV-01, 8.3: a border far moved; docx and xlsx name zones, units, things and who is to be asked. Another ending is refused."""
    import openpyxl

    issues = project.features("issue")
    zones = project.features("zone")
    what, preview = next(
        (what, preview)
        for zone in range(len(zones))
        for vertex in range(0, 60, 3)
        for what, preview in [_drag(project, zone, vertex, (90.0, 60.0))]
        if not preview.refused and preview.total("issue") and preview.total("shop")
    )
    hand_over = HandOver(what, preview, project.campaign, project.campaign.today)
    hand_over.write(tmp_path / "清单.xlsx")
    book = openpyxl.load_workbook(tmp_path / "清单.xlsx")
    assert book.sheetnames == ["交接汇总", "交接明细", "责任单位变化"]
    listed = {row[1] for row in book["交接明细"].iter_rows(min_row=3, values_only=True)}
    assert {issues.feature(row_id).code for one in preview.transfers for row_id in one.things.get("issue", ())} <= listed  # type: ignore[union-attr]
    hand_over.write(tmp_path / "清单.docx")
    assert (tmp_path / "清单.docx").stat().st_size > 3000
    with pytest.raises(UserError, match="docx 或 xlsx"):
        hand_over.write(tmp_path / "清单.pdf")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
    edit = taking_over(what, preview)
    assert {name for change in edit.changes for name in change.after or {}} <= {"geometry", "zone_code"}


class _ZonesDecide:
    """The demo with nothing but zones to decide by: every open issue says the zone it lies in."""

    def __init__(self, project: Project) -> None:
        self.layers, self.campaign, self._project = project.layers, project.campaign, project
        issues, codes = project.features("issue"), project.features("zone").column("code")
        there = [row for row in range(len(issues)) if issues.located[row]]
        held = WhatIf(project, project.campaign.today).zones_of(issues.geometry[there])
        self._instead = {name: project.features(name).take([]) for name in ("site", "section", "compound", "building", "worksite", "shop", "crossing")}
        said = {issues.ids[row]: {"zone_code": codes[zone] if zone >= 0 else None, "unit_basis": None} for row, zone in zip(there, held, strict=True)}
        self._instead["issue"] = issues.patched(said)

    def features(self, layer: str) -> Features:
        """All features of a layer."""
        return self._instead[layer] if layer in self._instead else self._project.features(layer)


def test_owners_are_told_as_the_rules_say_them_afterwards(project: Project) -> None:
    """SR-64: issues that a zone decides, their zone code written anew with the border: each owner told is the one the rules name afterwards, and no other."""
    view = _ZonesDecide(project)
    what = WhatIf(view, project.campaign.today)
    base, seen = _units(view), 0
    for zone, shape in enumerate(what.mesh.geometry):
        for x, y in shapely.get_coordinates(shape).tolist()[zone % 9 :: 9]:
            handle = what.nearest(x, y, 0.01)
            assert handle is not None
            what.take(handle)
            preview = what.drag(60.0, -90.0)
            if preview.refused or not preview.total("issue"):
                continue
            changed: dict[str, dict[str, Values | None]] = {}
            for change in taking_over(what, preview).changes:
                changed.setdefault(change.layer, {})[change.id] = change.after
            now = _units(Changed(view, {layer: view.features(layer).patched(rows) for layer, rows in changed.items()}))
            assert {row: unit for row, unit in now.items() if unit != base[row]} == {one.issue: one.after for one in preview.owners}
            seen += bool(preview.owners)
    assert seen >= 3


def test_several_moves_add_up(project: Project) -> None:
    """A vertex there and back again hands over nothing; kept moves are told together."""
    what, preview = _drag(project, 0, 1, (15.0, 10.0))
    assert not preview.refused
    assert preview.transfers
    what.keep(preview)
    assert sum(one.area_m2 for one in what.standing().transfers) == pytest.approx(sum(one.area_m2 for one in preview.transfers))
    ring = shapely.get_coordinates(project.features("zone").geometry[0])
    handle = what.nearest(ring[1][0] + 15, ring[1][1] + 10, 0.01)
    assert handle is not None
    what.take(handle)
    back = what.drag(-15.0, -10.0)
    assert back.refused == ""
    assert back.transfers == ()


def test_on_the_command_line(demo_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rehearsal writes nothing but the list; --apply moves the border; a place without a border is refused with the remedy."""
    import json

    from chuangwen.cli.commands import main
    from chuangwen.settings import Settings

    path = copied(demo_file, tmp_path)
    with_border = shapely.get_coordinates(Project.open(path, "王").features("zone").geometry[0])[1]
    words = ["boundary", str(path), f"--at={with_border[0]},{with_border[1]}", "--shift=12,-7", "--json"]
    assert main([*words, "--out", str(tmp_path / "清单.docx")], Settings(actor="王")) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["held"], told["applied"], (tmp_path / "清单.docx").exists()) == ("vertex", False, True)
    before = Project.open(path, "王")
    old = before.features("zone").geometry[0]
    assert main([*words, "--apply"], Settings(actor="王")) == 0
    assert json.loads(capsys.readouterr().out)["transfers"] == told["transfers"]
    after = Project.open(path, "王")
    assert after.last_step == before.last_step + 1
    assert after.features("zone").geometry[0] != old
    assert main(["boundary", str(path), "--at=0,0", "--shift=1,1"], Settings(actor="王")) == 2
    assert "没有网格边界" in capsys.readouterr().err
