"""A resolution as lines of text, kept with the issue and in its log, and weighed again from nothing but that text.

Lines begin with a word and hold `key=value` pairs between fullwidth semicolons; `%`, `=`, `；` and line breaks in values are written as in addresses (%25).
The words never change with the language of the screen: an old record must be readable for good.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Mapping

from chuangwen.domain.categories import Category
from chuangwen.domain.responsibility import Candidate, Resolution, Rule, decide
from chuangwen.errors import DataProblem
from chuangwen.text import _

_HEAD = "责任判定 1"
_MARK = "；"
_UNSAID = {"启用": "是", "距离": "0.0", "限": "0.0", "登记": "否", "登记限": "0.0", "面积": "inf", "路段": "0.0"}
_ESCAPED = {"%": "%25", "=": "%3D", "；": "%EF", "\n": "%0A", "\r": "%0D"}


def written(found: Resolution) -> str:
    """The lines: head, the spot, rules that had anything to say, candidates, who helps, the verdict (for reading; it is not read back)."""
    spot = "" if math.isnan(found.x) else f"{found.x:.3f},{found.y:.3f}"
    chain = ",".join(one.id for one in found.chain)
    lines = [_HEAD, _line("此处", 日期=_day(found.day), 位置=spot, 类别=chain, 类别名称=found.category.title if found.category else "")]
    seen = {one.rule for one in found.candidates}
    lines += [_rule(one) for one in found.rules if one.id in seen]
    lines += [_candidate(one) for one in found.candidates]
    if found.lead is not None:
        lines.append(_line("牵头", 单位=found.lead.unit, 因=found.lead.why))
    lines += [_line("配合", 单位=one.unit, 因=one.why) for one in found.supporting]
    lines.append(_line("结论", 单位=found.unit or "", 依据=found.basis or ""))
    return "\n".join(lines)


def evaluated(record: str) -> str | None:
    """The responsible unit that the rules and candidates of a record give; its verdict is not looked at. Raises `DataProblem`."""
    lines = record.strip().splitlines()
    if not lines or lines[0].strip() != _HEAD:
        raise DataProblem(_("这不是责任判定记录。"))
    day: dt.date | None = None
    chain: list[Category] = []
    rules: list[Rule] = []
    candidates: list[Candidate] = []
    try:
        for line in lines[1:]:
            head, values = _read(line)
            if head == "此处":
                day = dt.date.fromisoformat(values["日期"]) if values["日期"] else None
                chain = [Category(one, one) for one in values["类别"].split(",") if one]
            elif head == "规则":
                rules.append(_read_rule(values))
            elif head == "候选":
                candidates.append(_read_candidate(values))
    except ValueError as error:
        raise DataProblem(_("责任判定记录已损坏：{error}").format(error=error)) from error
    strange = next((one.rule for one in candidates if one.rule not in {rule.id for rule in rules}), None)
    if strange is not None:
        raise DataProblem(_("责任判定记录已损坏：{error}").format(error=strange or "?"))
    winner, _losers = decide(rules, candidates, chain, day)
    return winner.unit if winner is not None else None


def _rule(one: Rule) -> str:
    return _line(
        "规则",
        规则=one.id,
        名称=one.title,
        依据=one.basis,
        启用="是" if one.on else "否",
        起=_day(one.valid_from),
        止=_day(one.valid_to),
        限类别=",".join(one.categories),
        次序=",".join(one.order),
    )


def _read_rule(values: Mapping[str, str]) -> Rule:
    return Rule(
        id=values["规则"],
        title=values["名称"],
        basis=values["依据"],
        on=values["启用"] == "是",
        valid_from=dt.date.fromisoformat(values["起"]) if values["起"] else None,
        valid_to=dt.date.fromisoformat(values["止"]) if values["止"] else None,
        categories=_several(values["限类别"]),
        order=_several(values["次序"]),
    )


def _candidate(one: Candidate) -> str:
    return _line(
        "候选",
        规则=one.rule,
        图层=one.layer,
        编号=one.code,
        名称=one.name,
        标识=one.id,
        单位=one.unit or "",
        依据=one.basis,
        距离=_number(one.distance_m),
        限=_number(one.reach_m),
        登记="是" if one.named else "否",
        登记限=_number(one.named_reach_m),
        面积=_number(one.area_m2),
        路段=_number(one.overlap_m),
        不合=one.barred,
        因=one.why_not,
    )


def _read_candidate(values: Mapping[str, str]) -> Candidate:
    return Candidate(
        rule=values["规则"],
        basis=values["依据"],
        layer=values["图层"],
        id=values["标识"],
        code=values["编号"],
        name=values["名称"],
        unit=values["单位"] or None,
        distance_m=float(values["距离"]),
        reach_m=float(values["限"]),
        named=values["登记"] == "是",
        named_reach_m=float(values["登记限"]),
        area_m2=float(values["面积"]),
        overlap_m=float(values["路段"]),
        barred=values["不合"],
    )


def _line(head: str, **values: str) -> str:
    """What is not said is as `_UNSAID` has it."""
    return f"{head} " + _MARK.join(f"{key}={_escaped(value)}" for key, value in values.items() if value != _UNSAID.get(key, ""))


def _read(line: str) -> tuple[str, dict[str, str]]:
    head, _space, rest = line.partition(" ")
    values = defaultdict(str, _UNSAID)
    for pair in rest.split(_MARK) if rest else ():
        key, equals, value = pair.partition("=")
        if not equals:
            raise ValueError(pair)
        values[key] = _unescaped(value)
    return head, values


def _escaped(value: str) -> str:
    return "".join(_ESCAPED.get(sign, sign) for sign in value)


_BACK = {code: sign for sign, code in _ESCAPED.items()}


def _unescaped(value: str) -> str:
    return re.sub("|".join(map(re.escape, _BACK)), lambda found: _BACK[found[0]], value)


def _several(text: str) -> tuple[str, ...]:
    return tuple(one for one in text.split(",") if one)


def _number(value: float) -> str:
    return repr(float(value))


def _day(value: dt.date | None) -> str:
    return value.isoformat() if value is not None else ""
