"""What a check is, what it finds, and what it is given to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.feature import Features
from chuangwen.progress import Progress
from chuangwen.services.checks.thresholds import Thresholds
from chuangwen.services.placing import View
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

PASS, FOUND, NO_DATA = "pass", "found", "no_data"
"""States of a result: nothing found; something found; the layer that the check is about has nothing in it, so that nothing can be said."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `text` is a sentence; `ids` are features of `layer` that it concerns.

    `amount` counts in `measure` (平方米, 米, 人…), None where nothing is measured; `geometry` is where it is, in the project's CRS (None: where the
    features are); `by` is the unit that has to act, '' where nobody is known.
    """

    text: str
    layer: str = ""
    ids: tuple[str, ...] = ()
    amount: float | None = None
    measure: str = ""
    geometry: BaseGeometry | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `definition` says in plain words what is looked for and from which number on, `remedy` what to do about a finding; `layer` is where the
    findings are. `run` raises `NoData` where there is nothing to look at."""

    id: str
    title: str
    definition: str
    layer: str
    remedy: str
    run: Callable[[Look], list[Finding]]


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found. `missing`: the layer without which nothing can be said; `unseen`: layers that are empty, so that a part was not looked at;
    `summary`: figures to go with it, '' for none."""

    check: Check
    findings: tuple[Finding, ...] = ()
    missing: str = ""
    unseen: tuple[str, ...] = ()
    summary: str = ""

    @property
    def state(self) -> str:
        """`pass`, `found` or `no_data`."""
        return NO_DATA if self.missing else FOUND if self.findings else PASS

    @property
    def words(self) -> str:
        """The state as people read it: 通过, 有 3 处, 未建立“门店”数据."""
        if self.missing:
            return _("未建立“{layer}”数据").format(layer=self.missing)
        return _("有 {count} 处").format(count=len(self.findings)) if self.findings else _("通过")


class NoData(Exception):
    """A check has nothing to look at; `title` names what is missing."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


@dataclass(slots=True)
class Look:
    """What a check is given: the features of a project (or of a what-if, or of a past day), the campaign, the thresholds, and a progress to report to."""

    view: View
    campaign: Campaign
    thresholds: Thresholds
    progress: Progress = field(default_factory=Progress)
    unseen: list[str] = field(default_factory=list)
    summary: str = ""
    kept: dict[str, Any] = field(default_factory=dict)  # what several checks need, made once a run

    @property
    def today(self) -> dt.date:
        """The day that is checked."""
        return self.campaign.today

    def need(self, layer: str) -> Features:
        """The features of a layer that the check is about. Raises `NoData` where there are none."""
        features = self._features(layer)
        if features is None or not len(features):
            raise NoData(self.title(layer))
        return features

    def use(self, layer: str) -> Features | None:
        """The features of a layer that the check also looks at; None, and told, where there are none."""
        features = self._features(layer)
        if features is None or not len(features):
            if self.title(layer) not in self.unseen:
                self.unseen.append(self.title(layer))
            return None
        return features

    def title(self, layer: str) -> str:
        """What a layer is called."""
        return self.view.layers[layer].title if layer in self.view.layers else layer

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, made at the first call of a run."""
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    def _features(self, layer: str) -> Features | None:
        return self.view.features(layer) if layer in self.view.layers else None


def called(features: Features, at: int) -> str:
    """How a sentence names a feature: code and name, else one of them."""
    code, name = (str(features.column(one)[at] or "") for one in ("code", "name"))
    return name if code == name or not code else f"{code} {name}".strip()


def text(features: Features, field_name: str) -> list[str]:
    """A field as text, '' where it is empty."""
    return [str(value).strip() if value is not None else "" for value in features.column(field_name)]


def listed(names: Sequence[str], most: int = 5) -> str:
    """A、B、C 等 12 个: not more names than can be read."""
    if len(names) <= most:
        return "、".join(names)
    return _("{names} 等 {count} 个").format(names="、".join(names[:most]), count=len(names))
