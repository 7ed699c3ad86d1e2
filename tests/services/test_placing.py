"""Rows without coordinates find their place by the words they have."""

from __future__ import annotations

import shapely

from chuangwen.services.placing import propose
from tests.build import issue
from tests.exchange.made import SQUARES, View, features

VIEW = View(
    site=features(
        "site",
        {"code": "007", "name": "文昌公园", "geometry": shapely.Point(1, 1)},
        {"code": "008", "name": "文昌公园东门广场", "geometry": shapely.Point(2, 2)},
        {"code": "009", "name": "迎江市场"},
    ),
    section=features("section", {"code": "L-01", "name": "人民路（一路—二路）", "geometry": shapely.LineString([(0, 0), (10, 0)])}),
    road=features("road", {"code": "r1", "name": "建设路", "geometry": shapely.LineString([(0, 5), (10, 5)])}),
    zone=features("zone", {"code": "A-1", "name": "文昌街道第1网格", "geometry": SQUARES[0]}),
    building_outline=features("building_outline", {"name": "图书馆", "geometry": SQUARES[1]}),
)


def first(**values: str) -> tuple[float, float, str]:
    best = propose(VIEW, issue("1", **values))[0]
    return best.geometry.x, best.geometry.y, best.basis


def test_a_site_code_is_surest() -> None:
    """点位编号 beats every word."""
    assert (1, 1, "点位编号为 007（文昌公园）") == first(site_code="007", address="图书馆门前")


def test_the_longest_name_wins() -> None:
    """文昌公园东门广场 is not 文昌公园."""
    assert (2, 2, "详细地址含点位名称：文昌公园东门广场") == first(address="文昌公园东门广场南侧")


def test_a_building_lies_on_its_surface() -> None:
    """A point inside the outline."""
    x, y, basis = first(address="图书馆门前")

    assert SQUARES[1].contains(shapely.Point(x, y))
    assert "详细地址含建筑名称：图书馆" == basis


def test_a_road_is_met_half_way() -> None:
    """A section by its road's name, a road by its own; brackets in names do not matter."""
    assert (5, 0) == first(address="人民路东侧")[:2]
    assert (5, 5) == first(address="建设路口")[:2]


def test_a_zone_code_is_better_than_nothing() -> None:
    """所属网格."""
    x, y, basis = first(zone_code="A-1")

    assert SQUARES[0].contains(shapely.Point(x, y))
    assert "A-1" in basis


def test_a_site_without_a_place_and_unknown_words_propose_nothing() -> None:
    """迎江市场 is not located itself."""
    assert [] == propose(VIEW, issue("1", address="迎江市场"))
    assert [] == propose(VIEW, issue("1", address="某处"))


def test_proposals_are_ordered_and_distinct() -> None:
    """The surest first, each place once."""
    found = propose(VIEW, issue("1", site_code="007", site_name="文昌公园", address="建设路", zone_code="A-1"))

    assert sorted((one.certainty for one in found), reverse=True) == [one.certainty for one in found]
    assert len(found) == len({(one.geometry.x, one.geometry.y) for one in found})
