"""Moves of issues in a project: what they are judged by, and moves from words (domain.md 4.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields as fields_of
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.evidence import Photo
from chuangwen.domain.feature import Feature
from chuangwen.domain.lifecycle import ASKED, move_of, target_of
from chuangwen.domain.moving import Context, MoveRules
from chuangwen.domain.orders import issue_codes
from chuangwen.domain.values import Scalar
from chuangwen.errors import DataProblem, RuleBroken, UserError, nearest
from chuangwen.services.editing import read_word
from chuangwen.services.evidence import Attached, attach, photos_by_issue
from chuangwen.services.order_templates import read_wording
from chuangwen.services.rule_files import read_rules
from chuangwen.services.timing import timekeeper
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

OBJECTION = ("objection", _("异议"))
"""The word for noting a unit's objection to a designation (SR-56): no move, the state stays."""
_OPEN_ORDERS = ("draft", "printed", "sent")
_PERSONS = ("head", "deputy", "liaison", "name", "short_name")


def move_rules(files_folder: Path | None = None) -> MoveRules:
    """`lifecycle.toml`, of the project where it has one. Raises `UserError` that names the entry that is wrong."""
    rules = read_rules("lifecycle", files_folder)
    known = {one.name: getattr(MoveRules(), one.name) for one in fields_of(MoveRules)}
    values: dict[str, int | bool] = {}
    for name, value in rules.table.items():
        if name not in known:
            close = nearest(name, list(known))
            raise rules.wrong(name, _("没有这个项目"), _("是不是“{close}”？").format(close=close) if close else "")
        if type(value) is not type(known[name]) or (not isinstance(value, bool) and value < 0):
            raise rules.wrong(name, _("应为 true 或 false") if isinstance(known[name], bool) else _("应为不小于 0 的整数"))
        values[name] = value
    return MoveRules(**values)  # type: ignore[arg-type]


def context_of(project: Project, ids: Collection[str] | None = None) -> Context:
    """What the moves of a project's issues are judged by, now; photos of `ids` only where some are named."""
    photos: Mapping[str, Sequence[Photo]] = photos_by_issue(project)
    if ids is not None:
        photos = {row_id: photos[row_id] for row_id in ids if row_id in photos}
    return Context(
        now=project.campaign.now,
        actor=project.actor,
        role=project.role,
        rules=move_rules(project.files_folder),
        keeper=timekeeper(project),
        photos=photos,
        people=people(project),
        orders=open_orders(project),
        codes=project.features("issue").by_code,
    )


def people(project: Project) -> dict[str, frozenset[str]]:
    """Name of a person, or another name of a unit → full names of the units that it stands for. Persons are not unique by name (domain.md 8.1)."""
    found: dict[str, set[str]] = {}
    for unit in project.features("unit"):
        names = [str(unit.get(name) or "") for name in _PERSONS] + str(unit.get("aliases") or "").split("、")
        for name in names:
            if name.strip():
                found.setdefault(name.strip(), set()).add(unit.name)
    return {name: frozenset(units) for name, units in found.items()}


def open_orders(project: Project) -> dict[str, dict[str, str]]:
    """Issue's id → kind of order → number of the order that is drafted or put out and was not received yet."""
    found: dict[str, dict[str, str]] = {}
    issues = project.features("issue")
    for order in project.features("order"):
        if order.get("status") in _OPEN_ORDERS:
            for code in issue_codes(order):
                at = issues.by_code.get(code)
                if at is not None:
                    found.setdefault(issues.ids[at], {})[str(order.get("kind"))] = order.code
    return found


def move_from_words(
    project: Project, issues: Sequence[Feature], wanted: str, words: Mapping[str, str], photos: Sequence[tuple[str, Path]] = ()
) -> tuple[Edit, Attached]:
    """The edit that makes a move with all of `issues`, from what a command line says: a move's or state's word ('' only attaches), fields as text, photos.

    Also the pictures whose files are to be written with it (`evidence.write_then`). Raises `UserError` or `RuleBroken`; then nothing is changed.
    """
    if not wanted:
        return _photographed(project, issues, photos)
    if wanted in OBJECTION:
        context = context_of(project, [issue.id for issue in issues])
        text = words.get("text") or words.get(_("内容")) or ""
        return edits.joined(_("单位异议"), [edits.object_to(project.layers["note"], issue, text, context) for issue in issues]), Attached()
    target = target_of(wanted)
    values = _values(project, words)
    attached = _looked_at(project, issues, photos)
    return plan_move(project, issues, target, values, attached.changes), attached


def _photographed(project: Project, issues: Sequence[Feature], photos: Sequence[tuple[str, Path]]) -> tuple[Edit, Attached]:
    attached = _looked_at(project, issues, photos)
    what = edits.described(project.layers["issue"], issues)
    return Edit(_("{what}添加 {count} 张照片").format(what=what, count=len(attached.changes)), attached.changes), attached


def _looked_at(project: Project, issues: Sequence[Feature], photos: Sequence[tuple[str, Path]]) -> Attached:
    found = Attached()
    for issue in issues:
        for kind, file in photos:
            found += attach(project.layers["photo"], issue, kind, [file])
    return found


def plan_move(project: Project, issues: Sequence[Feature], wanted: str, values: Mapping[str, Scalar], photos: Sequence[Change] = ()) -> Edit:
    """The edit that makes a move with all of `issues`. What is dispatched without the number of an order gets the next one, a draft order for each unit in the
    same step: there is no dispatch without an order (domain.md 4.2). Raises `RuleBroken`, and then nothing is changed.
    """
    layer = project.layers["issue"]
    context = context_of(project, [issue.id for issue in issues])
    bare = [issue for issue in issues if _lacks_order(issue, wanted, values)]
    if not bare:
        return edits.move(layer, issues, wanted, values, context, photos)
    unnumbered = {issue.id for issue in bare}
    numbered = [issue for issue in issues if issue.id not in unnumbered]
    made = [edits.move(layer, numbered, wanted, values, context)] if numbered else []
    orders: list[Edit] = []
    for unit, some in _by_unit(bare, values).items():
        known = {context.orders.get(issue.id, {}).get("work") for issue in some}
        number = known.pop() if len(known) == 1 and None not in known else None
        if number is None:
            orders.append(draft_order(project, unit, some, context, len(orders)))
            number = str((orders[-1].changes[0].after or {})["code"])
        made.append(edits.move(layer, some, wanted, {**values, "order_number": number}, context, photos))
        photos = ()
    return edits.joined(_("{what}：{button}").format(what=edits.described(layer, issues), button=_("交办")), [*orders, *made])


def _lacks_order(issue: Feature, wanted: str, values: Mapping[str, Scalar]) -> bool:
    made = move_of(str(issue.get("status") or "draft"), wanted)
    return made is not None and made.id == "dispatch" and not (values.get("order_number") or issue.get("order_number"))


def _by_unit(issues: Sequence[Feature], values: Mapping[str, Scalar]) -> dict[str, list[Feature]]:
    found: dict[str, list[Feature]] = {}
    for issue in issues:
        found.setdefault(str(values.get("responsible_unit") or issue.get("responsible_unit") or ""), []).append(issue)
    return found


def draft_order(project: Project, unit: str, issues: Sequence[Feature], context: Context, ahead: int = 0) -> Edit:
    """A 交办单 that is still to be written, with the next number of its kind and year; `ahead`: how many are made before it in the same step."""
    year = context.now.year
    orders = project.features("order")
    mine = zip(orders.column("kind"), orders.column("year"), orders.column("number"), strict=True)
    number = max((int(number) for kind, of, number in mine if (kind, of) == ("work", year) and isinstance(number, int)), default=0) + 1 + ahead
    code = read_wording(project.files_folder).code("work", project.campaign.district, year, number)
    values: dict[str, Scalar] = {"code": code, "kind": "work", "year": year, "number": number, "unit": unit or None, "status": "draft"}
    return edits.add(project.layers["order"], {**values, "issues": "、".join(issue.code for issue in issues)})


def _values(project: Project, words: Mapping[str, str]) -> dict[str, Scalar]:
    layer = project.layers["issue"]
    values: dict[str, Scalar] = {}
    reasons: dict[str, str] = {}
    for name, text in words.items():
        one = layer.field(name)
        if one.name == "status" or (one.readonly and one.name not in ASKED):
            reasons[one.name] = _("{title}由程序填写，不能直接修改").format(title=one.title)
            continue
        try:
            values[one.name] = read_word(project, one, text)
        except DataProblem as problem:
            reasons[one.name] = str(problem)
    if reasons:
        raise RuleBroken(_("没有办理。"), reasons)
    return values


def issues_of(project: Project, codes: Sequence[str]) -> list[Feature]:
    """The issues of codes, each once. Raises `UserError` for one that there is not."""
    if not codes:
        raise UserError(_("没有说办理哪个问题。"))
    return [project.feature(project.layers["issue"], code) for code in dict.fromkeys(codes)]
