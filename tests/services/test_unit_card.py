"""单位责任卡 (SR-03): who a unit is, what it answers for, what is open, what it said, on one page."""

from __future__ import annotations

import datetime as dt
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.errors import FileProblem, RuleBroken, UserError
from chuangwen.services.notes import noted, notes_of
from chuangwen.services.project import Project
from chuangwen.services.unit_card import UnitCard, unit_cards, unit_named
from chuangwen.services.unit_card_paper import write_cards
from tests.build import copied
from tests.office_paper import pdf_of, wanted_tools

TODAY = dt.date(2024, 6, 3)
CITY = "示范区城市管理局"


def put(project: Project, layer: str, **values: Any) -> None:
    """A feature without a place."""
    project.apply(edits.add(project.layers[layer], values))


def say(project: Project, text: str, day: dt.date = TODAY, kind: str = "pledge", unit: str = CITY) -> None:
    """Note something of a unit."""
    project.apply(noted(project, unit_named(project, unit), kind, day, text))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two units, a zone, two sections one of which is no longer, two sites, three issues."""
    one = Project.create(tmp_path / "p.gpkg", Campaign("示范", "示范区", fixed_today=TODAY), 4548, "王某")
    people = {"head": "张三", "deputy": "李四", "liaison": "赵六", "phone": "13800138000", "office_phone": "8000010"}
    put(one, "unit", code="U010", name=CITY, short_name="区城管局", aliases="城管局、行政执法局", kind="department", remark="问13700137000", **people)
    put(one, "unit", code="U011", name="示范区住建局", kind="department")
    put(one, "zone", code="WC-01", name="第1网格", kind="campaign", responsible_unit=CITY)
    put(one, "zone", code="SQ-01", name="社区网格", kind="community", responsible_unit=CITY)
    put(one, "section", code="LZ-01", name="人民路", responsible_unit=CITY)
    put(one, "section", code="LZ-02", name="旧路", responsible_unit=CITY, valid_to=dt.date(2024, 1, 1))
    put(one, "site", code="001", name="人民广场", responsible_unit="示范区住建局", lead_unit=CITY)
    put(one, "site", code="002", name="文峰公园", responsible_unit=CITY, lead_unit=CITY)
    issue = {"status": "in_progress", "dispatched_at": dt.datetime(2024, 5, 30, 9), "responsible_unit": CITY}
    put(one, "issue", code="I1", name="a", description="路灯不亮，电话13900139000", due_at=dt.date(2024, 6, 4), **issue)
    put(one, "issue", code="I2", name="b", description="井盖破损", due_at=dt.date(2024, 6, 1), **issue)
    put(one, "issue", code="I3", name="c", description="乱贴", due_at=dt.date(2024, 6, 1), **{**issue, "status": "closed"})
    return one


def card(project: Project, unit: str = CITY, **options: bool) -> UnitCard:
    """The card of one unit."""
    return unit_cards(project, [unit_named(project, unit)], **options)[0]


def words(path: Path) -> str:
    """All that a document says, in its order but for tables, which come last."""
    made = Document(str(path))
    return "\n".join([one.text for one in made.paragraphs] + ["|".join(cell.text for cell in row.cells) for table in made.tables for row in table.rows])


def pages(path: Path) -> list[str]:
    """The words of each page of a PDF."""
    said = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout
    return said.rstrip("\f").split("\f")


def test_a_card_says_who_what_and_what_is_open(project: Project) -> None:
    """SR-03: what is in force today; the issues that 未销号数 counts, the late first; the figures are the indicators'."""
    found = card(project)
    assert {"一把手": "张三", "联络员": "赵六", "手机": "13800138000", "单位性质": "党政部门"}.items() <= dict(found.who).items()
    assert {"zone": 1, "section": 1} == {one.layer: one.count for one in found.holdings[:2]}
    assert [("点位", ("002 文峰公园",)), ("点位（牵头）", ("001 人民广场",))] == [(one.title, one.names) for one in found.holdings[2:]]
    assert [("I2", "逾期 1 天", True), ("I1", "还剩 1 天", False)] == [(one.code, one.left, one.late) for one in found.issues]
    figures = dict(found.figures)
    assert ("3", "1", "2", "1", "33.3%", "1/1") == tuple(figures[one] for one in ("交办数", "已销号数", "未销号数", "逾期数", "整改率", "排名"))
    assert "路灯不亮，电话139****9000" == found.issues[1].what

    idle = card(project, "U011")
    assert ["网格", "路段", "点位"] == [one.title for one in idle.holdings]
    assert ([0, 0, 1], (), ()) == ([one.count for one in idle.holdings], idle.issues, idle.notes)
    assert "无交办" == dict(idle.figures)["排名"]


def test_notes_are_dated_and_newest_first(project: Project, tmp_path: Path) -> None:
    """SR-03: printing the card lists them; those of others and of issues are not among them; without any it says 无; undone ones are gone."""
    write_cards(project, [unit_named(project, CITY)], tmp_path / "before.docx")
    assert words(tmp_path / "before.docx").endswith("日期|类别|记事（表态、备注）\n无|无|无")
    say(project, "六月五日前见底", dt.date(2024, 5, 27))
    say(project, "加派两个班组，找 13800138001", dt.date(2024, 6, 2), "other")
    say(project, "同一天后说的", dt.date(2024, 5, 27))
    say(project, "别家的", unit="U011")
    put(project, "note", owner_layer="issue", owner_id=unit_named(project, CITY).id, kind="other", text="不是单位的")
    put(project, "note", owner_layer="unit", owner_id=unit_named(project, CITY).id, kind="other", text="没有日期")
    write_cards(project, [unit_named(project, CITY)], tmp_path / "card.docx")
    rows = words(tmp_path / "card.docx").partition("记事（表态、备注）\n")[2].splitlines()
    assert [
        "2024-06-02|其他|加派两个班组，找 138****8001",
        "2024-05-27|表态|同一天后说的",
        "2024-05-27|表态|六月五日前见底",
        "—|其他|没有日期",
    ] == rows
    project.undo()
    assert 3 == len(notes_of(project, unit_named(project, CITY)))
    with pytest.raises(RuleBroken):
        noted(project, unit_named(project, CITY), "pledge", TODAY, "  ")


def test_a_card_can_leave_persons_out(project: Project, tmp_path: Path) -> None:
    """7.8: what the layer marks as private is left out, telephones in texts are masked; it stays a paper of the office and says so."""
    unit = unit_named(project, CITY)
    write_cards(project, [unit], tmp_path / "a.docx")
    write_cards(project, [unit], tmp_path / "b.docx", persons=False)
    whole, bare = words(tmp_path / "a.docx"), words(tmp_path / "b.docx")
    for private in ("张三", "李四", "赵六", "13800138000"):
        assert private in whole
        assert private not in bare
    assert "8000010" in bare
    assert "内部资料" in bare
    for text in (whole, bare):
        assert "137****7000" in text
        assert "13700137000" not in text


def test_sites_show_their_last_result_by_the_version_it_was_made_with(project: Project) -> None:
    """SR-15 on the card: another version of the campaign changes no score; the newest visit with results counts; nonsense is said."""
    put(project, "visit", code="V1", place_layer="site", place_code="002", arrived_at=dt.datetime(2024, 6, 1, 9), checklist_result="E01=A、E02=B")
    put(project, "visit", code="V2", place_layer="点位", place_code="002", arrived_at=dt.datetime(2024, 5, 1, 9), checklist_result="E01=C#")
    put(project, "visit", code="V3", place_layer="zone", place_code="001", arrived_at=dt.datetime(2024, 6, 2, 9), checklist_result="E01=A")
    assert ("002 文峰公园（83.0分）",) == card(project).holdings[2].names
    project.store.set_campaign(replace(project.campaign, checklist="hoarding-50"))
    assert ("002 文峰公园（83.0分·通用测评要点（2024））",) == card(project).holdings[2].names
    assert ("001 人民广场",) == card(project).holdings[3].names
    put(project, "visit", code="V4", place_code="002", arrived_at=dt.datetime(2024, 6, 3, 8), checklist_result="很干净")
    assert ("002 文峰公园（测评结果看不懂）",) == card(project).holdings[2].names
    put(project, "visit", code="V5", place_code="002", arrived_at=dt.datetime(2024, 6, 3, 9), checklist_result="E01=A", checklist_version="lost")
    with pytest.raises(UserError, match=r"lost\.toml"):
        card(project)


def test_a_unit_is_found_by_any_of_its_names(project: Project) -> None:
    """Name, short name, alias, code; else the nearest are offered."""
    assert {CITY} == {unit_named(project, word).name for word in (CITY, "区城管局", "行政执法局", "U010")}
    with pytest.raises(UserError, match=f"“城市管理”.*{CITY}"):
        unit_named(project, "城市管理")
    with pytest.raises(UserError, match="2 个单位"):
        unit_named(project, "没有的")


def test_a_document_a_unit_in_a_folder_all_or_none(project: Project, tmp_path: Path) -> None:
    """A file that is there already is not written over; another ending is refused."""
    folder = tmp_path / "责任卡"
    folder.mkdir()
    units = list(project.features("unit"))
    made = write_cards(project, units, folder)
    assert [f"单位责任卡_U010_{CITY}_2024-06-03.docx", "单位责任卡_U011_示范区住建局_2024-06-03.docx"] == [one.name for one in made]
    assert CITY not in words(made[1])
    before = sorted(folder.iterdir())
    with pytest.raises(FileProblem, match="已经有"):
        write_cards(project, units, folder)
    assert before == sorted(folder.iterdir())
    with pytest.raises(FileProblem, match=r"\.xlsx.*\.docx"):
        write_cards(project, units, tmp_path / "x.xlsx")
    with pytest.raises(FileProblem, match="没有文件夹"):
        write_cards(project, units, tmp_path / "nowhere" / "x.docx")


def test_each_card_is_one_page_however_much_there_is(demo_file: Path, tmp_path: Path, office_fonts: Path) -> None:
    """SR-03: all 62 units of the demo, one of them with twelve long notes, thirty open issues and a name of 34 characters; what has no room is counted."""
    wanted_tools()
    project = Project.open(copied(demo_file, tmp_path), "王某")
    unit = project.features("unit").at(9)
    long = {"remark": "联系时先打值班室，" * 8, "parent": "示范区人民政府直属机关事务管理中心"}
    project.apply(edits.set_values(project.layers["unit"], [unit], long))
    for number in range(12):
        say(project, f"第{number}次表态：" + "主次干道问题全部见底，每条路段每日两巡，" * (number % 5), TODAY - dt.timedelta(days=number), unit=unit.name)
    name = unit.name + "、示范区城市管理综合行政执法大队（示范区市容环境卫生服务中心）"
    cards = unit_cards(project, list(project.features("unit")))
    cards[9] = replace(cards[9], unit=replace(cards[9].unit, values={**cards[9].unit.values, "name": name}))
    from chuangwen.services.unit_card_paper import document

    document(project, cards).save(tmp_path / "all.docx")
    found = pages(pdf_of(tmp_path / "all.docx", office_fonts))
    assert len(cards) == len(found)
    assert all("责任卡" in page for page in found)
    full = found[9]
    assert "未销号问题 30 个（逾期 10 个）" in full
    assert "另有较早的" in full
    assert "逾期 13 天" in full
    assert "第0次" in full.replace(" ", "")
    assert name[:20] in full
    project.close()
