"""What is new on a sheet since it was last printed, in a line for the patrol: +2 问题，1 销号，责任单位变更."""

from __future__ import annotations

from collections.abc import Mapping

from chuangwen.services.paper.facts import Facts, RowFacts
from chuangwen.text import _

_PEOPLE = {"chief", "chief1", "chief2", "chief3"}
_CONTACTS = {"member", "phone", "contact", "questionnaire_person", "district_leader", "unit_head"}
_UNITS = {"responsible_unit", "lead_unit", "supporting_units"}


def note(old: Facts | None, new: Facts, now: Mapping[str, str] | None = None) -> str:
    """What changed from `old` (None: never printed) to `new`; '' nothing. `now`: issue id → status today, to tell why an issue is gone."""
    if old is None:
        return _("首次打印")
    if old == new:
        return ""
    words = [*_issues(old, new, now or {}), *_others(old, new), *_rows(old, new), *_subject(old, new), *_map(old, new)]
    return _("，").join(words) or _("图面文字变更")


def _issues(old: Facts, new: Facts, now: Mapping[str, str]) -> list[str]:
    before, after = old.rows.get("issue", {}), new.rows.get("issue", {})
    added, gone = [one for one in after if one not in before], [one for one in before if one not in after]
    closed = sum(now.get(one) == "closed" for one in gone)
    void = sum(now.get(one) == "void" for one in gone)
    counts = ((_("+{count} 问题"), len(added)), (_("{count} 销号"), closed), (_("{count} 作废"), void), (_("{count} 问题移出"), len(gone) - closed - void))
    return [word.format(count=count) for word, count in counts if count]


def _others(old: Facts, new: Facts) -> list[str]:
    """Rows of other layers that came or went."""
    names = {"site": _("点位"), "section": _("路段"), "zone": _("网格")}
    found = []
    for layer in sorted((set(old.rows) | set(new.rows)) - {"issue"}):
        before, after = old.rows.get(layer, {}), new.rows.get(layer, {})
        added, gone = len(set(after) - set(before)), len(set(before) - set(after))
        name = names.get(layer, _("记录"))
        found += [_("新增{name} {count}").format(name=name, count=added)] if added else []
        found += [_("{name}移出 {count}").format(name=name, count=gone)] if gone else []
    return found


def _rows(old: Facts, new: Facts) -> list[str]:
    """What changed in rows that stayed."""
    kept = [(before, new.rows[layer][row_id]) for layer, rows in old.rows.items() for row_id, before in rows.items() if row_id in new.rows.get(layer, {})]

    def differing(name: str) -> int:
        return sum(getattr(before, name) != getattr(after, name) for before, after in kept)

    unit = differing("unit") or any(old.subject.get(name) != new.subject.get(name) for name in _UNITS)
    words = [_("责任单位变更")] if unit else []
    words += [_("时限变更")] if differing("due") else []
    status = sum(before.status != after.status for before, after in kept)
    words += [_("{count} 项状态变更").format(count=status)] if status else []
    words += [_("{count} 项内容更正").format(count=differing("rest"))] if differing("rest") else []
    if not words and any(_same_but_number(before, after) for before, after in kept) and set(_ids(old)) == set(_ids(new)):
        words.append(_("图上编号变更"))
    return words


def _same_but_number(before: RowFacts, after: RowFacts) -> bool:
    return before.number != after.number and before[1:] == after[1:]


def _ids(facts: Facts) -> list[tuple[str, str]]:
    return [(layer, row_id) for layer, rows in facts.rows.items() for row_id in rows]


def _subject(old: Facts, new: Facts) -> list[str]:
    changed = {name for name in (*old.subject, *new.subject) if old.subject.get(name) != new.subject.get(name)}
    words = [_("网格长变更") if "chief" in changed else _("路长变更")] if changed & _PEOPLE else []
    words += [_("联系人变更")] if changed & _CONTACTS else []
    words += [_("基本信息变更")] if changed - _PEOPLE - _CONTACTS - _UNITS else []
    return words


def _map(old: Facts, new: Facts) -> list[str]:
    """The map and the sheet itself. A new boundary explains a new frame, and a new frame other ground."""
    changed = {name for name in (*old.parts, *new.parts) if old.parts.get(name) != new.parts.get(name)}
    words = [_("边界变更")] if "shape" in changed else []
    if not words and "frame" in changed:
        words.append(_("图幅调整"))
    if not words and "ground" in changed:
        words.append(_("底图变更"))
    words += [_("手工调整")] if "hand" in changed else []
    words += [_("版式变更")] if "style" in changed else []
    words += [_("图幅号变更")] if "number" in changed else []
    return words
