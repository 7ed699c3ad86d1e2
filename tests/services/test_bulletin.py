"""The daily bulletin, the ranking and the two lists: read back from the files that were written."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from shapely.geometry import Point

from chuangwen.app import main
from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.edits import new_id
from chuangwen.errors import FileProblem, UserError
from chuangwen.services.bulletin import facts_of, issue, number_of, statement
from chuangwen.services.bulletin_facts import bulletin_rules
from chuangwen.services.figures import table
from chuangwen.services.project import Project

TODAY = dt.date(2024, 6, 3)
CAMPAIGN = Campaign("测试", "示范区", "示范区创建办", dt.date(2024, 5, 1), dt.date(2024, 6, 24), TODAY)
LONG = "长" * 7000
NASTY = ("=1+1", "<script>alert(1)</script>", LONG, "{last}{0}", "+cmd|' /C calc'!A0", "电话13812345678")


def picture(colour: str) -> bytes:
    """A small photo."""
    packed = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(packed, "JPEG")
    return packed.getvalue()


def fill(project: Project) -> None:
    """Four units, three sites, ten issues, two visits, photos good and broken, points, shops."""
    day = dt.timedelta(days=1)
    rows: list[tuple[str, dict[str, Any]]] = [
        ("unit", {"code": f"U{n}", "name": name, "short_name": short})
        for n, (name, short) in enumerate(
            (("示范区城市管理局", "区城管局"), ("示范区住建局", None), ("示范区教体局", "区教体局"), ("示范区民政局", "区民政局"))
        )
    ]
    rows += [("site", {"code": f"00{n}", "name": f"公园{n}", "responsible_unit": "示范区城市管理局", "status": "pending"}) for n in (1, 2, 3)]
    for n in range(10):
        unit = ("示范区城市管理局", "示范区住建局", "示范区教体局")[n % 3]
        status = ("closed", "closed", "in_progress", "closed", "dispatched", "rectified", "rework", "closed", "registered", "void")[n]
        values: dict[str, Any] = {
            "code": f"2024060{n}",
            "name": "问",
            "description": NASTY[n] if n < len(NASTY) else "路灯不亮",
            "status": status,
            "site_code": "001",
            "responsible_unit": unit,
        }
        values |= {
            "due_at": TODAY - 2 * day,
            "found_at": TODAY - (n % 2) * day,
            "source_name": "市督查",
            "street": "文昌街道",
            "measure": "修",
            "person": "某某张三",
            "phone": "13900001111",
        }
        values |= {"checked_at": TODAY - (n % 4) * day, "done_at": TODAY - 3 * day} if status == "closed" else {}
        rows.append(("issue", values))
    rows.append(
        ("visit", {"code": "V1", "name": "公园1", "place_layer": "site", "place_code": "001", "visitor": "某某李四", "arrived_at": dt.datetime(2024, 6, 3, 8)})
    )
    rows.append(("visit", {"code": "V2", "name": "公园2", "place_layer": "site", "place_code": "002", "arrived_at": dt.datetime(2024, 6, 2, 8)}))
    rows.append(("deduction", {"code": "D1", "name": "扣", "unit": "示范区教体局", "points": 1.3, "date": TODAY, "rule": "overdue"}))
    rows.append(
        (
            "shop",
            {
                "code": "S1",
                "name": "=早餐店",
                "door_no": "5号",
                "owner": "某某王五",
                "phone": "13700002222",
                "letter_signed": False,
                "inspection_state": "refused",
            },
        )
    )
    rows.append(("shop", {"code": "S2", "name": "书店", "letter_signed": True, "inspection_state": "good"}))
    rows.append(("supervision", {"code": "T1", "name": "督", "kind": "attendance", "unit": "示范区民政局", "finding": "岗位无人", "date": TODAY}))
    project.apply(
        edits.joined("建", [edits.add(project.layers[layer], values, Point(1, 1) if layer in ("site", "issue", "shop") else None) for layer, values in rows])
    )
    issues = project.features("issue")
    folder = project.files_folder / "photos"
    folder.mkdir(parents=True)
    made = []
    for n, name, content in ((0, "a.jpg", picture("red")), (0, "b.jpg", picture("green")), (3, "c.jpg", picture("blue")), (3, "broken.jpg", b"no picture")):
        (folder / name).write_bytes(content)
        kind = "before" if name in ("a.jpg", "c.jpg") else "after"
        made.append(
            edits.add(
                project.layers["photo"],
                {"owner_layer": "issue", "owner_id": issues.ids[n], "kind": kind, "path": f"photos/{name}", "sha256": name},
                row_id=new_id(),
            )
        )
    outside = {"owner_layer": "issue", "owner_id": issues.ids[2], "kind": "before", "path": "../../secret.jpg", "sha256": "x"}
    project.apply(edits.joined("照片", [*made, edits.add(project.layers["photo"], outside)]))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A small campaign on its day."""
    made = Project.create(tmp_path / "p.gpkg", CAMPAIGN, 4548, "某某01")
    fill(made)
    yield made
    made.close()


def text_of(path: Path) -> str:
    """All words of a document, tables included, in their order."""
    return "\n".join(one.text or "" for one in Document(str(path)).element.body.iter() if one.tag.endswith("}t"))


def tables_of(path: Path) -> list[list[list[str]]]:
    """The cells of every table."""
    return [[[cell.text for cell in row.cells] for row in one.rows] for one in Document(str(path)).tables]


def test_the_bulletin_says_what_was_counted(project: Project, tmp_path: Path) -> None:
    """6.6: 一 to 六 in order, the number, visits n of all sites (SR-61), the rate with numerator and denominator (SR-08), time, formulas."""
    issued = issue(project, tmp_path / "通报.docx")
    words = text_of(issued.files[0])
    parts = [
        "创建全国文明城市工作每日通报",
        "第1期（总第1期）",
        "6月3日问题整改和点位巡查情况通报",
        "示范区创建办　2024年6月3日",
        "一、总体情况",
        "二、单位整改率排名",
        "三、点位情况",
        "四、典型问题",
        "五、表扬和批评",
        "六、工作要求",
        "数据时间：2024年6月3日08:30。",
        "指标口径：整改率＝已销号数 ÷（交办数 － 作废数）",
        "附件1　逾期清单",
        "附件2　未签收清单",
        "附件3　“门前三包”通报",
    ]
    assert parts == sorted(parts, key=words.find)
    assert all(part in words for part in parts)

    assert "巡查点位 1/3 个，到位率 33.3%；新发现问题 5 个，销号 1 个。" in words
    assert "累计交办问题 9 个，已销号 4 个，整改率 44.4%（4/9）" in words
    assert "其中逾期 4 个、待指定 0 个、未签收 1 个、待核查 1 个、挂账 0 个" in words
    assert "距测评组进驻还有 21 天" in words
    assert "应到 3 个，实到 1 个，未到 2 个：" in words
    assert "联合督查（到岗）：示范区民政局，岗位无人。" in words
    assert "待指定的问题由创建办" not in words  # a demand about nothing is left out


def test_its_tables_are_the_figures(project: Project, tmp_path: Path) -> None:
    """Each cell of the ranking read back from the document and from the workbook is what `table` counted; 扣分 from the ledger (SR-70)."""
    issued = issue(project, tmp_path)
    assert ["每日通报_第1期_2024-06-03.docx", "每日通报_第1期_2024-06-03.xlsx"] == [path.name for path in issued.files]
    ranking = next(one for one in tables_of(issued.files[0]) if one[0][:2] == ["排名", "责任单位"])
    assert ["排名", "责任单位", "交办", "已销号", "未销号", "逾期", "返工", "整改率", "按期率", "扣分"] == ranking[0]
    assert [
        ["1", "示范区住建局", "3", "2", "1", "1", "0", "66.6%", "33.3%", "0"],
        ["1", "区城管局", "3", "2", "1", "1", "1", "66.6%", "33.3%", "0"],
        ["3", "区教体局", "2", "0", "2", "1", "0", "0.0%", "0.0%", "1.3"],
        ["—", "（尚未交办到单位）", "1", "0", "1", "1", "0", "0.0%", "0.0%", "—"],
        ["", "全区", "9", "4", "5", "4", "1", "44.4%", "22.2%", "1.3"],
    ] == [*sorted(ranking[1:4], key=lambda row: (row[0], row[1] != "示范区住建局")), *ranking[4:]]
    found = table(project, CAMPAIGN)
    assert {"区城管局": ("3", "66.6%"), "区教体局": ("2", "0.0%"), "示范区住建局": ("3", "66.6%")} == {row[1]: (row[2], row[7]) for row in ranking[1:4]}
    assert "66.6%" == found.figure("示范区城市管理局", "rectification").text  # type: ignore[union-attr]
    assert "无交办、不参加排名的单位：区民政局。" in text_of(issued.files[0])

    sheet = load_workbook(issued.files[1])["单位排名"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header = rows.index([*ranking[0]])
    assert [[str(value) if value is not None else "" for value in row] for row in rows[header + 1 : header + 4]] == ranking[1:4]
    assert ("8", "landscape") == (str(sheet.page_setup.paperSize), sheet.page_setup.orientation)  # A3
    assert {"按来源", "按街道", "按类别", "点位", "逾期清单", "未签收清单", "门前三包"} <= set(load_workbook(issued.files[1]).sheetnames)


def test_the_end_of_the_ranking_is_red(project: Project, tmp_path: Path) -> None:
    """Also on paper without colour: bold."""
    issued = issue(project, tmp_path / "b.docx")
    xml = zipfile.ZipFile(issued.files[0]).read("word/document.xml").decode()
    at = xml.index("区教体局")
    run = xml[xml.rindex("<w:r>", 0, at) : at]

    assert "C00000" in run
    assert "<w:b" in run


def test_texts_that_would_run_are_inert_and_long_ones_are_cut(project: Project, tmp_path: Path) -> None:
    """=1+1 is a text, <script> is letters, 7,000 characters do not burst a cell; braces are no placeholders."""
    issued = issue(project, tmp_path)
    words = text_of(issued.files[0])
    assert "长" * 100 not in words
    assert "fldChar" not in zipfile.ZipFile(issued.files[0]).read("word/document.xml").decode()
    book = load_workbook(issued.files[1])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("'=早餐店") for cell in cells)


def test_nobody_is_named_and_no_telephone_is_printed(project: Project, tmp_path: Path) -> None:
    """Personal data: persons in charge, visitors, shopkeepers; a number inside a description is masked."""
    issued = issue(project, tmp_path)
    book = load_workbook(issued.files[1])
    everything = text_of(issued.files[0]) + "".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)

    assert not [word for word in ("某某", "13900001111", "13700002222", "13812345678") if word in everything]


def test_pairs_of_photos_are_printed_and_a_broken_one_stops_nothing(project: Project, tmp_path: Path) -> None:
    """The pair that is whole; the issue whose picture is none, and a path out of the folder, are passed over."""
    issued = issue(project, tmp_path / "b.docx")
    media = [name for name in zipfile.ZipFile(issued.files[0]).namelist() if name.startswith("word/media/")]

    assert 2 == len(media)
    assert "整改前  20240600" in text_of(issued.files[0])


def test_bulletins_are_numbered_without_gaps(project: Project, tmp_path: Path) -> None:
    """The same day again keeps its number; another day takes the next; a voided one keeps its own; a new year begins anew and 总第 goes on."""

    def on(day: dt.date) -> str:
        return number_of(project, day).text

    issue(project, tmp_path / "b.docx")
    issue(project, tmp_path / "b.xlsx")
    orders = project.features("order")
    assert [("每日通报2024年第1期", "bulletin", 2024, 1, "printed")] == [
        tuple(orders.column(name)[at] for name in ("code", "kind", "year", "number", "status")) for at in range(len(orders))
    ]
    assert ("第1期（总第1期）", "第2期（总第2期）", "第1期（总第2期）") == (on(TODAY), on(dt.date(2024, 6, 4)), on(dt.date(2025, 1, 2)))
    project.apply(edits.set_values(project.layers["order"], [orders.at(0)], {"status": "void"}))
    assert "第2期（总第2期）" == on(TODAY)
    project.apply(edits.add(project.layers["order"], {"code": "通报〔2024〕9号", "kind": "bulletin", "year": 2024, "number": 9}))
    assert "第2期（总第2期）" == on(TODAY)  # a 通报 of a unit is another series


def test_what_cannot_be_written_takes_no_number(project: Project, tmp_path: Path) -> None:
    """Nothing half-written: no file, no number."""
    with pytest.raises(FileProblem, match="没有文件夹"):
        issue(project, tmp_path / "无" / "b.docx")
    with pytest.raises(FileProblem, match="不能写成"):
        issue(project, tmp_path / "b.pdf")
    with pytest.raises(UserError, match="还没有到"):
        issue(project, tmp_path / "b.docx", dt.date.today() + dt.timedelta(days=400))
    assert 0 == len(project.features("order"))
    assert [] == [path.name for path in tmp_path.iterdir() if path.suffix in (".docx", ".xlsx", ".pdf")]


def test_the_words_of_the_bulletin_are_the_offices_own(project: Project, tmp_path: Path) -> None:
    """A rule file beside the project is read; a placeholder that is none names the line."""
    rules = project.files_folder / "rules"
    rules.mkdir()
    (rules / "bulletin.toml").write_text('title = "督查通报"\ndemands = ["{overdue} 个逾期问题今日办结。"]', encoding="utf-8")
    made = statement(facts_of(project), number_of(project, TODAY))
    assert "督查通报" == made.head
    assert any("4 个逾期问题今日办结。" in getattr(part, "text", "") for part in made.parts)
    (rules / "bulletin.toml").write_text('demands = ["好", "{unit}"]', encoding="utf-8")
    with pytest.raises(UserError, match=r"demands\[2\]"):
        bulletin_rules(project.files_folder)


def said(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    """What a report says in JSON."""
    import json

    capsys.readouterr()
    assert main(["report", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_reports_on_the_command_line(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """daily, rank, unanswered (SR-05), uncleared (SR-18) with --json; a word that is wrong is refused with status 2."""
    path = project.path
    found = said(capsys, "daily", path, "--out", tmp_path / "d.docx")
    assert (1, "44.4%", {"visited": 1, "all": 3}) == (found["number"], found["figures"]["rectification"]["text"], found["sites"])
    ranked = said(capsys, "rank", path, "--group", "street", "--out", tmp_path / "r.xlsx", "--freeze", "首期")
    assert ["文昌街道"] == [line["key"] for line in ranked["lines"]]
    assert {"街道整改率排名", "全部指标", "指标口径"} == set(load_workbook(tmp_path / "r.xlsx").sheetnames)
    again = said(capsys, "rank", path, "--frozen", "首期")
    assert [] == again["changed"]
    assert "44.4%" == again["frozen"]["total"]["figures"]["rectification"]["text"]
    assert main(["report", "rank", str(path), "--from", "6月3日"]) == 2
    assert main(["report", "rank", str(path), "--from", "2024-06-03", "--to", "2024-06-01"]) == 2
    assert "早于" in capsys.readouterr().err


def test_issues_without_an_answer_are_listed(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SR-05: unit, deadline, measure, state; a void one needs none. The date by which there must be none is said."""
    layer, issues = project.layers["issue"], project.features("issue")
    project.apply(edits.joined("缺", [edits.set_values(layer, [issues.at(at)], {"measure": None, "due_at": None}) for at in (2, 9)]))
    found = said(capsys, "unanswered", project.path, "--out", tmp_path / "u.docx")

    assert {"count": 1, "issues": [{"code": "20240602", "empty": ["due_at", "measure"]}]} == found
    words = text_of(tmp_path / "u.docx")
    assert "共 1 条。到 2024-06-23 必须为 0。" in words
    assert "整改时限、整改措施" in words


def test_what_is_not_cleared_before_the_arrival_is_listed_by_unit(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SR-18: open issues at sites and around them."""
    found = said(capsys, "uncleared", project.path, "--out", tmp_path / "c.docx")

    assert (5, {"示范区教体局": 3, "示范区住建局": 1, "示范区城市管理局": 1}) == (found["count"], {one["unit"]: one["count"] for one in found["units"]})
    assert "点位及周边未销号问题共 5 条，涉及 3 个单位。到 2024-06-23 必须清零。" in text_of(tmp_path / "c.docx")


def test_the_bulletin_of_a_past_day_says_what_was_known_that_evening(tmp_path: Path) -> None:
    """From the log: an issue closed on the 3rd is open in the bulletin of the 2nd, and the clock is that evening's."""
    now = [dt.datetime(2024, 6, 2, 9)]
    made = Project.create(tmp_path / "p.gpkg", CAMPAIGN, 4548, "某某01", clock=lambda: now[0])
    layer = made.layers["issue"]
    made.apply(
        edits.add(
            layer,
            {
                "code": "a",
                "name": "a",
                "description": "路灯不亮",
                "status": "in_progress",
                "found_at": dt.date(2024, 6, 2),
                "due_at": dt.date(2024, 6, 2),
                "due_time": "18:00",
            },
        )
    )
    now[0] = dt.datetime(2024, 6, 3, 8)

    row = made.features("issue").at(0)
    made.apply(Edit("销号", (Change("issue", row.id, {"status": "in_progress", "checked_at": None}, {"status": "closed", "checked_at": TODAY}),)))
    past, today = facts_of(made, dt.date(2024, 6, 2)), facts_of(made)

    assert ("0.0%", "1", "1") == (past.total("rectification").text, past.total("overdue").text, past.today("new").text)
    assert ("100.0%", "0", "1") == (today.total("rectification").text, today.total("overdue").text, today.today("ended").text)
    assert "数据时间：2024年6月2日23:59。" in statement(past, number_of(made, past.day)).notes
    issued = issue(made, tmp_path / "b.docx", dt.date(2024, 6, 2))
    assert ("第1期（总第1期）", "第2期（总第2期）") == (issued.number.text, number_of(made, TODAY).text)
    made.close()


def test_a_folder_that_is_not_there_is_called_by_its_name(tmp_path: Path) -> None:
    """Not by the ending of the file that would have been written first; no number is taken."""
    made = Project.create(tmp_path / "p.gpkg", Campaign("空", fixed_today=TODAY), 4548, "某某01")
    with pytest.raises(FileProblem, match="通报夹"):
        issue(made, tmp_path / "通报夹")
    assert number_of(made, TODAY).text == "第1期（总第1期）"
    made.close()


def test_an_empty_project_has_a_bulletin_too(tmp_path: Path) -> None:
    """Dashes and 无, nothing made up: no visits on record is not nought visits."""
    made = Project.create(tmp_path / "p.gpkg", Campaign("空", fixed_today=TODAY), 4548, "某某01")
    words = text_of(issue(made, tmp_path / "b.docx").files[0])
    made.close()

    assert "6月3日，没有巡查记录" in words
    assert "整改率 —，按期整改率 —" in words
    assert "整改较好的单位：无。" in words
    assert "举一反三。" in words


def test_shop_fronts_and_what_the_joint_team_found_are_in_the_bulletin(project: Project, tmp_path: Path) -> None:
    """SR-52: who does poorly at 门前三包 is circulated, by shop and not by name; SR-69: findings say their kind."""
    issued = issue(project, tmp_path / "b.docx")
    shops = next(one for one in tables_of(issued.files[0]) if one[0][1] == "门店")

    assert [["1", "=早餐店", "5号", "", "拒不履行", "未签"]] == shops[1:]
    assert "联合督查（到岗）：示范区民政局，岗位无人。" in text_of(issued.files[0])
