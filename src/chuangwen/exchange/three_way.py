"""One field of a row that is known again: what the list said last time, what the project holds, what the list says now (docs/decisions/0049)."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from chuangwen.domain.lifecycle import MOVES, STATES
from chuangwen.domain.values import LIST_MARK, Value
from chuangwen.text import _

ENDED = ("closed", "void")
"""States of an issue that a list does not undo: the word of a unit is no check (domain.md 5.8)."""
_RANK = {"draft": 0, "registered": 1, "unassigned": 1, "dispatched": 2, "in_progress": 3, "rectified": 4}
"""How far a unit can bring an issue by its own word. The other states are decisions of the office: a check, an extension, a return."""
_LEGAL = {(move.source, move.target) for move in MOVES}


class Verdict(Enum):
    """What becomes of a field: LEAVE it as it is, TAKE the list's value, ASK because both have changed, REFUSE what no answer may do."""

    LEAVE = "leave"
    TAKE = "take"
    ASK = "ask"
    REFUSE = "refuse"


class Unknown(Enum):
    """The base of a field of which no former list is known."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


def decide(now: Value, says: Value, base: Value | Unknown) -> Verdict:
    """A list that says what it said before overrides nothing; one that says something new changes what nobody changed here. Blank clears nothing."""
    if says is None or same(now, says) or (base is not UNKNOWN and same(base, says)):
        return Verdict.LEAVE
    return Verdict.TAKE if base is UNKNOWN or same(now, base) else Verdict.ASK


def decide_status(now: str, says: str | None, base: str | Unknown | None) -> tuple[Verdict, str]:
    """The same for the state of an issue, with the reason where it is kept: a unit's word brings an issue forward as far as 已整改, never over a check.

    Source: domain.md 4.1 (synonyms), 4.2 (forbidden moves), 5.8 (duplicates on re-import).
    """
    plain = decide(now, says, base)
    if plain is Verdict.LEAVE or says is None:
        return Verdict.LEAVE, ""
    kept = _("名单写“{says}”，这里是“{now}”").format(says=STATES.get(says, says), now=STATES.get(now, now))
    if now in ENDED:
        return Verdict.REFUSE, _("{kept}：名单不能改动已了结的问题").format(kept=kept)
    if now not in _RANK:
        return (Verdict.ASK if (now, says) in _LEGAL else Verdict.REFUSE), _("{kept}：这是核查或创建办的决定").format(kept=kept)
    if says == "closed":
        return (Verdict.ASK if (now, says) in _LEGAL else Verdict.REFUSE), _("{kept}：销号须经核查").format(kept=kept)
    if says not in _RANK:
        return (plain if (now, says) in _LEGAL else Verdict.REFUSE), kept
    if _RANK[says] > _RANK[now]:
        return Verdict.TAKE, ""
    return (Verdict.ASK if now == "rectified" else plain if base is not UNKNOWN else Verdict.ASK), _("{kept}：比现有进度倒退").format(kept=kept)


def same(one: Value | Unknown, other: Value | Unknown) -> bool:
    """Whether two values mean the same; the order of several names does not count."""
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str) and LIST_MARK in one and len(one) == len(other):
        return _names(one) == _names(other)
    return False


def _names(text: str) -> Collection[str]:
    return sorted(text.split(LIST_MARK))
