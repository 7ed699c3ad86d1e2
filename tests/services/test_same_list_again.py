"""The same list again tomorrow: what changed, what is gone, what was checked here in between (domain.md 5.8)."""

from __future__ import annotations

import csv
import datetime as dt
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.exchange.importing import ImportReport
from chuangwen.exchange.review import ReviewRow
from chuangwen.services.exporting import run_export
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.project import Project
from tests.exchange.made import SQUARES, shapefile, workbook

HEADER = ["序号", "问题编号", "点位名称", "详细地址", "存在问题", "责任单位", "整改时限", "完成情况", "经度（CGCS2000）", "纬度（CGCS2000）"]
WORDS = ["路面破损有积水", "井盖松动异响", "公益广告褪色", "垃圾桶满溢未清运", "非机动车乱停放", "消防通道堆放杂物", "入口公平秤损坏", "绿化带黄土裸露"]
UNITS = ["城管局", "住建局", "文昌街道", "市场监管局"]
Row = dict[str, Any]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A new project in EPSG:4548."""
    made = Project.create(tmp_path / "项目.gpkg", Campaign(title="测试"), 4548, "某某01")
    yield made
    made.close()


def issues(count: int, *, coded: bool = True) -> list[Row]:
    """A list of issues, each unlike the others at its site."""
    return [
        {
            "序号": number + 1,
            "问题编号": f"W2024-{number:04}" if coded else None,
            "点位名称": f"第{number // 4}号点位",
            "详细地址": f"建设路{number // 4 + 1}号",
            "存在问题": f"{WORDS[number % 4 + number // 4 % 5]}，{'东南西北'[number % 4]}侧{number % 7 + 1}处",
            "责任单位": UNITS[number % 4],
            "整改时限": f"2024-06-{number % 28 + 1:02}",
            "完成情况": "未整改",
            "经度（CGCS2000）": f"{116.3 + number / 10_000:.4f}",
            "纬度（CGCS2000）": f"{27.9 + number % 50 / 10_000:.4f}",
        }
        for number in range(count)
    ]


def listed(path: Path, rows: list[Row]) -> Path:
    """The rows as a text table; columns that no row fills are left out."""
    titles = [title for title in HEADER if any(row.get(title) for row in rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(titles)
        writer.writerows([["" if row.get(title) is None else row[title] for title in titles] for row in rows])
    return path


def take(project: Project, path: Path, layer: str = "issue", **answers: str) -> ImportReport:
    return run_import(project, path, layer, ImportOptions(answers={key.replace("__", ":"): value for key, value in answers.items()}))


def here(project: Project, code: str, **values: Any) -> None:
    """Somebody edits an issue in the program."""
    feature = project.features("issue").coded(code)
    assert feature is not None
    project.apply(Edit("核查", (Change("issue", feature.id, {name: feature.get(name) for name in values}, values),)))


def field_of(project: Project, code: str, name: str) -> Any:
    found = project.features("issue").coded(code)
    assert found is not None
    return found.get(name)


def changes(row: ReviewRow) -> Mapping[str, tuple[str, str, bool]]:
    return {one.title: (one.before, one.after, one.taken) for one in row.fields}


def exports(project: Project, folder: Path) -> list[bytes]:
    """What every format says of the issues: csv, GeoJSON and shapefile byte for byte; a GeoPackage keeps its time, so all rows of its table."""
    folder.mkdir(exist_ok=True)
    for name in ("出.csv", "出.geojson", "出.shp"):
        run_export(project, project.layers["issue"], folder / name)
    run_export(project, project.layers["issue"], folder / "出.gpkg")
    connection = sqlite3.connect(folder / "出.gpkg")
    connection.create_function("ST_IsEmpty", 1, lambda _blob: 0)
    rows = repr(connection.execute("SELECT * FROM issue ORDER BY fid").fetchall()).encode()
    connection.close()
    return [*(path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix != ".gpkg"), rows]


@pytest.mark.parametrize("coded", [True, False], ids=["numbered", "unnumbered"])
def test_half_of_a_list_changes_and_a_checker_works_in_between(project: Project, tmp_path: Path, coded: bool) -> None:
    """1,240 rows as a workbook, 620 of them planted: the review shows exactly those, and one undo brings the former exports back byte for byte."""
    rows = issues(1240, coded=coded)
    first = take(project, workbook(tmp_path / "问题清单6月3日.xlsx", [HEADER, *([row[title] for title in HEADER] for row in rows)]))
    assert (1240, 0) == (first.added, len(first.rejected))
    codes = list(project.features("issue").column("code"))

    for at in range(30):
        here(project, codes[at], status="closed", checker="某某02")
    for at in range(30, 60):
        here(project, codes[at], status="closed", checker="某某02")
    for at in range(60, 80):
        here(project, codes[at], responsible_unit="创建办")
    for at in range(80, 100):
        here(project, codes[at], responsible_unit="创建办")
    for at in range(100, 110):
        here(project, codes[at], description="核查后改写的描述")
    before = exports(project, tmp_path / "前")

    wanted: dict[int, tuple[str, dict[str, tuple[str, str, bool]]]] = {}
    again = [dict(row) for row in rows]
    for at in range(30):  # checked and closed here, the unit reports it done only now
        again[at]["完成情况"] = "已整改"
        wanted[at] = "conflict", {"状态": ("已销号", "已整改·待核查", False)}
    for at in range(60, 80):  # both changed the unit
        again[at]["责任单位"] = "交通局"
        wanted[at] = "conflict", {"责任单位": ("创建办", "交通局", False)}
    for at in range(200, 400):
        again[at]["完成情况"] = "整改完成"
        wanted[at] = "changed", {"状态": ("已交办·待签收", "已整改·待核查", True)}
    for at in range(400, 500):
        again[at]["整改时限"], again[at]["责任单位"] = "2024-07-15", "交通局"
        wanted[at] = "changed", {"责任单位": (UNITS[at % 4], "交通局", True), "整改时限": (rows[at]["整改时限"], "2024-07-15", True)}
    for at in range(500, 600):
        again[at]["经度（CGCS2000）"] = "116.9"
        wanted[at] = "changed", {}
    for at in range(600, 650):
        again[at]["存在问题"] += "。"
        wanted[at] = "changed", {"问题描述": (rows[at]["存在问题"], again[at]["存在问题"], True)}
    deleted = set(range(700, 780))
    new = issues(1280, coded=coded)[1240:]
    again = [row for at, row in enumerate(again) if at not in deleted] + new
    for number, row in enumerate(again, start=1):
        row["序号"] = number

    second = take(project, listed(tmp_path / "问题清单（6月4日）最终版(1).csv", again))

    assert {"conflict": 50, "changed": 450, "unchanged": 660, "added": 40, "gone": 80} == second.review_counts
    assert (40, 450, 710, ()) == (second.added, second.changed, second.unchanged, second.rejected)
    shown = {row.code: row for row in second.review}
    for at, (kind, fields) in wanted.items():
        assert kind == shown[codes[at]].kind
        assert fields == changes(shown[codes[at]]) or (not fields and ["位置"] == list(changes(shown[codes[at]])))
    assert {codes[at] for at in deleted} == {row.code for row in second.review if row.kind == "gone"}
    assert ["closed", "创建办", "核查后改写的描述"] == [
        field_of(project, codes[at], name) for at, name in ((0, "status"), (60, "responsible_unit"), (105, "description"))
    ]
    assert 1280 == len(project.features("issue"))
    assert {"conflicts", "gone"} <= {doubt.key for doubt in second.doubts}

    project.undo()
    assert before == exports(project, tmp_path / "后")


def test_a_third_time_nothing_changes_and_nothing_is_written(project: Project, tmp_path: Path) -> None:
    """v1, v2, v2: the second v2 finds every row as it was, conflicts included."""
    rows = issues(40)
    take(project, listed(tmp_path / "清单v1.csv", rows))
    here(project, "W2024-0003", responsible_unit="创建办")
    rows[3]["责任单位"] = "交通局"
    rows[5]["完成情况"] = "整改中"
    v2 = listed(tmp_path / "清单v2.csv", rows[:38])
    assert {"changed": 1, "conflict": 1, "unchanged": 36, "gone": 2} == take(project, v2).review_counts
    written = project.path.read_bytes()

    report = take(project, v2)

    assert ({"unchanged": 38}, (), written) == (report.review_counts, report.doubts, project.path.read_bytes())
    assert (40, 3) == (len(project.features("issue")), len(project.store.steps()))


def test_an_undone_import_is_no_former_list(project: Project, tmp_path: Path) -> None:
    """v1, v2, undo, v2: the rows that v2 brought are new again, and nothing is gone or deleted."""
    rows = issues(10)
    take(project, listed(tmp_path / "清单v1.csv", rows[:6]))
    v2 = listed(tmp_path / "清单v2.csv", rows)
    take(project, v2)
    project.undo()

    report = take(project, v2)

    assert ({"unchanged": 6, "added": 4}, 10) == (report.review_counts, len(project.features("issue")))


def test_conflicts_are_answered_one_by_one_or_together(project: Project, tmp_path: Path) -> None:
    """Kept unless the user says otherwise; a single answer counts more than the one for all; what no answer may do stays."""
    rows = issues(4)
    take(project, listed(tmp_path / "清单v1.csv", rows))
    for code in ("W2024-0000", "W2024-0001"):
        here(project, code, responsible_unit="创建办")
    here(project, "W2024-0002", status="closed")
    for row in rows[:2]:
        row["责任单位"] = "交通局"
    rows[2]["完成情况"] = "整改中"
    v2 = listed(tmp_path / "清单v2.csv", rows)

    asked = run_import(project, v2, "issue", ImportOptions(dry_run=True))
    assert ["conflicts", "conflict:W2024-0000", "conflict:W2024-0001"] == [doubt.key for doubt in asked.doubts]
    assert ["keep"] * 3 == [doubt.chosen for doubt in asked.doubts]
    report = run_import(project, v2, "issue", ImportOptions(answers={"conflicts": "take", "conflict:W2024-0001": "keep"}))

    assert 1 == report.changed
    assert ["交通局", "创建办"] == [field_of(project, code, "responsible_unit") for code in ("W2024-0000", "W2024-0001")]
    assert "closed" == field_of(project, "W2024-0002", "status")
    assert {"conflicts": "take", "conflict:W2024-0001": "keep"} == dict(project.store.imports()[0].answers)


@pytest.mark.parametrize(
    ("now", "said", "says", "then"),
    [
        ("dispatched", "未整改", "已整改", "rectified"),
        ("in_progress", "未整改", "已整改", "rectified"),
        ("dispatched", "未整改", "整改中", "in_progress"),
        ("rectified", "未整改", "整改中", "rectified"),
        ("rectified", "已整改", "整改中", "rectified"),
        ("closed", "已整改", "整改中", "closed"),
        ("rework", "整改中", "已整改", "rework"),
        ("deferred", "未整改", "已整改", "deferred"),
        ("void", "未整改", "已整改", "void"),
        ("dispatched", "未整改", "已销号", "rectified"),  # the word of a unit, unless the list is said to be one after the check
        ("in_progress", "整改中", "未整改", "dispatched"),
        ("dispatched", "未整改", "长期坚持", "long_term"),
    ],
)
def test_a_units_word_is_no_check(project: Project, tmp_path: Path, now: str, said: str, says: str, then: str) -> None:
    """A list brings an issue forward as far as 已整改, never over a check, never to 已销号, never back from 已整改 by itself."""
    rows = issues(3)
    rows[1]["完成情况"] = said
    take(project, listed(tmp_path / "清单v1.csv", rows))
    here(project, "W2024-0001", status=now)
    rows[1]["完成情况"] = says

    report = take(project, listed(tmp_path / "清单v2.csv", rows))

    assert then == field_of(project, "W2024-0001", "status")
    assert ("changed" if then != now else "conflict") == report.review[1].kind
    assert then != now or report.review[1].note


def test_a_list_after_the_check_closes_on_consent(project: Project, tmp_path: Path) -> None:
    """The answer that 已销号 is the check's result makes it a conflict with 已整改; taken only when the user says so."""
    rows = issues(3)
    rows[1]["完成情况"] = "已整改"
    take(project, listed(tmp_path / "清单v1.csv", rows))
    rows[1]["完成情况"] = "已销号"
    v2 = listed(tmp_path / "清单v2.csv", rows)

    asked = run_import(project, v2, "issue", ImportOptions(answers={"status_words": "closed"}, dry_run=True))
    assert ("conflict", "rectified") == (asked.review[1].kind, field_of(project, "W2024-0001", "status"))
    run_import(project, v2, "issue", ImportOptions(answers={"status_words": "closed", "conflicts": "take"}))

    assert "closed" == field_of(project, "W2024-0001", "status")


def test_a_deadline_of_a_closed_issue_stays_and_says_why(project: Project, tmp_path: Path) -> None:
    """A conflict with nothing to decide has its reason in words (domain.md 4.2)."""
    rows = issues(3)
    take(project, listed(tmp_path / "清单v1.csv", rows))
    here(project, "W2024-0001", status="closed")
    rows[1]["整改时限"] = "2024-07-15"

    report = take(project, listed(tmp_path / "清单v2.csv", rows))

    assert ("conflict", "") == (report.review[1].kind, report.review[1].key)
    assert "已了结的问题，整改时限不按名单改" in report.review[1].note
    assert dt.date(2024, 6, 2) == field_of(project, "W2024-0001", "due_at")


def test_what_is_gone_may_be_noted(project: Project, tmp_path: Path) -> None:
    """Untouched unless the user wants a note in 备注; closed ones get none."""
    rows = issues(4)
    take(project, listed(tmp_path / "清单v1.csv", rows))
    here(project, "W2024-0003", status="closed")
    v2 = listed(tmp_path / "清单v2.csv", rows[:2])
    assert "keep" == run_import(project, v2, "issue", ImportOptions(dry_run=True)).doubts[0].chosen

    take(project, v2, gone="note")

    today = project.campaign.today
    assert [f"{today.month}月{today.day}日名单中已无此条", None] == [field_of(project, code, "remark") for code in ("W2024-0002", "W2024-0003")]
    project.undo()
    assert [None] * 4 == project.features("issue").column("remark")


def test_what_was_deleted_here_does_not_come_back_by_itself(project: Project, tmp_path: Path) -> None:
    """It is shown as a conflict; the answer `take` imports it anew."""
    rows = issues(4, coded=False)
    path = listed(tmp_path / "清单.csv", rows)
    take(project, path)
    gone = project.features("issue").at(1)
    project.apply(Edit("删除", (Change("issue", gone.id, {**gone.values, "geometry": gone.geometry}, None),)))

    report = take(project, path)
    assert (["unchanged", "conflict", "unchanged", "unchanged"], 3) == ([row.kind for row in report.review], len(project.features("issue")))
    assert "deleted" == report.review[1].key

    assert (1, 4) == (take(project, path, deleted="take").added, len(project.features("issue")))


def test_a_reworded_problem_is_the_same_one(project: Project, tmp_path: Path) -> None:
    """At the same site, alike by 90 % and with the same numbers: the same, with a note. Another number: asked."""
    texts = ["农贸市场北门外人行道地砖大面积破损松动", "农贸市场3号摊位前地面油污未及时清理干净", "入口公平秤损坏"]
    rows = [{**row, "点位名称": "农贸市场", "详细地址": None, "存在问题": text} for row, text in zip(issues(3, coded=False), texts, strict=True)]
    take(project, listed(tmp_path / "清单6.3.csv", rows))
    rows[0]["存在问题"] = "农贸市场北门外人行道地砖大面积破损、松动了"
    rows[1]["存在问题"] = "农贸市场5号摊位前地面油污未及时清理干净"

    report = take(project, listed(tmp_path / "清单6.4.csv", rows))

    assert ["changed", "duplicate", "unchanged", "gone"] == [row.kind for row in report.review]
    assert "相近" in report.review[0].note
    assert "duplicate:3" == report.review[1].key
    assert 4 == len(project.features("issue"))


def test_duplicates_of_another_list_are_merged_on_consent_and_keep_every_number(project: Project, tmp_path: Path) -> None:
    """Proposed, new by default; merged, blanks are filled, nothing is overridden, and each list knows its own again."""
    rows = issues(12, coded=False)
    take(project, listed(tmp_path / "文昌街道问题清单.csv", rows))
    codes = project.features("issue").column("code")
    other = [dict(rows[2], 序号=7, 责任单位="交通局"), dict(rows[5], 序号=8, 存在问题=rows[5]["存在问题"] + "等"), *issues(20, coded=False)[12:]]
    path = listed(tmp_path / "督查组交办单.csv", other)

    report = run_import(project, path, "issue", ImportOptions(dry_run=True))
    asked = [doubt for doubt in report.doubts if doubt.key.startswith("duplicate")]
    assert ["duplicates", "duplicate:2", "duplicate:3"] == [doubt.key for doubt in asked]
    assert (10, ["new"] * 3) == (report.added, [doubt.chosen for doubt in asked])
    assert codes[2] == asked[1].answers[1].value

    merged = run_import(project, path, "issue", ImportOptions(answers={"duplicate:2": str(codes[2]), "duplicate:3": str(codes[5])}))
    assert (8, 2, 20) == (merged.added, merged.changed, len(project.features("issue")))
    assert "文昌街道问题清单:3、督查组交办单:7" == field_of(project, str(codes[2]), "source_numbers")
    assert UNITS[2] == field_of(project, str(codes[2]), "responsible_unit")

    other[0]["完成情况"] = "已整改"
    again = take(project, listed(tmp_path / "督查组交办单(2).csv", other))
    assert {"changed": 1, "unchanged": 9} == again.review_counts
    assert "rectified" == field_of(project, str(codes[2]), "status")
    assert {"unchanged": 12} == take(project, tmp_path / "文昌街道问题清单.csv").review_counts


def test_two_senders_each_have_a_number_17(project: Project, tmp_path: Path) -> None:
    """A short number of another list, another place and other words: another issue, its number kept beside the running code."""
    one, two = issues(7)[1], issues(7)[6]
    take(project, listed(tmp_path / "文昌街道.csv", [{**one, "问题编号": "17"}]))

    report = take(project, listed(tmp_path / "住建局.csv", [{**two, "问题编号": "17"}]))

    assert (1, ["numbers"]) == (report.added, [doubt.key for doubt in report.doubts])
    assert "住建局:17" == project.features("issue").column("source_numbers")[1]
    assert {"unchanged": 1} == take(project, tmp_path / "住建局.csv").review_counts


def test_numbers_that_are_counted_anew_in_each_list(project: Project, tmp_path: Path) -> None:
    """The list lost a row and counts on: every text keeps its issue, and nothing takes the number of another."""
    rows = [{**row, "问题编号": str(number)} for number, row in enumerate(issues(20), start=1)]
    take(project, listed(tmp_path / "清单6月1日.csv", rows))
    then = [{**row, "问题编号": str(number)} for number, row in enumerate([*rows[:4], *rows[5:], *issues(22)[20:]], start=1)]

    report = take(project, listed(tmp_path / "清单6月2日.csv", then))

    assert {"unchanged": 19, "added": 2, "gone": 1} == report.review_counts
    assert 22 == len(set(project.features("issue").column("code")))
    assert {"unchanged": 21} == take(project, tmp_path / "清单6月2日.csv").review_counts


def test_sixty_units_send_a_file_of_one_name(project: Project, tmp_path: Path) -> None:
    """问题清单.xlsx of another unit with numbers from 1: nothing is overwritten, all are new."""
    one, two = ([{**row, "问题编号": str(number)} for number, row in enumerate(rows, start=1)] for rows in (issues(12)[:5], issues(40)[21:26]))
    take(project, listed(tmp_path / "问题清单.csv", one))
    before = project.features("issue").column("description")

    report = take(project, listed(tmp_path / "问题清单(1).csv", two))

    assert (5, 0) == (report.added, report.changed)
    assert before == project.features("issue").column("description")[:5]


def test_a_list_that_comes_back_under_another_name_overrides_no_edit(project: Project, tmp_path: Path) -> None:
    """What any list said last of an issue is the base: the unit sends back what it was sent, with its progress."""
    rows = issues(6)
    take(project, listed(tmp_path / "问题总表.csv", rows))
    here(project, "W2024-0001", responsible_unit="创建办")
    here(project, "W2024-0002", responsible_unit="创建办")
    rows[2]["责任单位"] = "交通局"
    rows[3]["完成情况"] = "已整改"

    report = take(project, listed(tmp_path / "文昌街道反馈.csv", rows))

    assert {"unchanged": 4, "conflict": 1, "changed": 1} == report.review_counts
    assert ["创建办", "创建办"] == [field_of(project, code, "responsible_unit") for code in ("W2024-0001", "W2024-0002")]


def test_what_was_gone_and_comes_back_is_known(project: Project, tmp_path: Path) -> None:
    """v1 has it, v2 has not, v3 has it again as in v1: the edit made here stays."""
    rows = issues(6, coded=False)
    take(project, listed(tmp_path / "清单v1.csv", rows))
    code = str(project.features("issue").column("code")[5])
    take(project, listed(tmp_path / "清单v2.csv", rows[:5]))
    here(project, code, responsible_unit="创建办")

    assert {"unchanged": 6} == take(project, listed(tmp_path / "清单v3.csv", rows)).review_counts
    assert "创建办" == field_of(project, code, "responsible_unit")


def test_found_after_it_was_closed_is_another_problem(project: Project, tmp_path: Path) -> None:
    """The same words at the same place, found later: not lost behind a closed issue."""
    table = [["点位名称", "存在问题", "发现时间"], ["农贸市场", "路灯不亮", "2024-06-01"]]
    take(project, workbook(tmp_path / "清单6.1.xlsx", table))
    here(project, "20240601-001", status="closed")
    table[1][2] = "2024-06-10"

    assert 1 == take(project, workbook(tmp_path / "清单6.10.xlsx", table)).added


def test_repeated_names_do_not_switch_matching_off(project: Project, tmp_path: Path) -> None:
    """Five 公共厕所 on five streets, and sites with one name each: all known again; one that moved is the same site."""
    table = [["点位名称", "详细地址", "点位类型"], *(["公共厕所", f"建设路{number}号", "公厕"] for number in range(5)), ["文昌公园", "人民路1号", "公园"]]
    take(project, workbook(tmp_path / "点位表.xlsx", table), "site")
    table[3][1], table[6][1] = "建设路99号", "人民路2号"

    report = take(project, workbook(tmp_path / "点位表 - 副本.xlsx", table), "site")

    assert ({"unchanged": 4, "changed": 2}, 6) == (report.review_counts, len(project.features("site")))


def test_a_base_layer_is_not_imported_twice(project: Project, tmp_path: Path) -> None:
    """Roads have no numbers and share names: the same shapes are the same roads."""
    import json

    lines = [
        {
            "type": "Feature",
            "properties": {"name": "人民路"},
            "geometry": {"type": "LineString", "coordinates": [[116.3 + n / 100, 27.9], [116.31 + n / 100, 27.91]]},
        }
        for n in range(4)
    ]
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": lines}), encoding="utf-8")

    assert [4, 0] == [take(project, path, "road").added for _time in range(2)]


def test_a_boundary_that_was_drawn_anew(project: Project, tmp_path: Path) -> None:
    """Moved here and not in the file: stays. Moved in the file only: taken. Moved in both: asked."""
    names = {"网格编号": ["A-1", "A-2", "A-3", "A-4"]}
    take(project, shapefile(tmp_path / "网格.shp", names), "zone")
    for at in (0, 1):
        zone = project.features("zone").at(at)
        project.apply(Edit("移动", (Change("zone", zone.id, {"geometry": zone.geometry}, {"geometry": zone.geometry.buffer(3)}),)))
    redrawn = [SQUARES[0], *(square.buffer(9) for square in SQUARES[1:3]), SQUARES[3]]

    report = take(project, shapefile(tmp_path / "网格2024.shp", names, redrawn), "zone")

    assert ["unchanged", "conflict", "changed", "unchanged"] == [row.kind for row in report.review]
    assert [16.0, 16.0, 28.0, 10.0] == [round(float(shape.bounds[2] - shape.bounds[0] - 90)) for shape in project.features("zone").geometry]


def test_every_kind_of_row_of_a_split_list_is_known_again(project: Project, tmp_path: Path) -> None:
    """The parts of a row share its number and place: each is compared with itself."""
    from dataclasses import replace as but

    from chuangwen.exchange.importing import Options, plan
    from chuangwen.exchange.incoming import Column, Incoming

    columns = (Column("问题编号", ["W1", "W1", "W2"]), Column("点位名称", ["市场", "市场", "公园"]), Column("存在问题", ["公平秤损坏", "通道堆物", "积水"]))
    incoming = Incoming("清单.xlsx", columns, [4, 4, 5], parts=[1, 2, 0])
    layer = project.layers["issue"]
    first = plan(incoming, layer, project, Options())
    project.apply(first.edit, imported=first.record, sources=first.sources)
    assert ["W1-1", "W1-2", "W2"] == project.features("issue").column("code")

    reworded = but(incoming, columns=(*columns[:2], Column("存在问题", ["公平秤损坏", "消防通道堆物", "积水"])))
    second = plan(reworded, layer, project, Options())

    assert [("unchanged", 4), ("changed", 4), ("unchanged", 5)] == [(row.kind, row.row) for row in second.report.review]
    (source,) = project.store.sources("issue", project.features("issue").ids[1])
    assert (4, 2, "W1") == (source.row, source.part, source.number)


SCRIPT = st.lists(st.sampled_from(["keep", "keep", "status", "unit", "due", "drop", "here", "both"]), min_size=4, max_size=24)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=SCRIPT, new=st.integers(0, 3), coded=st.booleans(), shuffled=st.booleans(), number=st.integers(0, 10**9))
def test_the_review_says_what_the_script_did(
    tmp_path_factory: pytest.TempPathFactory, script: list[str], new: int, coded: bool, shuffled: bool, number: int
) -> None:
    """Any edits of a list, in any order of its rows, numbered or not."""
    folder = tmp_path_factory.mktemp("脚本")
    project = Project.create(folder / "p.gpkg", Campaign(title="测试"), 4548, "某某01")
    rows = issues(len(script), coded=coded)
    take(project, listed(folder / "清单1.csv", rows))
    codes = list(project.features("issue").column("code"))
    then = []
    for at, (what, row) in enumerate(zip(script, rows, strict=True)):
        row = dict(row)
        if what == "status":
            row["完成情况"] = "已整改"
        if what in ("unit", "both"):
            row["责任单位"] = "交通局"
        if what == "due":
            row["整改时限"] = "2024-07-20"
        if what in ("here", "both"):
            here(project, str(codes[at]), responsible_unit="创建办")
        if what != "drop":
            then.append(row)
    then += issues(len(script) + new, coded=coded)[len(script) :]
    if shuffled:
        random.Random(number).shuffle(then)
    if not then:
        return
    kinds = {"keep": "unchanged", "here": "unchanged", "drop": "gone", "both": "conflict"}
    wanted = Counter([kinds.get(what, "changed") for what in script] + ["added"] * new)

    report = take(project, listed(folder / "清单1（6月5日）.csv", then))

    assert wanted == Counter(report.review_counts)
    project.close()
