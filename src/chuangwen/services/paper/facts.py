"""What is printed on a sheet, in short: enough to tell whether it would look the same today, and what has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple


class RowFacts(NamedTuple):
    """A row of a table. `number` on the map; `unit`, `rest`: digests; `due`: the deadline's text."""

    number: str
    status: str
    unit: str
    due: str
    rest: str


@dataclass(frozen=True, slots=True)
class Facts:
    """`parts`: what (style, frame, shape, ground, hand, words, number) → digest. `subject`: field → digest. `rows`: layer → feature id → row."""

    parts: Mapping[str, str] = field(default_factory=dict)
    subject: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, RowFacts]] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Equal for sheets that look the same, but for the time of the data, the day of printing and the page numbers."""
        return blake2b(self.to_json().encode(), digest_size=16).hexdigest()

    def to_json(self) -> str:
        """One text for equal facts."""
        said = {"parts": dict(self.parts), "subject": dict(self.subject), "rows": {layer: dict(rows) for layer, rows in self.rows.items()}}
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_facts(content: str) -> Facts:
    """From JSON; no facts where it is damaged or of another program: then only that the sheet differs is known, not how."""
    try:
        said = json.loads(content)
        rows = {layer: {row_id: RowFacts(*map(str, row)) for row_id, row in some.items()} for layer, some in said["rows"].items()}
        return Facts(dict(said["parts"]), dict(said["subject"]), rows)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Facts()


def digest(*values: object) -> str:
    """Eight bytes of what plain values, tuples and bytes say."""
    return blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
