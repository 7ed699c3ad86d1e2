"""A moved border taken over: the one edit that does it, and the list of who hands over what to whom (工作交接清单; decision 0010)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.shared_edges import NOBODY
from chuangwen.domain.values import GEOMETRY, Scalar
from chuangwen.errors import RuleBroken, UserError
from chuangwen.exchange.whole_file import whole_file
from chuangwen.services.what_if import COUNTED, Preview, Transfer, WhatIf
from chuangwen.text import _

_ZONED = ("issue", "site")
"""Layers that note the code of their zone."""
_NAMED = 12  # codes that a line of the document names; the workbook has them all


def taking_over(what: WhatIf, preview: Preview) -> Edit:
    """The zones in their new shapes, and the zone code of the open issues and sites that change zone, as one step.

    Nobody's assignment is touched (domain.md 8.3): `Preview.owners` says who is to be asked. A zone code that said something else stays. Raises `RuleBroken`
    for a border that was refused or did not move.
    """
    if preview.refused:
        raise RuleBroken(preview.refused)
    zones = what.zones
    changes = [
        Change("zone", zones.ids[row], {GEOMETRY: zones.geometry[row]}, {GEOMETRY: shape})
        for row, shape in sorted(what.shapes(preview.reshaped).items())
        if shape != zones.geometry[row]
    ]
    if not changes:
        raise RuleBroken(_("边界没有变化。"))
    for one in preview.transfers:
        for layer in _ZONED:
            changes += _recoded(what, layer, one)
    codes = "、".join(dict.fromkeys(code for one in preview.transfers for code in (one.giver.code, one.taker.code) if code))
    return Edit(_("调整网格 {codes} 的边界").format(codes=codes) if codes else _("调整网格边界"), tuple(changes))


def _recoded(what: WhatIf, layer: str, transfer: Transfer) -> Iterator[Change]:
    if layer not in what.view.layers:
        return
    features = what.view.features(layer)
    said = features.column("zone_code")
    for row_id in transfer.things.get(layer, ()):
        held = said[features.index[row_id]]
        wanted = transfer.taker.code or None
        if (held or "") in ("", transfer.giver.code) and held != wanted:
            yield Change(layer, row_id, {"zone_code": held}, {"zone_code": wanted})


@dataclass(frozen=True, slots=True)
class HandOver:
    """The list of one change of borders. `day` from which it holds."""

    what: WhatIf
    preview: Preview
    campaign: Campaign
    day: dt.date

    @property
    def title(self) -> str:
        """Its title."""
        return _("网格边界调整工作交接清单")

    def write(self, path: Path, picture: bytes | None = None) -> None:
        """As docx or xlsx, by the ending; `picture` (PNG) shows the change. Raises `UserError` for another ending, `FileProblem`; then no half file is left."""
        if path.suffix.lower() not in (".docx", ".xlsx"):
            raise UserError(_("交接清单只能存为 docx 或 xlsx：{file}。").format(file=path.name))
        if path.suffix.lower() == ".docx":
            self._document(path, picture)
            return
        with whole_file(path) as part:
            self._workbook(part)

    def header(self) -> list[str]:
        """The columns of `rows`."""
        things = [self.what.view.layers[layer].title for layer in self._layers()]
        return [_("移交网格"), _("移交单位"), _("接收网格"), _("接收单位"), _("面积（m²）"), _("路段（m）"), _("道路（m）"), *things]

    def rows(self) -> list[list[Scalar]]:
        """A row for each pair of zones, metres and m² without decimals."""
        found: list[list[Scalar]] = []
        for one in self.preview.transfers:
            sizes: list[Scalar] = [round(one.area_m2), round(one.section_m), round(one.road_m)]
            counts: list[Scalar] = [one.count(layer) for layer in self._layers()]
            found.append([*_party(one, "giver"), *_party(one, "taker"), *sizes, *counts])
        return found

    def things(self) -> list[list[Scalar]]:
        """A row for each thing that changes zone: kind, code, name, from, to."""
        found: list[list[Scalar]] = []
        for one in self.preview.transfers:
            for layer in self._layers():
                features = self.what.view.features(layer)
                for row_id in one.things.get(layer, ()):
                    thing = features.feature(row_id)
                    assert thing is not None
                    name = str(thing.get("description") or thing.name) if layer == "issue" else thing.name
                    found.append([features.layer.title, thing.code, name, one.giver.code or one.giver.name, one.taker.code or one.taker.name])
        return found

    def owners(self) -> list[list[Scalar]]:
        """A row for each open issue for which the rules now say another unit."""
        nobody = _("待指定")
        return [
            [one.code, one.before or nobody, one.after or nobody, one.assigned or nobody, _("须征得同意") if one.needs_consent else _("无须")]
            for one in self.preview.owners
        ]

    def _layers(self) -> list[str]:
        return [layer for layer in COUNTED if layer in self.what.view.layers]

    def _workbook(self, path: Path) -> None:
        from chuangwen.exchange.workbook_out import ListSheet, new_book, save_book, widths

        book = new_book()
        sheets = (
            (_("交接汇总"), self.header(), self.rows()),
            (_("交接明细"), [_("类别"), _("编号"), _("名称"), _("移交网格"), _("接收网格")], self.things()),
            (_("责任单位变化"), _OWNER_HEADER, self.owners()),
        )
        for name, titles, rows in sheets:
            sheet = ListSheet(book, name, widths(titles, rows), frozen_rows=2)
            sheet.heading(self.title)
            sheet.row(titles, head=True)
            for row in rows:
                sheet.row(row)
        save_book(book, path)

    def _document(self, path: Path, picture: bytes | None) -> None:
        from chuangwen.exchange.documents.official import OfficialDocument

        document = OfficialDocument().title(self.title)
        day = _("{year}年{month}月{day}日").format(year=self.day.year, month=self.day.month, day=self.day.day)
        document.paragraph(_("自{day}起，下列网格的边界调整，范围内的土地、道路、点位和未销号问题随之移交。").format(day=day))
        if picture is not None:
            document.picture(picture, 150, _("边界调整示意图"))
        for number, one in enumerate(self.preview.transfers, 1):
            giver, taker = (f"{party.code} {party.name}".strip() for party in (one.giver, one.taker))
            document.heading(3, _("{number}. {giver} 移交 {taker}").format(number=number, giver=giver, taker=taker))
            layers = self._layers()
            sizes = [(_("面积"), f"{one.area_m2:,.0f} m²"), (_("路段"), f"{one.section_m:,.0f} m"), (_("道路"), f"{one.road_m:,.0f} m")]
            units = [(_("移交单位"), one.giver.unit or "—"), (_("接收单位"), one.taker.unit or "—")]
            lists = [(self.what.view.layers[layer].title, self._codes(layer, one)) for layer in layers if one.count(layer)]
            document.table([_("项目"), _("内容")], [*units, *sizes, *lists], [36, 120])
        owners = [[str(value) for value in row] for row in self.owners()]
        document.heading(3, _("责任单位变化的未销号问题"))
        document.table(_OWNER_HEADER, owners, [30, 38, 38, 38, 12], small=True)
        document.paragraph(_("已经交办的问题不自动改派；注明“须征得同意”的，由创建办征求双方意见后改派。"))
        document.slip(_("交接签字"), [[(_("移交人"), ""), (_("接收人"), "")], [(_("日期"), ""), (_("监交人"), "")]])
        document.signed(self.campaign.office or _("创建办"), self.day)
        document.save(path)

    def _codes(self, layer: str, transfer: Transfer) -> str:
        features = self.what.view.features(layer)
        ids = transfer.things[layer]
        names = [one.code or one.name for one in (features.feature(row_id) for row_id in ids[:_NAMED]) if one is not None]
        more = _(" 等") if len(ids) > _NAMED else ""
        return _("{count} 个：{names}{more}").format(count=len(ids), names="、".join(names), more=more)


_OWNER_HEADER = [_("问题编号"), _("原责任单位"), _("调整后"), _("现承办单位"), _("改派")]


def _party(transfer: Transfer, side: str) -> list[Scalar]:
    party = transfer.giver if side == "giver" else transfer.taker
    return [party.name if party.row == NOBODY else f"{party.code} {party.name}".strip(), party.unit or None]
