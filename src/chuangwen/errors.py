"""What can go wrong, sorted by who can act on it.

A `UserError` is shown as it stands: it says what happened, to what, and what to do. `Cancelled` is silent.
Anything else is a bug of ours: logged, shown once, never swallowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class UserError(Exception):
    """Something the user can act on. `message` says what happened and to what, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}{self.hint}"


class FileProblem(UserError):
    """A file is missing, unreadable, locked, damaged, foreign, or cannot be written."""


class DataProblem(UserError):
    """The content cannot be taken as it is; `rows` maps a row number of the source to its reason."""

    def __init__(self, message: str, hint: str = "", rows: Mapping[int, str] | None = None) -> None:
        super().__init__(message, hint)
        self.rows = dict(rows or {})


class RuleBroken(UserError):
    """An edit that the trade's rules forbid; `reasons` maps a field name ('' for the whole) to a sentence."""

    def __init__(self, message: str, reasons: Mapping[str, str] | None = None, hint: str = "") -> None:
        super().__init__(message, hint)
        self.reasons = dict(reasons or {})


class Conflict(UserError):
    """Somebody changed a row since it was read. Nothing was written.

    `layer` and `row_id` name the row; `now` holds what the touched columns say at present (empty: the row is gone).
    """

    def __init__(self, message: str, layer: str, row_id: str, now: Mapping[str, object], hint: str = "") -> None:
        super().__init__(message, hint)
        self.layer = layer
        self.row_id = row_id
        self.now = dict(now)


class Unreachable(UserError):
    """A database server, share or printer does not answer."""


class Cancelled(Exception):
    """The user stopped the work. Nothing to say."""


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The nearest right spelling of `word` among `known`, or None: for messages that help with a typing slip."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return found[0] if found else None
