"""What is wrong with a run of sheets, said so that a planner can act on it. The checks yield these; nothing is printed differently because of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chuangwen.domain.feature import Feature
from chuangwen.services.paper.sheet import Sheet
from chuangwen.text import _

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)
"""error: the sheet says something wrong or cannot be written; warning: it is right, but probably not what is wanted; note: good to know."""

_NAMED = 5  # codes that a sentence names


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """`words`: what, where and the remedy. `kind`: an identifier for scripts. `feature`: (layer id, row id) to go to; `sheet`: None for the run."""

    severity: str
    kind: str
    words: str
    feature: tuple[str, str] | None = None
    sheet: Sheet | None = None


def called(feature: Feature) -> str:
    """The code by which people know it, else its name."""
    return feature.code or feature.name or feature.id[:8]


def listed(features: Sequence[Feature]) -> str:
    """A、B、C 等 9 个."""
    words = "、".join(called(one) for one in features[:_NAMED])
    return words if len(features) <= _NAMED else _("{words} 等 {count} 个").format(words=words, count=len(features))
