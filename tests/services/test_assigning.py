"""From resolutions to edits: what is set, what is kept, what goes to 待指定, and what a moved point takes along (decision 0005)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.responsibility import Resolution
from chuangwen.services.assigning import KEEP, NONE, SET, UNASSIGNED, assign, derived, placed, propose, propose_all, where_it_lies
from chuangwen.services.project import Project
from chuangwen.services.responsibility import Resolver
from tests.build import copied, issue, layers
from tests.services.responsible_town import town

VIEW = town()
TOWN = Resolver(VIEW)
ISSUE = layers()["issue"]
ACTIVE = ["dispatched", "in_progress", "rectified", "rework", "deferred", "long_term", "returned"]


def after(edit: Edit, row_id: str) -> dict[str, Any]:
    """What an edit sets on a row."""
    return {name: value for change in edit.changes if change.id == row_id for name, value in (change.after or {}).items()}


def moved(one: Feature, x: float, y: float) -> Any:
    return placed(VIEW, ISSUE, one, shapely.Point(x, y), TOWN)


def test_a_registered_issue_gets_unit_lead_support_and_place() -> None:
    """SR-12: lead, responsible and supporting in their fields; the site's ring (SR-17), section, zone and compound are derived."""
    one = issue("1", (150, 150))
    edit = assign(VIEW, [propose(one, TOWN)])

    assert after(edit, one.id) == {
        "responsible_unit": "单位2",
        "unit_basis": "site",
        "lead_unit": "示范区城市管理局",
        "supporting_units": "单位3、单位4、文昌街道办事处",
        "site_code": "001",
        "zone_code": "A-10",
        "compound_code": "X2",
        "in_surroundings": False,
    }
    assert edit.label == "1的责任单位定为单位2（点位责任单位：001 公园）"


def test_the_log_holds_who_was_chosen_and_why_nobody_else() -> None:
    """The record goes into the same step as a note; weighed again it gives the same unit."""
    edit = assign(VIEW, [propose(issue("1", (150, 150)), TOWN)])
    [note] = [change for change in edit.changes if change.layer == "note"]

    assert note.after is not None
    assert (note.after["kind"], note.after["owner_id"]) == ("resolution", "issue-1")
    assert "排在“点位责任单位”之后，001 公园 已先定了" in str(note.after["text"])
    assert Resolution.evaluate(str(note.after["text"])) == "单位2"


def test_nobody_found_goes_to_be_designated() -> None:
    """SR-64, CV-13: resolver returns none → state 待指定; a draft stays a draft."""
    found = propose(issue("1", (5000, 5000)), TOWN)
    edit = assign(VIEW, [found])

    assert found.action == UNASSIGNED
    assert after(edit, "issue-1") == {"status": "unassigned", "lead_unit": "示范区城市管理局"}
    assert edit.label == "1转待指定：按规则没有责任单位"
    assert not assign(VIEW, [propose(issue("1", (5000, 5000), status="draft"), TOWN)])


def test_an_issue_without_any_place_is_located_first() -> None:
    """Not on the map and registered under nothing: nobody can say, so it does not go to 待指定."""
    found = propose(issue("1"), TOWN)

    assert (found.action, found.values) == (NONE, {})
    assert propose(issue("1", site_code="003"), TOWN).action == SET


@pytest.mark.parametrize("status", ACTIVE)
def test_an_active_assignment_is_not_changed_without_consent(status: str) -> None:
    """8.3: a recalculation never changes an active assignment without confirmation."""
    one = issue("1", (150, 150), status=status, responsible_unit="单位19", unit_basis="grid")

    assert propose(one, TOWN).action == KEEP
    assert "responsible_unit" not in after(assign(VIEW, [propose(one, TOWN)]), one.id)
    assert after(assign(VIEW, [propose(one, TOWN, consent=True)]), one.id)["responsible_unit"] == "单位2"


@pytest.mark.parametrize("basis", ["manual", "designated"])
def test_what_was_set_by_hand_or_designated_is_never_overridden(basis: str) -> None:
    """8.4 rule 1, SR-56: not even with consent."""
    one = issue("1", (150, 150), responsible_unit="单位19", unit_basis=basis)

    assert propose(one, TOWN, consent=True).action == KEEP
    assert "responsible_unit" not in propose(one, TOWN, consent=True).values


def test_the_word_of_the_list_is_kept_and_gets_its_basis_where_the_rules_agree() -> None:
    """A registered issue whose list names a unit."""
    assert propose(issue("1", (150, 150), responsible_unit="单位19"), TOWN).why == "来表已写明责任单位，未经同意不改"
    assert propose(issue("1", (150, 150), responsible_unit="单位2"), TOWN).values["unit_basis"] == "site"


@pytest.mark.parametrize("status", ["unassigned", "closed", "void"])
def test_what_the_office_designates_or_is_over_stays(status: str) -> None:
    """待指定 is the director's; what is closed or void is not touched."""
    found = propose(issue("1", (150, 150), status=status), TOWN, consent=True)

    assert found.action == KEEP
    assert "responsible_unit" not in found.values


def test_surroundings_are_the_ring_and_not_the_site() -> None:
    """SR-17: within the ring counts as 点位周边, inclusive; inside the area, or registered under the site, does not."""
    assert derived(TOWN.of_issue(issue("1", (600, 50))))["in_surroundings"] is True
    assert derived(TOWN.of_issue(issue("1", (600, 49.9))))["in_surroundings"] is None
    assert derived(TOWN.of_issue(issue("1", (150, 150))))["in_surroundings"] is False
    assert derived(TOWN.of_issue(issue("1", (600, 50), site_code="003")))["in_surroundings"] is False


def test_a_new_issue_knows_what_it_lies_in() -> None:
    """SR-17, SR-18: a new issue in a site's ring carries the site; what was typed stays; nobody is assigned."""
    added = edits.add(ISSUE, {"code": "9", "name": "x", "description": "x", "zone_code": "甲"}, shapely.Point(600, 50))
    [change] = where_it_lies(added, TOWN).changes

    assert change.after is not None
    assert (change.after["site_code"], change.after["in_surroundings"], change.after["zone_code"]) == ("003", True, "甲")
    assert change.after["responsible_unit"] is None


def test_a_unit_that_returned_it_is_not_proposed_without_a_word() -> None:
    """改派: the rules still say this unit, but it has sent the issue back before."""
    one = issue("1", (150, 150), status="returned", responsible_unit="单位2", unit_basis="site", returned_by="单位2")

    assert propose(replace(one, values={**one.values, "responsible_unit": None}), TOWN).why == "退回待改派，单位2退回过它，请改派别的单位"


# --- moving a point


def test_moving_across_a_grid_boundary_changes_the_proposal_not_the_assignment() -> None:
    """8.7 check 11: move an issue across a grid boundary: proposal changes, assignment does not, log row written."""
    one = issue("1", (950, 900), status="in_progress", responsible_unit="单位10", unit_basis="grid", zone_code="A-10")
    there = moved(one, 1050, 900)

    assert after(there.edit, one.id) == {"geometry": shapely.Point(1050, 900), "zone_code": "A-9"}
    assert there.edit.label == "移动1；责任单位仍为 单位10，按新位置应为 单位9（A-9 九号）"
    assert (there.kept, there.proposed) == ("单位10", "单位9")
    assert there.consent is not None
    assert after(there.consent, one.id) == {"responsible_unit": "单位9"}


def test_a_small_move_says_nothing() -> None:
    """Where the same unit would be proposed as before there is nothing to ask, whoever is assigned."""
    one = issue("1", (950, 900), status="in_progress", responsible_unit="单位19")

    assert moved(one, 940, 900).said == ""
    assert moved(one, 940, 900).consent is None
    assert moved(one, 1050, 900).consent is not None


def test_a_unit_by_rule_follows_until_somebody_relies_on_it() -> None:
    """A registered issue that got its unit by rule: the new place's unit, in the same step; none there: none."""
    one = issue("1", (950, 900), responsible_unit="单位10", unit_basis="grid", zone_code="A-10")

    assert after(moved(one, 1050, 900).edit, one.id)["responsible_unit"] == "单位9"
    assert after(moved(one, 5000, 5000).edit, one.id)["responsible_unit"] is None
    assert moved(one, 5000, 5000).consent is None


@pytest.mark.parametrize(("basis", "why"), [("designated", "创建办指定"), ("manual", "人工确定")])
def test_a_designated_unit_stays_where_its_issue_goes(basis: str, why: str) -> None:
    """Said, not asked."""
    one = issue("1", (950, 900), status="in_progress", responsible_unit="单位19", unit_basis=basis)
    there = moved(one, 1050, 900)

    assert there.consent is None
    assert there.said == f"责任单位仍为 单位19（{why}），按新位置是 单位9（A-9 九号）"
    assert "responsible_unit" not in after(there.edit, one.id)


def test_what_somebody_wrote_about_the_place_stays() -> None:
    """Only codes that the former place had given are replaced."""
    one = issue("1", (950, 900), status="in_progress", zone_code="A-7", section_code=None)

    assert "zone_code" not in after(moved(one, 1050, 900).edit, one.id)


def test_other_layers_and_closed_issues_are_just_moved() -> None:
    """A site is no issue; what is closed keeps its place's codes."""
    site = VIEW.features("site").at(2)
    assert placed(VIEW, layers()["site"], site, shapely.Point(0, 0)).edit == edits.place(layers()["site"], site, shapely.Point(0, 0))
    one = issue("1", (950, 900), status="closed", zone_code="A-10", responsible_unit="单位10", unit_basis="grid")
    assert after(moved(one, 1050, 900).edit, one.id) == {"geometry": shapely.Point(1050, 900)}


# --- the demo


def test_proposals_of_the_demo_are_one_step_and_one_undo(demo_file: Path, tmp_path: Path) -> None:
    """All that was registered has a unit by rule or is 待指定; undo takes all back."""
    project = Project.open(copied(demo_file, tmp_path), "测试")
    try:
        issues = project.features("issue")
        before = issues.column("responsible_unit")
        noted = len(project.features("note"))
        free = [one for one in issues if one.get("status") == "registered" and not one.get("responsible_unit")]
        project.apply(assign(project, propose_all(free, Resolver(project))))
        for one in free:
            now = project.features("issue").feature(one.id)
            assert now is not None
            assert now.get("responsible_unit") or now.get("status") == "unassigned"
            assert bool(now.get("responsible_unit")) == bool(now.get("unit_basis"))
        assert len(project.features("note")) == noted + len(free)
        project.undo()
        assert project.features("issue").column("responsible_unit") == before
        assert len(project.features("note")) == noted
    finally:
        project.close()
