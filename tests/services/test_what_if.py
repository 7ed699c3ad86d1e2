"""Boundary what-if: what is told before is what is found after, zones stay side by side, undo gives every byte back, and the list says who hands over what."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from chuangwen.domain.shared_edges import NOBODY, NOISE_M2, Handle
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.demo import make_demo
from chuangwen.services.hand_over import hand_over, statement
from chuangwen.services.project import Project
from chuangwen.services.responsibility import Resolver
from chuangwen.services.statement import write
from chuangwen.services.what_if import Preview, WhatIf


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The demo; every test takes back what it did."""
    folder = tmp_path_factory.mktemp("what_if")
    made = make_demo(folder / "demo", "甲")[0]
    own = Project.open(Path(shutil.copy(made, folder / "p.gpkg")), "甲")
    yield own
    own.close()


def handles(what_if: WhatIf) -> list[Handle]:
    """Vertices and sides between two zones, in a fixed order."""
    found = []
    for zone in range(0, len(what_if.zones), 7):
        shape = what_if.mesh.geometry[zone]
        if shape is None:
            continue
        ring = shapely.get_coordinates(shapely.get_exterior_ring(shapely.get_parts(shape)[0]))
        for at in range(0, len(ring) - 1, 5):
            for x, y in (ring[at], (ring[at] + ring[at + 1]) / 2):
                handle = what_if.nearest(x, y, 0.5)
                if handle is not None and what_if.mesh.is_border(handle):
                    found.append(handle)
    return found


def drag(what_if: WhatIf, handle: Handle, dx: float, dy: float) -> Preview:
    """Take hold and move."""
    what_if.take(handle)
    return what_if.drag(dx, dy)


def moving_issues(what_if: WhatIf) -> Preview:
    """A drag that is allowed and hands over open issues with another unit."""
    for handle in handles(what_if):
        for step in ((60, 0), (-60, 0), (0, 60), (0, -60)):
            preview = drag(what_if, handle, *step)
            if not preview.refused and preview.owners:
                return preview
    raise AssertionError("no border of the demo has issues beside it")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.floats(-80, 80), st.floats(-80, 80))
def test_what_is_told_before_is_measured_after(project: Project, pick: int, dx: float, dy: float) -> None:
    """Any drag of any common border: areas, issues, owners as told; no gap, no overlap; one undo gives the same bytes of every zone."""
    what_if = WhatIf(project)
    some = handles(what_if)
    preview = drag(what_if, some[pick % len(some)], dx, dy)
    if preview.refused:
        with pytest.raises(RuleBroken):
            hand_over(what_if, preview)
        return
    before, zones = project.features("issue"), project.features("zone")
    bytes_before = shapely.to_wkb(zones.geometry).tolist()
    units_before = unit_of(project)
    whole = shapely.union_all(zones.geometry)
    try:
        edit = hand_over(what_if, preview)
    except RuleBroken:
        assert not preview.transfers
        return
    project.apply(edit)
    try:
        after = project.features("zone")
        change = shapely.area(after.geometry) - shapely.area(zones.geometry)
        told = np.zeros(len(zones))
        for one in preview.transfers:
            if one.taker.row >= 0:
                told[one.taker.row] += one.area_m2
            if one.giver.row >= 0:
                told[one.giver.row] -= one.area_m2
        assert np.allclose(change, told, atol=4 * NOISE_M2)
        outer = any(NOBODY in (one.giver.row, one.taker.row) for one in preview.transfers)
        if not outer:
            assert shapely.area(shapely.symmetric_difference(shapely.union_all(after.geometry), whole)) < NOISE_M2
        for row in [at for at, shape in enumerate(after.geometry) if shape is not zones.geometry[at]]:
            others = shapely.union_all(np.delete(after.geometry, row))
            was = shapely.area(shapely.intersection(zones.geometry[row], shapely.union_all(np.delete(zones.geometry, row))))
            assert shapely.area(shapely.intersection(after.geometry[row], others)) <= was + NOISE_M2
        said = {row_id: one.taker.row for one in preview.transfers for row_id in one.things.get("issue", ())}
        fresh = WhatIf(project)
        open_rows = [at for at, shape in enumerate(fresh._of("issue")[1]) if shape is not None]
        spots = before.geometry[open_rows]
        held = dict(zip([before.ids[at] for at in open_rows], zip(what_if.zones_of(spots), fresh.zones_of(spots), strict=True), strict=True))
        assert said == {row_id: new for row_id, (old, new) in held.items() if old != new}
        now = unit_of(project)
        owners = {one.issue: (one.before, one.after) for one in preview.owners}
        assert owners == {row_id: (units_before[row_id], now[row_id]) for row_id in now if row_id in said and units_before[row_id] != now[row_id]}
        assert {row_id for row_id in now if units_before[row_id] != now[row_id]} <= set(said)
    finally:
        project.undo()
    assert shapely.to_wkb(project.features("zone").geometry).tolist() == bytes_before


def unit_of(project: Project) -> dict[str, str | None]:
    """Open issue → the unit that the rules name, but those that stand by hand."""
    issues = project.features("issue")
    found = Resolver(project).of_issues(issues)
    standing = [basis in ("manual", "designated") and bool(unit) for basis, unit in zip(*map(issues.column, ("unit_basis", "responsible_unit")), strict=True)]
    return {row_id: found.unit_of(at) for at, row_id in enumerate(issues.ids) if not standing[at]}


def test_issues_in_work_keep_their_unit_and_are_listed(project: Project, tmp_path: Path) -> None:
    """The zone of open issues changes with the border, the unit of none; both sides get a list as document and workbook."""
    what_if = WhatIf(project)
    preview = moving_issues(what_if)
    edit = hand_over(what_if, preview)
    assert {change.layer for change in edit.changes} <= {"zone", "issue"}
    assert all(set(change.after or {}) == {"zone_code"} for change in edit.changes if change.layer == "issue")
    made = statement(project, project.campaign, preview, dt.date(2024, 6, 3))
    for ending in (".docx", ".xlsx"):
        write(made, tmp_path / f"交接清单{ending}")
        assert (tmp_path / f"交接清单{ending}").stat().st_size > 3000
    book = load_workbook(tmp_path / "交接清单.xlsx")
    words = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    codes = {project.features("issue").feature(row_id).code for one in preview.transfers for row_id in one.things["issue"] if one.count("issue")}  # type: ignore[union-attr]
    assert codes <= set(words)


def test_a_border_dragged_too_far_is_refused_with_the_reason(project: Project) -> None:
    """Over the neighbour and beyond: refused, in words, and nothing can be written."""
    what_if = WhatIf(project)
    refused = [one.refused for handle in handles(what_if)[:10] if (one := drag(what_if, handle, 9_000, 9_000)).refused]
    assert refused
    assert all("网格" in words for words in refused)


def test_two_drags_are_told_together_and_starting_over_forgets_them(project: Project) -> None:
    """What was kept counts in the next preview; back there is nothing to hand over."""
    what_if = WhatIf(project)
    kept = 0.0
    for handle in handles(what_if)[:40]:
        preview = drag(what_if, handle, 3.0, 2.0)
        if not preview.refused and preview.transfers:
            what_if.keep(preview)
            total = sum(one.area_m2 for one in what_if.standing().transfers)
            if kept:
                assert total > kept
                break
            kept = total
    assert kept
    what_if.start_over()
    with pytest.raises(RuleBroken, match="没有动过"):
        hand_over(what_if, what_if.standing())


def test_without_zones_the_reason_is_told(tmp_path: Path) -> None:
    """An empty project: import first."""
    from chuangwen.domain.campaign import Campaign

    empty = Project.create(tmp_path / "e.gpkg", Campaign("空"), 4548, "甲")
    with pytest.raises(UserError, match="还没有网格"):
        WhatIf(empty)
    empty.close()
