"""The one form of every change. Undo is the inverse, written the same way (design.md, decision 6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from chuangwen.domain.values import Values


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after, touched columns only. No `before` adds the row, no `after` removes it.

    The key `geometry` stands among the columns. An added row gives its values (what it does not name is blank), a removed one all it had.
    """

    layer: str
    id: str
    before: Values | None
    after: Values | None

    def inverse(self) -> Change:
        """What takes this change back."""
        return Change(self.layer, self.id, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Edit:
    """What one user action does: a label that fits behind 撤销：, and its changes. `import_id` names the import it comes from."""

    label: str
    changes: tuple[Change, ...]
    import_id: str = ""

    def inverse(self) -> Edit:
        """What takes this edit back."""
        return Edit(self.label, tuple(change.inverse() for change in reversed(self.changes)), self.import_id)

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def touched(self) -> dict[str, list[str]]:
        """Layer → ids it changes."""
        found: dict[str, list[str]] = {}
        for change in self.changes:
            found.setdefault(change.layer, []).append(change.id)
        return found


@dataclass(frozen=True, slots=True)
class Step:
    """One written edit, as the change log has it. `kind`: do, undo or redo; `of` is the `number` of the step that was undone or redone."""

    number: int
    label: str
    at: dt.datetime
    by: str
    kind: str = "do"
    of: int | None = None
    rows: int = 0
    role: str = ""  # in which `by` acted (domain.md 8.5); '' in steps that are older than roles


@dataclass(frozen=True, slots=True)
class RowStep:
    """What one step did to one row, for its history. `before` and `after` hold the touched columns; None for an added or removed row."""

    step: Step
    layer: str
    id: str
    before: Values | None
    after: Values | None
