"""The office's lists: who answers for what, written into tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import workbooks
from chance import shuffled, stream
from issues import Issue, make_issues
from life import Life, Story, make_story
from people import People, Person
from sites import Site, make_sites
from town import Town
from units import COMPANY, DEPARTMENT, Register, Unit
from vector_files import Record, degrees
from workbooks import Column, Sheet

NO_ASKER = "YQ-04"
"""The zone that has nobody for the questionnaires."""
_FILLED_IN = "填报单位：区创建办　　填报时间：2024年6月3日"


@dataclass(frozen=True)
class Office:
    """All that the creation office's lists say."""

    register: Register
    zone_records: list[Record]
    section_records: list[Record]
    sites: list[Site]
    issues: list[Issue]
    story: Story
    people: People


def _zone_records(town: Town, people: People, agencies: list[Unit]) -> list[Record]:
    """网格划分表 (domain.md 5.3) as attributes of the zones."""
    units = cycle(agencies)
    records: list[Record] = []
    for z in town.zones:
        unit, member, asker = next(units), people.next(), people.next()
        records.append(
            {
                "网格编号": z.code,
                "网格名称": z.name,
                "所属街道": z.street,
                "所属社区": z.communities,
                "网格单位": unit.short,
                "网格长": unit.deputy.name,
                "网格员": member.name,
                "问卷责任人": "" if z.code == NO_ASKER else asker.name,
                "联系电话": asker.phone,
                "户数": z.households,
                "人口": z.population,
                "楼栋数": z.building_count,
                "四至范围": z.bounds,
            }
        )
    return records


def _section_records(town: Town, people: People, leaders: list[Person], agencies: list[Unit], register: Register) -> tuple[list[Record], dict[str, Unit]]:
    """路长制责任路段表 (domain.md 5.4) as attributes; and which unit answers for which section, and for the road its longest lies on."""
    big = cycle(agencies)
    records: list[Record] = []
    units: dict[str, Unit] = {}
    longest: dict[str, float] = {}
    for n, s in enumerate(town.sections):
        middle = town.zone_at(s.line.interpolate(0.5, normalized=True))
        minor = s.road.rank in ("支路", "背街小巷")
        unit = register[middle.street] if minor else next(big)
        third = people.next()
        records.append(
            {
                "路段编号": s.code,
                "路段名称": f"{s.road.name}（{s.start}—{s.end}）",
                "道路名称": s.road.name,
                "起点": s.start,
                "终点": s.end,
                "道路等级": s.road.rank,
                "左右侧": "双侧",
                "长度": float(round(s.line.length)),
                "宽度": s.road.width,
                "一级路长": leaders[n % len(leaders)].name,
                "二级路长": unit.head.name,
                "三级路长": third.name,
                "责任单位": unit.short,
                "牵头单位": "区城管局",
                "联系社区": middle.communities.split("、")[0],
                "联系电话": third.phone,
                "清扫频次": 2 if minor else 4,
                "巡查时段": "07:00-22:00",
            }
        )
        units[s.code] = unit
        if s.line.length > longest.get(s.road.name, 0):
            longest[s.road.name], units[s.road.name] = s.line.length, unit
    return records, units


def make_office(town: Town) -> Office:
    """Everything that needs names of persons and units."""
    people = People()
    leaders = [people.next() for _ in range(12)]
    checkers = [people.next() for _ in range(6)]
    register = Register(people)
    agencies = shuffled(stream("agencies"), register.of_kind(DEPARTMENT, COMPANY))
    zone_records = _zone_records(town, people, agencies)
    section_records, section_units = _section_records(town, people, leaders, agencies[7:] + agencies[:7], register)
    sites = make_sites(town, register, people, leaders, section_units)
    issues = make_issues(town, sites, register, section_units, checkers)
    return Office(register, zone_records, section_records, sites, issues, make_story(issues, register, people), people)


def write_units(path: Path, office: Office) -> None:
    """单位通讯录."""
    columns = [
        Column("序号", 6),
        Column("单位编号", 10),
        Column("单位名称", 36, left=True),
        Column("简称", 18),
        Column("别名/曾用名", 32, left=True),
        Column("单位性质", 12),
        Column("主要负责人", 12),
        Column("分管领导", 12),
        Column("联络员", 12),
        Column("办公电话", 13, number_format="@"),
        Column("手机", 15, number_format="@"),
    ]
    rows = [
        (n, u.code, u.name, u.short, u.aliases, u.kind, u.head.name, u.deputy.name, u.liaison.name, u.office_phone, u.liaison.phone)
        for n, u in enumerate(office.register.units, start=1)
    ]
    workbooks.write(path, "通讯录", Sheet("示范区创建全国文明城市责任单位通讯录", "", columns, rows))


def write_sites(path: Path, office: Office) -> None:
    """点位责任分工表 (domain.md 5.2): the category is merged down over its sites."""
    columns = [
        Column("序号", 6),
        Column("点位编号", 10, number_format="@"),
        Column("点位类型", 14),
        Column("点位名称", 30),
        Column("详细地址", 36, left=True),
        Column("区领导", 10),
        Column("牵头单位", 16),
        Column("责任单位", 30),
        Column("单位一把手", 12),
        Column("点位长", 10),
        Column("联系人", 10),
        Column("联系电话", 14, number_format="@"),
        Column("属地街道", 12),
        Column("社区", 14),
        Column("所属网格", 10),
        Column("志愿服务站", 12),
        Column("经度", 13, number_format="0.0000000"),
        Column("纬度", 12, number_format="0.0000000"),
        Column("备注", 12),
    ]
    rows = []
    for n, (s, (lon, lat)) in enumerate(zip(office.sites, degrees([s.spot.point for s in office.sites]), strict=True), start=1):
        rows.append(
            (
                n,
                s.code,
                s.spot.category,
                s.spot.name,
                s.address,
                s.leader.name,
                s.lead.short,
                s.responsible.name,
                s.responsible.head.name,
                s.chief.name,
                s.contact.name,
                s.contact.phone,
                s.zone.street,
                s.community,
                s.zone.code,
                "有" if s.volunteers else "无",
                lon if s.located else "",
                lat if s.located else "",
                "" if s.located else "坐标待采集",
            )
        )
    workbooks.write(path, "点位", Sheet("示范区全国文明城市实地考察点位责任分工表(132个)", _FILLED_IN, columns, rows, merge_down="点位类型"))


def write_issues(path: Path, office: Office) -> None:
    """问题明细表 (domain.md 5.1): two header rows."""
    problem, duty, mending, where = "问题情况", "责任分工", "整改情况", "坐标（CGCS2000）"
    day, moment = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
    handed, past = "交办情况", "其他"
    columns = [
        Column("序号", 6),
        Column("问题编号", 14),
        Column("点位类型", 12),
        Column("点位名称", 22),
        Column("点位编号", 8, number_format="@"),
        Column("详细地址", 30, left=True),
        Column("街道", 10),
        Column("所属网格", 9),
        Column("问题描述", 40, problem, left=True),
        Column("问题类别", 9, problem),
        Column("来源级别", 9, problem),
        Column("问题来源", 14, problem),
        Column("发现时间", 12, problem, number_format=day),
        Column("牵头单位", 14, duty),
        Column("责任单位", 24, duty),
        Column("配合单位", 20, duty),
        Column("责任人", 10, duty),
        Column("联系电话", 14, duty, number_format="@"),
        Column("整改措施", 24, mending, left=True),
        Column("整改时限", 12, mending, number_format=day),
        Column("完成情况", 14, mending),
        Column("完成时间", 12, mending, number_format=day),
        Column("核查人", 10, mending),
        Column("核查时间", 12, mending, number_format=day),
        Column("办理说明", 26, mending, left=True),
        Column("经度", 13, where, number_format="0.0000000"),
        Column("纬度", 12, where, number_format="0.0000000"),
        Column("责任依据", 10, handed),
        Column("紧急程度", 9, handed),
        Column("交办时间", 16, handed, number_format=moment),
        Column("交办文号", 18, handed),
        Column("签收时间", 16, handed, number_format=moment),
        Column("签收人", 9, handed),
        Column("建议改派单位", 14, handed),
        Column("整改结果", 24, past, left=True),
        Column("核查结果", 18, past, left=True),
        Column("首次销号时间", 12, past, number_format=day),
        Column("退回次数", 8, past),
        Column("退回过的单位", 16, past),
        Column("返工次数", 8, past),
        Column("核查不通过时间", 16, past, number_format=moment),
        Column("反弹次数", 8, past),
        Column("延期次数", 8, past),
        Column("批准人", 9, past),
        Column("批准日期", 12, past, number_format=day),
        Column("临时措施", 22, past, left=True),
        Column("停表时间", 16, past, number_format=moment),
        Column("复查日期", 12, past, number_format=day),
        Column("催督办级别", 9, past),
        Column("丢分", 6, past),
        Column("丢分原因", 8, past),
    ]
    rows: list[tuple[Any, ...]] = []
    for n, (i, (lon, lat)) in enumerate(zip(office.issues, degrees([i.point for i in office.issues]), strict=True), start=1):
        bare = not i.with_point and n % 3 == 0  # a third of those without coordinates say no more than the place's name
        rows.append(
            (
                n,
                i.code,
                i.category,
                i.place,
                i.site.code if i.site else "",
                "" if bare else i.address,
                i.zone.street,
                i.zone.code,
                i.description,
                i.problem.kind,
                i.source_level,
                i.source,
                i.found,
                i.lead.short,
                i.responsible,
                i.supporting,
                i.person.name if i.person else "",
                i.person.phone if i.person else "",
                i.problem.measure,
                i.due or "",
                i.status,
                i.done or "",
                i.checker,
                i.checked or "",
                i.note,
                lon if i.with_point else "",
                lat if i.with_point else "",
                *_life(office.story.lives[i.code]),
            )
        )
    workbooks.write(path, "问题明细", Sheet("示范区创建全国文明城市实地考察点位问题明细表", _FILLED_IN, columns, rows))


def _life(life: Life) -> tuple[Any, ...]:
    """The columns that tell what happened to an issue; a counter of none is left blank."""
    return (
        *(life.basis, life.priority, life.sent or "", life.order, life.received or "", life.receiver, life.suggested, life.result, life.check),
        *(life.first_closed or "", life.returns or "", life.returned_by, life.reworks or "", life.failed or "", life.relapses or "", life.extensions or ""),
        *(
            life.approver,
            life.approved or "",
            life.interim,
            life.stopped or "",
            life.review or "",
            life.escalation or "",
            "是" if life.lost else "",
            life.cause,
        ),
    )


def write_orders(path: Path, office: Office) -> None:
    """文书登记簿: the register of orders, gapless per kind and year, with one that was voided."""
    moment = "yyyy-mm-dd hh:mm"
    columns = [
        *(Column("文号", 20), Column("文种", 9), Column("年份", 7), Column("顺序号", 8), Column("标题", 40, left=True), Column("主送单位", 20)),
        *(Column("印发时间", 17, number_format=moment), Column("办结期限", 12, number_format="yyyy-mm-dd"), Column("所列问题", 30, left=True)),
        *(Column("前次文号", 20), Column("状态", 9), Column("作废原因", 24)),
    ]
    rows = [
        (o.code, o.kind, o.issued.year, o.number, o.title, o.unit.short, o.issued, o.due, "、".join(o.issues), o.previous, o.status, o.reason)
        for o in office.story.orders
    ]
    workbooks.write(path, "文书", Sheet("区创建办文书登记簿（2024年）", "", columns, rows))


def write_receipts(path: Path, office: Office) -> None:
    """文书签收登记表."""
    columns = [
        *(Column("签收编号", 10), Column("文号", 20), Column("接收单位", 20), Column("接收人", 10)),
        *(Column("接收时间", 17, number_format="yyyy-mm-dd hh:mm"), Column("接收方式", 10)),
    ]
    received = [o for o in office.story.orders if o.received is not None and o.receiver is not None]
    rows = [(f"QS-{n:03d}", o.code, o.unit.short, o.receiver.name if o.receiver else "", o.received, o.method) for n, o in enumerate(received, start=1)]
    workbooks.write(path, "签收", Sheet("文书签收登记表", "", columns, rows))
