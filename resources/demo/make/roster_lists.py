"""Who stands where, who went where, what the joint team found (domain.md 5.6, 5.7; SR-41, SR-47 to SR-49, SR-61, SR-66, SR-68, SR-69)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import workbooks
from adoption_lists import Adoption
from chance import pick, stream
from issues import TODAY
from lists import Office
from people import People
from vector_files import degrees
from workbooks import Column, Sheet

FIRST_VISIT = dt.date(2024, 5, 20)
TWO_OFFICERS = 23  # position of the crossing that has only two officers in the morning
_DAY = "yyyy-mm-dd"
_WEEK = "一二三四五六日"


def write_crossing_posts(path: Path, found: Adoption, office: Office, people: People) -> None:
    """路口执勤排班表.xlsx: police in two shifts, fewer than 300 in each, and volunteers at every other crossing."""
    columns = [
        *(Column("序号", 6), Column("日期", 12, number_format=_DAY), Column("星期", 6), Column("地点类别", 8), Column("路口编号", 9), Column("岗位名称", 30)),
        *(Column("上岗时间", 9), Column("下岗时间", 9), Column("类别", 11)),
        *(Column("单位", 18), Column("带班领导", 10), Column("人员名单", 34, left=True), Column("应到人数", 8), Column("实到人数", 9)),
        *(Column("联系电话", 14, number_format="@"), Column("职责", 26, left=True)),
    ]
    rng = stream("crossing posts")
    police, senders = office.register["区交警大队"], [u for u in office.register.units if u.kind == "党政部门"]
    rows: list[tuple[Any, ...]] = []
    for shift, hours in enumerate((("7:30", "9:00"), ("17:30", "19:00"))):
        for n, crossing in enumerate(found.crossings):
            size = 2 if shift == 0 and n == TWO_OFFICERS else 5 if crossing.level == "一级" else 4 if crossing.level == "二级" and n % 2 else 3
            some, chief = [people.next() for _ in range(size)], people.next()
            rows.append(
                (
                    *(len(rows) + 1, TODAY, _WEEK[TODAY.weekday()], "路口", crossing.code, crossing.name, *hours, "民警", police.short, chief.name),
                    *("、".join(p.name for p in some), size, size if shift == 0 else "", some[0].phone, "指挥交通，纠正不文明交通行为"),
                )
            )
            if n % 2 == 0 and shift == 0:
                unit, group = senders[n // 2 % len(senders)], [people.next() for _ in range(4)]
                there = 3 if rng.random() < 0.1 else 4
                rows.append(
                    (
                        *(len(rows) + 1, TODAY, _WEEK[TODAY.weekday()], "路口", crossing.code, crossing.name, *hours, "志愿者", unit.short, unit.deputy.name),
                        *("、".join(p.name for p in group), 4, there, group[0].phone, "劝导行人和非机动车遵守信号"),
                    )
                )
    workbooks.write(path, "路口执勤", Sheet("示范区路口执勤排班表", "2024年6月3日（星期一）", columns, rows))


def write_zone_posts(path: Path, office: Office, people: People) -> None:
    """网格值守和路段巡查排班表.xlsx: three shifts a zone around the clock, two patrols a section; one zone lacks its night shift."""
    columns = [
        *(Column("序号", 6), Column("日期", 12, number_format=_DAY), Column("地点类别", 8), Column("地点编号", 10), Column("类别", 8), Column("单位", 20)),
        *(Column("上岗时间", 9), Column("下岗时间", 9), Column("人员名单", 18), Column("应到人数", 8), Column("职责", 30, left=True)),
    ]
    rows: list[tuple[Any, ...]] = []
    for n, zone in enumerate(office.zone_records):
        for hours in (("0:00", "8:00"), ("8:00", "16:00"), ("16:00", "24:00")):
            if n == 20 and hours[0] == "0:00":
                continue
            some = [people.next(), people.next()]
            rows.append(
                (len(rows) + 1, TODAY, "网格", zone["网格编号"], "值守", zone["网格单位"], *hours, "、".join(p.name for p in some), 2, "网格值守，随时处置")
            )
    for section in office.section_records:
        for hours in (("7:00", "14:30"), ("14:30", "22:00")):
            name = people.next().name
            rows.append((len(rows) + 1, TODAY, "路段", section["路段编号"], "巡查", section["责任单位"], *hours, name, 1, "不间断巡查，发现问题当场协调"))
    workbooks.write(path, "值守巡查", Sheet("示范区网格值守和路段巡查排班表", "2024年6月3日（星期一）", columns, rows))


def write_visits(path: Path, office: Office) -> None:
    """巡查记录表.xlsx: each site on most days; on the morning of 06-03 a third has been visited so far."""
    columns = [
        *(Column("点位编号", 10, number_format="@"), Column("点位名称", 26), Column("巡查单位", 18)),
        *(Column("巡查人", 10), Column("到达时间", 18, number_format="yyyy-mm-dd hh:mm"), Column("发现问题数", 10), Column("当场整改数", 10)),
    ]
    rng = stream("visits")
    rows = []
    for back in range((TODAY - FIRST_VISIT).days, -1, -1):
        day = TODAY - dt.timedelta(days=back)
        share = 0.33 if day == TODAY else 0.74 if day.weekday() >= 5 else 0.9 + 0.08 * (1 - back / 15)
        for site in office.sites:
            if rng.random() >= share:
                continue
            found = int(rng.choice([0, 0, 0, 1, 1, 2, 3]))
            hour, minute = (7, int(rng.integers(5, 60))) if day == TODAY else (int(rng.integers(8, 18)), int(rng.integers(0, 60)))
            fixed = min(found, int(rng.integers(0, 3)))
            arrived = dt.datetime.combine(day, dt.time(hour, minute))
            rows.append((site.code, site.spot.name, site.responsible.short, site.chief.name, arrived, found, fixed))
    workbooks.write(path, "巡查", Sheet("实地考察点位巡查记录表", "", columns, rows))


def write_supervision(path: Path, office: Office) -> None:
    """联合督查组督查记录.xlsx (SR-68, SR-69)."""
    columns = [
        *(Column("记录编号", 9), Column("日期", 12, number_format=_DAY), Column("督查内容", 10), Column("督查组成员单位", 44), Column("被督查单位", 20)),
        *(Column("发现情况", 44, left=True), Column("程度", 8)),
    ]
    texts = {
        "到岗": ("点位长未到岗，由他人代签", "执勤人员迟到20分钟", "人员全部到岗", "值守点无人接听电话"),
        "履职": ("台账登记不全，近三日无巡查记录", "问题反馈照片与现场不符", "履职到位，台账完整", "对交办问题推给属地处理"),
        "作风": ("对交办单拖延签收", "现场整改敷衍，表面清理", "作风扎实，当日交办当日整改"),
    }
    team = "区委办、区政府办、区纪委监委、区创建办"
    rng = stream("supervision")
    units = [u for u in office.register.units if u.kind in ("党政部门", "街道乡镇", "国企") and u.short not in team.split("、")]
    rows = []
    for n in range(26):
        kind = ("到岗", "履职", "作风")[n % 3]
        text = pick(rng, texts[kind])
        good = text in ("人员全部到岗", "履职到位，台账完整", "作风扎实，当日交办当日整改")
        serious = "推给" in text or "不符" in text or "代签" in text
        day = FIRST_VISIT + dt.timedelta(days=n // 2)
        rows.append((f"DC-{n + 1:02d}", day, kind, team, pick(rng, units).short, text, "" if good else "严重" if serious else "轻微"))
    workbooks.write(path, "督查", Sheet("联合督查组督查记录", "", columns, rows))


def write_sightings(path: Path, office: Office, people: People) -> None:
    """测评组动态.xlsx: the province's mock assessment of 05-28 and 05-29 (SR-66)."""
    columns = [
        *(Column("序号", 6), Column("时间", 18, number_format="yyyy-mm-dd hh:mm"), Column("地点", 24), Column("检查内容", 34, left=True)),
        *(Column("下一步去向", 24), Column("报告人", 10), Column("经度", 13, number_format="0.0000000"), Column("纬度", 12, number_format="0.0000000")),
    ]
    picked = [next(s for s in office.sites if s.spot.category == kind and s.located) for kind in ("车站", "主次干道", "农贸市场", "小区", "学校", "政务大厅")]
    times = ((28, 9, 10), (28, 9, 50), (28, 10, 40), (28, 15, 5), (29, 7, 40), (29, 9, 30))
    seen = ("候车秩序、母婴室", "路面保洁、非机动车停放", "公平秤、活禽区", "飞线充电、楼道堆物", "校园周边秩序", "窗口服务、投诉处理")
    rows: list[tuple[Any, ...]] = []
    for n, (site, (day, hour, minute), (lon, lat)) in enumerate(zip(picked, times, degrees([s.spot.point for s in picked]), strict=True)):
        heading = picked[n + 1].spot.name if n + 1 < len(picked) else "返回"
        rows.append((n + 1, dt.datetime(2024, 5, day, hour, minute), site.spot.name, seen[n], heading, people.next().name, lon, lat))
    workbooks.write(path, "动态", Sheet("省级模拟测评组动态", "", columns, rows))
