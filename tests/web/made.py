"""A small project with secrets planted in it, and files as a patrol sends them back."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.exchange.web.content import PatrolForm
from chuangwen.services.project import Project

X, Y = 437_000.0, 3_093_000.0  # metres of EPSG:4548
TODAY = dt.date(2024, 6, 3)
NAMES = ("诸葛孔亮", "司马懿之", "公孙策一", "欧阳小锋", "上官飞燕", "令狐冲天")
PHONES = ("13812345601", "13812345602", "13812345603", "13812345604")
IDENTITY = "11010519491231002X"
SECRETS = (*NAMES, *PHONES, IDENTITY)


def town(path: Path) -> Project:
    """Two zones with a border between them, a section, two units, sites and issues of both; people in the private fields, none in a text."""
    project = Project.create(path, Campaign(title="测试一张图", district="示范区", office="示范区创建办", fixed_today=TODAY), 4548, "某某01")
    units = [
        {"code": "U1", "name": "第一局", "short_name": "一局", "head": NAMES[0], "phone": PHONES[0]},
        {"code": "U2", "name": "第二局", "liaison": NAMES[1]},
    ]
    zones = [("A-1", "东一网格", 0, "第一局"), ("A-2", "东二网格", 1000, "第二局")]
    made = [edits.add(project.layers["unit"], one) for one in units]
    for code, name, east, unit in zones:
        values = {"code": code, "name": name, "street": "东街道", "responsible_unit": unit, "chief": NAMES[2], "phone": PHONES[1]}
        made.append(edits.add(project.layers["zone"], values, box(X + east, Y, X + east + 1000, Y + 1000)))
    road = {"code": "L-1", "name": "长安路", "responsible_unit": "第一局", "chief1": NAMES[3], "chief3": NAMES[3], "phone": PHONES[2]}
    made.append(edits.add(project.layers["section"], road, LineString([(X + 100, Y + 500), (X + 900, Y + 500)])))
    for number, (east, unit) in enumerate(((203, "第一局"), (1207, "第二局")), 1):
        values = {"code": f"00{number}", "name": f"第{number}公园", "category": "park", "responsible_unit": unit, "chief": NAMES[4], "phone": PHONES[3]}
        made.append(edits.add(project.layers["site"], values, Point(X + east, Y + 211)))
    made.append(edits.add(project.layers["road"], {"code": "R1", "name": "长安路", "class": "main"}, LineString([(X - 5000, Y + 500), (X + 5000, Y + 500)])))
    made.append(edits.add(project.layers["building_outline"], {"code": "B1", "name": "办公楼"}, box(X + 10, Y + 10, X + 40, Y + 40)))
    made += [
        issue(project, "20240601-001", 111.3, 222.4, "第一局", "in_progress", description="护栏破损"),
        issue(project, "20240601-002", 410.0, 505.0, "第一局", "rectified", description="路面坑洼"),
        issue(project, "20240601-003", 1303.7, 305.2, "第二局", "in_progress", description="井盖缺失"),
        issue(project, "20240601-004", 1310.0, 310.0, "第二局", "closed", description="广告破损"),
        issue(project, "20240601-005", 120.0, 230.0, None, "draft", description="草稿里的事"),
    ]
    project.apply(edits.joined("测试数据", made))
    return project


def issue(project: Project, code: str, east: float, north: float, unit: str | None, status: str, **values: Any) -> Any:
    """The edit that adds an issue; its people stand in private fields."""
    full = {"code": code, "name": values.get("description"), "status": status, "responsible_unit": unit, "category": "设施类", "address": "长安路38号"}
    people = {"person": NAMES[5], "phone": PHONES[0], "leader": NAMES[0], "due_at": dt.date(2024, 6, 10), "found_at": dt.date(2024, 6, 1)}
    return edits.add(project.layers["issue"], {**full, **people, **values}, Point(X + east, Y + north))


def ids(project: Project) -> dict[str, str]:
    """Code → id of the issues."""
    issues = project.features("issue")
    return {str(code): row_id for code, row_id in zip(issues.column("code"), issues.ids, strict=True)}


def answer(form: PatrolForm, entries: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """What a page saves."""
    whole = {
        "format": "chuangwen-patrol",
        "version": 1,
        "project": form.project,
        "packet": form.packet,
        "subject": form.subject,
        "data_time": form.data_time.isoformat(),
        "saved_at": (form.data_time + dt.timedelta(hours=5)).isoformat(),
        "patroller": "巡查员甲",
        "entries": entries,
    }
    return {**whole, **changes}


def tick(row_id: str, result: str, form: PatrolForm, **changes: Any) -> dict[str, Any]:
    """One tick of an issue."""
    return {"layer": "issue", "id": row_id, "result": result, "note": "", "photo": "", "at": (form.data_time + dt.timedelta(hours=1)).isoformat(), **changes}


def saved(path: Path, content: object) -> Path:
    """Content as the file."""
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path
