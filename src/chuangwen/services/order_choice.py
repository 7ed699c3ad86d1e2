"""Which issues a kind of document is due for, when nobody picked them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.deadline import due_soon, overdue
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.orders import DISPATCHING, awaits_paper, open_by_issue
from chuangwen.domain.values import plain
from chuangwen.errors import UserError
from chuangwen.services.order_templates import read_wording
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project


def due_for(project: Project, kind: str, unit: str = "") -> list[Feature]:
    """The issues that a document of `kind` is due for, of one unit or of all.

    What waits to be handed over for 交办单, 指定函 and 责令整改通知; what is late or soon due for 催办单; what is late for 督办单 (domain.md 4.6; the ladder
    with all its steps stands in `services.escalating`). Those that an unreceived document of the kind names already are left out.
    """
    issues = project.features("issue")
    template = read_wording(project.files_folder).templates[kind]
    now = project.campaign.now
    mask = np.isin(np.array([plain(status) for status in issues.column("status")], dtype=object), list(template.states))
    if kind in ("work", "designate", "rectify_notice"):
        orders = project.features("order")
        states = np.array([plain(status) for status in issues.column("status")], dtype=object)
        wanted = np.isin(states, list(DISPATCHING))
        for at in np.flatnonzero(states == "dispatched") if kind == "work" else ():
            wanted[at] = awaits_paper(issues.at(int(at)), orders)
        mask &= wanted
    if kind == "remind":
        mask &= overdue(issues, now) | due_soon(issues, now)
    if kind == "supervise":
        mask &= overdue(issues, now)
    if kind != "designate":
        mask &= np.array([bool(one) and (not unit or one == unit) for one in issues.column("responsible_unit")], dtype=bool)
    if kind in ("remind", "supervise"):
        named = open_by_issue(project.features("order"), kind)
        mask &= np.array([plain(code) not in named for code in issues.column("code")], dtype=bool)
    return list(issues.take(mask))


def chosen(project: Project, codes: Sequence[str]) -> Features:
    """The issues of these codes, all without any. Raises `UserError` for one that there is not."""
    issues = project.features("issue")
    unknown = [code for code in codes if code not in issues.by_code]
    if unknown:
        raise UserError(_("{layer}中没有编号 {code}。").format(layer=issues.layer.title, code=unknown[0]))
    return issues.take([issues.by_code[code] for code in codes]) if codes else issues
