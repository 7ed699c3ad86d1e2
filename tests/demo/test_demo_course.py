"""The demo project has who adopted what, rosters, orders, photos, and a past: what issue 5 works on (decision 0027)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest

from chuangwen.domain.values import LIST_MARK
from chuangwen.services.as_of import PastView
from chuangwen.services.checks.registry import run
from chuangwen.services.demo import make_demo
from chuangwen.services.evidence import evidence_findings, photos_by_issue
from chuangwen.services.figures import table
from chuangwen.services.project import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    path, reports = make_demo(tmp_path_factory.mktemp("demo"), "甲")
    assert [one.file for one in reports if one.rejected] == []
    assert path.stat().st_size + sum(file.stat().st_size for file in path.parent.rglob("*.jpg")) < 15_000_000
    opened = Project.open(path, "甲")
    yield opened
    opened.close()


def test_what_was_adopted(project: Project) -> None:
    counts = {"compound": 86, "building": 640, "crossing": 80, "worksite": 18, "shop": 900}
    assert {layer: len(project.features(layer)) for layer in counts} == counts
    assert Counter(project.features("territory").column("level"))["street"] == 6
    assert not any(project.layers[layer].visible for layer in (*counts, "territory"))  # printed sheets stay as they are


def test_the_checks_find_what_was_planted(project: Project) -> None:
    found = {one.check.id: one.findings for one in run(project, project.campaign)}
    assert len(found["CV-06"]) == 4  # a unit misspelt, a person lacking, two buildings outside the fence
    assert len(found["CV-08"]) == 3
    assert [one.amount for one in found["CV-09"]] == [2.0]
    assert [one.text for one in found["CV-10"]] == ["YQ-04 云桥镇第4网格：缺问卷责任人"]
    assert len(found["CV-14"]) == 1
    assert len(found["CV-15"]) == 2
    assert not found["SR-60"]
    assert not found["SR-68"]


def test_police_are_fewer_than_three_hundred_in_each_shift(project: Project) -> None:
    """SR-48: two shifts."""
    posts = project.features("post")
    shifts: Counter[str] = Counter()
    for kind, start, count in zip(posts.column("kind"), posts.column("shift_start"), posts.column("planned_count"), strict=True):
        if kind == "police":
            shifts[str(start)] += int(str(count))
    assert len(shifts) == 2
    assert max(shifts.values()) <= 300


def test_orders_are_numbered_without_gap_and_agree_with_their_issues(project: Project) -> None:
    orders, issues = project.features("order"), project.features("issue")
    for kind in ("work", "remind", "supervise"):
        codes = [str(code) for code, one in zip(orders.column("code"), orders.column("kind"), strict=True) if one == kind]
        numbers = [int(code.split("〕")[1].removesuffix("号")) for code in codes]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    listed = dict(zip(orders.column("code"), orders.column("issues"), strict=True))
    for code, number in zip(issues.column("code"), issues.column("order_number"), strict=True):
        if number:
            assert str(code) in str(listed[number]).split(LIST_MARK)
    received = set(project.features("receipt").column("order_code"))
    assert {code for code, status in zip(orders.column("code"), orders.column("status"), strict=True) if status == "received"} == received
    assert len(received) < len(orders)


def test_every_issue_has_what_its_state_needs_in_the_order_of_time(project: Project) -> None:
    issues = project.features("issue")
    for at in range(len(issues)):
        one = issues.at(at)
        times = [one.get(name) for name in ("found_at", "dispatched_at", "received_at", "done_at", "checked_at")]
        days = [time.date() if isinstance(time, dt.datetime) else time for time in times if time is not None]
        assert days == sorted(days), one.code  # type: ignore[type-var]
        needs = {
            "in_progress": ("received_at", "due_at"),
            "rectified": ("received_at", "done_at"),
            "closed": ("received_at", "done_at", "checked_at"),
            "rework": ("failed_at", "rework_count"),
            "returned": ("returned_by", "return_count", "suggested_unit"),
            "deferred": ("approver", "approved_at", "extension_count"),
            "long_term": ("approver", "interim_measure", "stopped_at", "review_at"),
        }.get(str(one.get("status")), ())
        assert [name for name in needs if one.get(name) is None] == [], one.code
        if one.get("status") in ("registered", "unassigned"):
            assert one.get("dispatched_at") is None


def test_a_former_day_can_be_looked_back_at(project: Project) -> None:
    steps = project.store.steps()
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    former, now = PastView(project, dt.date(2024, 5, 24)), PastView(project, dt.date(2024, 6, 3))
    then = Counter(former.features("issue").column("status"))
    assert Counter(now.features("issue").column("status"))["closed"] == 1017
    assert then["closed"] < 900
    assert len(former.features("issue")) < 1240
    assert 0 < len(former.features("visit")) < len(project.features("visit"))
    assert all(str(at) < "2024-05-25" for at in former.features("order").column("issued_at"))


def test_the_figures_can_be_believed(project: Project) -> None:
    """Not everything in time, not everything late: a bulletin of them says something."""
    lines = table(project, project.campaign, by="unit", indicators=("on_time", "rework"))
    shown = {line.figures[0].text for line in lines.lines}
    assert len(shown) > 10
    issues = project.features("issue")
    assert 40 < sum(bool(count) for count in issues.column("rework_count")) < 200
    assert 20 < sum(bool(count) for count in issues.column("return_count")) < 100


def test_thirty_issues_have_photos_and_one_was_taken_elsewhere(project: Project) -> None:
    """EV-01 finds the one that was planted, and nothing else."""
    photos = photos_by_issue(project)
    assert len(photos) == 30
    assert all(sorted(one.kind for one in some) == ["after", "before"] for some in photos.values())
    assert all(one.sha256 and one.phash and one.taken_at for some in photos.values() for one in some)
    assert all((project.files_folder / str(path)).exists() for path in project.features("photo").column("path"))
    assert not list(project.path.parent.glob("*.part*"))
    assert [one.kind for one in evidence_findings(project, project.epsg)] == ["far"]


def test_pledges_are_noted_with_their_units(project: Project) -> None:
    notes = project.features("note")
    assert Counter(notes.column("kind")) == {"pledge": 6}
    assert set(notes.column("owner_id")) <= set(project.features("unit").ids)
