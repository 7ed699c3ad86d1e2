"""Issues without an owner or an answer, those not done before the arrival, and the same issue in two lists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from chuangwen.domain.feature import Feature
from chuangwen.domain.moving import Context
from chuangwen.errors import RuleBroken
from chuangwen.services.duplicates import merge, source_lines
from chuangwen.services.moving import context_of
from chuangwen.services.project import Project
from tests.build import issue, layers, site
from tests.services.checks.plan import CAMPAIGN, Plan

DAY = dt.date(2024, 6, 5)


def answered(code: str, at: tuple[float, float] | None = None, **values: Any) -> Feature:
    """An issue in rectification that has all it must have."""
    return issue(code, at, **{"status": "in_progress", "responsible_unit": "城管局", "due_at": DAY, "measure": "修补", **values})


def test_open_issues_have_a_unit() -> None:
    """CV-13: 待指定 and open ones without a unit; closed and void ones are nobody's any more."""
    plan = Plan(
        answered("1"),
        issue("2", status="unassigned"),
        issue("3"),
        issue("4", status="closed"),
        issue("5", status="void"),
        answered("6", status="unassigned"),
    )
    assert plan.texts("CV-13") == ["2：待指定", "3：没有责任单位", "6：待指定"]
    assert Plan().result("CV-13").state == "no_data"


def test_every_issue_is_answered() -> None:
    """SR-05: unit, deadline, measure, state; closed ones too, void ones not; a 挂账 one has its review day for a deadline."""
    plan = Plan(
        answered("1"),
        answered("2", due_at=None, measure=""),
        answered("3", status="closed", measure=None),
        issue("4", status="void"),
        answered("5", status="long_term", due_at=None, review_at=DAY),
        answered("6", status="long_term", due_at=None),
        answered("7", status=None, responsible_unit=None),
    )
    assert plan.texts("SR-05") == ["2：缺整改时限、整改措施", "3：缺整改措施", "6：缺整改时限", "7：缺责任单位、状态"]
    assert Plan(answered("1")).count("SR-05") == 0


def test_what_is_open_at_sites_and_around_them_is_listed_by_unit() -> None:
    """SR-18, SR-17: by the site that is named, by the mark 点位周边, or within the site's radius (50 m where it has none), border included."""
    near, own = site("001", (0, 0)), site("002", (1000, 0), surround_radius_m=200.0)
    plan = Plan(
        near,
        own,
        answered("1", (9000, 0), site_code="001"),
        answered("2", (50, 0)),
        answered("3", (50.1, 0)),
        answered("4", (1200, 0), responsible_unit="民政局"),
        answered("5", (9000, 0), in_surroundings=True),
        answered("6", (0, 0), status="closed"),
        answered("7", (0, 0), status="void"),
        issue("8", site_code="001", status="unassigned"),
        answered("9", (0, 0), status="long_term"),
    )
    result = plan.result("SR-18")
    assert [(one.text, len(one.ids)) for one in result.findings] == [("城管局：4 件未清零", 4), ("没有责任单位：1 件未清零", 1), ("民政局：1 件未清零", 1)]
    assert "6 件" in result.summary
    assert "2024-06-24" in result.summary


def test_the_surroundings_of_a_category() -> None:
    """SR-17, SR-18: 200 m around a school, 15 m along an alley, where the site has no radius of its own."""
    for category, away, count in (("school", 200.0, 1), ("school", 201.0, 0), ("alley", 15.0, 1), ("alley", 16.0, 0)):
        assert Plan(site("001", (0, 0), category=category), answered("1", (away, 0))).count("SR-18") == count


def test_standards_with_open_issues() -> None:
    """SR-11: each standard with the issues that are still open under it; issues linked to none are no pass."""
    plan = Plan(answered("1", checklist_item="E01"), answered("2", checklist_item="E01"), answered("3", checklist_item="O01", status="closed"), answered("4"))
    assert [(one.text, one.ids) for one in plan.result("SR-11").findings] == [("E01：2 件未销号", ("issue-1", "issue-2"))]
    assert Plan(answered("1")).result("SR-11").words == "未建立“测评标准项”数据"


def listed(code: str, words: str, at: tuple[float, float] | None = (0.0, 0.0), **values: Any) -> Feature:
    """An issue of site 001."""
    return answered(code, at, site_code="001", description=words, **values)


def test_the_same_issue_in_two_lists_is_proposed() -> None:
    """SR-09: same site, alike, within 50 m, border included; not what is void, not two that are closed, not a relapse."""
    words = "公平秤损坏未更换"
    place = site("001", (0, 0))
    one = listed("1", words)
    assert Plan(place, one, listed("2", "公平秤已损坏未更换", (50, 0))).count("SR-09") == 1
    assert Plan(place, one, listed("2", words, (50.1, 0))).count("SR-09") == 0
    assert Plan(place, one, listed("2", words, None)).count("SR-09") == 1
    assert Plan(place, one, listed("2", "消防通道堆放杂物")).count("SR-09") == 0
    assert Plan(place, one, answered("2", (0, 0), site_code="002", description=words)).count("SR-09") == 0
    assert Plan(place, one, listed("2", words, status="void")).count("SR-09") == 0
    ended = listed("3", words, status="closed", checked_at=dt.date(2024, 5, 20))
    assert Plan(place, ended, listed("2", words, status="closed")).count("SR-09") == 0
    assert Plan(place, ended, listed("2", words, found_at=dt.date(2024, 5, 19))).count("SR-09") == 1
    assert Plan(place, ended, listed("2", words, found_at=dt.date(2024, 5, 21))).count("SR-09") == 0


def test_merging_keeps_the_numbers_of_both_lists(tmp_path: Path) -> None:
    """SR-09: the one that stays has the source and number of each, the other is void as its duplicate; one step, taken back as one."""
    project = Project.create(tmp_path / "项目.gpkg", CAMPAIGN, 4548, "某某01")
    layer = project.layers["issue"]
    from chuangwen.domain import edits

    rows = [
        {"code": "S-17", "name": "秤", "description": "公平秤损坏", "status": "in_progress", "source_name": "市督查", "source_numbers": "文昌街道清单:4"},
        {"code": "Q-3", "name": "秤", "description": "公平秤已损坏", "status": "registered", "source_name": "区督查", "source_numbers": "文昌街道清单:4"},
    ]
    for row in rows:
        project.apply(edits.add(layer, row))
    kept, other = (project.feature(layer, code) for code in ("S-17", "Q-3"))

    project.apply(merge(layer, kept, [other], context_of(project)))

    kept, other = (project.feature(layer, code) for code in ("S-17", "Q-3"))
    assert kept.get("source_numbers") == "市督查:S-17、文昌街道清单:4、区督查:Q-3"
    assert (kept.get("status"), other.get("status"), other.get("void_kind"), other.get("duplicate_of")) == ("in_progress", "void", "duplicate", "S-17")
    assert Plan(*project.features("issue")).count("SR-09") == 0
    project.undo()
    assert project.feature(layer, "Q-3").get("status") == "registered"
    assert project.feature(layer, "S-17").get("source_numbers") == "文昌街道清单:4"
    project.close()


def test_a_closed_issue_is_never_merged_away() -> None:
    """SR-09: it is evidence; nor is anything merged into what is void, or into itself."""
    layer = layers()["issue"]
    one, closed, void = issue("1"), issue("2", status="closed"), issue("3", status="void")
    with pytest.raises(RuleBroken, match="已销号的问题 2 不能作废"):
        merge(layer, one, [closed], Context(now=dt.datetime(2024, 6, 3, 9)))
    with pytest.raises(RuleBroken, match="3 已作废"):
        merge(layer, void, [one], Context(now=dt.datetime(2024, 6, 3, 9)))
    with pytest.raises(RuleBroken, match="同一个问题"):
        merge(layer, one, [one], Context(now=dt.datetime(2024, 6, 3, 9)))
    assert source_lines(layer, [issue("1", source_level="city"), issue("2")]) == ["市:1", "未注明来源:2"]
