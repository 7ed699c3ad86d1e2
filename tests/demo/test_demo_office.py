"""The office's own lists of the demo: who has adopted what, who stood where, what was ordered; and the faults that are planted in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from chuangwen.services.checks.check import Result
from chuangwen.services.checks.registry import run
from chuangwen.services.demo import make_demo
from chuangwen.services.evidence import photos_by_issue
from chuangwen.services.project import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The demo, made as a newcomer makes it."""
    path, reports = make_demo(tmp_path_factory.mktemp("demo"), "测试员")
    assert [one for one in reports if one.rejected] == []
    one = Project.open(path, "测试员")
    yield one
    one.close()


@pytest.fixture(scope="module")
def found(project: Project) -> dict[str, Result]:
    """What the coverage checks find."""
    return {one.check.id: one for one in run(project, project.campaign)}


def test_every_list_comes_in_whole(project: Project) -> None:
    """domain.md 8.6: 86 compounds, 640 buildings, 80 crossings, 18 worksites, 900 shops, and what the office recorded."""
    wanted = {"territory": 43, "compound": 86, "building": 640, "crossing": 80, "worksite": 18, "shop": 900, "visit": 1668, "order": 178, "receipt": 131}
    assert {layer: len(project.features(layer)) for layer in wanted} == wanted
    for layer in ("compound", "building", "crossing", "worksite", "shop"):
        assert project.features(layer).located.all()
    assert all(isinstance(one, dt.datetime) for one in project.features("visit").column("arrived_at"))
    assert all(project.features("post").column("shift_start"))


def test_the_list_of_adoptions_filled_in_the_surveyors_areas(project: Project) -> None:
    """Two files, one layer: each compound has its area and, but for the planted ones, its unit and person."""
    compounds = project.features("compound")
    assert compounds.column("responsible_unit").count(None) == 1
    assert compounds.column("person").count(None) == 1


@pytest.mark.parametrize(
    ("check", "count"),
    [("CV-01", 0), ("CV-02", 0), ("CV-06", 4), ("CV-08", 3), ("CV-09", 1), ("CV-10", 1), ("CV-11", 87), ("CV-13", 18), ("CV-14", 1), ("CV-15", 2)],
)
def test_the_planted_faults_are_found_and_nothing_else(found: dict[str, Result], check: str, count: int) -> None:
    """As resources/demo/README.md lists them."""
    assert len(found[check].findings) == count


def test_the_lives_of_the_issues_agree_with_their_state(project: Project) -> None:
    """Nobody received what waits for a receipt; what came back was handed over; orders have numbers without a gap, one of them void."""
    for issue in project.features("issue"):
        status = issue.get("status")
        if status in ("registered", "unassigned", "draft"):
            assert issue.get("dispatched_at") is None
        if status == "dispatched":
            assert issue.get("received_at") is None
        if issue.get("received_at") is not None:
            assert issue.get("dispatched_at") <= issue.get("received_at")  # type: ignore[operator]
        assert (status == "deferred") == bool(issue.get("extension_count"))
    orders = project.features("order")
    numbers: dict[object, list[object]] = {}
    for kind, number in zip(orders.column("kind"), orders.column("number"), strict=True):
        numbers.setdefault(kind, []).append(number)
    assert {kind: sorted(some) == list(range(1, len(some) + 1)) for kind, some in numbers.items()} == dict.fromkeys(numbers, True)  # type: ignore[type-var]
    assert orders.column("status").count("void") == 1


def test_photos_stand_in_pairs_and_their_files_are_there(project: Project) -> None:
    """Thirty issues, before and after; the files lie beside the project; all know when they were taken, two in three where."""
    photos = photos_by_issue(project)
    assert len(photos) == 30
    assert all(sorted(photo.kind for photo in some) == ["after", "before"] for some in photos.values())
    rows = project.features("photo")
    assert all((project.files_folder / Path(str(path))).is_file() for path in rows.column("path"))
    assert all(isinstance(one, dt.datetime) for one in rows.column("taken_at"))
    assert sum(one is not None for one in rows.column("lon")) == 40
