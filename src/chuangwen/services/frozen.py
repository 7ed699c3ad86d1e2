"""定格: the figures of a period as they were published, kept whole; they do not change any more, and can be held against today's (domain.md 3.5)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.issue_facts import Moves, Period
from chuangwen.domain.ranking import RankingRules
from chuangwen.domain.values import plain
from chuangwen.errors import DataProblem, RuleBroken
from chuangwen.services.figures import Table, as_json, table
from chuangwen.services.placing import View
from chuangwen.text import _

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that reads otherwise than it was frozen; `now` '' where the group is gone, `then` '' where it is new."""

    group: str
    indicator: str
    then: str
    now: str


def freeze(view: View, found: Table, name: str) -> Edit:
    """The edit that keeps a table under a name. Raises `RuleBroken` where the name is taken or blank."""
    layer, held = view.layers["frozen"], view.features("frozen")
    name = name.strip()
    if not name:
        raise RuleBroken(_("定格要有名称。"), {"name": _("请写上期名，如“5月通报”。")})
    if name in {plain(one) for one in held.column("name")}:
        raise RuleBroken(_("已有名为“{name}”的定格。").format(name=name), {"name": _("定格后不再改动，请另取一个名称。")})
    taken = {plain(one) for one in held.column("code")}
    code = next(code for number in range(1, len(held) + 2) if (code := f"{found.now:%Y%m%d}-{number}") not in taken)
    content = json.dumps({"version": _VERSION, **as_json(found)}, ensure_ascii=False, default=plain)
    values = {"code": code, "name": name, "from_date": found.period.start, "to_date": found.period.end, "at": found.now, "content": content}
    return edits.joined(_("定格统计“{name}”").format(name=name), [edits.add(layer, values)])


def thawed(kept: Feature) -> dict[str, Any]:
    """What was frozen, as `figures.as_json` wrote it. Raises `DataProblem` where somebody else changed the record."""
    try:
        found = json.loads(plain(kept.get("content")))
        _texts(found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataProblem(_("定格“{name}”的内容读不出来。").format(name=kept.name), hint=_("它可能被别的程序改过，可从“修改经过”中恢复。")) from error
    return dict(found)


def today(view: View, campaign: Campaign, content: Mapping[str, Any], moves: Moves | None = None, rules: RankingRules | None = None) -> Table:
    """The table that was frozen, counted anew from what is known now. Raises `UserError` where an indicator of it is no longer there."""
    start, end = (dt.date.fromisoformat(text) if (text := content["period"][name]) else None for name in ("from", "to"))
    return table(view, campaign, content["by"], Period(start, end), [one["id"] for one in content["indicators"]], moves, rules)


def differences(kept: Feature, live: Table) -> list[Difference]:
    """Where today's figures of the same table read otherwise. `live` is made with the frozen table's division, period and indicators."""
    then, now = _texts(thawed(kept)), _texts(json.loads(json.dumps(as_json(live), default=plain)))
    pairs = {key: (then.get(key, ""), now.get(key, "")) for key in dict.fromkeys([*then, *now])}
    return [Difference(*key, *texts) for key, texts in pairs.items() if texts[0] != texts[1]]


def _texts(found: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Group and indicator → numerator, denominator and what is printed."""
    titles = {one["id"]: one["title"] for one in found["indicators"]}
    texts: dict[tuple[str, str], str] = {}
    for line in [*found["lines"], found["total"]]:
        for name, cell in line["figures"].items():
            whole = f"（{cell['numerator']}/{cell['denominator']}）" if cell["denominator"] is not None else ""
            texts[(line["title"], titles[name])] = cell["text"] + whole
    return texts
