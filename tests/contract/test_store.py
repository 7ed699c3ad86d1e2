"""What every store promises, whatever it is made of. GeoPackage today; PostGIS joins by one more line in `STORES`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import wkt
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.imprint import Imprint
from chuangwen.domain.layer import Field, Layer, Symbol
from chuangwen.errors import Cancelled, Conflict, DataProblem, UserError
from chuangwen.progress import Progress
from chuangwen.store.base import ImportRecord, PrintedSheet, SheetKey, SourceRows, Store
from chuangwen.store.geopackage import GeoPackage
from tests.store.build import EPSG, LAYERS, SITE, added, edit, project, spot, squares, updated


@dataclass
class Home:
    """Where one project lives: open it again, or a second time, by calling it."""

    open: Callable[[], Store]
    stores: list[Store]

    def __call__(self) -> Store:
        self.stores.append(self.open())
        return self.stores[-1]


def _geopackage(folder: Path, epsg: int) -> Callable[[], Store]:
    path = folder / f"项目 {epsg}.gpkg"
    project(path, epsg=epsg).close()
    return lambda: GeoPackage.open(path, LAYERS)


STORES = {"geopackage": _geopackage}
"""Each makes an empty project in a CRS (0: not chosen yet) and gives what opens it."""
Fresh = Callable[[int], Store]


@pytest.fixture(params=STORES)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A new, empty project."""
    found = Home(STORES[request.param](tmp_path, EPSG), [])
    yield found
    for store in found.stores:
        store.close()


@pytest.fixture(params=STORES)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Makes and opens a project in another CRS."""
    found: list[Store] = []

    def made(epsg: int) -> Store:
        found.append(STORES[request.param](tmp_path, epsg)())
        return found[-1]

    yield made
    for store in found:
        store.close()


@pytest.fixture
def store(home: Home) -> Store:
    """The project, open."""
    return home()


def values(store: Store, row_id: str, layer: str = "site") -> dict[str, object]:
    """One row as plain values."""
    found = store.features(layer).feature(row_id)
    assert found is not None
    return {**found.values, "geometry": found.geometry and found.geometry.wkt}


# --- reading and writing


def test_what_is_written_is_there_after_reopening(home: Home) -> None:
    """An edit is durable when `write` returns; nothing needs saving."""
    first = home()
    first.write(edit(added("site", "A-1", spot(), name="龙门广场", status="open", visits=3, score=0.1, key=True)), "王")
    first.close()
    again = home()
    expected = {"code": "A-1", "name": "龙门广场", "status": "open", "visits": 3, "score": 0.1, "key": True}
    assert expected == {name: value for name, value in values(again, "A-1").items() if name in expected}
    assert "POINT (437018.632 3093065.667)" == values(again, "A-1")["geometry"]
    assert 1 == again.count("site")


def test_features_come_in_the_order_they_were_added_and_by_id(store: Store) -> None:
    """Also when asked for in another order, and for more ids than a statement takes; unknown ids give nothing."""
    store.write(Edit("多", tuple(added("unit", f"U{number}", name=f"单位{number}") for number in range(1200))), "王")
    assert [f"U{number}" for number in range(1200)] == store.features("unit").ids
    assert ["U3", "U700", "U1199"] == store.features("unit", ["U1199", "U3", "none", "U700"]).ids
    assert 1200 == len(store.features("unit", [f"U{number}" for number in range(1200)]))
    assert [] == store.features("unit", []).ids


def test_an_update_touches_only_what_it_names(store: Store) -> None:
    """Two people may edit different fields of one row."""
    store.write(edit(added("site", "A", spot(), name="甲", visits=1)), "王")
    store.write(edit(updated("site", "A", name=("甲", "乙"))), "王")
    store.write(edit(updated("site", "A", visits=(1, 2))), "李")
    assert ("乙", 2) == (values(store, "A")["name"], values(store, "A")["visits"])


def test_one_edit_may_change_a_row_again_and_again(store: Store) -> None:
    """Add, change twice, move, remove and add again in one edit: written in order, and undone as one."""
    moves = [updated("site", "A", visits=(number, number + 1)) for number in range(1, 1100)]
    whole = [added("site", "A", spot(), visits=1), *moves, Change("site", "A", {"geometry": spot()}, {"geometry": spot(1, 2)})]
    step = store.write(Edit("反复", tuple(whole)), "王")
    assert (1100, "POINT (1 2)") == (values(store, "A")["visits"], values(store, "A")["geometry"])

    back = store.edit_of(step.number)
    assert len(whole) == len(back.changes)
    assert 1 == (back.changes[0].after or {})["visits"]
    store.write(back.inverse(), "王", "undo", step.number)
    assert 0 == store.count("site")
    redo = store.edit_of(2).inverse()
    store.write(redo, "王", "redo", 2)
    assert 1100 == values(store, "A")["visits"]


def test_a_row_added_and_removed_in_one_edit_is_undone(store: Store) -> None:
    """What was added is known from what was removed."""
    gone = Change("unit", "U", {"code": "U", "name": None, "geometry": None}, None)
    step = store.write(edit(added("unit", "U"), gone, added("unit", "V")), "王")
    assert ["V"] == store.features("unit").ids
    store.write(store.edit_of(step.number).inverse(), "王", "undo", step.number)
    assert [] == store.features("unit").ids


def test_an_edit_may_touch_several_layers(store: Store) -> None:
    """And is written whole."""
    step = store.write(edit(added("unit", "U"), added("site", "A"), added("unit", "V")), "王")
    assert ({"unit": {"U", "V"}, "site": {"A"}}, 3) == (store.touched_since(0), step.rows)


# --- any value


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.sampled_from(
    ["", "\x00a\x00", "👩‍👩‍👧‍👦", "𠮷野家", "'; DROP TABLE site; --", "1e5", "0010"]
)
REAL = st.floats(allow_nan=False, allow_infinity=False)
COORDINATE = st.floats(-1e9, 1e9, allow_subnormal=False)
MOMENT = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1))
EMPTY = st.sampled_from([f"{kind} EMPTY" for kind in ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTIPOLYGON", "GEOMETRYCOLLECTION")]).map(wkt.loads)
POINTS = st.lists(COORDINATE, min_size=2, max_size=4).map(
    lambda at: shapely.from_wkt(f"POINT {'Z' if len(at) == 3 else 'ZM' if len(at) == 4 else ''} ({' '.join(map(repr, at))})")
)
LINES = st.lists(st.tuples(COORDINATE, COORDINATE, COORDINATE), min_size=2, max_size=6).flatmap(
    lambda at: st.sampled_from([shapely.linestrings(at), shapely.linestrings([one[:2] for one in at])])
)
AREAS = st.tuples(COORDINATE, COORDINATE, st.floats(1, 1e5)).map(
    lambda at: shapely.box(at[0], at[1], at[0] + at[2], at[1] + at[2]).difference(shapely.box(at[0], at[1], at[0] + at[2] / 2, at[1] + at[2] / 2))
)
GEOMETRY = (
    st.none() | EMPTY | POINTS | LINES | AREAS | AREAS.map(lambda one: shapely.multipolygons([one])) | st.tuples(LINES, AREAS).map(shapely.geometrycollections)
)


def same_geometry(one: BaseGeometry | None, two: BaseGeometry | None) -> bool:
    """To the last bit."""
    return (one and shapely.to_wkb(one, flavor="iso", output_dimension=4)) == (two and shapely.to_wkb(two, flavor="iso", output_dimension=4))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    row=st.fixed_dictionaries(
        {},
        optional={
            "name": st.none() | TEXT,
            "status": st.none() | st.sampled_from(["open", "closed"]),
            "visits": st.none() | st.integers(-(2**63), 2**63 - 1),
            "score": st.none() | REAL,
            "key": st.none() | st.booleans(),
            "checked_on": st.none() | st.dates(),
            "seen_at": st.none() | MOMENT,
            "unit": st.none() | TEXT,
        },
    ),
    other=st.fixed_dictionaries({"name": TEXT, "score": REAL, "seen_at": MOMENT, "checked_on": st.dates()}),
)
def test_any_value_comes_back_as_it_was(store: Store, row: dict[str, object], other: dict[str, object]) -> None:
    """Text (NUL, emoji, quotes), number, date, time, null: through the table, and through the log by update, undo, removal and its undo."""
    number = store.count("site")
    row_id = f"row {number} '\"%_"
    full = {field.name: row.get(field.name) for field in SITE.fields} | {"code": row_id}
    first = store.write(edit(Change("site", row_id, None, row | {"code": row_id})), "王")
    assert full | {"geometry": None} == values(store, row_id)
    assert full | {"geometry": None} == store.edit_of(first.number).changes[0].after

    second = store.write(edit(Change("site", row_id, {name: full[name] for name in other}, other)), "王")
    assert full | other | {"geometry": None} == values(store, row_id)
    store.write(store.edit_of(second.number).inverse(), "王", "undo", second.number)
    assert full | {"geometry": None} == values(store, row_id)

    third = store.write(store.edit_of(first.number).inverse(), "王", "undo", first.number)
    store.write(store.edit_of(third.number).inverse(), "王", "redo", third.number)
    assert full | {"geometry": None} == values(store, row_id)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=GEOMETRY, second=GEOMETRY)
def test_any_geometry_comes_back_as_it_was(store: Store, first: BaseGeometry | None, second: BaseGeometry | None) -> None:
    """Points with height and measure, empty ones, areas with holes, collections, none: to the last bit, also through undo."""
    row_id = str(store.count("anything"))
    store.write(edit(added("anything", row_id, first)), "王")
    assert same_geometry(first, store.features("anything", [row_id]).geometry[0])
    step = store.write(edit(Change("anything", row_id, {"geometry": first}, {"geometry": second})), "王")
    assert same_geometry(second, store.features("anything", [row_id]).geometry[0])
    store.write(store.edit_of(step.number).inverse(), "王", "undo", step.number)
    assert same_geometry(first, store.features("anything", [row_id]).geometry[0])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "半个\ud83d字"),
        ("visits", 2**63),
        ("visits", 1.5),
        ("score", float("nan")),
        ("score", float("-inf")),
        ("checked_on", "2024-06-03"),
        ("seen_at", dt.date(2024, 6, 3)),
        ("seen_at", dt.datetime(1, 1, 1, 7, 59)),
    ],
)
def test_what_no_store_can_hold_is_refused_in_words(store: Store, field: str, value: object) -> None:
    """And nothing of the edit is written."""
    with pytest.raises(DataProblem) as refusal:
        store.write(edit(added("site", "A"), Change("site", "B", None, {"code": "B", field: value})), "王")
    assert refusal.value.hint
    assert (0, []) == (store.count("site"), store.steps())


def test_a_layer_takes_only_its_kind_of_geometry(store: Store) -> None:
    """A zone is no point: other programs trust what the file declares."""
    with pytest.raises(DataProblem, match=r"网格.*面"):
        store.write(edit(added("zone", "Z", spot())), "王")
    with pytest.raises(DataProblem):
        store.write(edit(added("unit", "U", spot())), "王")
    assert 0 == store.count("zone")


# --- conflict


def test_a_changed_field_is_not_overwritten(home: Home) -> None:
    """The sentence names the feature and the field; `now` says what the row holds; the rest of the edit is not written either."""
    mine, theirs = home(), home()
    mine.write(edit(added("site", "a", spot(), code="S-17", name="龙门广场", status="open"), added("site", "b")), "王")
    theirs.write(edit(updated("site", "a", status=("open", "closed"))), "李")
    with pytest.raises(Conflict, match=r"S-17.*状态") as conflict:
        mine.write(edit(updated("site", "b", name=(None, "乙")), updated("site", "a", name=("龙门广场", "新名"), status=("open", None))), "王")
    assert ("site", "a", {"status": "closed"}) == (conflict.value.layer, conflict.value.row_id, conflict.value.now)
    assert ("龙门广场", None) == (values(mine, "a")["name"], values(mine, "b")["name"])
    assert 2 == len(mine.steps())


def test_a_moved_or_removed_row_is_a_conflict(home: Home) -> None:
    """A geometry is compared to the last bit; a removed row has nothing `now`."""
    mine, theirs = home(), home()
    mine.write(edit(added("site", "a", spot(1, 2)), added("site", "b", spot())), "王")
    theirs.write(edit(Change("site", "a", {"geometry": spot(1, 2)}, {"geometry": spot(1, 2 + 1e-15 * 4)})), "李")
    with pytest.raises(Conflict, match="位置") as moved:
        mine.write(edit(Change("site", "a", {"geometry": spot(1, 2)}, {"geometry": spot(5, 5)})), "王")
    assert moved.value.now["geometry"] != spot(1, 2)
    gone = theirs.features("site", ["b"]).at(0)
    theirs.write(edit(Change("site", "b", {**gone.values, "geometry": gone.geometry}, None)), "李")
    with pytest.raises(Conflict) as removed:
        mine.write(edit(updated("site", "b", name=(None, "乙"))), "王")
    assert ("b", {}) == (removed.value.row_id, removed.value.now)


def test_a_row_that_changed_is_not_removed(home: Home) -> None:
    """Removing takes what was seen, not what has become of it."""
    mine, theirs = home(), home()
    mine.write(edit(added("site", "a", name="甲")), "王")
    seen = mine.features("site").at(0)
    theirs.write(edit(updated("site", "a", visits=(None, 1))), "李")
    with pytest.raises(Conflict, match="巡查次数"):
        mine.write(edit(Change("site", "a", {**seen.values, "geometry": None}, None)), "王")
    assert 1 == mine.count("site")


def test_a_row_is_added_once(home: Home) -> None:
    """The same id twice is a conflict that names the row, in a small edit and in a large one."""
    mine, theirs = home(), home()
    theirs.write(edit(added("zone", "Z000700", name="先来的")), "李")
    for changes in ([added("zone", "new"), added("zone", "Z000700")], squares(1200)):
        with pytest.raises(Conflict) as clash:
            mine.write(Edit("导入", tuple(changes)), "王")
        assert ("zone", "Z000700") == (clash.value.layer, clash.value.row_id)
    assert ["Z000700"] == mine.features("zone").ids


# --- the log


def test_steps_say_what_was_done(store: Store) -> None:
    """Number, label, time, name, kind, which step was undone, how many rows."""
    before = dt.datetime.now().replace(microsecond=0)
    first = store.write(edit(added("site", "A"), added("site", "B"), label="新增两个"), "王")
    second = store.write(store.edit_of(first.number).inverse(), "李", "undo", first.number)
    assert [first, second] == store.steps()
    assert [second] == store.steps(since=first.number)
    assert ("新增两个", "王", "do", None, 2) == (first.label, first.by, first.kind, first.of, first.rows)
    assert ("undo", first.number, "李") == (second.kind, second.of, second.by)
    assert before <= first.at <= dt.datetime.now()


def test_a_row_has_a_history(store: Store) -> None:
    """Newest first; only the touched columns; an added row has neither before nor after."""
    store.write(edit(*(added("site", f"A{number}") for number in range(20))), "王")
    store.write(edit(updated("site", "A7", name=(None, "甲"), visits=(None, 1))), "李")
    store.write(edit(updated("site", "A8", name=(None, "乙"))), "李")
    gone = store.features("site", ["A7"]).at(0)
    store.write(edit(Change("site", "A7", {**gone.values, "geometry": None}, None)), "赵")
    removed, changed, first = store.row_steps("site", "A7")
    assert ("赵", "李", "王") == (removed.step.by, changed.step.by, first.step.by)
    assert (None, None) == (first.before, first.after)
    assert ({"name": None, "visits": None}, {"name": "甲", "visits": 1}) == (changed.before, changed.after)
    assert ("甲", None) == ((removed.before or {})["name"], removed.after)
    assert [] == store.row_steps("zone", "A7")
    assert 1 == len(store.row_steps("site", "A1"))


def test_updates_of_a_field_are_read_at_once(store: Store) -> None:
    """Of a whole layer, the oldest first; not what touched other fields or layers, added or removed; an undo is a step of its own."""
    store.write(edit(*(added("site", row_id, status="open") for row_id in ("A", "B")), added("zone", "Z")), "王")
    first = store.write(edit(updated("site", "A", status=("open", "closed"), checked_on=(None, dt.date(2024, 6, 3)))), "李")
    store.write(edit(updated("site", "B", visits=(None, 1)), updated("zone", "Z", name=(None, "status"))), "李")
    back = store.write(store.edit_of(first.number).inverse(), "李", "undo", first.number)
    found = store.updates("site", ("status", "unit"))

    assert [(first.number, "A"), (back.number, "A")] == [(one.step, one.row_id) for one in found]
    assert ({"status": "open", "checked_on": None}, {"status": "closed", "checked_on": dt.date(2024, 6, 3)}) == (found[0].before, found[0].after)
    assert [] == store.updates("zone", ("status",))


def test_an_added_row_that_changed_cannot_be_taken_back(home: Home) -> None:
    """Nor one that is gone; changed and changed back it can."""
    mine, theirs = home(), home()
    step = mine.write(edit(added("site", "A", name="甲"), added("site", "B"), label="导入 2 个"), "王")
    theirs.write(edit(updated("site", "A", name=("甲", "乙"))), "李")
    with pytest.raises(Conflict, match="导入 2 个") as conflict:
        mine.edit_of(step.number)
    assert ("site", "A") == (conflict.value.layer, conflict.value.row_id)
    theirs.write(edit(updated("site", "A", name=("乙", "甲"))), "李")
    assert 2 == len(mine.edit_of(step.number).changes)
    theirs.write(edit(Change("site", "B", {"code": "B"}, None)), "李")
    with pytest.raises(Conflict):
        mine.edit_of(step.number)


def test_a_large_import_is_undone_and_redone(store: Store) -> None:
    """12,000 zones in one edit: all out, all in again, the same."""
    changes = squares(12_000)
    step = store.write(Edit("导入", tuple(changes), "imp-1"), "王")
    back = store.edit_of(step.number)
    assert ("imp-1", 12_000) == (back.import_id, len(back.changes))
    undone = store.write(back.inverse(), "王", "undo", step.number)
    assert 0 == store.count("zone")
    redone = store.write(store.edit_of(undone.number).inverse(), "王", "redo", undone.number)
    features = store.features("zone")
    assert sorted(change.id for change in changes) == sorted(features.ids)
    wanted = {change.id: change.after or {} for change in changes}
    assert all(wanted[one.id]["people"] == one.get("people") and wanted[one.id]["geometry"] == one.geometry for one in features)
    assert 12_000 == redone.rows


def test_a_cancelled_write_leaves_nothing(store: Store) -> None:
    """The user pressed 取消 in the middle of an import."""
    with pytest.raises(Cancelled):
        store.write(Edit("导入", tuple(squares(12_000))), "王", progress=_Impatient())
    assert (0, [], {}) == (store.count("zone"), store.steps(), store.touched_since(0))
    store.write(Edit("导入", tuple(squares(1100))), "王")
    assert 1100 == store.count("zone")


class _Impatient(Progress):
    """Stops the work at its second report."""

    def at(self, done: int, total: int = 0, what: str = "") -> None:
        if done:
            raise Cancelled


# --- the project around the rows


def test_an_import_is_recorded_with_its_edit(home: Home) -> None:
    """Where the rows came from and what was concluded; not when the edit is refused."""
    record = ImportRecord(
        "i1", "site", "点位表.xlsx", "ab" * 32, dt.datetime(2024, 6, 3, 8, 30), "Sheet1", "gbk", "没有 .cpg", "EPSG:4548", "坐标范围", 3, 2, 1, 0
    )
    store = home()
    store.write(Edit("导入", (added("site", "A"),), "i1"), "王", imported=record)
    later = ImportRecord("i2", "site", "b.csv", "", dt.datetime(2024, 6, 4))
    with pytest.raises(Conflict):
        store.write(Edit("导入", (added("site", "A"),), "i2"), "王", imported=later)
    assert [record] == store.imports()
    store.write(Edit("导入", (added("site", "B"),), "i2"), "王", imported=later)
    assert [later, record] == home().imports()


def record(number: int, layer: str = "site", **more: object) -> ImportRecord:
    """An import of a day in June."""
    return ImportRecord(f"i{number}", layer, "点位表.xlsx", "ab" * 32, dt.datetime(2024, 6, number), **more)  # type: ignore[arg-type]


def test_an_import_remembers_its_list_its_answers_and_its_profile(home: Home) -> None:
    """And what was not said stays empty."""
    full = record(1, sheet="六月", unchanged=7, profile="文昌街道", list_key="问题清单", answers={"gone": "note", "unit:城管": "城管局"})
    home().write(Edit("导入", (added("site", "A"),), "i1"), "王", imported=full)
    home().write(Edit("导入", (added("site", "B"),), "i2"), "王", imported=record(2))
    assert [record(2), full] == home().imports()


def test_a_feature_knows_the_rows_it_came_from(home: Home) -> None:
    """File, sheet, row, part and number, newest first; what the rows said comes back as it was: dates, times, blanks, odd characters."""
    said = {"name": ["甲\ud83d", None], "visits": [3, None], "checked_on": [dt.date(2024, 6, 3), None], "seen_at": [None, dt.datetime(2024, 6, 3, 8, 30)]}
    rows = SourceRows("site", ["A", "B"], [4, 4], said, [1, 2], ["一", "二"], ["17", "17"])
    plain = SourceRows("site", ["B"], range(9, 10))
    store = home()
    store.write(Edit("导入", (added("site", "A"), added("site", "B")), "i1"), "王", imported=record(1), sources=[rows])
    store.note_import(record(2, sheet="六月"), [plain])
    again = home()
    assert rows == again.source_rows("i1")
    assert (["B"], [9], {}) == (again.source_rows("i2").ids, list(again.source_rows("i2").rows), again.source_rows("i2").said)
    newest, oldest = again.sources("site", "B")
    assert ("i2", 9, "六月", 0, "") == (newest.record.id, *newest[1:])
    assert ("i1", 4, "二", 2, "17") == (oldest.record.id, *oldest[1:])
    assert [] == again.sources("zone", "B") == again.sources("site", "C")
    assert 1 == len(again.steps())


def test_sources_are_written_with_their_edit_or_not_at_all(home: Home) -> None:
    """A refused edit leaves neither record nor rows."""
    store = home()
    with pytest.raises(Conflict):
        store.write(Edit("导入", (updated("site", "A", name=(None, "甲")),), "i1"), "王", imported=record(1), sources=[SourceRows("site", ["A"], [4])])
    assert ([], []) == (store.imports(), store.sources("site", "A"))


def test_many_sources_come_back_in_order(home: Home) -> None:
    """More than are kept together, with and without gaps between their rows."""
    count = 12_000
    ids = [f"Z{number:06}" for number in range(count)]
    store = home()
    for number, rows in enumerate((range(1, count + 1), [2 * one for one in range(count)]), start=1):
        store.note_import(record(number, "zone"), [SourceRows("zone", ids, rows, {"people": list(range(count))}, numbers=list(map(str, range(count))))])
        found = store.source_rows(f"i{number}")
        assert (ids, list(rows), list(range(count))) == (found.ids, list(found.rows), found.said["people"])
    assert [2 * 7_777, 7_778] == [one.row for one in store.sources("zone", "Z007777")]


def test_an_undone_import_says_so(home: Home) -> None:
    """Until it is done again."""
    store = home()
    step = store.write(Edit("导入", (added("site", "A"),), "i1"), "王", imported=record(1))
    assert (step, {"site": {"A"}}, None) == (store.step_of("i1"), store.touched_by(step.number), store.step_of("i2"))
    undone = store.write(store.edit_of(step.number).inverse(), "王", "undo", step.number)
    assert ([True], None) == ([one.undone for one in store.imports()], store.step_of("i1"))
    redone = store.write(store.edit_of(undone.number).inverse(), "王", "redo", undone.number)
    assert ([False], redone) == ([one.undone for one in home().imports()], store.step_of("i1"))


def test_profiles_are_kept_by_name(home: Home) -> None:
    """The last used first; the same name again replaces."""
    store = home()
    assert [] == store.profiles()
    store.keep_profile("文昌街道", '{"layer": "issue"}')
    store.keep_profile("住建局", "{}")
    store.keep_profile("文昌街道", '{"layer": "site"}')
    assert [("文昌街道", '{"layer": "site"}'), ("住建局", "{}")] == home().profiles()


def test_title_and_dates_are_kept(home: Home) -> None:
    """And a second connection sees a change at its next look."""
    mine, theirs = home(), home()
    assert "示范区创建" == mine.campaign.title
    campaign = Campaign("迎检", "示范区", "创建办", dt.date(2024, 5, 1), dt.date(2024, 6, 24), dt.date(2024, 6, 3))
    theirs.set_campaign(campaign)
    mine.steps()
    assert campaign == theirs.campaign == mine.campaign == home().campaign


def test_what_stands_on_every_sheet_is_kept(home: Home) -> None:
    """A foot by default; one that was emptied stays empty; title and dates are not touched by it, nor it by them."""
    mine, theirs = home(), home()
    assert "内部资料 注意保管" == mine.imprint.footer
    imprint = Imprint("示范区创建全国文明城市指挥部", "指挥部办公室", "logo/ab.png", "", "内部")
    theirs.set_imprint(imprint)
    theirs.set_campaign(Campaign("迎检"))
    mine.steps()
    assert imprint == mine.imprint == home().imprint
    assert "迎检" == mine.campaign.title
    assert [] == mine.steps()


def printing(subject: str, fingerprint: str = "ab", *, part: int = 0, paper: str = "A4", facts: str = '{"issues": {}}', packet: str = "p1") -> PrintedSheet:
    """A sheet as it went out."""
    return PrintedSheet(SheetKey("zone", subject, part), paper, f"{subject}-1", fingerprint, facts, packet, dt.datetime(2024, 6, 3, 8, 30), "王")


def test_the_last_printing_of_each_sheet_is_known(home: Home) -> None:
    """By product, subject, part and paper; a colleague's store sees it."""
    mine, theirs = home(), home()
    first = [printing("A"), printing("B"), printing("B", part=2), printing("B", paper="A3")]
    mine.note_packet(first)
    assert {(one.key, one.paper): one for one in first} == theirs.printed()

    second = printing("B", "cd", packet="p2", facts='{"issues": {"1": []}}')
    theirs.note_packet([second])
    assert {(one.key, one.paper): one for one in (first[0], second, first[2], first[3])} == mine.printed() == home().printed()


def test_a_packet_is_recorded_whole_or_not_at_all(home: Home) -> None:
    """A second sheet that cannot be written takes the first with it."""
    store = home()
    store.note_packet([printing("A")])
    with pytest.raises(Exception, match=r"NOT NULL|not-null"):
        store.note_packet([printing("A", "new"), replace(printing("B"), fingerprint=None)])  # type: ignore[arg-type]
    assert ["ab"] == [one.fingerprint for one in store.printed().values()]
    store.note_packet([printing("B")])
    assert 2 == len(home().printed())


def test_handwork_is_kept_for_each_sheet_until_it_is_taken_back(home: Home) -> None:
    """At once, for a colleague too; '' forgets one, a product all of its sheets."""
    mine, theirs = home(), home()
    zone, part, section = SheetKey("zone", "A"), SheetKey("zone", "A", 2), SheetKey("section", "A")
    for key in (zone, part, section):
        mine.keep_handwork(key, '{"scale": 500}')
    mine.keep_handwork(zone, '{"scale": 1000}')
    assert {zone: '{"scale": 1000}', part: '{"scale": 500}', section: '{"scale": 500}'} == theirs.handwork()
    theirs.keep_handwork(zone, "")
    assert {part, section} == set(mine.handwork())
    mine.forget_handwork("zone")
    assert {section} == set(theirs.handwork())
    mine.forget_handwork()
    assert {} == home().handwork()


def test_the_crs_is_chosen_once(fresh: Fresh) -> None:
    """Open until the first data says where the district lies; nothing may have a place before."""
    store = fresh(0)
    assert store.epsg_is_open
    with pytest.raises(UserError, match="坐标系"):
        store.write(edit(added("site", "A", spot())), "王")
    store.write(edit(added("site", "A")), "王")
    store.settle_epsg(4547)
    store.write(edit(Change("site", "A", {"geometry": None}, {"geometry": spot()})), "王")
    assert (4547, False, 2) == (store.epsg, store.epsg_is_open, len(store.steps()))
    with pytest.raises(ValueError, match="4548"):
        store.settle_epsg(4548)


def test_a_reference_layer_stays_with_the_project(home: Home) -> None:
    """Its fields and look come back, its features are written like any other; a colleague's store learns of it."""
    mine, theirs = home(), home()
    fields = (Field("code", "text", "编号"), Field("name", "text", "名称"), Field("f1", "real", "面积"), Field("f2", "date", "面积"))
    look = (Symbol(title="规划", stroke="#7a3e9d", stroke_width=0.35),)
    layer = Layer("reference_1", "规划地块", "reference", "any", fields, look, columns=("code", "name", "f1", "f2"), order=45)
    mine.add_reference(layer)
    mine.write(edit(added("reference_1", "R", spot(), f1=2.5)), "王")
    assert [2.5] == mine.features("reference_1").columns["f1"]
    assert 1 == len(theirs.steps())
    for one in (mine, theirs, home()):
        assert layer == one.layers["reference_1"]
        assert 1 == one.count("reference_1")
    with pytest.raises(UserError, match="规划地块"):
        theirs.add_reference(layer)
