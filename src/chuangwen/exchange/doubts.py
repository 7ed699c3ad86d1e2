"""What the importer does not know for certain, put as one question in plain words with the answers that are possible.

Every stage of an import (encoding, CRS, header, cells, shapes, comparison) takes the answers that the user has given and hands back the doubts it had:
with no answer the `chosen` one is what it did. The dialog shows them as questions, the command line takes `--answer KEY=VALUE`, the report lists them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chuangwen.errors import DataProblem

Answers = Mapping[str, str]
"""Doubt's key → value of the answer that the user chose."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One possible answer: what is stored and what is read. `note` says what follows from it."""

    value: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question. `key` is stable for the same file (`split:存在问题`, `date:发现时间`, `unit:城管`), `rows` are the source's rows it is about.

    `chosen` is the value that was used; `asks` is whether the import should wait for an answer, because a wrong guess would be a wrong map or a wrong name.
    """

    key: str
    question: str
    answers: tuple[Answer, ...]
    chosen: str
    rows: tuple[int, ...] = ()
    asks: bool = False

    @property
    def chosen_title(self) -> str:
        """What the chosen answer reads."""
        return next((answer.title for answer in self.answers if answer.value == self.chosen), self.chosen)

    def as_json(self) -> dict[str, Any]:
        """What `import --json` prints of it."""
        return {
            "key": self.key,
            "question": self.question,
            "answers": [{"value": one.value, "title": one.title} for one in self.answers],
            "chosen": self.chosen,
            "rows": list(self.rows),
            "asks": self.asks,
        }


def settled(key: str, answers: Answers, possible: Sequence[Answer], otherwise: str) -> str:
    """The user's answer to `key` where it is one of the possible ones, else `otherwise`."""
    given = answers.get(key, "")
    return given if any(given == one.value for one in possible) else otherwise


class Unanswered(DataProblem):
    """The import cannot go on without an answer: every guess might be wrong in silence. `doubts` are the questions (one at the least).

    The command line refuses (exit status 2) and shows what to pass; the dialog asks and looks again.
    """

    def __init__(self, message: str, hint: str, doubts: Sequence[Doubt]) -> None:
        super().__init__(message, hint)
        self.doubts = tuple(doubts)
        self.placements: tuple[object, ...] = ()
        """`source_crs.Placement`s, where the question is where the shapes lie."""
