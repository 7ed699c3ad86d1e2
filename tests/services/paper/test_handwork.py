"""What was changed on a sheet by hand stays with that sheet: after a restart, after the zones were imported again, and until it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.errors import UserError
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.paper.handwork import Handwork, apply, keep, key_of, of_project, read, written
from chuangwen.services.paper.sheet import MapPart, Request, Sheet
from chuangwen.services.paper.zones import plan
from chuangwen.services.project import Project
from chuangwen.settings import resources_folder
from chuangwen.store.base import SheetKey

X, Y = 437_000.0, 3_093_000.0


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two zones."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区"), 4548, "甲")
    shapes = {"A-1": box(X, Y, X + 900, Y + 500), "A-2": box(X + 900, Y, X + 1500, Y + 500)}
    rows = [Change("zone", f"id-{code}", None, {"code": code, "name": code, "geometry": shape}) for code, shape in shapes.items()]
    found.apply(Edit("数据", tuple(rows)))
    yield found
    found.close()


def sheet(project: Project, code: str = "A-1") -> Sheet:
    """A zone's sheet as planned."""
    return plan(project, Request("zone", (code,)))[0]


def test_a_sheet_is_as_it_was_left_after_a_restart_and_a_new_code(project: Project) -> None:
    """Known by the zone's id; its neighbour is as planned."""
    before = sheet(project)
    hand = Handwork(2000.0, (50.0, -20.0), False, {("zone", "id-A-1"): (3.0, -4.5)}, frozenset({"building_outline"}))
    keep(project.store, key_of(before), hand)
    project.apply(Edit("改号", (Change("zone", "id-A-1", {"code": "A-1"}, {"code": "B-9"}),)))
    path = project.path
    project.close()

    again = Project.open(path, "乙")
    hands = of_project(again)
    assert {SheetKey("zone", "id-A-1"): hand} == hands
    changed = apply(sheet(again, "B-9"), hands[key_of(sheet(again, "B-9"))])
    assert (X + 500, Y + 230) == changed.map.centre
    assert (2000.0, False) == (changed.map.denominator, changed.landscape)
    assert ({"zone": {"id-A-1": (3.0, -4.5)}}, {"building_outline"}) == (changed.pinned, changed.hidden)
    assert key_of(sheet(again, "A-2")) not in hands
    again.close()


def test_the_same_list_again_loses_nothing(demo: Project) -> None:
    """The zones are imported once more, as they are each week."""
    before = plan(demo, Request("zone"))
    for one in before:
        keep(demo.store, key_of(one), Handwork(shift=(1.0, 2.0)))
    run_import(demo, resources_folder() / "demo" / "files" / "示范区_网格边界.shp", "zone", ImportOptions())
    assert {key_of(one) for one in plan(demo, Request("zone"))} == {key_of(one) for one in before} == set(of_project(demo))


def test_taken_back_it_is_as_planned(project: Project) -> None:
    """One sheet, or all."""
    planned = {code: sheet(project, code) for code in ("A-1", "A-2")}
    for one in planned.values():
        keep(project.store, key_of(one), Handwork(denominator=1000))
    keep(project.store, key_of(planned["A-1"]), Handwork())
    assert {key_of(planned["A-2"])} == set(of_project(project))
    project.store.forget_handwork()
    assert {} == of_project(project)
    assert planned["A-1"] is apply(planned["A-1"], Handwork())


def test_a_dragged_map_shows_what_was_beside_it(project: Project) -> None:
    """10 mm to the right at 1:5 000: the middle of the map is 50 m farther west; on a turned map along its own axes."""
    part = MapPart((X, Y), 5000)
    assert (X - 50, Y) == pytest.approx(Handwork().dragged(10, 0, part).placed(part).centre)
    assert (X, Y + 50) == pytest.approx(Handwork().dragged(0, 10, part).placed(part).centre)
    turned = MapPart((X, Y), 5000, 90.0)  # north runs to the right
    assert (X, Y - 50) == pytest.approx(Handwork().dragged(10, 0, turned).placed(turned).centre)
    assert (X - 50, Y) == pytest.approx(Handwork().dragged(0, 10, turned).placed(turned).centre)
    twice = Handwork().dragged(10, 5, part)
    assert (0, 0) == twice.dragged(-10, -5, part).shift


def test_a_label_goes_back_where_the_program_puts_it() -> None:
    """And nothing is left to remember."""
    moved = Handwork().labelled("site", "a", (1, 2)).labelled("site", "b", (3, 4))
    assert {("site", "a"): (5, 6), ("site", "b"): (3, 4)} == moved.labelled("site", "a", (5, 6)).labels
    assert not moved.labelled("site", "a", None).labelled("site", "b", None)


@pytest.mark.parametrize(
    "hand", [Handwork(denominator=3), Handwork(denominator=float("nan")), Handwork(shift=(1e7, 0)), Handwork(labels={("a", "b"): (1e9, 0)})]
)
def test_what_cannot_be_is_refused(project: Project, hand: Handwork) -> None:
    """Nothing is kept."""
    with pytest.raises(UserError):
        keep(project.store, SheetKey("zone", "id-A-1"), hand)
    assert {} == of_project(project)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"scale": "x"}', '{"labels": [[1]]}', '{"shift": [1]}', '{"scale": 1}', '{"shift": null}'])
def test_damaged_handwork_prints_as_planned(content: str) -> None:
    """And what a later program adds harms nothing."""
    assert Handwork() == read(content)
    assert Handwork(denominator=500) == read('{"scale": 500, "colour": "red"}')


numbers = st.floats(-1e4, 1e4)


@given(
    st.none() | st.floats(100, 1e6),
    st.tuples(numbers, numbers),
    st.none() | st.booleans(),
    st.dictionaries(st.tuples(st.text(), st.text()), st.tuples(numbers, numbers)),
)
def test_nothing_is_lost_on_the_way(
    scale: float | None, shift: tuple[float, float], landscape: bool | None, labels: dict[tuple[str, str], tuple[float, float]]
) -> None:
    """Written and read again."""
    hand = Handwork(scale, shift, landscape, labels, frozenset({"road"}))
    assert hand == read(written(hand))
