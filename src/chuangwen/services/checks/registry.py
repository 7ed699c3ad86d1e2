"""All checks in the order in which they are printed, and the one way to run them."""

from __future__ import annotations

from collections.abc import Sequence

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import UserError, nearest
from chuangwen.progress import Progress
from chuangwen.services.checks import areas, command, evidence, issues, places, roads, rosters, visits
from chuangwen.services.checks.check import Check, Look, NoData, Result
from chuangwen.services.checks.thresholds import Thresholds, thresholds_of
from chuangwen.services.placing import View
from chuangwen.text import _

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (*areas.CHECKS, *roads.CHECKS, *places.CHECKS, *rosters.CHECKS, *visits.CHECKS, *issues.CHECKS, *command.CHECKS, *evidence.CHECKS),
        key=lambda check: check.id,
    )
)
"""CV-01 … CV-16, then the photos and the SR lists: the one page 盲区检查 (SR-13, SR-63)."""


def run(view: View, campaign: Campaign, ids: Sequence[str] | None = None, progress: Progress | None = None, limits: Thresholds | None = None) -> list[Result]:
    """What the checks `ids` (None: all) find, in their order. Raises `UserError` for an id that there is not, `Cancelled` when asked to stop."""
    wanted = CHECKS if ids is None else tuple(check_of(one) for one in ids)
    progress = progress or Progress()
    limits = limits or thresholds_of(view)
    kept: dict[str, object] = {}
    results = []
    for number, check in enumerate(wanted):
        progress.at(number, len(wanted), check.title)
        look = Look(view, campaign, limits, progress.silent(), kept=kept)
        try:
            findings = check.run(look)
        except NoData as nothing:
            results.append(Result(check, missing=nothing.title))
        else:
            results.append(Result(check, tuple(findings), unseen=tuple(look.unseen), summary=look.summary))
    progress.at(len(wanted), len(wanted), _("检查完毕"))
    return results


def check_of(check_id: str) -> Check:
    """The check of an id such as CV-01, written in any case. Raises `UserError` with the nearest one."""
    by_id = {one.id: one for one in CHECKS}
    found = by_id.get(check_id.strip().upper())
    if found is None:
        close = nearest(check_id.upper(), list(by_id))
        hint = _("是不是 {close}？").format(close=close) if close else _("有：{names}").format(names="、".join(by_id))
        raise UserError(_("没有检查项 {id}。").format(id=check_id), hint=hint)
    return found
