"""Orders: numbers, what they say, what they do to issues, what comes back (domain.md 4.2, 4.6, 6.5)."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import docx
import pytest
from PIL import Image
from shapely.geometry import Point

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.errors import Conflict, FileProblem, RuleBroken, UserError
from chuangwen.services.evidence import write_then
from chuangwen.services.order_choice import due_for
from chuangwen.services.order_draft import PER_ISSUE, OrderDraft, Request
from chuangwen.services.order_issuing import Issued, issue_orders, papers_folder, void_order
from chuangwen.services.order_paper import Illustrations
from chuangwen.services.order_returns import Receipt, call_list, feed_back, reach_of, receive
from chuangwen.services.order_templates import read_wording
from chuangwen.services.orders import plan
from chuangwen.services.out_folder import written_whole
from chuangwen.services.project import Project

TODAY = dt.date(2024, 5, 9)
DUE = dt.date(2024, 5, 12)
FIRST = "东湖区创建办交〔2024〕1号"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three units, one of them without a head, and three issues of two of them."""
    one = Project.create(tmp_path / "p.gpkg", Campaign("示范", "东湖区", "东湖区创建办", fixed_today=TODAY), 4548, "王", "planner")
    heads = {"城管局": "某某01", "住建局": "某某02", "镜湖街道": None}
    for number, (name, head) in enumerate(heads.items(), 1):
        values = {
            "code": f"U{number}",
            "name": name,
            "head": head,
            "office_phone": f"800000{number}",
            "liaison": f"某某1{number}",
            "phone": f"1380000000{number}",
        }
        one.apply(edits.add(one.layers["unit"], values))
    for code, unit in (("Q1", "城管局"), ("Q2", "住建局"), ("Q3", "城管局")):
        add(one, code, responsible_unit=unit, unit_basis="grid")
    return one


def add(project: Project, code: str, **values: object) -> None:
    """An issue, registered unless said otherwise."""
    full = {"code": code, "name": code, "description": f"{code} 垃圾桶破损", "status": "registered", "category": "设施", "site_name": "人民公园", **values}
    project.apply(edits.add(project.layers["issue"], full, Point(500_000, 3_000_000)))  # type: ignore[arg-type]


def issues(project: Project, *codes: str) -> list[edits.Feature]:
    """Issues as they are now."""
    return [project.feature(project.layers["issue"], code) for code in codes]


def issued(project: Project, folder: Path, kind: str, *codes: str, **asked: object) -> list[Issued]:
    """Plan and issue."""
    request = Request(kind, **asked)  # type: ignore[arg-type]
    folder.mkdir(exist_ok=True)
    return issue_orders(project, plan(project, request, issues(project, *codes)), folder)


def order(project: Project, code: str = FIRST) -> edits.Feature:
    """An order as it is now."""
    return project.feature(project.layers["order"], code)


def words(path: Path) -> str:
    """All text of a document, tables included."""
    found = docx.Document(str(path))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in found.paragraphs), *cells])


def test_one_order_a_unit_or_an_issue(project: Project, tmp_path: Path) -> None:
    """The list is divided by unit in the order of the register, or each issue has an order of its own; each is numbered."""
    by_unit = plan(project, Request("work", due=DUE), issues(project, "Q1", "Q2", "Q3"))
    assert [(one.code, one.unit, [issue.code for issue in one.issues]) for one in by_unit] == [
        (FIRST, "城管局", ["Q1", "Q3"]),
        ("东湖区创建办交〔2024〕2号", "住建局", ["Q2"]),
    ]
    by_issue = plan(project, Request("work", PER_ISSUE, due=DUE), issues(project, "Q1", "Q2", "Q3"))
    assert [[issue.code for issue in one.issues] for one in by_issue] == [["Q1"], ["Q3"], ["Q2"]]


def test_issuing_numbers_writes_and_moves_in_one_step(project: Project, tmp_path: Path) -> None:
    """4.2: registered → dispatched needs unit, deadline, order number; all of it is one step, which one undo takes back."""
    before = len(project.steps())
    done = issued(project, tmp_path / "out", "work", "Q1", "Q2", "Q3", due=DUE, due_time="18:00")

    assert len(project.steps()) == before + 1
    assert [one.path.name for one in done] == ["交办单_东湖区创建办交〔2024〕1号_城管局_20240509.docx", "交办单_东湖区创建办交〔2024〕2号_住建局_20240509.docx"]
    first = issues(project, "Q1")[0]
    assert [first.get(name) for name in ("status", "order_number", "due_at", "due_time")] == ["dispatched", FIRST, DUE, "18:00"]
    assert first.get("dispatched_at") == project.campaign.now
    row = order(project)
    assert [row.get(name) for name in ("kind", "year", "number", "unit", "status", "issues")] == ["work", 2024, 1, "城管局", "printed", "Q1、Q3"]
    assert row.get("path") == f"out/{done[0].path.name}"
    project.undo()
    assert not len(project.features("order"))
    assert issues(project, "Q1")[0].get("status") == "registered"


def test_what_an_order_says(project: Project, tmp_path: Path) -> None:
    """SR-12, SR-57: 牵头, 责任 and 配合 apart, the head with a telephone; 6.5: number, addressee, list with 时限, 举一反三, consequence, 回执, 反馈单."""
    add(project, "Q4", responsible_unit="城管局", lead_unit="住建局", supporting_units="镜湖街道", measure="更换垃圾桶")
    text = words(issued(project, tmp_path / "out", "work", "Q1", "Q4", due=DUE, contact="某某99", phone="8123456")[0].path)

    for part in (
        FIRST,
        "城管局：",
        "责任单位：城管局",
        "牵头单位：住建局（第2项）",
        "配合单位：镜湖街道（第2项）",
        "单位主要负责人：某某01（8000001）；联络员：某某11（13800000001）",
        "举一反三",
        "逾期未整改",
        "联系人：某某99，联系电话：8123456。",
        "人民公园\nQ4",
        "更换垃圾桶",
        "5月12日",
        "承诺完成时间",
        "整改后照片",
        "2024年5月9日",
    ):
        assert part in text


def test_an_order_names_the_meeting_it_comes_from(project: Project, tmp_path: Path) -> None:
    """SR-02: an order can name a source meeting and date; orders are found by it."""
    meeting = {"meeting": "全区迎检工作会议", "meeting_date": dt.date(2024, 5, 8)}
    text = words(issued(project, tmp_path / "out", "work", "Q1", due=DUE, **meeting)[0].path)

    assert "根据2024年5月8日全区迎检工作会议精神" in text
    assert order(project).get("source_meeting") == "全区迎检工作会议"
    assert order(project).get("meeting_date") == dt.date(2024, 5, 8)


def test_no_order_to_a_unit_without_a_head(project: Project, tmp_path: Path) -> None:
    """SR-57: refused by name and nothing written; with an override it goes out and the lack is said."""
    add(project, "Q4", responsible_unit="镜湖街道")
    drafts = plan(project, Request("work", due=DUE), issues(project, "Q1", "Q4"))
    assert drafts[1].problems == ("没有登记一把手",)
    (tmp_path / "out").mkdir()
    with pytest.raises(RuleBroken, match=r"镜湖街道.*没有登记一把手"):
        issue_orders(project, drafts, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
    assert issues(project, "Q1")[0].get("status") == "registered"

    over = plan(project, Request("work", due=DUE, headless=True), issues(project, "Q4"))
    assert "没有登记一把手" in over[0].warnings
    assert issue_orders(project, over, tmp_path / "out")


def test_numbers_are_gapless_per_kind_and_year_and_voided_ones_stay(project: Project, tmp_path: Path) -> None:
    """6.5: per kind and year, gapless; a voided number is kept with its reason and never used again; its issues wait for another order."""
    issued(project, tmp_path / "out", "work", "Q1", due=DUE)
    with pytest.raises(RuleBroken, match="写明原因"):
        void_order(project, FIRST, " ")
    project.apply(void_order(project, FIRST, "单位写错"))
    assert [order(project).get(name) for name in ("status", "void_reason", "number")] == ["void", "单位写错", 1]
    assert [issues(project, "Q1")[0].get(name) for name in ("status", "order_number")] == ["registered", None]

    again = issued(project, tmp_path / "out", "work", "Q1", due=DUE)
    assert again[0].code == "东湖区创建办交〔2024〕2号"
    assert issued(project, tmp_path / "out", "rectify_notice", "Q2", due=DUE)[0].code == "东湖区创建办责〔2024〕1号"
    with pytest.raises(RuleBroken, match="已经作废"):
        void_order(project, FIRST, "再来")


def test_a_number_that_is_used_or_leaves_a_gap_is_refused_by_name(project: Project, tmp_path: Path) -> None:
    """Issue 5, bad input: an order number already used. The first number of a year may begin where the paper register ended."""
    issued(project, tmp_path / "out", "work", "Q1", due=DUE, number=15)
    with pytest.raises(RuleBroken, match="〔2024〕15号 已经用过：交办单：城管局"):
        plan(project, Request("work", due=DUE, number=15), issues(project, "Q2"))
    with pytest.raises(RuleBroken, match="下一个是 16 号，不能用 20 号"):
        plan(project, Request("work", due=DUE, number=20), issues(project, "Q2"))
    project.apply(void_order(project, "东湖区创建办交〔2024〕15号", "写错"))
    with pytest.raises(RuleBroken, match="已作废，号码保留"):
        plan(project, Request("work", due=DUE, number=15), issues(project, "Q2"))


def test_a_number_taken_meanwhile_writes_nothing(project: Project, tmp_path: Path) -> None:
    """Two planners plan the same number: the second is refused and no file is left."""
    drafts = plan(project, Request("work", due=DUE), issues(project, "Q1"))
    issued(project, tmp_path / "a", "work", "Q2", due=DUE)
    (tmp_path / "b").mkdir()
    with pytest.raises(RuleBroken, match="已经用过"):
        issue_orders(project, drafts, tmp_path / "b")
    assert not list((tmp_path / "b").iterdir())


def test_a_photo_that_is_no_picture_dispatches_nothing(project: Project, tmp_path: Path) -> None:
    """Issue 5, bad input: named; no file, no row, no move, though the other order was whole."""

    def illustrate(draft: OrderDraft) -> Illustrations:
        return Illustrations(photos=(("第1项 Q2 整改前", b"GIF8 no picture"),)) if draft.unit == "住建局" else Illustrations()

    (tmp_path / "out").mkdir()
    drafts = plan(project, Request("work", due=DUE), issues(project, "Q1", "Q2"))
    steps = len(project.steps())
    with pytest.raises(FileProblem, match="第1项 Q2 整改前"):
        issue_orders(project, drafts, tmp_path / "out", illustrate)
    assert not list((tmp_path / "out").iterdir())
    assert len(project.steps()) == steps
    assert not len(project.features("order"))


def test_a_refused_edit_takes_the_files_away(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing half-dispatched: where the database refuses, no document is left that says otherwise."""
    (tmp_path / "out").mkdir()
    drafts = plan(project, Request("work", due=DUE), issues(project, "Q1", "Q2"))

    def refuse(*_arguments: object, **_more: object) -> None:
        raise Conflict("别人刚改过", "issue", "x", {})

    monkeypatch.setattr(Project, "apply", refuse)
    with pytest.raises(Conflict):
        issue_orders(project, drafts, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_an_undone_issuing_does_not_stand_in_the_way_of_the_next(project: Project) -> None:
    """Ctrl+Z frees the number but the file is there: it is kept under a name that says so, and no two documents have one number."""
    folder = papers_folder(project)
    folder.mkdir(parents=True)
    name = issued(project, folder, "work", "Q1", due=DUE)[0].path.name
    first = (folder / name).read_bytes()
    for again in (1, 2):
        project.undo()
        assert issued(project, folder, "work", "Q1", due=DUE)[0].path.name == name
        assert len(list(folder.iterdir())) == again + 1
    assert (folder / f"已撤销_{name}").read_bytes() == first

    with pytest.raises(FileProblem, match="已经有"):  # a document that stands is never moved
        written_whole(folder, [name], lambda _beside: None, list)
    assert issues(project, "Q1")[0].get("status") == "dispatched"


def test_a_left_over_has_its_name_back_where_the_next_issuing_fails(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing half-dispatched, nothing lost."""
    folder = papers_folder(project)
    folder.mkdir(parents=True)
    name = issued(project, folder, "work", "Q1", due=DUE)[0].path.name
    project.undo()

    def refuse(*_arguments: object, **_more: object) -> None:
        raise Conflict("别人刚改过", "issue", "x", {})

    monkeypatch.setattr(Project, "apply", refuse)
    with pytest.raises(Conflict):
        issued(project, folder, "work", "Q1", due=DUE)
    assert [one.name for one in folder.iterdir()] == [name]


def test_files_that_are_there_are_kept(project: Project, tmp_path: Path) -> None:
    """An earlier document of the same name is never written over."""
    (tmp_path / "out").mkdir()
    taken = tmp_path / "out" / "交办单_东湖区创建办交〔2024〕1号_城管局_20240509.docx"
    taken.write_bytes(b"old")
    with pytest.raises(FileProblem, match="已经有"):
        issued(project, tmp_path / "out", "work", "Q1", due=DUE)
    assert taken.read_bytes() == b"old"
    assert issues(project, "Q1")[0].get("status") == "registered"


@pytest.mark.parametrize(
    ("kind", "status", "reason"),
    [("work", "in_progress", "整改中"), ("supervise", "registered", "已登记"), ("designate", "registered", "已登记"), ("remind", "closed", "已销号")],
)
def test_each_kind_names_only_issues_of_its_states(project: Project, kind: str, status: str, reason: str) -> None:
    """4.2, 4.6: the refusal names the issue and its state."""
    add(project, "Q9", status=status, responsible_unit="城管局")
    request = Request(kind, unit="城管局", basis="依据", approver="某某")
    with pytest.raises(RuleBroken, match=f"Q9.*{reason}"):
        plan(project, request, issues(project, "Q9"))


def test_a_deadline_before_the_dispatch_is_named(project: Project, tmp_path: Path) -> None:
    """Issue 5, bad input: refused for the unit and the issue; nothing is written."""
    drafts = plan(project, Request("work", due=TODAY - dt.timedelta(days=1)), issues(project, "Q1"))
    assert "Q1" in drafts[0].problems[0]
    assert "早于交办时间" in drafts[0].problems[0]


def test_a_second_open_order_of_the_same_kind_is_refused(project: Project, tmp_path: Path) -> None:
    """4.2: two open orders of the same kind for one issue."""
    issued(project, tmp_path / "out", "work", "Q1", due=DUE)
    with pytest.raises(RuleBroken, match="交〔2024〕1号"):
        plan(project, Request("work", due=DUE), issues(project, "Q1"))
    issued(project, tmp_path / "out", "remind", "Q1")
    with pytest.raises(RuleBroken, match="已有未签收的催办单 东湖区创建办催〔2024〕1号"):
        plan(project, Request("remind"), issues(project, "Q1"))
    assert due_for(project, "remind") == []


def test_a_supervision_order_says_how_late_and_whom_it_is_copied_to(project: Project, tmp_path: Path) -> None:
    """4.6 level 2, 6.5: 督办事由 with overdue days and reworks, previous number, final deadline, consequence, 抄送; the level of the issue rises."""
    add(project, "Q4", status="rework", responsible_unit="城管局", due_at=dt.date(2024, 5, 3), rework_count=2)
    issued(project, tmp_path / "out", "remind", "Q4")
    assert issues(project, "Q4")[0].get("escalation_level") == 1
    done = issued(project, tmp_path / "out", "supervise", "Q4", due=dt.date(2024, 5, 11), due_time="12:00")
    text = words(done[0].path)

    for part in (
        "督办事由",
        "第1项逾期5天",
        "第1项返工2次",
        "前次文号：东湖区创建办催〔2024〕1号",
        "2024年5月11日12:00前整改到位，此为最后期限",
        "移交纪检监察机关",
    ):
        assert part in text
    row = order(project, done[0].code)
    assert row.get("previous_order") == "东湖区创建办催〔2024〕1号"
    assert row.get("copied_to") == "区委办、区政府办、区纪委监委"
    assert [issues(project, "Q4")[0].get(name) for name in ("escalation_level", "status", "due_at")] == [2, "rework", dt.date(2024, 5, 3)]


def test_a_designation_needs_basis_and_approver_and_the_head_of_the_office(project: Project, tmp_path: Path) -> None:
    """SR-64: unit, basis text, date, approver, number; afterwards the basis is 创建办指定."""
    add(project, "Q4", status="unassigned")
    with pytest.raises(UserError, match="被指定单位、指定依据、批准人"):
        plan(project, Request("designate"), issues(project, "Q4"))
    asked = {"unit": "城管局", "basis": "没有明确划分职责", "approver": "某某88", "due": DUE}
    with pytest.raises(RuleBroken, match="创建办负责人"):
        issued(project, tmp_path / "out", "designate", "Q4", **asked)
    project.role = "director"
    done = issued(project, tmp_path / "out", "designate", "Q4", **asked)

    assert "依据：没有明确划分职责。经某某88批准，现指定城管局为责任单位" in words(done[0].path)
    after = issues(project, "Q4")[0]
    assert [after.get(name) for name in ("status", "responsible_unit", "unit_basis", "basis_text", "approver", "approved_at", "order_number")] == [
        "dispatched",
        "城管局",
        "designated",
        "没有明确划分职责",
        "某某88",
        TODAY,
        "东湖区创建办指〔2024〕1号",
    ]


def test_a_draft_of_the_register_is_put_on_paper_under_its_number(project: Project, tmp_path: Path) -> None:
    """What was handed over by the button 交办 has a draft with a number: the document takes that number, no second one is used."""
    from chuangwen.services.moving import plan_move

    project.apply(plan_move(project, issues(project, "Q1"), "dispatch", {"due_at": DUE}))
    assert order(project).get("status") == "draft"
    assert [one.code for one in due_for(project, "work")] == ["Q1", "Q2", "Q3"]
    done = issued(project, tmp_path / "out", "work", "Q1", "Q2")

    assert [one.code for one in done] == [FIRST, "东湖区创建办交〔2024〕2号"]
    assert order(project).get("status") == "printed"
    assert len(project.features("order")) == 2


def test_a_receipt_moves_the_issues_and_is_counted(project: Project, tmp_path: Path) -> None:
    """SR-58, 4.2: order 已签收, issues 整改中 with receiver and time; a second one, one before the order and one of a void order are refused."""
    issued(project, tmp_path / "out", "work", "Q1", "Q2", due=DUE)
    assert reach_of(project, order(project)).rate == "0.0%"
    at = dt.datetime(2024, 5, 9, 10, 30)
    with pytest.raises(RuleBroken, match="早于印发时间"):
        receive(project, FIRST, Receipt("某某33", dt.datetime(2024, 5, 8, 9, 0)))
    project.apply(receive(project, FIRST, Receipt("某某33", at, "wechat", DUE)))

    assert order(project).get("status") == "received"
    assert [issues(project, "Q1")[0].get(name) for name in ("status", "received_at", "receiver")] == ["in_progress", at, "某某33"]
    assert issues(project, "Q2")[0].get("status") == "dispatched"
    assert reach_of(project, order(project)).rate == "100.0%"
    with pytest.raises(RuleBroken, match="已经在 2024-05-09 10:30 签收过"):
        receive(project, FIRST, Receipt("某某34", at))
    with pytest.raises(RuleBroken, match="不能作废"):
        void_order(project, FIRST, "写错")
    project.apply(void_order(project, "东湖区创建办交〔2024〕2号", "写错"))
    with pytest.raises(RuleBroken, match="已经作废"):
        receive(project, "东湖区创建办交〔2024〕2号", Receipt("某某33", at))


def test_feedback_brings_measure_day_and_photo(project: Project, tmp_path: Path) -> None:
    """4.2: in_progress → rectified with measure, done_at and an after photo, in one step."""
    issued(project, tmp_path / "out", "work", "Q1", due=DUE)
    project.apply(receive(project, FIRST, Receipt("某某33")))
    with pytest.raises(RuleBroken, match="整改后"):
        feed_back(project, "Q1", "已更换", None)
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "JPEG")
    (tmp_path / "after.jpg").write_bytes(content.getvalue())
    edit, attached = feed_back(project, "Q1", "已更换", dt.date(2024, 5, 9), [tmp_path / "after.jpg"])
    write_then(attached, project.files_folder, lambda: project.apply(edit))

    after = issues(project, "Q1")[0]
    assert [after.get(name) for name in ("status", "measure", "done_at")] == ["rectified", "已更换", dt.date(2024, 5, 9)]
    photo = next(iter(project.features("photo")))
    assert (project.files_folder / str(photo.get("path"))).read_bytes() == content.getvalue()


def test_a_cascade_reaches_every_zone_before_the_office_closes(project: Project, tmp_path: Path) -> None:
    """SR-58, SR-59: due 17:30 of the same day; later receipts are late; every zone, site and post needs its own; who is missing is listed."""
    for code in ("W1", "W2"):
        project.apply(edits.add(project.layers["zone"], {"code": code, "name": code, "kind": "campaign", "responsible_unit": "城管局"}))
    project.apply(edits.add(project.layers["site"], {"code": "001", "name": "人民公园", "responsible_unit": "住建局"}))
    done = issued(project, tmp_path / "out", "cascade", meeting="全区迎检工作会议", meeting_date=TODAY)
    code = done[0].code
    row = order(project, code)
    assert [row.get("due_at"), row.get("due_time")] == [TODAY, "17:30"]
    assert "2024年5月9日17:30前" in words(done[0].path)
    for target, hour, minute in (("zone:W1", 17, 30), ("site:001", 17, 31)):
        layer, _colon, place = target.partition(":")
        at = dt.datetime(2024, 5, 9, hour, minute)
        project.apply(receive(project, code, Receipt("某某", at, "phone", target=(layer, place))))

    reached = reach_of(project, order(project, code))
    assert [(one.layer, one.code) for one in reached.unreached] == [("zone", "W2")]
    assert [one.code for one in reached.late] == ["001"]
    assert (len(reached.received), len(reached.targets), reached.rate) == (2, 3, "66.6%")
    assert call_list(project, order(project, code)) == [["网格", "W2", "W2", "城管局", "某某11", "13800000001", "8000001"]]
    with pytest.raises(RuleBroken, match="没有 W9"):
        receive(project, code, Receipt("某某", target=("zone", "W9")))


def test_a_template_with_a_wrong_placeholder_is_named(project: Project, tmp_path: Path) -> None:
    """An office may write its own words; a slip in them is named with its place, and nothing of the program can be reached from them."""
    folder = project.files_folder / "documents"
    folder.mkdir(parents=True)
    shipped = (Path(__file__).parents[2] / "resources" / "documents" / "work.toml").read_text(encoding="utf-8")
    for slip, said in (("{unti}", "unti.*是不是“unit”"), ("{unit.__class__}", "unit.__class__"), ("{unit!r}", "unit"), ("{unit", "花括号")):
        (folder / "work.toml").write_text(shipped.replace("举一反三", slip), encoding="utf-8")
        with pytest.raises(UserError, match=rf"work\.toml，demands\[2\]：.*{said}"):
            read_wording(project.files_folder)
    (folder / "work.toml").write_text(shipped.replace("举一反三", "触类旁通"), encoding="utf-8")
    assert "触类旁通" in words(issued(project, tmp_path / "out", "work", "Q1", due=DUE)[0].path)


def test_values_are_never_taken_for_placeholders(project: Project, tmp_path: Path) -> None:
    """A meeting called {unit} stays that."""
    assert "{unit}会议" in words(issued(project, tmp_path / "out", "work", "Q1", due=DUE, meeting="{unit}会议")[0].path)
