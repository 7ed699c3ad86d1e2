"""Planted faults between zones are found exactly, and cleaned only as far as they go."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.exchange.findings import Finding
from chuangwen.exchange.importing import ImportPlan, Options, plan
from chuangwen.exchange.incoming import Column, Incoming
from chuangwen.exchange.vector_files import read_vector
from chuangwen.exchange.zone_check import Limits, Zones, check
from chuangwen.exchange.zone_clean import clean
from tests.build import layers
from tests.exchange.made import CORPUS, REAL, View, features

X, Y = 435_000.0, 4_418_000.0
SIDE = 100.0


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.box(X + x0, Y + y0, X + x1, Y + y1)


def grid(columns: int = 3, rows: int = 3) -> list[Any]:
    """Squares that meet exactly, row by row from the south west: A0 B0 C0 A1 …"""
    return [box(SIDE * x, SIDE * y, SIDE * (x + 1), SIDE * (y + 1)) for y in range(rows) for x in range(columns)]


def zones(shapes: list[Any], held: int = 0) -> Zones:
    """The first `held` are the project's own."""
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return Zones(geometry, [f"G{n}" for n in range(len(shapes))], [0 if n < held else n + 1 for n in range(len(shapes))])


def found(shapes: list[Any], **limits: float) -> list[Finding]:
    return check(zones(shapes), Limits(**limits))


def test_squares_that_meet_have_no_faults() -> None:
    """Nor has one that is 0.2 mm off, nor a border with a node on one side only."""
    shapes = grid()
    shapes[4] = shapely.transform(shapes[4], lambda points: points + 2e-4)
    halves = [box(300, 0, 400, 50), box(300, 50, 400, 100)]

    assert [] == found(shapes + halves)


def test_an_overlap_is_found_with_its_two_codes_and_its_area() -> None:
    shapes = grid()
    shapes[4] = box(100, 100, 200.25, 200)
    (one,) = found(shapes)

    assert ("overlap", {"G4", "G5"}, (5, 6)) == (one.kind, set(one.codes), one.rows)
    assert one.area == pytest.approx(25.0, abs=1e-6)
    assert one.geometry is not None
    assert one.geometry.bounds == pytest.approx((X + 200, Y + 100, X + 200.25, Y + 200))
    assert "G4 与 G5 重叠 25.00 平方米（细条，宽约 0.25 米）" == one.title


def test_a_closed_gap_and_one_that_is_open_at_its_ends() -> None:
    """Between a zone and its neighbours; between two columns of zones as far as they go."""
    shapes = grid()
    shapes[4] = box(100, 100, 200, 199.5)
    (closed,) = found(shapes)
    (opened,) = found([box(0, 0, 100, 100), box(101, 0, 200, 100)])

    assert ("gap", "G4") == (closed.kind, closed.codes[0])
    assert "G7" in closed.codes
    assert closed.area == pytest.approx(50.0, abs=1e-6)
    assert ("gap", {"G0", "G1"}) == (opened.kind, set(opened.codes))
    assert opened.area == pytest.approx(100.0, abs=1e-6)


def test_a_large_hole_is_a_blank_and_a_street_is_nothing() -> None:
    """A park that nobody has, 10,000 m²: said, but no fault. A street of 12 m between two columns of zones: as it should be. A hole of 40 m²: a gap."""
    shapes = grid()
    cut = shapely.Polygon([(X + 100, Y + 100), (X + 200, Y + 100), (X + 200, Y + 191), (X + 191, Y + 200), (X + 100, Y + 200)])

    assert [("blank", 10_000.0)] == [(one.kind, round(one.area, 6)) for one in found(shapes[:4] + shapes[5:])]
    assert [] == found([box(0, 0, 100, 100), box(112, 0, 200, 100)])
    assert [("gap", 40.5)] == [(one.kind, round(one.area, 6)) for one in found([*shapes[:4], cut, *shapes[5:]])]


def test_the_same_zone_twice_and_a_zone_within_another() -> None:
    shapes = grid()
    twice = found([*shapes, shapely.reverse(shapes[4])])
    within = found([*shapes, box(110, 110, 130, 130)])

    assert [("same", {"G4", "G9"}, 10_000.0)] == [(one.kind, set(one.codes), round(one.area, 6)) for one in twice]
    assert [("overlap", "G9 整个在 G4 里面", 400.0)] == [(one.kind, one.title, round(one.area, 6)) for one in within]


def test_only_the_faults_are_found_among_many() -> None:
    """Three hundred zones, one overlap, one gap, one double."""
    shapes = grid(20, 15)
    shapes[45] = box(500, 200, 600.1, 300)
    shapes[150] = box(1000, 700, 1099.8, 800)
    shapes.append(shapes[222])

    assert [("same", 10_000.0), ("overlap", 10.0), ("gap", 20.0)] == [(one.kind, round(one.area, 6)) for one in found(shapes)]


def test_the_clean_up_moves_only_what_was_wrong() -> None:
    """The overlap goes to one of the two, the gap to a neighbour; zones away from it keep every node."""
    shapes = grid(6, 3)
    shapes[7] = box(100, 100, 200.25, 200)
    shapes[15] = box(300, 200.4, 400, 300)
    before = zones(shapes)
    done = clean(before, check(before))

    assert done is not None
    assert shapely.coverage_is_valid(done.geometry)
    assert shapely.area(done.geometry).sum() == pytest.approx(18 * 10_000, abs=1e-3)
    changed = {one.row: round(one.after - one.before, 3) for one in done.cleaning.resized}
    assert changed in ({lost: -25.0, won: 40.0} for lost in (8, 9) for won in (10, 16))
    assert done.cleaning.moved_area == pytest.approx(65.0, abs=1e-3)
    assert shapes[0] is done.geometry[0]
    assert shapes[5] is done.geometry[5]


def test_a_double_is_left_to_people_and_the_projects_own_zones_stay() -> None:
    """A zone of the project overlapped by one of the file: only the file's gives way."""
    shapes = grid()
    own = zones([box(0, 0, 100, 100), box(99.5, 0, 200, 100), box(200.3, 0, 300, 100)], held=1)
    done = clean(own, check(own))

    assert clean(zones([*shapes, shapes[4]]), check(zones([*shapes, shapes[4]]))) is None
    assert done is not None
    assert done.geometry[0] is own.geometry[0]
    assert [] == check(Zones(done.geometry, own.codes, own.rows))
    assert {2, 3} >= {one.row for one in done.cleaning.resized}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), jitter=st.floats(0.0, 0.1))
def test_a_jittered_grid_becomes_a_coverage(seed: int, jitter: float) -> None:
    """Corners moved by up to 10 cm each on its own, nodes along the sides: after the clean-up a valid coverage, no zone lost, hardly any area changed."""
    rng = np.random.default_rng(seed)
    made = []
    for shape in shapely.segmentize(np.array(grid(4, 4), dtype=object), 25.0).tolist():
        nodes = shapely.get_coordinates(shape)[:-1]
        made.append(shapely.Polygon(nodes + rng.uniform(-jitter, jitter, nodes.shape)))
    before = zones(made)
    findings = check(before)
    done = clean(before, findings)
    after = before.geometry if done is None else done.geometry

    if done is not None:
        assert shapely.coverage_is_valid(after)
        assert not [one for one in check(Zones(after, before.codes, before.rows)) if one.kind in ("gap", "overlap")]
    assert not shapely.is_empty(after).any()
    assert (np.abs(shapely.area(after) - shapely.area(before.geometry)) < 8 * SIDE * (jitter + 0.01)).all()
    assert shapely.union_all(after).area == pytest.approx(shapely.union_all(before.geometry).area, abs=16 * SIDE * (jitter + 0.01))


def imported(shapes: list[Any], view: View | None = None, columns: dict[str, list[Any]] | None = None, **options: Any) -> ImportPlan:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    columns = columns or {"网格编号": [f"G{n}" for n in range(len(shapes))]}
    made = tuple(Column(title, values) for title, values in columns.items())
    return plan(
        Incoming("网格.geojson", made, range(1, len(shapes) + 1), geometry, "EPSG:4548"), layers()["zone"], view or View(), Options(year=2024, **options)
    )


def test_an_import_offers_the_clean_up_and_does_it_on_consent() -> None:
    """Nothing is moved unless asked; then what goes in is the clean shape, and each area that changed is listed with its row."""
    shapes = grid()
    shapes[4] = box(100, 100, 200.25, 200)
    offered, done = imported(shapes), imported(shapes, answers={"clean": "yes"})

    assert ["overlap"] == [one.kind for one in offered.report.findings]
    assert offered.report.cleaning is not None
    (resized,) = offered.report.cleaning.resized
    assert not offered.report.cleaning.done
    assert resized.row in (5, 6)
    assert 10_025.0 == offered.edit.changes[4].after["geometry"].area
    (doubt,) = offered.report.doubts
    assert ("clean", "no", ["no", "yes"]) == (doubt.key, doubt.chosen, [one.value for one in doubt.answers])
    assert done.report.cleaning is not None
    assert done.report.cleaning.done
    words = f"公共边界已理顺：面积 {resized.before:,.2f} → {resized.after:,.2f} 平方米"
    assert [(resized.row, words)] == [(one.row, one.what) for one in done.report.repaired]
    assert shapely.coverage_is_valid([change.after["geometry"] for change in done.edit.changes])


def test_zones_are_held_against_those_of_their_kind_that_the_project_keeps() -> None:
    """A replaced one and one of another kind do not count."""
    held = View(
        zone=features(
            "zone",
            {"code": "G0", "name": "G0", "kind": "campaign", "geometry": box(0, 0, 140, 100)},
            {"code": "N1", "name": "N1", "kind": "campaign", "geometry": box(90, 0, 200, 100)},
            {"code": "C1", "name": "C1", "kind": "community", "geometry": box(0, 0, 100, 100)},
        )
    )
    made = imported([box(0, 0, 100, 100)], held)
    mixed = imported([box(0, 0, 100, 100)] * 2, columns={"网格编号": ["a", "b"], "网格类别": ["创建网格", "社区网格"]})

    assert [("overlap", {"G0", "N1"}, 1_000.0)] == [(one.kind, set(one.codes), round(one.area, 6)) for one in made.report.findings]
    assert () == mixed.report.findings


def test_zones_without_any_shape_have_nothing_to_check() -> None:
    """Null shapes in a vector file; a list of zones that has no shapes at all."""
    columns = (Column("网格编号", ["a", "b"]),)
    listed = plan(Incoming("网格.xlsx", columns, [2, 3]), layers()["zone"], View(), Options(year=2024))

    assert (2, ()) == (listed.report.added, listed.report.findings)
    assert 2 == imported([None, None]).report.added


def test_a_very_large_file_is_checked_on_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says that it was not."""
    monkeypatch.setattr("chuangwen.exchange.zone_import._MOST_ZONES", 8)
    shapes = grid()
    shapes[4] = box(100, 100, 200.25, 200)

    assert (["check"], ()) == ([one.key for one in imported(shapes).report.doubts], imported(shapes).report.findings)
    assert ["overlap"] == [one.kind for one in imported(shapes, answers={"check": "yes"}).report.findings]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus lies in ../shared/data, which is absent")
@pytest.mark.parametrize(
    ("file", "kinds"),
    [("gap_between_grids", ["gap"]), ("overlapping_grids", ["overlap", "overlap"]), ("duplicate_grids", ["same"]), ("wrong_ring_direction", ["ring"])],
)
def test_faults_of_the_corpus(file: str, kinds: list[str]) -> None:
    made = plan(read_vector(CORPUS / "geometry" / f"{file}.shp"), layers()["zone"], View(), Options(year=2024))

    assert kinds == [one.kind for one in made.report.findings]


@pytest.mark.skipif(not REAL.is_dir(), reason="real data lies in ../shared/data, which is absent")
def test_real_townships_have_neither_gaps_nor_overlaps() -> None:
    """331 townships of Beijing, reprojected."""
    made = plan(read_vector(REAL / "beijing_haidian" / "township" / "beijing.shp"), layers()["zone"], View(), Options(year=2024))

    assert (331, []) == (made.report.added, [one.title for one in made.report.findings if one.kind in ("gap", "overlap", "same")])
