"""What the demo's lists say in one row, told step by step: so the project has a past that can be looked back at (as-of view, a former day's bulletin).

The importer gives every issue as it stands in the end. Here it is taken apart by its own dates (found, handed over, received, put right, checked) into
the edits that an office would have made on each of those days. The last one leaves exactly what the list says.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import Scalar, Values
from chuangwen.text import _

_LATER = frozenset(
    [
        "status",
        "dispatched_at",
        "due_at",
        "received_at",
        "receiver",
        "suggested_unit",
        "result_text",
        "done_at",
        "checker",
        "checked_at",
        "check_result",
        "approver",
        "approved_at",
        "interim_measure",
        "stopped_at",
        "review_at",
        "status_note",
        "order_number",
        "first_closed_at",
        "failed_at",
        "return_count",
        "returned_by",
        "rework_count",
        "relapse_count",
        "extension_count",
        "escalation_level",
        "unit_basis",
    ]
)
"""The fields of an issue that nobody can know when it is registered."""
_KINDS = {
    "add": _("登记 {count} 个问题"),
    "dispatch": _("交办 {count} 个问题"),
    "return": _("退回 {count} 个问题"),
    "reassign": _("改派 {count} 个问题"),
    "receive": _("签收 {count} 个问题"),
    "defer": _("批准延期 {count} 个问题"),
    "long_term": _("挂账 {count} 个问题"),
    "rectify": _("反馈整改 {count} 个问题"),
    "fail": _("核查不通过 {count} 个问题"),
    "close": _("核查销号 {count} 个问题"),
    "relapse": _("反弹 {count} 个问题"),
    "remind": _("催办 {count} 个问题"),
    "supervise": _("督办 {count} 个问题"),
}
"""What happens to issues, in the order in which things of the same half hour come."""
_ORDER = {kind: at for at, kind in enumerate(_KINDS)}
_HALF_HOUR = 30


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to an issue, and what it set."""

    at: dt.datetime
    kind: str
    sets: Values


@dataclass(frozen=True, slots=True)
class Told:
    """An edit and the moment at which it was made."""

    at: dt.datetime
    edit: Edit


def told_issues(imported: Edit, begun: dt.datetime, now: dt.datetime) -> tuple[Edit, list[Told]]:
    """The edit of an import of issues as it would have been at `begun`, and what happened from then to `now`.

    Changes of other layers stay in the first edit.
    """
    first: list[Change] = []
    groups: dict[tuple[dt.datetime, int, str], list[Change]] = defaultdict(list)
    for change in imported.changes:
        if change.layer != "issue" or change.after is None:
            first.append(change)
            continue
        final = change.after
        state: dict[str, Scalar] = {}
        for event in _in_order(_course(final), now):
            sets = {name: value for name, value in event.sets.items() if state.get(name) != value}
            if event.at > begun and sets:
                before = None if not state else {name: state.get(name) for name in sets}
                at = _bucket(event.at, now)
                groups[at, _ORDER[event.kind], event.kind].append(Change("issue", change.id, before, sets))
            state |= sets
            if event.at <= begun:
                known = dict(state)
        if _found_at(final) <= begun:
            first.append(replace(change, after=known))
    later = [Told(at, Edit(_KINDS[kind].format(count=len(some)), tuple(some))) for (at, _number, kind), some in sorted(groups.items())]
    return replace(imported, changes=tuple(first)), later


def told_records(imported: Edit, title: str, by: str, begun: dt.datetime, now: dt.datetime) -> tuple[Edit, list[Told]]:
    """The edit of an import of records (called `title`), and those that were made after `begun`: by the day in their field `by`, each evening at six."""
    first: list[Change] = []
    days: dict[dt.date, list[Change]] = defaultdict(list)
    for change in imported.changes:
        said = (change.after or {}).get(by)
        day = said.date() if isinstance(said, dt.datetime) else said
        if isinstance(day, dt.date) and day > begun.date():
            days[day].append(change)
        else:
            first.append(change)
    later = [
        Told(
            min(dt.datetime.combine(day, dt.time(18)), now),
            Edit(_("登记 {day:%m-%d} 的{title} {count} 条").format(day=day, title=title, count=len(some)), tuple(some)),
        )
        for day, some in sorted(days.items())
    ]
    return replace(imported, changes=tuple(first)), later


def _found_at(final: Values) -> dt.datetime:
    day = final.get("found_at")
    assert isinstance(day, dt.date)
    return dt.datetime.combine(day, dt.time(9))


def _on(day: Scalar, hour: int, minute: int = 0) -> dt.datetime:
    assert isinstance(day, dt.date)
    return dt.datetime.combine(day, dt.time(hour, minute))


def _moment(value: Scalar) -> dt.datetime:
    assert isinstance(value, dt.datetime)
    return value


def _bucket(at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """The half hour at whose end a step is written."""
    whole = at.replace(minute=0, second=0, microsecond=0)
    minutes = -(-at.minute // _HALF_HOUR) * _HALF_HOUR
    return min(whole + dt.timedelta(minutes=minutes), now)


def _in_order(events: Iterator[Event], now: dt.datetime) -> Iterator[Event]:
    """Each event half an hour or more after the one before it, as far as that is not in the future."""
    last: dt.datetime | None = None
    for event in events:
        at = last = min(event.at if last is None else max(event.at, last + dt.timedelta(minutes=_HALF_HOUR)), now)
        yield replace(event, at=at)


def _course(final: Values) -> Iterator[Event]:
    """The events of an issue; the last one sets all that the list says and nothing yet has set."""
    events = list(_events(final))
    state: dict[str, Scalar] = {}
    for event in events:
        state |= event.sets
    rest = {name: final.get(name) for name in {*final, *state} if state.get(name) != final.get(name)}
    *former, last = events
    yield from former
    yield replace(last, sets={**last.sets, **rest})


def _events(final: Values) -> Iterator[Event]:
    status = final["status"]
    plain = {name: value for name, value in final.items() if name not in _LATER}
    yield Event(_found_at(final), "add", {**plain, "status": "unassigned" if status == "unassigned" else "registered"})
    if final.get("dispatched_at") is None:
        return
    sent = _moment(final["dispatched_at"])
    basis = {"unit_basis": final.get("unit_basis"), "order_number": final.get("order_number")}
    handed: dict[str, Scalar] = {"status": "dispatched", "dispatched_at": sent, "due_at": final.get("due_at"), **basis}
    yield Event(sent, "dispatch", handed)
    if final.get("return_count") and status != "returned":
        returns = {"return_count": final["return_count"], "returned_by": final.get("returned_by")}
        yield Event(sent + dt.timedelta(hours=2), "return", {"status": "returned", **returns})
        yield Event(sent + dt.timedelta(hours=3), "reassign", {"status": "dispatched"})
    if final.get("received_at") is not None:
        got = _moment(final["received_at"])
        yield Event(got, "receive", {"status": "in_progress", "received_at": got, "receiver": final.get("receiver")})
    yield from _ending(final, sent)
    level = final.get("escalation_level")
    if level:
        day = final["found_at"]
        assert isinstance(day, dt.date)
        kind, on = ("remind", 1) if level == 1 else ("supervise", 2)
        yield Event(dt.datetime(day.year, 6, on, 9), kind, {"escalation_level": level})


def _ending(final: Values, sent: dt.datetime) -> Iterator[Event]:
    """What came after the receipt."""
    status = final["status"]
    if status == "returned":
        returns = {"return_count": final.get("return_count"), "returned_by": final.get("returned_by"), "suggested_unit": final.get("suggested_unit")}
        yield Event(sent + dt.timedelta(hours=23), "return", {"status": "returned", "status_note": final.get("status_note"), **returns})
    elif status == "deferred":
        yield Event(_on(final["approved_at"], 15), "defer", {"status": "deferred"})
    elif status == "long_term":
        yield Event(_on(final["approved_at"], 16), "long_term", {"status": "long_term"})
    elif status == "rework":
        failed = _moment(final["failed_at"])
        done = failed.date() - dt.timedelta(days=1)
        first = final.get("first_closed_at")
        if first is not None:
            yield Event(_on(first, 16), "rectify", {"status": "rectified", "done_at": first})
            yield Event(_on(first, 17, 30), "close", {"status": "closed", "checked_at": first, "first_closed_at": first})
            yield Event(failed, "relapse", {"status": "rework", "done_at": None, "checked_at": final.get("checked_at")})
        else:
            yield Event(_on(done, 16), "rectify", {"status": "rectified", "done_at": done})
            yield Event(failed, "fail", {"status": "rework", "done_at": None, "failed_at": failed, "rework_count": final.get("rework_count")})
    elif status in ("rectified", "closed"):
        done_at = final["done_at"]
        done_values = {"status": "rectified", "done_at": done_at, "result_text": final.get("result_text")}
        if final.get("rework_count"):
            yield Event(_on(done_at, 9), "rectify", done_values)
            yield Event(_on(done_at, 10, 30), "fail", {"status": "rework", "rework_count": final["rework_count"]})
        yield Event(_on(done_at, 16), "rectify", done_values)
        if status == "closed":
            yield Event(_on(final["checked_at"], 17, 30), "close", {"status": "closed", "checked_at": final["checked_at"]})
