"""单位包小区、干部包楼栋, 路口, 在建工地, 门前三包, 属地: the lists and shapefiles of who has adopted what (domain.md 5.5, 5.7).

A few things are missing in them on purpose, so that the coverage checks have something to find; README.md names them all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import workbooks
from buildings import Building
from chance import pick, stream
from crossings import Crossing, make_crossings
from homes import Home, households, make_homes, stairs
from people import People, Person
from shops import Shop, make_shops
from territories import Territory, make_territories
from town import Town
from units import COMPANY, DEPARTMENT, HOSPITAL, SCHOOL, Register, Unit
from vector_files import degrees, geojson, shapefile, to_map
from workbooks import Column, Sheet
from worksites import Worksite, make_worksites

NOBODY = 42  # position of the compound for which nobody is named
MISSPELT = 17  # position of the compound whose unit is written wrongly
_PROBLEMS = ("楼道堆物，飞线充电", "绿化带毁绿种菜", "垃圾分类投放点脏乱", "外墙小广告反复张贴", "消防通道停车", "雨污井盖松动", "门禁损坏")
_CURES = (
    "每周两次集中清理，楼栋长日巡",
    "补种并设劝导牌",
    "增加清运频次，专人值守",
    "包栋干部随见随清",
    "施划禁停线，物业值守",
    "报修更换，先设警示",
    "物业三日内修复",
)
_TASK = "每日入户走访不少于10户，讲清创建知识；测评期间在楼下值守，引导居民填写问卷"
_POSTS = ("科员", "副股长", "股长", "一级科员", "干事")


@dataclass(frozen=True)
class Adoption:
    """Everything that somebody has adopted, with the persons who answer for it."""

    homes: list[Home]
    unit_of: dict[str, Unit]  # compound's code → unit
    cadres: list[tuple[str, Home | None, Building, Person, Person]]  # code, compound, building, cadre, resident chief
    crossings: list[Crossing]
    worksites: list[Worksite]
    shops: list[Shop]
    territories: list[Territory]


def make_adoption(town: Town, register: Register, people: People) -> Adoption:
    """Every department, company, school and hospital adopts compounds; each building has a cadre of that unit and a resident."""
    homes = make_homes(town)
    units = cycle(register.of_kind(DEPARTMENT, COMPANY, SCHOOL, HOSPITAL))
    unit_of = {home.code: next(units) for home in homes}
    cadres: list[tuple[str, Home | None, Building, Person, Person]] = []
    for home in homes:
        for building in (*home.buildings, *((home.stray,) if home.stray else ())):
            code = f"LD-{len(cadres) + 1:04d}"
            cadres.append((code, None if building is home.stray else home, building, people.next(), people.next()))
    return Adoption(homes, unit_of, cadres, make_crossings(town), make_worksites(town), make_shops(town), make_territories(town, register))


def write_homes(folder: Path, found: Adoption, people: People) -> None:
    """小区范围.shp from the planning office, and 单位包小区分工表.xlsx."""
    records = [
        {"小区编号": h.code, "小区名称": h.name, "小区类型": h.kind, "所属街道": h.zone.street, "所属社区": h.community, "户数": h.households}
        for h in found.homes
    ]
    shapefile(folder / "小区范围.shp", records, [to_map(h.shape) for h in found.homes])
    columns = [
        *(Column("序号", 6), Column("小区编号", 10), Column("街道", 11), Column("社区", 13), Column("小区名称", 18), Column("小区类型", 11)),
        *(Column("户数", 8), Column("物业公司", 18), Column("包联单位", 24), Column("包联领导", 10), Column("责任人", 10)),
        *(Column("联系电话", 14, number_format="@"), Column("存在问题", 24, left=True), Column("解决办法", 26, left=True), Column("迎检任务", 36, left=True)),
    ]
    rng = stream("compounds")
    rows = []
    for n, h in enumerate(found.homes):
        unit, person, at = found.unit_of[h.code], people.next(), int(rng.integers(len(_PROBLEMS)))
        named = n != NOBODY
        rows.append(
            (
                *(n + 1, h.code, h.zone.street, h.community, h.name, h.kind, h.households, f"{h.name[:2]}物业公司" if h.kind == "有物业" else ""),
                *(unit.short + "机关" if n == MISSPELT else unit.short, unit.deputy.name, person.name if named else "", person.phone if named else ""),
                *(_PROBLEMS[at], _CURES[at], _TASK),
            )
        )
    workbooks.write(folder / "单位包小区分工表.xlsx", "包小区", Sheet("示范区单位包小区责任分工表（86个）", "填报单位：区创建办", columns, rows))


def write_buildings(folder: Path, found: Adoption) -> None:
    """楼栋.geojson with the outlines, and 干部包楼栋表.xlsx."""
    records = [
        {"楼栋编号": code, "楼栋号": _number(building), "单元数": stairs(building), "户数": households(building)} for code, _, building, *_ in found.cadres
    ]
    geojson(folder / "楼栋.geojson", records, [b.shape for _, _, b, *_ in found.cadres])
    columns = [
        *(Column("序号", 6), Column("楼栋编号", 10), Column("小区名称", 18), Column("楼栋号", 8), Column("包联单位", 22), Column("包楼干部", 10)),
        *(Column("职务", 9), Column("联系电话", 14, number_format="@"), Column("楼栋长", 10), Column("迎检任务", 30, left=True)),
    ]
    rng = stream("cadres")
    rows = []
    for n, (code, home, building, cadre, chief) in enumerate(found.cadres, start=1):
        unit = found.unit_of[home.code].short if home else ""
        rows.append(
            (
                n,
                code,
                home.name if home else "",
                _number(building),
                unit,
                cadre.name,
                pick(rng, _POSTS),
                cadre.phone,
                chief.name,
                "入户宣传、楼道清理、问卷引导",
            )
        )
    workbooks.write(folder / "干部包楼栋表.xlsx", "包楼栋", Sheet("示范区干部包楼栋责任表（640栋）", "", columns, rows))


def _number(building: Building) -> str:
    return building.name.removeprefix(building.compound)


def write_crossings(folder: Path, found: Adoption) -> None:
    """路口点位表.xlsx: three to five officers at each (SR-49)."""
    columns = [
        *(Column("序号", 6), Column("路口编号", 10), Column("路口名称", 30), Column("相交道路", 36, left=True), Column("等级", 8), Column("执勤单位", 16)),
        *(Column("最少警力", 9), Column("最多警力", 9), Column("经度", 13, number_format="0.0000000"), Column("纬度", 12, number_format="0.0000000")),
    ]
    places = degrees([c.point for c in found.crossings])
    rows = [
        (n, c.code, c.name, "、".join(c.roads), c.level, "区交警大队", 3, 5, lon, lat)
        for n, (c, (lon, lat)) in enumerate(zip(found.crossings, places, strict=True), start=1)
    ]
    workbooks.write(folder / "路口点位表.xlsx", "路口", Sheet("示范区文明交通执勤路口一览表（80个）", "", columns, rows))


def write_worksites(folder: Path, found: Adoption, people: People) -> None:
    """在建工地.shp: two of them not inspected since the campaign began."""
    records = []
    for n, w in enumerate(found.worksites):
        person, day = people.next(), dt.date(2024, 5, 22) + dt.timedelta(days=n // 2)
        records.append(
            {
                "工地编号": w.code,
                "项目名称": w.name,
                "建设单位": w.builder,
                "施工单位": w.contractor,
                "监理单位": w.supervisor,
                "政府项目": "是" if w.public else "否",
                "责任单位": w.owner,
                "牵头单位": "区住建局",
                "负责人": person.name,
                "联系电话": person.phone,
                "围挡状况": w.hoarding,
                "检查日期": "" if n in (6, 15) else f"{day:%Y-%m-%d}",
            }
        )
    shapefile(folder / "在建工地.shp", records, [to_map(w.shape) for w in found.worksites])


def write_shops(folder: Path, found: Adoption, people: People) -> None:
    """门前三包台账.xlsx, with the road sections by their numbers."""
    columns = [
        *(Column("序号", 6), Column("门店编号", 10), Column("路段", 10), Column("门牌号", 18), Column("店名", 18), Column("业态", 11), Column("店主", 10)),
        *(Column("电话", 14, number_format="@"), Column("责任书", 9), Column("签订日期", 12, number_format="yyyy-mm-dd"), Column("三包状况", 11)),
        *(Column("经度", 13, number_format="0.0000000"), Column("纬度", 12, number_format="0.0000000")),
    ]
    rows = []
    for n, (s, (lon, lat)) in enumerate(zip(found.shops, degrees([s.point for s in found.shops]), strict=True), start=1):
        owner, day = people.next(), dt.date(2024, 4, 10) + dt.timedelta(days=n % 23)
        rows.append(
            (
                *(n, s.code, s.section.code, s.door, s.name, s.trade, owner.name, owner.phone, "已签" if s.signed else "未签"),
                *(day if s.signed else "", s.state, lon, lat),
            )
        )
    workbooks.write(folder / "门前三包台账.xlsx", "三包", Sheet("示范区沿街门店“门前三包”责任书台账（900家）", "填报单位：区城管局", columns, rows))


def write_territories(folder: Path, found: Adoption, people: People, section_records: list[dict[str, object]]) -> None:
    """街道社区界.shp: every community is tied to a unit of the road chiefs (SR-46)."""
    road_units = {str(r["联系社区"]): str(r["责任单位"]) for r in section_records}
    others = cycle(dict.fromkeys(str(r["责任单位"]) for r in section_records))
    records = []
    for t in found.territories:
        person = people.next()
        records.append(
            {
                "编号": t.code,
                "名称": t.name,
                "级别": t.level,
                "所属街道": t.street,
                "责任单位": t.unit,
                "路长单位": road_units.get(t.name) or (next(others) if t.level == "社区" else ""),
                "书记": person.name,
                "联系电话": person.phone,
            }
        )
    shapefile(folder / "街道社区界.shp", records, [to_map(t.shape) for t in found.territories])
