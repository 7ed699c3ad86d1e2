"""What an import would do: one edit, and a report that accounts for every row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
import shapely

from chuangwen.domain.feature import Features
from chuangwen.errors import DataProblem
from chuangwen.exchange.importing import ImportPlan, Options, plan
from chuangwen.exchange.incoming import Column, Incoming
from chuangwen.exchange.reference import reference_layer
from chuangwen.exchange.vector_files import read_vector
from tests.build import layers
from tests.exchange.made import CORPUS, REAL, SQUARES, View, features

TODAY = dt.date(2024, 6, 3)
UNITS = features(
    "unit", {"code": "U001", "name": "示范区城市管理局", "short_name": "城管局"}, {"code": "U002", "name": "文昌街道办事处", "short_name": "文昌街道"}
)


def listed(**columns: list[Any]) -> Incoming:
    """A list whose header stands in row 3."""
    count = len(next(iter(columns.values())))
    return Incoming("清单.xlsx", tuple(Column(title, values) for title, values in columns.items()), range(4, 4 + count))


def shaped(shapes: list[Any], crs: str = "EPSG:4548", **columns: list[Any]) -> Incoming:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    made = tuple(Column(title, values) for title, values in columns.items())
    return Incoming("网格.shp", made, range(1, len(shapes) + 1), geometry, crs)


def planned(incoming: Incoming, layer: str, view: View | None = None, **options: Any) -> ImportPlan:
    return plan(incoming, layers()[layer], view or View(), Options(today=TODAY, year=2024, **options))


def taken(made: ImportPlan) -> Features:
    """The layer as it would be in an empty project."""
    layer = layers()[made.report.layer]
    return Features(layer, [], {one.name: [] for one in layer.fields}).patched({change.id: change.after for change in made.edit.changes})


def accounted(made: ImportPlan) -> bool:
    report = made.report
    return report.read == report.added + report.changed + report.unchanged + len(report.rejected)


def test_rows_become_one_edit() -> None:
    """Every row that is taken is one change of one edit; the record says the same numbers."""
    made = planned(listed(点位编号=["001", "002"], 点位名称=["文昌公园", "迎江广场"], 点位类型=["公园", "广场"]), "site")

    assert (2, 2, 0) == (made.report.read, made.report.added, len(made.report.rejected))
    assert ["park", "square"] == taken(made).column("category")
    assert ["pending", "pending"] == taken(made).column("status")
    assert (made.edit.import_id, 2) == (made.record.id, made.record.added)
    assert all({"code", "name", "category", "status", "geometry"} <= set(change.after) for change in made.edit.changes)


def test_a_bad_word_rejects_its_row_and_the_others_go_in() -> None:
    """Unknown status, missing description: listed with the row numbers of the file and the reason. An unknown unit costs no row."""
    made = planned(
        listed(
            问题编号=["1", "2", "3", "4"],
            存在问题=["路灯损坏", "积水", None, "占道"],
            责任单位=["城管局", "城馆局", "城管局", "文昌街道（属地）"],
            完成情况=["已整改", "未整改", "整改中", "飞走了"],
        ),
        "issue",
        View(unit=UNITS),
    )

    assert [(6, "缺少问题描述"), (7, "状态“飞走了”不在可选项中")] == [(one.row, one.reason.split("，")[0]) for one in made.report.rejected]
    assert ["rectified", "dispatched"] == taken(made).column("status")
    assert ["示范区城市管理局", None] == taken(made).column("responsible_unit")
    assert [None, "责任单位：城馆局"] == taken(made).column("remark")
    assert accounted(made)


def test_two_units_in_the_cell_for_one() -> None:
    """The first is responsible, the others support, and the report says so."""
    made = planned(listed(存在问题=["路灯损坏"], 责任单位=["城管局、文昌街道"]), "issue", View(unit=UNITS))

    assert ["示范区城市管理局"] == taken(made).column("responsible_unit")
    assert ["文昌街道办事处"] == taken(made).column("supporting_units")
    assert 1 == len(made.report.repaired)


def test_an_empty_register_warns_once() -> None:
    """No unit is known yet: the text is taken as it is."""
    made = planned(listed(存在问题=["路灯损坏", "积水"], 责任单位=["城管局", "文昌街道"]), "issue")

    assert ["城管局", "文昌街道"] == taken(made).column("responsible_unit")
    assert 1 == sum("名册还是空的" in warning for warning in made.report.warnings)


def test_missing_codes_names_and_status_are_made() -> None:
    """domain.md 8.1: YYYYMMDD-nnn by the day of finding; the name is the start of the description; blank status is registered."""
    made = planned(listed(存在问题=["路灯损坏。附近无人", "积水"], 发现时间=["6月1日", None], 完成情况=[None, "已销号"]), "issue")

    assert ["20240601-001", "20240603-001"] == taken(made).column("code")
    assert ["路灯损坏", "积水"] == taken(made).column("name")
    assert ["registered", "rectified"] == taken(made).column("status")


def test_new_codes_go_on_in_the_pattern_of_the_layer() -> None:
    """U001, U002 → U003."""
    made = planned(listed(单位名称=["区住建局"]), "unit", View(unit=UNITS))

    assert ["U003"] == [change.after["code"] for change in made.edit.changes]


def test_a_code_twice_in_one_file() -> None:
    """The later row is refused and names the earlier."""
    made = planned(listed(点位编号=["001", "001"], 点位名称=["甲", "乙"]), "site")

    assert [(5, "编号“001”与第 4 行重复")] == [(one.row, one.reason) for one in made.report.rejected]


def test_the_same_file_tomorrow_changes_only_what_differs() -> None:
    """Unchanged, changed and new rows are told apart; a blank or absent column clears nothing; a closed issue stays closed."""
    old = features(
        "issue",
        {"code": "1", "name": "路灯损坏", "description": "路灯损坏", "status": "dispatched", "remark": "急"},
        {"code": "2", "name": "积水", "description": "积水", "status": "closed"},
        {"code": "3", "name": "占道", "description": "占道", "status": "dispatched"},
    )
    incoming = listed(问题编号=["1", "2", "3", "4"], 存在问题=["路灯损坏", "积水", "占道经营", "乱贴"], 完成情况=["已整改", "已整改", None, None])

    made = planned(incoming, "issue", View(issue=old))

    assert (1, 2, 1, 0) == (made.report.added, made.report.changed, made.report.unchanged, len(made.report.rejected))
    changes = {change.id: change for change in made.edit.changes}
    assert ({"status": "dispatched"}, {"status": "rectified"}) == (changes["issue-0"].before, changes["issue-0"].after)
    assert ({"description": "占道"}, {"description": "占道经营"}) == (changes["issue-2"].before, changes["issue-2"].after)


def test_a_file_without_codes_is_known_again() -> None:
    """331 streets imported twice do not lie twice."""
    first = planned(shaped(SQUARES, 网格名称=["甲", "乙", "丙", "丁"]), "zone")

    again = planned(shaped(SQUARES, 网格名称=["甲", "乙", "丙", "丁"]), "zone", View(zone=taken(first)))

    assert (0, 0, 4) == (again.report.added, again.report.changed, again.report.unchanged)
    assert not again.edit


def test_moved_shapes_are_changes() -> None:
    """One boundary was redrawn."""
    first = planned(shaped(SQUARES, 网格编号=["1", "2", "3", "4"]), "zone")
    redrawn = [SQUARES[0], shapely.buffer(SQUARES[1], 5), *SQUARES[2:]]

    again = planned(shaped(redrawn, 网格编号=["1", "2", "3", "4"]), "zone", View(zone=taken(first)))

    assert (1, 3) == (again.report.changed, again.report.unchanged)
    assert [["geometry"]] == [list(change.after) for change in again.edit.changes]


def test_an_unreadable_deadline_keeps_the_row_and_the_words() -> None:
    """尽快 is no date: left empty, said, kept in 备注."""
    made = planned(listed(存在问题=["路灯损坏"], 整改时限=["尽快"]), "issue")

    assert [None] == taken(made).column("due_at")
    assert ["整改时限：尽快"] == taken(made).column("remark")
    assert [4] == [one.row for one in made.report.repaired]


def test_coordinates_in_columns_place_the_rows() -> None:
    """Degrees; blanks and zeros stay unlocated and are counted."""
    made = planned(listed(存在问题=["a", "b", "c"], 经度=[116.36, None, 0], 纬度=[27.95, None, 0]), "issue")

    places = taken(made).geometry
    assert (places[0].x, places[0].y) == pytest.approx((437018.632, 3093065.667), abs=0.001)
    assert [True, False, False] == taken(made).located.tolist()
    assert any("2 条没有位置" in warning for warning in made.report.warnings)
    assert "EPSG:4490" == made.report.crs


def test_points_are_no_zones() -> None:
    """The whole file is refused with the kind that was found."""
    with pytest.raises(DataProblem, match="点图形，而“网格”图层需要面图形"):
        planned(shaped([shapely.Point(437_000, 4_418_000)], 网格编号=["1"]), "zone")


def test_one_point_among_zones_is_refused_alone() -> None:
    """Row and reason; the zones go in."""
    made = planned(shaped([SQUARES[0], shapely.Point(437_000, 4_418_000)], 网格编号=["1", "2"]), "zone")

    assert (1, [(2, "图形是点，图层需要面")]) == (made.report.added, [(one.row, one.reason) for one in made.report.rejected])


def test_a_bow_tie_is_mended_and_said() -> None:
    """Self-crossing, empty and broken shapes."""
    tie = shapely.Polygon([(437_000, 4_418_000), (437_100, 4_418_100), (437_100, 4_418_000), (437_000, 4_418_100)])
    flat = shapely.Polygon([(437_000, 4_418_000), (437_100, 4_418_000), (437_000, 4_418_000)])
    broken = shapely.Polygon([(437_000, 4_418_000), (np.inf, 4_418_100), (437_100, 4_418_000)])

    made = planned(shaped([tie, flat, broken, None, SQUARES[0]], 网格编号=list("12345")), "zone")

    assert 5 == made.report.added
    assert [True, False, False, False, True] == taken(made).located.tolist()
    assert shapely.is_valid(taken(made).geometry[0])
    assert taken(made).geometry[0].area == pytest.approx(5000, rel=0.01)
    assert [1, 2, 3] == [one.row for one in made.report.repaired]
    assert "自相交" in made.report.repaired[0].what


def test_zone_39_and_cm_117_overlay() -> None:
    """domain.md 8.7.4: within a millimetre, whatever the project has."""
    with_prefix = [shapely.transform(one, lambda points: points + np.array([39e6, 0])) for one in SQUARES]
    here, there = (planned(shaped(shapes, crs, 网格编号=list("1234")), "zone") for shapes, crs in [(SQUARES, "EPSG:4548"), (with_prefix, "")])

    assert shapely.hausdorff_distance(taken(here).geometry, taken(there).geometry).max() < 0.001


def test_a_project_without_a_crs_takes_that_of_the_data() -> None:
    """design.md, decision 4."""
    assert 4548 == planned(shaped(SQUARES, 网格编号=list("1234")), "zone", epsg_is_open=True).epsg


def test_a_base_layer_takes_what_is_of_its_kind() -> None:
    """OSM: roads with their crossings in one file; repeated codes are kept."""
    lines = [shapely.LineString([(437_000, 4_418_000 + n), (437_100, 4_418_000)]) for n in range(3)]
    made = planned(shaped([*lines, shapely.Point(437_000, 4_418_000)], code=["a", "a", None, "b"], name=["人民路", "人民路", None, None]), "road")

    assert (3, 3, 0) == (made.report.read, made.report.added, len(made.report.rejected))
    assert any("1 个别种图形" in warning for warning in made.report.warnings)


def test_a_reference_layer_takes_all_columns() -> None:
    """Fields f1… with the file's own titles; types by the values."""
    incoming = shaped(SQUARES, 名称=list("甲乙丙丁"), 面积=[1.5, 2.0, None, 3.0], Id=[1, 2, 3, 4])
    layer, content = reference_layer(incoming, "规划范围", layers())

    made = plan(content, layer, View(reference_1=Features(layer, [], {})), Options(today=TODAY))

    assert [("f1", "text", "名称"), ("f2", "real", "面积"), ("f3", "integer", "Id")] == [(one.name, one.type, one.title) for one in layer.fields[2:]]
    assert [("甲", "甲", 1.5, 1)] == [tuple(made.edit.changes[0].after[name] for name in ("name", "f1", "f2", "f3"))]
    assert {"名称": "f1", "面积": "f2", "Id": "f3"} == made.report.columns


def test_the_report_is_the_object_of_the_design() -> None:
    """design.md §9, key for key; what the import asks, reviews and finds comes on top."""
    made = planned(listed(点位编号=["001"], 点位名称=["甲"], 气温=["热"]), "site")
    design = {"layer", "read", "added", "changed", "unchanged", "rejected", "repaired", "encoding", "crs", "columns", "warnings"}

    assert design | {"doubts", "review", "findings", "cleaning", "profile"} == set(made.report.as_json())
    assert {"点位编号": "code", "点位名称": "name", "气温": None} == made.report.as_json()["columns"]
    assert {"name", "evidence"} == set(made.report.as_json()["encoding"])
    assert {"code", "evidence"} == set(made.report.as_json()["crs"])


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files lie in ../shared/data, which is absent")
def test_beijing_has_331_streets() -> None:
    """The real file: all in, 海淀区 has 29, names right, metres of EPSG:4548."""
    made = planned(read_vector(REAL / "beijing_haidian" / "township" / "beijing.shp"), "zone")

    zones = taken(made)
    assert (331, 331, 0) == (made.report.read, made.report.added, len(made.report.rejected))
    assert 29 == zones.column("street").count("海淀区")
    assert "清华园街道" in zones.column("name")
    assert zones.located.all()


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus lies in ../shared/data, which is absent")
@pytest.mark.parametrize(
    ("name", "added", "located"),
    [
        ("bowtie", 2, 2),
        ("coord_inf", 2, 1),
        ("coord_nan", 2, 1),
        ("null_shapes", 4, 2),
        ("sliver_zero_area", 2, 1),
        ("two_point_ring", 2, 1),
        ("wrong_ring_direction", 2, 2),
        ("tiny_1mm", 1, 1),
    ],
)
def test_the_corpus_of_bad_shapes(name: str, added: int, located: int) -> None:
    """Every row is kept; what has no usable shape is unlocated."""
    made = planned(read_vector(CORPUS / "geometry" / f"{name}.shp"), "zone")

    assert (added, located) == (made.report.added, int(taken(made).located.sum()))
    assert all(shapely.is_valid(one) for one in taken(made).geometry if one is not None)
