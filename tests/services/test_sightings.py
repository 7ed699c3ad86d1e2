"""SR-66: what is heard of the assessors is entered with time and place. SR-06: an imported list stays selectable as a set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from chuangwen.domain import edits
from chuangwen.errors import RuleBroken
from chuangwen.services.editing import matching
from chuangwen.services.project import Project
from tests.build import layers


@pytest.fixture(scope="module")
def project(demo_file: Path) -> Iterator[Project]:
    """The demo."""
    one = Project.open(demo_file, "测试员")
    yield one
    one.close()


@pytest.mark.parametrize(("values", "missing"), [({"name": "文昌广场"}, "seen_at"), ({"seen_at": dt.datetime(2024, 6, 24, 9, 5)}, "name"), ({}, "name")])
def test_a_sighting_needs_time_and_place(values: dict[str, object], missing: str) -> None:
    """SR-66: without either it is refused, with the field that lacks."""
    with pytest.raises(RuleBroken) as broken:
        edits.add(layers()["sighting"], values)  # type: ignore[arg-type]
    assert missing in broken.value.reasons


def test_sightings_give_a_track_in_time_order(project: Project) -> None:
    """SR-66: each has a time and lies on the map, so that the way of the assessors can be followed."""
    seen = project.features("sighting")
    assert len(seen) == 6
    assert seen.located.all()
    times = [one for one in seen.column("seen_at") if isinstance(one, dt.datetime)]
    assert len(set(times)) == 6


def test_a_list_of_the_city_is_selectable_as_a_set(project: Project) -> None:
    """SR-06: the issues of one source are found by it, all of them and no other."""
    issue = project.layers["issue"]
    chosen = matching(project, issue, {"source_name": "市创建办督查"})
    assert len(chosen) == project.features("issue").column("source_name").count("市创建办督查") > 100
    assert set(chosen.column("source_level")) == {"city"}
