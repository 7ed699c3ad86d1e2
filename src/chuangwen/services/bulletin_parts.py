"""The parts of the daily bulletin in words and lists, 一 to 六 and the annexes (domain.md 6.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from chuangwen.domain.campaign import rate_text
from chuangwen.domain.indicators import BY_ID
from chuangwen.domain.issue_facts import ALWAYS
from chuangwen.domain.ranking import RankingRules
from chuangwen.domain.values import Scalar, plain
from chuangwen.services.bulletin_facts import DayFacts, demands, longest_overdue, newest_closed
from chuangwen.services.figures import Line, Table
from chuangwen.services.statement import Heading, Listing, NewPage, Pair, Part, Words, joined, short
from chuangwen.text import _

FORMULAS = ("rectification", "on_time", "overdue", "rework")
"""Indicators whose formula the bulletin prints."""
_NAMED = 60
"""Characters of a description in a sentence."""
_GOOD = 3
"""Units up to this place are praised."""


def ranking_listing(found: Table, sheet: str, caption: str = "", names: Mapping[str, str] | None = None) -> Listing:
    """The ranking of 6.6: 排名, group, 交办, 已销号, 未销号, 逾期, 返工, 整改率, 按期率, and 扣分 of units. Groups with nothing handed over are left out.

    `names`: key of a group → what it is called on paper.
    """
    names = names or {}
    of_units = found.by == "unit"
    header = (_("排名"), found.title, _("交办"), _("已销号"), _("未销号"), _("逾期"), _("返工"), _("整改率"), _("按期率"), *((_("扣分"),) if of_units else ()))
    lines = [line for line in found.lines if line.place is not None]
    rows: list[tuple[Scalar, ...]] = [
        (line.place, names.get(line.group.key, line.group.title), *_cells(found, line), *((_points(line),) if of_units else ())) for line in lines
    ]
    rest = [line for line in found.lines if line.place is None and not line.group.key and line.figures[found.column("dispatched")].numerator]
    rows += [("—", line.group.title, *_cells(found, line), *(("—",) if of_units else ())) for line in rest]
    rows.append(("", found.total.group.title, *_cells(found, found.total), *((_points(found.total),) if of_units else ())))
    widths = (10.0, 29.0, 14.0, 15.0, 15.0, 12.0, 12.0, 19.0, 19.0, 11.0) if of_units else (10.0, 40.0, 14.0, 15.0, 15.0, 12.0, 12.0, 19.0, 19.0)
    marked = frozenset(at for at, line in enumerate(lines) if line.red)
    return Listing(sheet, header, tuple(rows), widths, caption, frozenset({0, 2, 3, 4, 5, 6, 7, 8, 9}), marked, most=400, first=of_units)


def _cells(found: Table, line: Line) -> list[Scalar]:
    """Counts as numbers, rates as they are printed."""
    return [(cell.text if BY_ID[one.id].is_rate or cell.text == "—" else cell.numerator) for one, cell in zip(found.indicators, line.figures, strict=True)]


def _points(line: Line) -> Scalar:
    return None if line.points is None else float(line.points)


def overall(found: DayFacts) -> list[Part]:
    """一、总体情况."""
    sites = len(found.view.features("site"))
    here = (
        _("没有巡查记录")
        if found.visited is None
        else _("巡查点位 {there}/{all} 个，到位率 {rate}").format(there=len(found.visited), all=sites, rate=rate_text(len(found.visited), sites))
    )
    day = _("{month}月{day}日").format(month=found.day.month, day=found.day.day)
    new, ended = found.today("new"), found.today("ended")
    words = [
        _("{day}，{visits}；新发现问题 {new} 个，销号 {ended} 个。").format(day=day, visits=here, new=new.text, ended=ended.text),
        _(
            "累计交办问题 {handed} 个，已销号 {closed} 个，整改率 {rate}，按期整改率 {on_time}；"
            "未销号 {open} 个，其中逾期 {overdue} 个、待指定 {unassigned} 个、未签收 {unreceived} 个、待核查 {to_check} 个、挂账 {long_term} 个。"
        ).format(
            handed=found.total("dispatched").text,
            rate=found.total("rectification").words,
            on_time=found.total("on_time").words,
            **{name: found.total(name).text for name in ("closed", "open", "overdue", "unassigned", "unreceived", "to_check", "long_term")},
        ),
    ]
    left = found.campaign.days_left
    if left is not None and left > 0:
        words.append(_("距测评组进驻还有 {days} 天。").format(days=left))
    return [
        Heading(_("一、总体情况")),
        *(Words(one) for one in words),
        ranking_listing(found.tables["source"], _("按来源"), _("各来源问题整改情况")),
        ranking_listing(found.tables["street"], _("按街道"), _("各街道问题整改情况")),
        _book_only(ranking_listing(found.tables["category"], _("按类别"), _("各类问题整改情况"))),
    ]


def _book_only(listing: Listing) -> Listing:
    return Listing(listing.sheet, listing.header, listing.rows, (), listing.caption, listing.centred, listing.marked)


def ranked(found: DayFacts) -> list[Part]:
    """二、单位整改率排名."""
    idle = [found.names.get(line.group.key, line.group.title) for line in found.units.idle]
    parts: list[Part] = [Heading(_("二、单位整改率排名")), ranking_listing(found.units, _("单位排名"), "", found.names)]
    if idle:
        parts.append(Words(_("无交办、不参加排名的单位：{names}。").format(names=joined(idle, 100))))
    return parts


def at_sites(found: DayFacts) -> list[Part]:
    """三、点位情况: the sites with most that is not closed, and those that nobody visited, by responsible unit (SR-61)."""
    sites = found.view.features("site")
    open_at, late_at = found.tables["site"].column("open"), found.tables["site"].column("overdue")
    worst = [line for line in found.tables["site"].lines if line.group.id and line.figures[open_at].numerator]
    worst.sort(key=lambda line: (-line.figures[open_at].numerator, -line.figures[late_at].numerator, line.group.key))
    units = sites.column("responsible_unit")
    rows: list[tuple[Scalar, ...]] = []
    for number, line in enumerate(worst[: found.rules.most_sites], 1):
        at = sites.index[line.group.id]
        rows.append(
            (
                number,
                line.group.key,
                plain(sites.column("name")[at]),
                found.names.get(plain(units[at]), plain(units[at])),
                line.figures[open_at].numerator,
                line.figures[late_at].numerator,
            )
        )
    header = (_("序号"), _("编号"), _("点位"), _("责任单位"), _("未销号"), _("逾期"))
    parts: list[Part] = [
        Heading(_("三、点位情况")),
        Heading(_("（一）未销号问题较多的点位"), 2),
        Listing(_("点位"), header, tuple(rows), (11.0, 15.0, 58.0, 42.0, 16.0, 14.0), centred=frozenset({0, 1, 4, 5})),
        Heading(_("（二）当日未到的点位"), 2),
    ]
    if found.visited is None:
        return [*parts, Words(_("还没有登记过巡查记录，无法统计。"))]
    missed: dict[str, list[str]] = {}
    for row_id, code, unit in zip(sites.ids, sites.column("code"), units, strict=True):
        if row_id not in found.visited:
            missed.setdefault(found.names.get(plain(unit), plain(unit)) or _("（未定单位）"), []).append(plain(code))
    count = sum(len(codes) for codes in missed.values())
    lines: list[tuple[Scalar, ...]] = [
        (at, unit, len(codes), "、".join(codes)) for at, (unit, codes) in enumerate(sorted(missed.items(), key=lambda pair: (-len(pair[1]), pair[0])), 1)
    ]
    parts.append(
        Words(
            _("应到 {all} 个，实到 {there} 个，未到 {count} 个{end}").format(all=len(sites), there=len(found.visited), count=count, end="：" if count else "。")
        )
    )
    if lines:
        parts.append(
            Listing(_("当日未到点位"), (_("序号"), _("责任单位"), _("个数"), _("点位编号")), tuple(lines), (11.0, 60.0, 14.0, 71.0), centred=frozenset({0, 2}))
        )
    return parts


def typical(found: DayFacts) -> list[Part]:
    """四、典型问题: closed ones with both photos, then the longest overdue."""
    parts: list[Part] = [Heading(_("四、典型问题")), Heading(_("（一）整改到位的"), 2)]
    shown = 0
    for at in newest_closed(found):
        if shown >= found.rules.most_pairs:
            break
        before, after = found.photos(at, "before"), found.photos(at, "after")
        if before is None or after is None:
            continue
        shown += 1
        parts.append(Words(f"{shown}. {_issue(found, at)}"))
        parts.append(
            Pair(before, after, (_("整改前  {code}").format(code=found.text("code", at)), _("整改后  {day}销号").format(day=_day(int(found.facts.ended[at])))))
        )
    if not shown:
        parts.append(Words(_("近 {days} 天销号的问题没有整改前后照片齐全的。").format(days=found.rules.look_back_days)))
    parts.append(Heading(_("（二）整改不力的"), 2))
    late = longest_overdue(found)[: found.rules.most_pairs]
    for number, at in enumerate(late, 1):
        days = found.day.toordinal() - int(found.facts.due[at])
        parts.append(Words(_("{number}. {issue}时限 {due}，已逾期 {days} 天。").format(number=number, issue=_issue(found, at), due=_due(found, at), days=days)))
        before = found.photos(at, "before")
        if before is not None:
            parts.append(Pair(before, found.photos(at, "after"), (_("整改前  {code}").format(code=found.text("code", at)), _("整改后"))))
    if not late:
        parts.append(Words(_("无。")))
    return parts


def praised(found: DayFacts) -> list[Part]:
    """五、表扬和批评: the first and the red of the ranking, what came back twice (SR-67), what the joint team found that day (SR-69)."""
    rate = found.units.column("rectification")
    placed = [line for line in found.units.lines if line.place is not None]
    good = [line for line in placed if line.place is not None and line.place <= _GOOD and not line.red]
    bad = [line for line in placed if line.red]

    def named(lines: Sequence[Line]) -> str:
        return joined([f"{found.names.get(line.group.key, line.group.title)}（{line.figures[rate].text}）" for line in lines], 12)

    parts: list[Part] = [Heading(_("五、表扬和批评"))]
    parts.append(Words(_("整改较好的单位：{names}。").format(names=named(good) if good else _("无"))))
    parts.append(Words(_("整改未落实的单位：{names}。").format(names=named(bad) if bad else _("无"))))
    shirked = [found.text("code", at) for at in np.flatnonzero(BY_ID["shirked"].masks(found.facts, ALWAYS).numerator).tolist()]
    if shirked:
        parts.append(Words(_("退回两次及以上、有推诿嫌疑的问题：{codes}。").format(codes=joined(shirked, 20))))
    team = found.view.features("supervision") if "supervision" in found.view.layers else None
    if team is not None:
        kinds = team.layer.field("kind")
        for at in range(len(team)):
            if team.column("date")[at] == found.day:
                words = _("联合督查（{kind}）：{unit}，{finding}").format(
                    kind=kinds.show(team.column("kind")[at]), unit=plain(team.column("unit")[at]), finding=short(plain(team.column("finding")[at]), _NAMED)
                )
                parts.append(Words(words.rstrip("。") + "。"))
    return parts


def demanded(found: DayFacts) -> list[Part]:
    """六、工作要求."""
    last = joined(
        [found.names.get(line.group.key, line.group.title) for line in found.units.lines if line.red and line.place is not None][-found.units.rules.last :], 3
    )
    return [Heading(_("六、工作要求")), *(Words(f"{number}. {one}") for number, one in enumerate(demands(found, last), 1))]


def annexes(found: DayFacts) -> tuple[list[str], list[Part]]:
    """附件: names, and the lists of what is overdue, not received, and wrong at shop fronts (SR-52)."""
    facts = found.facts

    def row(number: int, at: int, *more: Scalar) -> tuple[Scalar, ...]:
        return (number, found.text("code", at), _told(found, at), found.unit(at), *more)

    late = [row(number, at, _due(found, at), found.day.toordinal() - int(facts.due[at])) for number, at in enumerate(longest_overdue(found), 1)]
    waiting = sorted(np.flatnonzero(facts.within("dispatched")).tolist(), key=lambda at: (int(facts.dispatched[at]), found.text("code", at)))
    unsigned = [row(number, at, _day(int(facts.dispatched[at])), _due(found, at)) for number, at in enumerate(waiting, 1)]
    names = [_("逾期清单"), _("未签收清单"), _("“门前三包”通报")]
    head = (_("序号"), _("问题编号"), _("位置和问题"), _("责任单位"))
    lists = (
        Listing(names[0], (*head, _("时限"), _("逾期天数")), tuple(late), (10.0, 31.0, 55.0, 26.0, 22.0, 12.0), centred=frozenset({0, 4, 5})),
        Listing(names[1], (*head, _("交办日期"), _("时限")), tuple(unsigned), (10.0, 31.0, 45.0, 26.0, 22.0, 22.0), centred=frozenset({0, 4, 5})),
        Listing(
            _("门前三包"),
            (_("序号"), _("门店"), _("门牌号"), _("路段"), _("三包状况"), _("责任书")),
            tuple(shop_rows(found)),
            (11.0, 44.0, 30.0, 26.0, 25.0, 20.0),
            centred=frozenset({0}),
        ),
    )
    parts: list[Part] = []
    for number, (name, listing) in enumerate(zip(names, lists, strict=True), 1):
        parts += [NewPage(), Heading(_("附件{number}　{name}（{count} 条）").format(number=number, name=name, count=len(listing.rows))), listing]
    return names, parts


def shop_rows(found: DayFacts) -> list[tuple[Scalar, ...]]:
    """Shops that do poorly or refuse, then those without a signed letter; nobody's name or telephone (SR-52, SR-54)."""
    if "shop" not in found.view.layers:
        return []
    shops = found.view.features("shop")
    states, signed, order = shops.column("inspection_state"), shops.column("letter_signed"), {"refused": 0, "poor": 1}
    wanted = [at for at in range(len(shops)) if states[at] in order or signed[at] is False]
    wanted.sort(key=lambda at: (order.get(str(states[at]), 2), plain(shops.column("section_code")[at]), plain(shops.column("code")[at])))
    show = shops.layer.field("inspection_state").show
    rows: list[tuple[Scalar, ...]] = []
    for number, at in enumerate(wanted, 1):
        letter = _("未签") if signed[at] is False else _("已签") if signed[at] else ""
        name, door, section = (plain(shops.column(field)[at]) for field in ("name", "door_no", "section_code"))
        rows.append((number, name, door, section, show(states[at]), letter))
    return rows


def notes(found: DayFacts) -> list[str]:
    """The time of the data and the formulas: mandatory (domain.md 6.6)."""
    return [time_note(found.facts.now), formula_note(found.units.rules)]


def time_note(now: dt.datetime) -> str:
    """数据时间."""
    return _("数据时间：{year}年{month}月{day}日{clock}。").format(year=now.year, month=now.month, day=now.day, clock=f"{now:%H:%M}")


def formula_note(rules: RankingRules) -> str:
    """How the ranking's figures are counted, what is ranked by, what is red."""
    by = _("综合得分") if rules.rank_by not in BY_ID else BY_ID[rules.rank_by].title
    formulas = "；".join(f"{BY_ID[one].title}＝{BY_ID[one].formula}" if BY_ID[one].is_rate else f"{BY_ID[one].title}：{BY_ID[one].formula}" for one in FORMULAS)
    return _(
        "指标口径：{formulas}；交办数不含草稿和作废，尚未交办到单位的只计入全区。百分比只舍不入；分母为零的记“—”。"
        "排名按{by}，并列的名次相同，没有交办的不排名；红色为后 {last} 名或整改率低于 {line:g}%。扣分取自扣分台账，申诉撤销的不计。"
    ).format(formulas=formulas, by=by, last=rules.last, line=rules.line)


def _issue(found: DayFacts, at: int) -> str:
    """点位（责任单位：…）：问题。 as real bulletins write it (domain.md 5)."""
    unit = found.unit(at) or _("待指定")
    place = short(found.place(at), 30) or found.text("code", at)
    return _("{place}（责任单位：{unit}）：{what}。").format(place=place, unit=unit, what=short(found.text("description", at), _NAMED).rstrip("。"))


def _told(found: DayFacts, at: int) -> str:
    """Place and problem; the place is not said twice where the problem begins with it."""
    place, what = found.place(at), found.text("description", at)
    return what if not place or what.startswith(place) else f"{place}：{what}"


def _due(found: DayFacts, at: int) -> str:
    """5月16日 17:30."""
    day, time = found.issues.column("due_at")[at], found.issues.column("due_time")[at]
    return f"{_day(day.toordinal())} {plain(time)}".strip() if isinstance(day, dt.date) else ""


def _day(number: int) -> str:
    """5月16日: the year is the bulletin's."""
    day = dt.date.fromordinal(number) if number else None
    return _("{month}月{day}日").format(month=day.month, day=day.day) if day else ""
