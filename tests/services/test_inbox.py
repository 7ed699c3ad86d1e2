"""待办箱: what is in it and in which order, what is proposed, what accepting makes, and how long it takes (decision 0029)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layers
from chuangwen.errors import RuleBroken
from chuangwen.services.inbox import KINDS, Item, inbox, twins
from chuangwen.services.inbox_card import Card, Choice, accepted, card, merged
from chuangwen.services.project import Project
from chuangwen.services.responsibility import Resolver
from tests.build import copied


@pytest.fixture
def project(demo_file: Path, tmp_path: Path) -> Project:
    return Project.open(copied(demo_file, tmp_path), "测试员")


def shown(project: Project, kind: str, choice: Choice | None = None) -> Card:
    """The first item of a kind."""
    item = next(one for one in inbox(project, project.campaign, twins(project)).items if one.kind == kind)
    found = card(project, Resolver(project, project.campaign.today), item, choice)
    assert found is not None
    return found


def state(project: Project, one: Card, *names: str) -> tuple[object, ...]:
    now = project.features("issue").feature(one.issue.id)
    assert now is not None
    return tuple(now.get(name) for name in names)


def test_each_issue_is_there_once_in_the_order_of_the_kinds(project: Project) -> None:
    """What came back to the planner comes first; closed and void issues, and those that units work on in time, are not there."""
    found = inbox(project, project.campaign, twins(project))
    kinds = list(KINDS)
    ranks = [kinds.index(one.kind) for one in found.items]
    assert ranks == sorted(ranks)
    assert len({one.id for one in found.items}) == len(found.items) == sum(found.counts.values())
    issues = project.features("issue")
    states = {str(issues.column("status")[issues.index[one.id]]) for one in found.items}
    assert not states & {"closed", "void"}
    assert {"returned", "unassigned", "registered", "rectified", "overdue"} <= {one.kind for one in found.items}


def test_an_accepted_issue_has_unit_and_deadline_on_disk_and_is_staged(project: Project) -> None:
    """Nothing is lost by a crash: what is staged is what the file says. The record of the decision is in the same step, and one undo takes it back."""
    one = shown(project, "registered")
    assert one.unit
    assert one.unit_why
    assert one.due_why
    project.apply(accepted(project, one))
    assert (one.unit, one.due["due_at"]) == state(project, one, "responsible_unit", "due_at")
    again = Project.open(project.path, "另一人")
    found = inbox(again, again.campaign)
    assert (one.issue.id,) == found.staged
    assert one.issue.id not in {item.id for item in found.items}
    again.close()
    project.undo()
    assert (None, None) == state(project, one, "responsible_unit", "due_at")


def test_another_unit_and_a_deadline_in_words(project: Project) -> None:
    """What the planner chose stands in place of what was proposed: by hand, and the deadline as she said it."""
    name = str(project.features("unit").column("name")[0])
    one = shown(project, "registered", Choice(name, "6月5日前"))
    assert (name, "2024-06-05") == (one.unit, one.due_words[:10])
    project.apply(accepted(project, one, Choice(name, "6月5日前")))
    assert (name, "manual") == state(project, one, "responsible_unit", "unit_basis")


def test_an_issue_that_came_back_never_goes_to_who_returned_it(project: Project) -> None:
    """SR-67: the suggested unit where the register knows it, else who the rules name; never one that gave it back."""
    resolver = Resolver(project, project.campaign.today)
    for item in inbox(project, project.campaign).items:
        if item.kind == "returned":
            one = card(project, resolver, item)
            assert one is not None
            assert not one.unit or one.unit not in {*str(one.issue.get("returned_by") or "").split("、"), one.issue.get("responsible_unit")}
    one = shown(project, "returned")
    project.apply(accepted(project, one))
    assert ("dispatched", one.unit) == state(project, one, "status", "responsible_unit")
    assert one.issue.id in inbox(project, project.campaign).staged, "handed over, its order is still to be written"


def test_a_report_is_accepted_only_with_its_photo(project: Project) -> None:
    """Accepting 待核查 closes it where the evidence allows; else it says what is missing and nothing changes."""
    resolver = Resolver(project, project.campaign.today)
    closed, refused = 0, ""
    for item in inbox(project, project.campaign).items:
        if item.kind == "rectified":
            one = card(project, resolver, item)
            assert one is not None
            try:
                project.apply(accepted(project, one))
            except RuleBroken as broken:
                refused = broken.message
                assert ("rectified",) == state(project, one, "status")
            else:
                assert ("closed", "测试员") == state(project, one, "status", "checker")
                closed += 1
    assert closed
    assert "整改后" in refused


def test_a_draft_is_registered_with_unit_and_deadline(project: Project) -> None:
    """One step: registered and staged. A draft that lacks what 登记 asks for stays, and says what."""
    one = shown(project, "registered")
    layer = project.layers["issue"]
    project.apply(Edit("草稿", (Change(layer.id, one.issue.id, {"status": "registered"}, {"status": "draft"}),)))
    draft = card(project, Resolver(project, project.campaign.today), Item("draft", one.issue.id))
    assert draft is not None
    project.apply(accepted(project, draft))
    assert ("registered", one.unit) == state(project, one, "status", "responsible_unit")
    assert one.issue.id in inbox(project, project.campaign).staged


def test_a_duplicate_is_merged_and_what_a_unit_works_on_is_kept(project: Project) -> None:
    """SR-09: the older one is kept with the numbers of both, the other is void."""
    one = shown(project, "twin")
    assert one.twin is not None
    project.apply(merged(project, one))
    issues = project.features("issue")
    states = [issues.feature(row.id) for row in (one.issue, one.twin)]
    assert 1 == sum(row is not None and row.get("status") == "void" for row in states)
    left = {item.id for item in inbox(project, project.campaign, twins(project)).items if item.twin}
    assert not {one.issue.id, one.twin.id} & left


class _Many:
    """The issues of a project sixteen times over."""

    def __init__(self, project: Project) -> None:
        issues = project.features("issue")
        at = [number % len(issues) for number in range(20_000)]
        columns = {name: [values[number] for number in at] for name, values in issues.columns.items()}
        columns["code"] = [f"W{number:05}" for number in range(20_000)]
        self._issues = Features(issues.layer, [f"{number:032x}" for number in range(20_000)], columns, issues.geometry[at])
        self._project = project

    @property
    def layers(self) -> Layers:
        return self._project.layers

    def features(self, layer: str) -> Features:
        return self._issues if layer == "issue" else self._project.features(layer)


def test_twenty_thousand_issues_take_less_than_a_third_of_a_second(project: Project) -> None:
    many = _Many(project)
    inbox(many, project.campaign)
    took = []
    for _ in range(3):
        began = time.thread_time()
        found = inbox(many, project.campaign)
        took.append(time.thread_time() - began)
    assert min(took) < 0.3
    assert len(found.items) > 1_500
