"""Pages for tests: a small town made here, very many features, and a project's own layers without any reader's profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.classes import classify
from chuangwen.domain.layer import Label, Layer, Symbol
from chuangwen.exchange.web.content import LONG, PHONE, STATE, PatrolForm, WebClass, WebColumn, WebLayer, WebPage
from chuangwen.services.project import Project
from tests.build import layers

LON, LAT = 116.36, 27.95
NOW = dt.datetime(2024, 6, 3, 9, 0)
STEP = 0.001  # degrees, about 100 m
CONTEXT = ("road", "water", "building_outline", "green")


def layer(name: str, shapes: Sequence[BaseGeometry], titles: Sequence[str], columns: tuple[WebColumn, ...] = (), **more: object) -> WebLayer:
    """A page's layer with the symbols of a shipped one, everything of its last class unless `classes` are given."""
    of: Layer = layers()[name]
    kinds = tuple(WebClass(one.title or next(iter(one.when.values()))[0], one) for one in of.symbols)
    count = len(shapes)
    usual: dict[str, object] = {
        "ids": [f"{name}-{n}" for n in range(count)],
        "classes": [len(kinds) - 1] * count,
        "values": [("",) * len(columns)] * count,
        "label": of.label,
        "labels": list(titles),
        "order": of.order,
    }
    usual |= {"kinds": kinds, "columns": columns, "shapes": shapes, "titles": titles}
    return WebLayer(name, of.title, of.geometry, **(usual | more))  # type: ignore[arg-type]


def at(east: float, north: float) -> Point:
    """A place of the town, in steps from its south-west corner."""
    return Point(LON + east * STEP, LAT + north * STEP)


ISSUE_COLUMNS = (WebColumn("状态", STATE), WebColumn("描述", LONG), WebColumn("联系电话", PHONE), WebColumn("责任单位"), WebColumn("时限"))


def town_page(texts: Sequence[str] = ("路面破损，影响通行",), patrol: bool = False, same_place: int = 0, **more: object) -> WebPage:
    """Three zones, a road, water, sites and an issue per text; `same_place`: so many more issues in one place."""
    zones = [
        box(LON, LAT, LON + 10 * STEP, LAT + 8 * STEP),
        box(LON + 10 * STEP, LAT, LON + 16 * STEP, LAT + 12 * STEP),
        box(LON + 16 * STEP, LAT, LON + 30 * STEP, LAT + 5 * STEP),
    ]
    issues = [at(2 + 3 * (n % 8), 1.5 + 1.5 * (n // 8)) for n in range(len(texts))]
    issues += [at(20, 2)] * same_place
    words = [*texts, *(f"同一处第{n}件" for n in range(same_place))]
    made = (
        layer("water", [box(LON - 2 * STEP, LAT - 3 * STEP, LON + 32 * STEP, LAT - STEP)], ["抚河"], is_context=True),
        layer("road", [LineString([at(-2, 6), at(12, 6), at(32, 3)])], ["人民路"], is_context=True),
        layer("zone", zones, ["东街第1网格", "东街第2网格", "西街长青门网格"], (WebColumn("网格长"),), values=[("某某01",), ("",), ("某某03",)]),
        layer("section", [LineString([at(0, 6), at(10, 6)])], ["人民路东段"]),
        layer(
            "site", [at(5, 4), at(12, 2)], ["人民广场", "第一小学"], (WebColumn("地址"),),
            values=[("人民路1号",), ("",)], keys=["001", "002"], classes=[8, 11],
        ),
        layer(
            "issue", issues, [f"2024-{n:03d}" for n in range(len(issues))], ISSUE_COLUMNS, keys=words, is_ticked=True, brief=3,
            values=[("整改中", text, "13800000000、0794-1234567", "区住建局", "6月5日18:00") for text in words], classes=[n % 4 for n in range(len(issues))],
        ),
    )  # fmt: skip
    form = PatrolForm("project-1", "packet-1", "东街第1网格", NOW) if patrol else None
    usual: dict[str, object] = {"notes": ("内部使用 注意保管",), "watermark": ""}
    return WebPage("试验区迎检一张图", "东街", "试验区创建办", NOW, made, patrol=form, **(usual | more))  # type: ignore[arg-type]


def many_page(count: int = 50_000) -> WebPage:
    """So many features: two fifths of them areas, as many points, the rest lines."""
    random = np.random.default_rng(6)
    areas, points, lines = int(count * 0.4), int(count * 0.4), int(count * 0.2)
    side = int(np.ceil(np.sqrt(areas)))
    step = 0.0004
    corner = np.stack([np.arange(areas) % side, np.arange(areas) // side], axis=1) * step + np.array([LON, LAT])
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    round_about = np.stack([np.cos(turn), np.sin(turn)], axis=1) * step * 0.42
    blocks = shapely.polygons(corner[:, None] + round_about)
    spots = shapely.points(random.uniform(0, side * step, (points, 2)) + np.array([LON, LAT]))
    begun = random.uniform(0, side * step, (lines, 1, 2)) + np.array([LON, LAT])
    walk = begun + np.cumsum(random.normal(0, step * 0.4, (lines, 14, 2)), axis=1)
    values = [("整改中", f"第{n}处路面破损，影响通行，请尽快处理", "13800000000", f"单位{n % 60}", "6月5日") for n in range(points)]
    made = (
        layer("building_outline", blocks, [f"{n}栋" for n in range(areas)], is_context=True),
        layer("road", shapely.linestrings(walk), [f"路{n % 400}" for n in range(lines)], is_context=True),
        layer(
            "issue",
            spots,
            [f"2024-{n:05d}" for n in range(points)],
            ISSUE_COLUMNS,
            values=values,
            keys=[row[1] for row in values],
            classes=[n % 5 for n in range(points)],
        ),
    )
    return WebPage("很多要素", "", "试验区创建办", NOW, made)


def project_page(path: Path, patrol: bool = False) -> WebPage:
    """All that the layers of a project show, every field in its order."""
    project = Project.open(path, "甲")
    try:
        to_degrees = Transformer.from_crs(project.epsg, 4490, always_xy=True)
        made = [_of_project(project, one, to_degrees) for one in project.layers.drawn() if one.kind != "reference"]
        form = PatrolForm("demo", "packet", "全区", NOW) if patrol else None
        return WebPage(
            f"{project.campaign.title}迎检一张图", "内部版", project.campaign.office, NOW, tuple(one for one in made if len(one.ids)),
            notes=("内部使用 注意保管", "有效期至 2024-06-30"), watermark="试验区创建办 内部使用", patrol=form, search_words=("人民路", "第一小学"),
        )  # fmt: skip
    finally:
        project.close()


def _of_project(project: Project, of: Layer, to_degrees: Transformer) -> WebLayer:
    features = project.features(of.id)
    classes = classify(features, of.symbols)
    rows = [n for n, shape in enumerate(features.geometry) if shape is not None and not shape.is_empty and classes[n] >= 0]
    shapes = shapely.transform(
        np.array([features.geometry[n] for n in rows], dtype=object), lambda xy: np.stack(to_degrees.transform(xy[:, 0], xy[:, 1]), axis=1)
    )
    is_context = of.id in CONTEXT
    names = [] if is_context else [name for name in of.columns if of.has(name)]
    kinds = {"description": LONG, "phone": PHONE, "status": STATE}
    columns = [features.column(name) for name in names]
    codes, titles = features.column("code"), features.column("name")
    label: Label | None = of.label
    return WebLayer(
        of.id, of.title, of.geometry if of.geometry != "any" else "point",
        tuple(WebClass(_class_title(of, one), one) for one in of.symbols), tuple(WebColumn(of.field(name).title, kinds.get(name, "text")) for name in names),
        ids=[str(features.ids[n]) for n in rows], shapes=list(shapes), classes=[int(classes[n]) for n in rows],
        titles=[str(titles[n] or codes[n] or "") for n in rows],
        values=[tuple(of.field(name).show(column[n]) for name, column in zip(names, columns, strict=True)) for n in rows],
        keys=[] if is_context else [str(codes[n] or "") for n in rows],
        label=label, labels=[str((codes if label and "{code}" in label.text else titles)[n] or "") for n in rows] if label else [],
        visible=of.visible, is_context=is_context, is_ticked=of.id in ("issue", "site"), order=of.order,
    )  # fmt: skip


def _class_title(of: Layer, symbol: Symbol) -> str:
    if symbol.title or not symbol.when:
        return symbol.title
    name, values = next(iter(symbol.when.items()))
    return "、".join(of.field(name).show(value) for value in values) if of.has(name) else ""
