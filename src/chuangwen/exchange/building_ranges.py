"""1-5栋, 1#-3#, 1、3、5号楼: several buildings in one row of a list of cadres (干部包楼栋, domain.md 5.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from chuangwen.domain.layer import Layer
from chuangwen.domain.values import Scalar, half_width, plain
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.incoming import Incoming, Repaired
from chuangwen.exchange.matching import match
from chuangwen.text import _

KEY = "buildings"
"""The doubt whether such a row is split."""
_MARK = r"(?:栋|幢|座|#|号楼?|楼)"
_RANGE = re.compile(rf"^(\d{{1,3}}){_MARK}?(?:-+|—+|–|~|至|到)(\d{{1,3}})({_MARK})$")
_LIST = re.compile(rf"^\d{{1,3}}{_MARK}?(?:[、,，]\d{{1,3}}{_MARK}?)+$")
_MOST = 60  # buildings in one row


def split(incoming: Incoming, layer: Layer, columns: Mapping[str, str], answers: Answers) -> Incoming:
    """A row for each building, with the same person, where the user says so (`buildings`: yes, no); asked wherever there is such a row."""
    if layer.id != "building" or incoming.geometry is not None:
        return incoming
    title = match(incoming.columns, layer, columns).column_of.get("name", "")
    column = next((one for one in incoming.columns if one.title == title), None)
    if column is None:
        return incoming
    meant = {at: some for at, cell in enumerate(column.values) if len(some := several(plain(cell))) > 1}
    if not meant:
        return incoming
    rows, total = tuple(incoming.rows[at] for at in meant), sum(map(len, meant.values()))
    shown = plain(column.values[min(meant)])
    possible = (Answer("no", _("不拆，一行一条")), Answer("yes", _("拆成 {total} 栋").format(total=total), _("同一行的干部、电话等照抄到每一栋")))
    chosen = settled(KEY, answers, possible, "no")
    question = _("“{title}”有 {count} 行写了几栋楼（如“{shown}”），要拆成一栋一条吗？").format(title=title, count=len(meant), shown=shown)
    incoming = replace(incoming, doubts=(*incoming.doubts, Doubt(KEY, question, possible, chosen, rows, asks=True)))
    if chosen == "no":
        return incoming
    owners = [at for at in range(len(incoming)) for _one in meant.get(at, [""])]
    names: list[Scalar] = [name or column.values[at] for at in range(len(incoming)) for name in meant.get(at, [""])]
    parts = [number if at in meant else 0 for at in range(len(incoming)) for number, _one in enumerate(meant.get(at, [""]), start=1)]
    taken = incoming.take(owners)
    notes = [Repaired(incoming.rows[at], _("“{cell}”拆成了 {count} 栋").format(cell=plain(column.values[at]), count=len(some))) for at, some in meant.items()]
    changed = tuple(replace(one, values=names) if one.title == title else one for one in taken.columns)
    return replace(taken, columns=changed, parts=parts, repaired=(*taken.repaired, *notes))


def several(text: str) -> list[str]:
    """The buildings that a cell names, each as 3栋; [] where it names one, or what cannot be counted."""
    text = half_width(text).replace(" ", "")
    if found := _RANGE.match(text):
        first, last = int(found[1]), int(found[2])
        return [f"{number}{found[3]}" for number in range(first, last + 1)] if 0 < last - first < _MOST else []
    if not _LIST.match(text):
        return []
    mark = re.search(rf"{_MARK}$", text)
    return [f"{number}{mark[0] if mark else ''}" for number in dict.fromkeys(re.findall(r"\d+", text))]
