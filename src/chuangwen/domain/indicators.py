"""The indicators of domain.md 3.5 and the creation office's own (SR-08), each with its formula in words; what the project does not record is said, not made up.

`docs/decisions/0026` says what counts as 交办, which day an issue belongs to, and why a rate leaves out what was never recorded.
"""

from __future__ import annotations

from collections.abc import Callable

from chuangwen.domain.figure import Indicator, Masks
from chuangwen.domain.issue_facts import Days, Facts, Mask, Period
from chuangwen.text import _

SHIRKING_RETURNS = 2
"""Returned so often is a candidate for 推诿 (SR-67)."""

_OFFICE = _("创建办口径")
_STATE, _FOUND, _SENT, _DUE, _DONE, _CHECKED, _LOG = _("现状"), _("发现时间"), _("交办时间"), _("时限"), _("完成时间"), _("核查时间"), _("修改经过")
_NO_DUE, _NO_DAY = _("另有 {count} 条没有时限，未计入"), _("另有 {count} 条没有记录时间，未计入")

Masked = Callable[[Facts, Period], Masks]


def _dated(mask: Mask, days: Days, period: Period) -> Masks:
    """How many of `mask` on days of the period."""
    return Masks(mask & period.of(days), unknown=mask & (days == 0) if period.limited else None, why=_NO_DAY)


def _standing(*states: str) -> Masked:
    return lambda facts, _period: Masks(facts.within(*states))


def _reported(facts: Facts, period: Period) -> Masks:
    return _dated(~facts.none, facts.found, period)


def _new(facts: Facts, period: Period) -> Masks:
    return _dated(~facts.within("void"), facts.found, period)


def _filed(facts: Facts, period: Period) -> Masks:
    here, unknown, why = _reported(facts, period).numerator, _reported(facts, period).unknown, _NO_DAY
    return Masks(here & ~facts.within("draft"), here, unknown, why)


def _rightly_filed(facts: Facts, period: Period) -> Masks:
    filed = _filed(facts, period)
    return Masks(filed.numerator & ~facts.within("void"), filed.numerator, filed.unknown, _NO_DAY)


def _rightly_sent(facts: Facts, period: Period) -> Masks:
    sent = _dated(facts.sent, facts.dispatched, period)
    return Masks(sent.numerator & (facts.returns == 0), sent.numerator, sent.unknown, sent.why)


def _owed(facts: Facts, period: Period, reached: Mask, days: Days) -> Mask:
    """应处置, 应结案: the deadline fell in the period and is over, or it was done in the period. 挂账 has no clock."""
    due = facts.passed & period.of(facts.due) & ~facts.within("long_term")
    return facts.counted & (due | (reached & period.of(days)))


def _disposed(facts: Facts, period: Period) -> Masks:
    return _dated(facts.disposed, facts.done, period)


def _to_dispose(facts: Facts, period: Period) -> Masks:
    return Masks(_owed(facts, period, facts.disposed, facts.done))


def _disposal(facts: Facts, period: Period) -> Masks:
    owed = _owed(facts, period, facts.disposed, facts.done)
    return Masks(owed & facts.disposed & _until(period, facts.done), owed)


def _until(period: Period, days: Days) -> Mask:
    """Done by the end of the period."""
    return period.of(days) | ((days > 0) & (days < period.start.toordinal())) if period.start else period.of(days)


def _in_time(facts: Facts, owed: Mask, reached: Mask, days: Days) -> Masks:
    """Of what was owed, what was reached by the day of its deadline; without a deadline, or done on no known day, it cannot be judged."""
    judged = owed & (facts.due > 0) & ~(reached & (days == 0))
    return Masks(judged & reached & (days <= facts.due), judged, owed & ~judged, _("另有 {count} 条没有时限或办结时间，无法判断，未计入"))


def _timely_disposal(facts: Facts, period: Period) -> Masks:
    return _in_time(facts, _owed(facts, period, facts.disposed, facts.done), facts.disposed, facts.done)


def _late_disposal(facts: Facts, period: Period) -> Masks:
    done = facts.disposed & period.of(facts.done)
    judged = done & (facts.due > 0) & (facts.done > 0)
    return Masks(judged & (facts.done > facts.due), unknown=done & ~judged, why=_("另有 {count} 条没有时限或完成时间，无法判断，未计入"))


def _closing(facts: Facts, period: Period) -> Masks:
    owed = _owed(facts, period, facts.closed, facts.ended)
    return Masks(owed & facts.closed & _until(period, facts.ended), owed)


def _timely_closing(facts: Facts, period: Period) -> Masks:
    return _in_time(facts, _owed(facts, period, facts.closed, facts.ended), facts.closed, facts.ended)


def _rectification(facts: Facts, period: Period) -> Masks:
    handed = _dated(facts.counted, facts.dispatched, period)
    return Masks(handed.numerator & facts.closed, handed.numerator, handed.unknown, _NO_DAY)


def _on_time(facts: Facts, period: Period) -> Masks:
    """到期应销号: the deadline is over and fell in the period. Reached at last or never: both are judged."""
    owed = facts.counted & facts.passed & period.of(facts.due) & ~facts.within("long_term")
    judged = owed & ~(facts.closed & (facts.ended == 0))
    return Masks(judged & facts.closed & (facts.ended <= facts.due), judged, owed & ~judged, _("另有 {count} 条没有销号时间，无法判断，未计入"))


def _counter(name: str, target: str) -> Masked:
    """Issues with a counter, in a period those that the log saw come into the state."""

    def masks(facts: Facts, period: Period) -> Masks:
        if period.limited:
            return Masks(facts.moved(target, period) & ~facts.within("void"))
        return Masks(((getattr(facts, name) > 0) | facts.within(target)) & ~facts.within("void"))

    return masks


def _not_logged(facts: Facts, period: Period) -> str:
    return _("次数不带日期，修改经过未读取，分期间无法统计") if period.limited and facts.moves is None else ""


_RETURNED, _REWORKED, _DEFERRED = _counter("returns", "returned"), _counter("reworks", "rework"), _counter("extensions", "deferred")


def _rework_rate(facts: Facts, period: Period) -> Masks:
    reworked = _REWORKED(facts, period).numerator
    return Masks(reworked, reworked | _disposed(facts, period).numerator)


def _deferral_rate(facts: Facts, period: Period) -> Masks:
    deferred = _DEFERRED(facts, period).numerator
    return Masks(deferred, deferred | _to_dispose(facts, period).numerator)


def _shirked(facts: Facts, _period: Period) -> Masks:
    return Masks((facts.returns >= SHIRKING_RETURNS) & ~facts.within("void"))


def _relapsed(facts: Facts, _period: Period) -> Masks:
    return Masks((facts.relapses > 0) & ~facts.within("void"))


def _unknown(why: str) -> Callable[[Facts, Period], str]:
    return lambda _facts, _period: why


def _nothing(facts: Facts, _period: Period) -> Masks:
    return Masks(facts.none, facts.none)


INDICATORS: tuple[Indicator, ...] = (
    Indicator("dispatched", _("交办数"), _("登记在册的问题，不含草稿和作废"), _SENT, lambda f, p: _dated(f.counted, f.dispatched, p), _OFFICE),
    Indicator("closed", _("已销号数"), _("其中核查通过、已销号的"), _SENT, lambda f, p: _dated(f.counted & f.closed, f.dispatched, p), _OFFICE),
    Indicator("open", _("未销号数"), _("交办数 － 已销号数"), _SENT, lambda f, p: _dated(f.counted & ~f.closed, f.dispatched, p), _OFFICE, rising=False),
    Indicator("rectification", _("整改率"), _("已销号数 ÷（交办数 － 作废数）"), _SENT, _rectification, "domain.md 3.5, SR-08"),
    Indicator("on_time", _("按期整改率"), _("在时限当日及以前销号的 ÷ 时限已过的（不含挂账）"), _DUE, _on_time),
    Indicator("overdue", _("逾期数"), _("时限已过、单位还没有反馈整改的"), _STATE, lambda f, _p: Masks(f.overdue), _OFFICE, rising=False),
    Indicator("new", _("新增数"), _("期内发现的，不含作废"), _FOUND, _new, _OFFICE, rising=False),
    Indicator("ended", _("销号数"), _("期内核查通过、销号的"), _CHECKED, lambda f, p: _dated(f.closed, f.ended, p), _OFFICE),
    Indicator("unassigned", _("待指定数"), _("没有责任单位、等待创建办指定的"), _STATE, _standing("unassigned"), _OFFICE, rising=False),
    Indicator("unreceived", _("未签收数"), _("已交办、单位还没有签收的"), _STATE, _standing("dispatched"), _OFFICE, rising=False),
    Indicator("to_check", _("待核查数"), _("单位已反馈整改、等待核查的"), _STATE, _standing("rectified"), _OFFICE, rising=False),
    Indicator("long_term", _("挂账数"), _("批准挂账、长期整改的"), _STATE, _standing("long_term"), _OFFICE, rising=False),
    Indicator("reported", _("上报数"), _("期内发现的全部问题"), _FOUND, _reported),
    Indicator("filing", _("立案率"), _("立案数（已登记，不是草稿）÷ 上报数"), _FOUND, _filed),
    Indicator("right_filing", _("准确立案率"), _("立案后没有作废的 ÷ 立案数"), _FOUND, _rightly_filed),
    Indicator("timely_filing", _("按时立案率"), _("按时立案数 ÷ 应立案数"), _FOUND, _nothing, missing=_unknown(_("项目不记录立案的时间"))),
    Indicator("right_dispatch", _("准确派遣率"), _("从未被退回的 ÷ 派遣数（交办到单位的）"), _SENT, _rightly_sent),
    Indicator("to_dispose", _("应处置数"), _("时限在期内且已过的（不含挂账），加上期内已处置的"), _DUE, _to_dispose),
    Indicator("disposed", _("处置数"), _("单位已反馈整改或已销号的"), _DONE, _disposed),
    Indicator("disposal", _("处置率"), _("处置数 ÷ 应处置数"), _DUE, _disposal),
    Indicator("timely_disposal", _("按时处置率"), _("在时限当日及以前完成的 ÷ 应处置数（有时限的）"), _DUE, _timely_disposal),
    Indicator("late_disposal", _("超期处置数"), _("过了时限才完成的"), _DONE, _late_disposal, rising=False),
    Indicator("rework", _("返工数"), _("核查不通过、返工过的（一个问题计一次）"), _LOG, _REWORKED, rising=False, missing=_not_logged),
    Indicator("rework_rate", _("返工率"), _("返工数 ÷ 处置数（含返工的）"), _DONE, _rework_rate, rising=False, missing=_not_logged),
    Indicator("deferred", _("延期数"), _("批准过延期的"), _LOG, _DEFERRED, rising=False, missing=_not_logged),
    Indicator("deferral", _("延期率"), _("延期数 ÷ 应处置数（含延期的）"), _DUE, _deferral_rate, rising=False, missing=_not_logged),
    Indicator("returned", _("退回数"), _("被单位退回过的，计在退回的单位"), _LOG, _RETURNED, rising=False, by_mover="returned", missing=_not_logged),
    Indicator(
        "shirked", _("推诿数"), _("退回两次及以上、列入推诿嫌疑的，计在退回的单位"), _STATE, _shirked, "domain.md 3.5, SR-67", rising=False, by_mover="returned"
    ),
    Indicator("closing", _("结案率"), _("销号数 ÷ 应结案数（时限在期内且已过的，加上期内已销号的）"), _DUE, _closing),
    Indicator("timely_closing", _("按期结案率"), _("在时限当日及以前销号的 ÷ 应结案数（有时限的）"), _DUE, _timely_closing),
    Indicator("relapsed", _("反弹数"), _("销号后回头看又反弹的"), _STATE, _relapsed, rising=False),
    Indicator("relapse", _("反弹率"), _("回头看发现反弹数 ÷ 回头看抽查数"), _STATE, _nothing, rising=False, missing=_unknown(_("项目不记录回头看抽查数"))),
    Indicator("lost", _("丢分数"), _("造成测评丢分的问题"), _STATE, lambda f, _p: Masks(f.lost), _OFFICE, rising=False),
)
"""Every figure the program knows, in the order in which a full table prints them."""

BY_ID = {one.id: one for one in INDICATORS}
