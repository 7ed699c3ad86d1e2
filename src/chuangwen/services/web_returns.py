"""What a patrol sent back, as proposals: a tick is evidence, the planner decides. Nothing changes by reading (domain.md 4.2, 4.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.lifecycle import MOVES, STATES, move_of
from chuangwen.errors import DataProblem, RuleBroken, UserError
from chuangwen.exchange.web.returned import DONE, Entry, Returned, read_returned
from chuangwen.services.moving import plan_move
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Feature
    from chuangwen.domain.values import Scalar
    from chuangwen.services.project import Project

MOVE, NOTE, VISIT, NOTHING = "move", "note", "visit", "nothing"
"""What is proposed: a move of an issue with a note of who saw it, a note alone, one visit for the whole walk, nothing."""
RESULTS = {DONE: _("已整改"), "not_done": _("未整改")}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may be done about one tick. `feature` None: it is not in the project any more, or the walk as a whole. `what` in a few words, `reason` why it
    and no more; `doubts`: what speaks against it. `mark` names the tick in the project, so that it is taken once.
    """

    kind: str
    entry: Entry | None
    feature: Feature | None
    what: str
    reason: str
    doubts: tuple[str, ...] = ()
    mark: str = ""

    @property
    def can_accept(self) -> bool:
        """Whether there is anything to accept."""
        return self.kind != NOTHING

    @property
    def code(self) -> str:
        """The code of what it is about."""
        return self.feature.code if self.feature is not None else ""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        entry = self.entry
        return {
            "code": self.code or None,
            "layer": entry.layer if entry is not None else None,
            "id": entry.id if entry is not None else None,
            "result": entry.result if entry is not None else None,
            "note": entry.note if entry is not None else None,
            "photo": entry.photo if entry is not None else None,
            "at": entry.at if entry is not None else None,
            "proposal": self.kind,
            "what": self.what,
            "reason": self.reason,
            "doubts": list(self.doubts),
            "can_accept": self.can_accept,
        }


def read_return(project: Project, path: Path) -> tuple[Returned, list[Proposal]]:
    """Read a returned file and say what it proposes. Changes nothing.

    Raises `FileProblem` and `DataProblem` as `read_returned` does, and `DataProblem` for a file of another project, or of a page that this project cannot
    have made.
    """
    returned = read_returned(path)
    if returned.project != project.identifier:
        hint = _("请先打开做这个网页的项目，再收回传文件。")
        raise DataProblem(_("{file} 是另一个项目的巡查回传文件。").format(file=path.name), hint=hint)
    step = page_step(returned)
    if step is None or step > project.last_step:
        hint = _("请让巡查人在网页里重新保存；如果项目是旧的副本，请打开最新的。")
        raise DataProblem(_("{file} 里的网页编号不对：不是这个项目做的，或被改过。").format(file=path.name), hint=hint)
    return returned, proposals(project, returned)


def page_step(returned: Returned) -> int | None:
    """The last step of the log that the page knew of (`web_map.packet_of`); None where the packet's name was changed."""
    number, _mark, rest = returned.packet.partition("-")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 12 and rest else None


def proposals(project: Project, returned: Returned) -> list[Proposal]:
    """One for each tick, in the order of the file, and the visit first."""
    touched = project.store.touched_since(page_step(returned) or 0)
    taken = {str(code) for code in project.features("note").column("code") if code}
    taken |= {str(code) for code in project.features("visit").column("code") if code}
    found = [_of_tick(project, returned, entry, touched, taken) for entry in returned.entries]
    visit = _visit(project, returned, taken)
    return [visit, *found] if visit is not None else found


def accepted(project: Project, returned: Returned, chosen: Sequence[Proposal]) -> Edit:
    """The one edit that accepting `chosen` is; not applied. Raises `RuleBroken` where a move is not allowed any more, `UserError` where nothing was chosen."""
    wanted = [one for one in chosen if one.can_accept]
    if not wanted:
        raise UserError(_("没有选中可以采纳的条目。"))
    made: list[Edit] = []
    for one in wanted:
        if one.kind == VISIT:
            made.append(edits.add(project.layers["visit"], _visit_values(project, returned, one)))
            continue
        assert one.feature is not None
        assert one.entry is not None
        if one.kind == MOVE:
            made.append(plan_move(project, [one.feature], "rectified", _move_values(one.feature, one.entry)))
        values: dict[str, Scalar] = {
            "code": one.mark,
            "owner_layer": one.feature.layer,
            "owner_id": one.feature.id,
            "kind": "other",
            "date": one.entry.at.date(),
            "text": _words(returned, one.entry),
        }
        made.append(edits.add(project.layers["note"], values))
    label = _("采纳巡查回传：{subject} {who}，{count} 条").format(subject=returned.subject, who=returned.patroller, count=len(wanted))
    return edits.joined(" ".join(label.split()), made)


def _of_tick(project: Project, returned: Returned, entry: Entry, touched: dict[str, set[str]], taken: set[str]) -> Proposal:
    feature = project.features(entry.layer).feature(entry.id) if entry.layer in project.layers else None
    mark = _mark(returned, entry.layer, entry.id, entry.result, entry.at.isoformat())
    if feature is None:
        return Proposal(NOTHING, entry, None, _("不处理"), _("项目里没有这一条：已经删除，或文件被改过。"), mark=mark)
    if mark in taken:
        return Proposal(NOTHING, entry, feature, _("不处理"), _("这一条以前已经采纳过。"), mark=mark)
    doubts = []
    if feature.id in touched.get(feature.layer, ()):
        doubts.append(_("网页做好以后，这一条在项目里又改过，现在是“{state}”。").format(state=_state(feature)))
    if entry.at < returned.data_time or entry.at > returned.saved_at:
        doubts.append(_("勾选的时间 {at:%Y-%m-%d %H:%M} 不在网页的数据时间和保存时间之间，手机的时钟可能不准。").format(at=entry.at))
    if feature.layer != "issue":
        return Proposal(NOTE, entry, feature, _("记一条巡查记录"), _("巡查人勾选了“{result}”。").format(result=RESULTS[entry.result]), tuple(doubts), mark)
    kind, what, reason = _done(project, feature, entry) if entry.result == DONE else _not_done(feature)
    return Proposal(kind, entry, feature, what, reason, tuple(doubts), mark)


def _done(project: Project, issue: Feature, entry: Entry) -> tuple[str, str, str]:
    """A patrol saw it done: evidence for 已整改·待核查, where that is a legal move and nothing is missing."""
    state = str(issue.get("status") or "draft")
    move = move_of(state, "rectified")
    if move is not None:
        try:
            plan_move(project, [issue], "rectified", _move_values(issue, entry))
        except RuleBroken as broken:
            return NOTE, _("记一条巡查记录"), _("巡查人看到已整改，但现在还不能“{button}”：{why}").format(button=move.button, why=broken.message)
        return MOVE, _("{button} → {state}").format(button=move.button, state=STATES["rectified"]), _("巡查人看到已整改；还要核查才能销号。")
    if state == "rectified":
        return NOTE, _("记一条巡查记录"), _("已经是“{state}”，巡查所见相符，可作核查的依据。").format(state=STATES[state])
    if state == "closed":
        return NOTE, _("记一条巡查记录"), _("已经销号，巡查所见相符。")
    return NOTE, _("记一条巡查记录"), _("现在是“{state}”，不能直接改为“{target}”。").format(state=STATES[state], target=STATES["rectified"])


def _not_done(issue: Feature) -> tuple[str, str, str]:
    state = str(issue.get("status") or "draft")
    further = {"rectified": "fail", "closed": "relapse"}.get(state)
    if further is None:
        return NOTE, _("记一条巡查记录"), _("巡查人看到还没有整改，状态不变。")
    button = next(one.button for one in MOVES if one.id == further)
    reason = _("现在是“{state}”，巡查人看到没有整改：请核实后办“{button}”（要写原因、新的时限或照片）。")
    return NOTE, _("记一条巡查记录"), reason.format(state=STATES[state], button=button)


def _move_values(issue: Feature, entry: Entry) -> dict[str, Scalar]:
    """What the move needs, without overwriting what the unit said."""
    return {"measure": issue.get("measure") or entry.note or _("巡查时看到已整改"), "done_at": entry.at.date()}


def _words(returned: Returned, entry: Entry) -> str:
    parts = [_("巡查 {at:%Y-%m-%d %H:%M}：{result}").format(at=entry.at, result=RESULTS[entry.result])]
    parts += [entry.note] if entry.note else []
    parts += [_("照片：{photo}（另发）").format(photo=entry.photo)] if entry.photo else []
    who = " ".join(word for word in (returned.patroller, returned.subject) if word)
    return "。".join(parts) + (f"（{who}）" if who else "")


def _visit(project: Project, returned: Returned, taken: set[str]) -> Proposal | None:
    """The walk itself as a visit of its zone or section, where that can be told from the words of the page."""
    place = place_of(project, returned.subject)
    if place is None or not returned.entries:
        return None
    mark = _mark(returned, "visit", "", "", returned.saved_at.isoformat())
    count = len(returned.entries)
    if mark in taken:
        return Proposal(NOTHING, None, place, _("不处理"), _("这次巡查以前已经登记过。"), mark=mark)
    return Proposal(VISIT, None, place, _("登记一次巡查"), _("巡查了 {name}，勾选 {count} 条。").format(name=place.name or place.code, count=count), (), mark)


def _visit_values(project: Project, returned: Returned, one: Proposal) -> dict[str, Scalar]:
    assert one.feature is not None
    times = sorted(entry.at for entry in returned.entries)
    done = sum(entry.result == DONE for entry in returned.entries)
    return {
        "code": one.mark,
        "name": one.feature.name or one.feature.code,
        "place_layer": one.feature.layer,
        "place_code": one.feature.code,
        "visitor": returned.patroller or None,
        "arrived_at": times[0],
        "left_at": times[-1],
        "result": _("看了 {count} 个问题：已整改 {done}，未整改 {rest}").format(count=len(times), done=done, rest=len(times) - done),
    }


def place_of(project: Project, subject: str) -> Feature | None:
    """The zone or section that a page was about, by the words that it bears: code and name."""
    code, _mark, name = subject.partition(" ")
    for layer in ("zone", "section"):
        found = project.features(layer).coded(code)
        if found is not None and found.name in ("", name):
            return found
    return None


def _state(feature: Feature) -> str:
    return STATES.get(str(feature.get("status")), "—")


def _mark(returned: Returned, *words: str) -> str:
    """A short name of a tick that is the same whenever the same file is read."""
    return "xc-" + hashlib.sha256("\n".join((returned.packet, *words)).encode()).hexdigest()[:16]
