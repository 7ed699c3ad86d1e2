"""Layers that are off at first and hold nothing stand neither in the list of layers nor among the tables."""

from __future__ import annotations

from pathlib import Path

from shapely.geometry import Point

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.services.project import Project

from .conftest import Desk

QUIET = {"territory", "compound", "building", "worksite", "shop", "crossing", "sighting"}


def _listed(desk: Desk) -> set[str]:
    tree = desk.window.layers
    titles = {layer.title: name for name, layer in desk.session.project.layers.items()} if desk.session.project else {}
    return {titles[tree.topLevelItem(number).text(0)] for number in range(tree.topLevelItemCount())}


def _tabs(desk: Desk) -> set[str]:
    return {desk.window.tables.tabText(number) for number in range(desk.window.tables.count())}


def test_an_empty_layer_comes_into_the_lists_with_its_first_feature_and_goes_with_its_last(desk: Desk, tmp_path: Path) -> None:
    """The tab in front stays in front; what is new on the list is off on the map as it is declared."""
    path = tmp_path / "新.gpkg"
    Project.create(path, Campaign("新"), 4548, "甲").close()
    desk.window.open(path)
    desk.settle()
    project = desk.session.project
    assert project is not None
    assert not _listed(desk) & QUIET
    assert {"issue", "site", "zone", "section", "road"} <= _listed(desk)
    assert "门店" not in _tabs(desk)
    desk.window.tables.show_layer("site")

    desk.session.commit(edits.add(project.layers["shop"], {"code": "MD-1", "name": "福顺面馆"}, Point(435_000, 3_090_000)))
    desk.settle()
    assert _listed(desk) & QUIET == {"shop"}
    assert "门店" in _tabs(desk)
    assert desk.window.tables.in_front == "site"
    assert "shop" in desk.window.canvas.hidden

    desk.session.commit(edits.remove(project.layers["shop"], [project.feature(project.layers["shop"], "MD-1")]))
    desk.settle()
    assert not _listed(desk) & QUIET
    assert "门店" not in _tabs(desk)
