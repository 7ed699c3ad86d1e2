"""What a web page shows, settled before it is written: layers, their classes, the values a reader may see.

Whoever fills this in has already left out what the reader is not to know. What writes the page adds nothing from the project.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from chuangwen.domain.layer import Label, Symbol

TEXT, LONG, PHONE, STATE = "text", "long", "phone", "state"
"""Kinds of column: a short text, one that wraps, a telephone number (a `tel:` link), the word of the class with its mark beside it."""


@dataclass(frozen=True, slots=True)
class WebColumn:
    """One line of a pop-up. Columns after the first `brief` ones of a layer are behind 更多."""

    title: str
    kind: str = TEXT


@dataclass(frozen=True, slots=True)
class WebClass:
    """One line of the legend: features that look alike. `badge`: drawn over the symbol (逾期)."""

    title: str
    symbol: Symbol
    badge: Symbol | None = None


@dataclass(frozen=True)
class WebLayer:
    """The features of one layer, column by column: entry i of each sequence is feature i.

    `shapes` are lon, lat degrees (EPSG:4490, taken as EPSG:4326). `ids` name a feature towards the program (bridge, returned file), are
    unique in the layer and may be opaque. `classes` are indices into `kinds`. `values[i]` has a text per column, '' where there is none.
    `keys[i]` is what a search looks in besides the title (pinyin is added by what writes the page).
    """

    id: str
    title: str
    geometry: str  # point | line | polygon
    kinds: tuple[WebClass, ...]
    columns: tuple[WebColumn, ...]
    ids: Sequence[str]
    shapes: Sequence[BaseGeometry]
    classes: Sequence[int]
    titles: Sequence[str]
    values: Sequence[tuple[str, ...]]
    keys: Sequence[str] = ()
    label: Label | None = None
    labels: Sequence[str] = ()
    brief: int = 6
    visible: bool = True
    is_context: bool = False  # roads, water, buildings: drawn beneath, simplified more, no pop-up, no search
    is_ticked: bool = False  # in a patrol page: 已整改 / 未整改 can be ticked
    order: int = 0  # larger is drawn on top


@dataclass(frozen=True, slots=True)
class PatrolForm:
    """What makes a page take ticks: which project and which state of the data a returned file speaks about."""

    project: str  # the project's own identifier
    packet: str  # of this page
    subject: str  # 第三网格, 人民路
    data_time: dt.datetime


@dataclass(frozen=True, slots=True)
class OnlineBase:
    """An online base map that the user has added; a page without one holds no address at all."""

    title: str
    address: str  # {z}, {x}, {y}
    credit: str
    max_zoom: int = 18


@dataclass(frozen=True)
class WebPage:
    """One page. `notes` are the lines at its foot (内部使用 注意保管, 审图号, 有效期至); `watermark` lies over the map, on paper too."""

    title: str
    subtitle: str
    producer: str
    data_time: dt.datetime
    layers: tuple[WebLayer, ...]
    notes: tuple[str, ...] = ()
    watermark: str = ""
    expires: dt.date | None = None  # the page says 已过期 from the day after
    patrol: PatrolForm | None = None
    base: OnlineBase | None = None
    extent: tuple[float, float, float, float] | None = None  # lon, lat; None: all features
    search_words: tuple[str, ...] = field(default=())  # shown as a hint in the empty search box


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """What lies on the disk now."""

    path: str
    size: int  # bytes
    features: int
    is_locked: bool
