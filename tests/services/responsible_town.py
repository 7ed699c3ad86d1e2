"""A small town for the tests of responsibility: four campaign zones, a compound with a building, sites, sections, a worksite, shops, a crossing. Metres."""

from __future__ import annotations

from typing import Any

import shapely

from chuangwen.domain.feature import Features
from tests.exchange.made import View, features

UNITS = features(
    "unit",
    {"code": "U1", "name": "示范区城市管理局", "short_name": "城管局", "kind": "department"},
    {"code": "U2", "name": "示范区住房和城乡建设局", "short_name": "区住建局", "kind": "department"},
    {"code": "U3", "name": "示范区交警大队", "short_name": "交警大队", "kind": "department"},
    {"code": "U4", "name": "文昌街道办事处", "short_name": "文昌街道", "kind": "street"},
    {"code": "U5", "name": "示江供水公司", "aliases": "自来水公司", "kind": "state_company"},
    *({"code": f"X{number}", "name": f"单位{number}"} for number in range(1, 20)),
)

ZONES = features(
    "zone",
    {"code": "A-10", "name": "十号", "kind": "campaign", "street": "文昌街道", "responsible_unit": "单位10", "geometry": shapely.box(0, 0, 1000, 1000)},
    {"code": "A-9", "name": "九号", "kind": "campaign", "street": "文昌街道", "responsible_unit": "单位9", "geometry": shapely.box(1000, 0, 2000, 1000)},
    {"code": "A-8", "name": "没有单位的", "kind": "campaign", "street": "文昌街道", "geometry": shapely.box(0, 1000, 1000, 2000)},
    {"code": "C-1", "name": "社区网格", "kind": "community", "responsible_unit": "单位1", "geometry": shapely.box(0, 0, 4000, 4000)},
)
SITES = features(
    "site",
    {"code": "001", "name": "公园", "category": "park", "responsible_unit": "单位2", "lead_unit": "示范区城市管理局", "supporting_units": "单位3、单位4",
     "geometry": shapely.box(100, 100, 300, 300)},
    {"code": "002", "name": "小公园", "category": "other", "responsible_unit": "单位3", "surround_radius_m": 30.0, "geometry": shapely.box(200, 200, 240, 240)},
    {"code": "003", "name": "超市", "category": "mall", "responsible_unit": "单位4", "geometry": shapely.Point(600, 100)},
    {"code": "004", "name": "公厕", "category": "toilet", "responsible_unit": "单位5", "geometry": shapely.Point(660, 100)},
    {"code": "006", "name": "未定位的点", "category": "other", "responsible_unit": "单位18"},
    {"code": "005", "name": "没有单位的点", "category": "other", "surround_radius_m": 20.0, "geometry": shapely.Point(900, 100)},
)  # fmt: skip
COMPOUNDS = features(
    "compound",
    {"code": "X1", "name": "南门新村", "responsible_unit": "单位6", "geometry": shapely.box(400, 400, 600, 600)},
    {"code": "X3", "name": "路边小区", "responsible_unit": "单位6", "geometry": shapely.box(800, 500, 900, 610)},
    {"code": "X2", "name": "园中小区", "responsible_unit": "单位7", "geometry": shapely.box(90, 90, 400, 310)},
)
BUILDINGS = features(
    "building",
    {"code": "X1-1", "name": "1栋", "compound_code": "X1", "responsible_unit": "单位8", "geometry": shapely.box(450, 450, 470, 470)},
    {"code": "X1-2", "name": "2栋", "compound_code": "X1", "geometry": shapely.box(500, 450, 520, 470)},
    {"code": "X1-3", "name": "3栋", "compound_code": "X1", "responsible_unit": "单位8", "geometry": shapely.box(580, 580, 600, 600)},
)
SECTIONS = features(
    "section",
    {"code": "L-1", "name": "人民路", "side": "both", "width_m": 30.0, "responsible_unit": "单位11", "geometry": shapely.LineString([(0, 618), (1000, 618)])},
    {"code": "L-2", "name": "左侧", "side": "left", "responsible_unit": "单位12", "geometry": shapely.LineString([(0, 800), (1000, 800)])},
    {"code": "L-3", "name": "右侧", "side": "right", "responsible_unit": "单位13", "geometry": shapely.LineString([(0, 800), (1000, 800)])},
    {"code": "L-4", "name": "短", "side": "both", "width_m": 20.0, "responsible_unit": "单位14", "geometry": shapely.LineString([(1200, 500), (1205, 500)])},
    {"code": "L-5", "name": "长", "side": "both", "width_m": 20.0, "responsible_unit": "单位15", "geometry": shapely.LineString([(1200, 500), (1100, 500)])},
)
WORKSITES = features("worksite", {"code": "G1", "name": "一号工地", "responsible_unit": "单位16", "geometry": shapely.box(1500, 100, 1600, 200)})
SHOPS = features(
    "shop",
    {"code": "S1", "name": "面馆", "section_code": "L-1", "responsible_unit": "单位17", "geometry": shapely.Point(700, 650)},
    {"code": "S2", "name": "水果店", "section_code": "没有", "geometry": shapely.Point(1800, 800)},
)
CROSSINGS = features("crossing", {"code": "K1", "name": "一号路口", "responsible_unit": "示范区交警大队", "geometry": shapely.Point(1205, 500)})
LAYERS: dict[str, Features] = {
    "unit": UNITS, "zone": ZONES, "site": SITES, "compound": COMPOUNDS, "building": BUILDINGS, "section": SECTIONS, "worksite": WORKSITES, "shop": SHOPS,
    "crossing": CROSSINGS,
}  # fmt: skip


def town(**other: Any) -> View:
    """The town, with some layers replaced."""
    return View(**{**LAYERS, **other})
