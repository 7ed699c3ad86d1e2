"""What every store must do, whichever home it is: one suite, run on each."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.layer import Field, Layer, Layers
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import Cancelled, Conflict, DataProblem, FileProblem
from chuangwen.progress import Progress
from chuangwen.store.base import ImportRecord, Store
from chuangwen.store.geopackage import GeoPackage

TYPES = ("text", "integer", "real", "boolean", "date", "datetime")
FIELDS = (Field("code", "text", "编号"), Field("name", "text", "名称"), *(Field(f"a_{kind}", kind, f"字段{kind}") for kind in TYPES))
LAYERS = Layers({"thing": Layer("thing", "东西", geometry="any", fields=FIELDS), "list": Layer("list", "名单", kind="list", fields=FIELDS[:2])})
AREA = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(2, 2), (3, 2), (3, 3)]])

Open = Callable[[], Store]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A fresh project's file."""
    found = tmp_path / "项目 一.gpkg"
    GeoPackage.create(found, LAYERS, 4548, Campaign("试验", arrival=dt.date(2024, 6, 24))).close()
    return found


@pytest.fixture
def store(path: Path) -> Any:
    """The open store."""
    opened = GeoPackage.open(path, LAYERS)
    yield opened
    opened.close()


def adding(row_id: str = "a", geometry: Any = None, **values: Any) -> Edit:
    """An edit that adds one row."""
    return Edit("新增", (Change("thing", row_id, None, {"code": row_id, **values, GEOMETRY: geometry}),))


def changing(before: dict[str, Any], after: dict[str, Any], row_id: str = "a") -> Edit:
    """An edit that changes one row."""
    return Edit("修改", (Change("thing", row_id, before, after),))


def row(store: Store, row_id: str = "a") -> Any:
    """A row as it stands."""
    return store.features("thing").feature(row_id)


SCALARS = {
    "text": st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "real": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "date": st.dates(),
    "datetime": st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9000, 1, 1)),
}
GEOMETRIES = st.one_of(
    st.none(),
    st.builds(Point, st.floats(-1e7, 1e7), st.floats(-1e7, 1e7)),
    st.just(Point(1, 2, 3)),
    st.just(LineString([(0, 0), (1.5, 2.25)])),
    st.just(AREA),
    st.just(MultiPolygon([AREA, Polygon([(20, 20), (30, 20), (30, 30)])])),
    st.just(Polygon()),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.fixed_dictionaries({f"a_{kind}": st.none() | strategy for kind, strategy in SCALARS.items()}), geometry=GEOMETRIES)
def test_any_value_comes_back_as_it_was(store: Store, values: dict[str, Any], geometry: Any) -> None:
    """Any text, number, date, null and geometry; also through the log, when the row is taken out and put back."""
    row_id = edits.new_id()
    step = store.write(adding(row_id, geometry, **values), "甲")

    found = row(store, row_id)
    assert {name: found.get(name) for name in values} == values
    assert shapely.to_wkb(found.geometry) == shapely.to_wkb(geometry)

    undone = store.write(store.edit_of(step.number).inverse(), "甲", "undo", step.number)
    assert row(store, row_id) is None
    store.write(store.edit_of(undone.number).inverse(), "甲", "redo", undone.number)
    again = row(store, row_id)
    assert {name: again.get(name) for name in values} == values
    assert shapely.to_wkb(again.geometry) == shapely.to_wkb(geometry)


@pytest.mark.parametrize(("name", "value"), [("a_integer", 2**63), ("a_real", float("nan")), ("a_real", float("inf")), ("a_text", "\ud800")])
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(store: Store, name: str, value: Any) -> None:
    """A sentence, not a traceback; the row is not there."""
    with pytest.raises(DataProblem):
        store.write(adding(**{name: value}), "甲")

    assert store.count("thing") == 0
    assert store.steps() == []


def test_opening_and_reading_changes_no_byte(path: Path) -> None:
    """A leader's copy on a read-only stick stays what it is."""
    before = (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)

    opened = GeoPackage.open(path, LAYERS)
    opened.features("thing")
    opened.steps()
    opened.imports()
    opened.close()

    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before
    assert list(path.parent.iterdir()) == [path]


def test_a_colleague_who_was_faster_is_not_overwritten(path: Path, store: Store) -> None:
    """The same field: refused, with what it says now. Another field of the same row: fine."""
    store.write(adding(a_text="旧"), "甲")
    other = GeoPackage.open(path, LAYERS)
    other.write(changing({"a_text": "旧"}, {"a_text": "新"}), "乙")

    with pytest.raises(Conflict) as refused:
        store.write(changing({"a_text": "旧"}, {"a_text": "我的"}), "甲")
    store.write(changing({"a_integer": None}, {"a_integer": 3}), "甲")

    assert refused.value.now == {"a_text": "新"}
    assert "字段text" in refused.value.message
    assert (row(store).get("a_text"), row(store).get("a_integer")) == ("新", 3)
    other.close()


def test_a_conflict_in_the_last_row_takes_back_the_first(store: Store) -> None:
    """All or nothing."""
    store.write(Edit("新增", (*adding("a", a_text="x").changes, *adding("b", a_text="y").changes)), "甲")

    with pytest.raises(Conflict):
        store.write(Edit("两处", (*changing({"a_text": "x"}, {"a_text": "1"}).changes, *changing({"a_text": "别的"}, {"a_text": "2"}, "b").changes)), "甲")

    assert row(store).get("a_text") == "x"
    assert len(store.steps()) == 1


def test_a_moved_or_removed_row_is_a_conflict_too(store: Store) -> None:
    """Geometry is compared to the last bit; a row that is gone has nothing to compare."""
    store.write(adding(geometry=Point(1, 2)), "甲")

    with pytest.raises(Conflict, match="位置"):
        store.write(changing({GEOMETRY: Point(1, 2.0000001)}, {GEOMETRY: Point(5, 5)}), "甲")
    with pytest.raises(Conflict, match="删除"):
        store.write(changing({"a_text": None}, {"a_text": "x"}, "nobody"), "甲")
    with pytest.raises(Conflict):
        store.write(adding(), "甲")


def test_an_added_row_that_was_changed_since_is_not_taken_out(store: Store) -> None:
    """Undo of an import stops where somebody built on it."""
    step = store.write(adding(a_text="x"), "甲")
    store.write(changing({"a_text": "x"}, {"a_text": "y"}), "乙")

    with pytest.raises(Conflict, match="修改过"):
        store.edit_of(step.number)


def test_a_row_changed_twice_in_one_edit(store: Store) -> None:
    """The second change sees the first."""
    store.write(adding(a_text="x"), "甲")
    step = store.write(Edit("两次", (*changing({"a_text": "x"}, {"a_text": "y"}).changes, *changing({"a_text": "y"}, {"a_text": "z"}).changes)), "甲")
    assert row(store).get("a_text") == "z"

    store.write(store.edit_of(step.number).inverse(), "甲", "undo", step.number)
    assert row(store).get("a_text") == "x"


def test_a_cancelled_write_leaves_nothing(store: Store) -> None:
    """In the middle of an import of thousands."""
    progress = Progress()
    progress.cancel()

    with pytest.raises(Cancelled):
        store.write(Edit("导入", tuple(adding(f"r{number}").changes[0] for number in range(3000))), "甲", progress=progress)

    assert store.count("thing") == 0


def test_the_log_tells_who_did_what_and_what_others_touched(store: Store) -> None:
    """History of a row, newest first; ids touched since a step; the import that brought it."""
    record = ImportRecord("i1", "thing", "表.xlsx", "00" * 32, dt.datetime(2024, 6, 3, 8, 0), encoding="GBK", read=1, added=1)
    first = store.write(adding(a_date=dt.date(2024, 6, 3)), "甲", imported=record)
    second = store.write(changing({"a_date": dt.date(2024, 6, 3)}, {"a_date": dt.date(2024, 6, 5)}), "乙")

    history = store.row_steps("thing", "a")
    assert [(one.step.by, one.before, one.after) for one in history] == [
        ("乙", {"a_date": dt.date(2024, 6, 3)}, {"a_date": dt.date(2024, 6, 5)}),
        ("甲", None, None),
    ]
    assert store.touched_since(first.number) == {"thing": {"a"}}
    assert store.touched_since(second.number) == {}
    assert store.imports() == [record]


def test_title_and_dates_are_kept(path: Path, store: Store) -> None:
    """They come back after opening again."""
    store.set_campaign(Campaign("新名", "示范区", "办公室", dt.date(2024, 5, 1), None, dt.date(2024, 6, 3)))

    again = GeoPackage.open(path, LAYERS)
    assert again.campaign == Campaign("新名", "示范区", "办公室", dt.date(2024, 5, 1), None, dt.date(2024, 6, 3))
    again.close()


def test_the_crs_is_settled_once(tmp_path: Path) -> None:
    """Open until the first data says where the district lies."""
    found = tmp_path / "x.gpkg"
    store = GeoPackage.create(found, LAYERS, 0, Campaign("x"))
    assert store.epsg_is_open
    store.settle_epsg(4547)
    store.close()

    again = GeoPackage.open(found, LAYERS)
    assert (again.epsg, again.epsg_is_open) == (4547, False)
    with pytest.raises(ValueError, match="4548"):
        again.settle_epsg(4548)
    again.close()


def test_a_reference_layer_comes_back(path: Path, store: Store) -> None:
    """With its own fields, after opening again."""
    layer = Layer("reference_1", "规划图", "reference", "line", (Field("code", "text", "编号"), Field("name", "text", "名称"), Field("f1", "real", "宽度")))
    store.add_reference(layer)
    store.write(Edit("导入", (Change("reference_1", "r", None, {"f1": 2.5, GEOMETRY: LineString([(0, 0), (1, 1)])}),)), "甲")

    again = GeoPackage.open(path, LAYERS)
    assert again.layers["reference_1"].field("宽度").name == "f1"
    assert again.features("reference_1").at(0).get("f1") == 2.5
    again.close()


def test_missing_damaged_foreign_and_newer_files_are_named(tmp_path: Path, path: Path) -> None:
    """A sentence with the remedy each time, and the file is not touched."""
    text = tmp_path / "信.gpkg"
    text.write_text("这不是数据库" * 200, encoding="utf-8")
    cut = tmp_path / "半.gpkg"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    for wrong in (tmp_path / "没有.gpkg", tmp_path, text, cut):
        with pytest.raises(FileProblem):
            GeoPackage.open(wrong, LAYERS).features("thing")
    with pytest.raises(FileProblem, match="已经存在"):
        GeoPackage.create(path, LAYERS, 4548, Campaign())
    with pytest.raises(FileProblem, match="文件夹"):
        GeoPackage.create(tmp_path / "无" / "x.gpkg", LAYERS, 4548, Campaign())
