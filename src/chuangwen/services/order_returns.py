"""What comes back for an order: the receipt, and the report of what was done (domain.md 4.2, 6.5; SR-58, SR-59)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.orders import PUT_OUT, issue_codes
from chuangwen.domain.reach import CASCADED, Reach, Received, reach, received
from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import RuleBroken
from chuangwen.exchange.workbook_out import save_workbook
from chuangwen.services.evidence import Attached, attach
from chuangwen.services.moving import plan_move
from chuangwen.services.paper.figures import campaign_zones
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who received an order, when, how (paper, wechat, phone, oa), and until when they promise to be done. `target`: (layer, code) of a zone, site or post."""

    received_by: str
    received_at: dt.datetime | None = None
    method: str = "paper"
    promised_at: dt.date | None = None
    target: tuple[str, str] | None = None


def receive(project: Project, code: str, receipt: Receipt) -> Edit:
    """The edit that records a receipt: its row, the order 已签收, the issues that were handed over by it 整改中. Not applied.

    Raises `RuleBroken` for an order that is void, a second receipt of the same, one before the order was issued, or without a name.
    """
    order = project.feature(project.layers["order"], code)
    if order.get("status") not in PUT_OUT:
        raise RuleBroken(_("{code} 已经作废或者还没有印发，不能签收。").format(code=code))
    if not receipt.received_by.strip():
        raise RuleBroken(_("{code} 的签收要写接收人。").format(code=code), {"received_by": _("不能为空")})
    at = receipt.received_at or project.campaign.now
    issued = order.get("issued_at")
    if isinstance(issued, dt.datetime) and at < issued.replace(second=0):
        message = _("{code} 的签收时间 {at:%Y-%m-%d %H:%M} 早于印发时间 {issued:%Y-%m-%d %H:%M}。").format(code=code, at=at, issued=issued)
        raise RuleBroken(message, {"received_at": message})
    layer_id, target = receipt.target or ("unit", plain(order.get("unit")))
    wanted = [one for one in reach_of(project, order).targets if (one.layer, one.code) == (layer_id, target)]
    if not wanted:
        raise RuleBroken(_("{code} 的对象里没有 {target}。").format(code=code, target=target or _("空")), hint=_("用“文书台账”查看该发给谁。"))
    if wanted[0].received_at is not None:
        raise RuleBroken(_("{target} 已经在 {at:%Y-%m-%d %H:%M} 签收过 {code}。").format(target=target, at=wanted[0].received_at, code=code))
    values: dict[str, Scalar] = {
        "name": f"{code} {target}",
        "order_code": code,
        "target_layer": layer_id if receipt.target else None,
        "target_code": target if receipt.target else None,
        "unit": wanted[0].unit or None,
        "received_by": receipt.received_by.strip(),
        "received_at": at,
        "method": receipt.method,
        "promised_at": receipt.promised_at,
    }
    made = [edits.add(project.layers["receipt"], values)]
    if receipt.target is None:
        made.append(edits.set_values(project.layers["order"], [order], {"status": "received"}))
        issues = [one for one in _handed_over(project, order) if one.get("status") == "dispatched"]
        if issues:
            who: dict[str, Scalar] = {"received_at": at, "receiver": receipt.received_by.strip()}
            made.append(plan_move(project, issues, "receive", who))
    return edits.joined(_("签收 {code}：{who}").format(code=code, who=receipt.received_by.strip()), made)


def reach_of(project: Project, order: Feature, got: Mapping[str, Received] | None = None) -> Reach:
    """Whom an order is meant for and has reached (SR-58, SR-59). `got`: all receipts by order (`domain.reach.received`), for whoever asks of many orders."""
    got = received(project.features("receipt")) if got is None else got
    layers = [project.features(name) for name in CASCADED] if order.get("kind") == "cascade" else []
    if layers:
        layers[0] = campaign_zones(layers[0])
    return reach(order, got.get(order.code, {}), layers)


CALL_LIST = (_("对象"), _("编号"), _("名称"), _("单位"), _("联络员"), _("手机"), _("办公电话"))
"""The columns of the list of those who are to be called."""


def call_list(project: Project, order: Feature) -> list[list[Scalar]]:
    """Who has not received an order yet, with whom to call (SR-58, SR-59): rows of `CALL_LIST`, by unit."""
    units = {one.name: one.values for one in project.features("unit")}
    rows: list[list[Scalar]] = []
    for one in reach_of(project, order).unreached:
        who = units.get(one.unit, {})
        about = [who.get("liaison"), who.get("phone"), who.get("office_phone")]
        rows.append([project.layers[one.layer].title, one.code if one.layer != "unit" else None, one.name, one.unit, *about])
    return sorted(rows, key=lambda row: plain(row[3]))


def write_call_list(project: Project, order: Feature, path: Path) -> int:
    """The list as a workbook; how many are on it. Raises `FileProblem` where it cannot be written."""
    rows = call_list(project, order)
    save_workbook(path, _("{code} 未签收名单").format(code=order.code), _("未签收名单"), CALL_LIST, rows)
    return len(rows)


def feed_back(project: Project, issue_code: str, measure: str, done_at: dt.date | None, photos: Sequence[Path] = ()) -> tuple[Edit, Attached]:
    """The edit that records what a unit reports: measure, day, photos after the work, the issue 已整改·待核查; and the files of the photos
    (`evidence.write_then` writes them with it). Nothing is written here.

    Raises `RuleBroken` as the life of an issue asks, `FileProblem` for a photo that is none.
    """
    issue = project.feature(project.layers["issue"], issue_code)
    values: dict[str, Scalar] = {"measure": measure.strip() or issue.get("measure"), "done_at": done_at or project.campaign.today}
    attached = attach(project.layers["photo"], issue, "after", photos)
    return plan_move(project, [issue], "rectified", values, attached.changes), attached


def _handed_over(project: Project, order: Feature) -> list[Feature]:
    issues = project.features("issue")
    return [one for one in map(issues.coded, issue_codes(order)) if one is not None and one.get("order_number") == order.code]
