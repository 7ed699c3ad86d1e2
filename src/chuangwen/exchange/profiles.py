"""What the user once said about a sender's lists, kept and known again by the list's headers (domain.md 5)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chuangwen.domain.layer import folded
from chuangwen.exchange.doubts import Answers
from chuangwen.exchange.incoming import MADE, SECTION, SENDER, SHEET, Incoming
from chuangwen.exchange.list_names import list_title

NONE = "none"
"""The word that asks for no profile."""

AUTO = "auto"
_GENERAL = ("split", "fill", "percent", "status_words", "date", "sheets", "codes", "digits", "encoding", "crs")
"""Doubts whose answer holds for every list of a sender; `column` becomes part of the columns; others (a unit, a conflict) are about one list."""
_BEFORE_READING = ("split", "fill", "sheets", "encoding")
_ENOUGH = 0.8  # share of headers in common


@dataclass(frozen=True)
class Profile:
    """How lists of one kind are read. `titles`: the folded headers it is known by; `columns`: source column → field ('' for none)."""

    name: str
    layer: str
    titles: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    crs: str = AUTO
    encoding: str = AUTO

    @property
    def says_nothing(self) -> bool:
        """Whether it differs from no profile at all."""
        return not self.columns and not self.answers and self.crs == AUTO and self.encoding == AUTO

    @property
    def reads_otherwise(self) -> bool:
        """Whether it bears on how the file is read, not only on what its columns mean."""
        return self.encoding != AUTO or any(_kind(key) in _BEFORE_READING for key in self.answers)

    def fits(self, titles: Sequence[str]) -> float:
        """The share of headers in common, 0–1; 0 where fewer than four in five are."""
        mine, theirs = set(self.titles), set(titles)
        share = len(mine & theirs) / len(mine | theirs) if mine else 0.0
        return share if share >= _ENOUGH else 0.0


def titles_of(incoming: Incoming) -> tuple[str, ...]:
    """The folded headers that a profile is known by."""
    return tuple(sorted({folded(column.title) for column in incoming.columns if column.kind not in (MADE, SECTION, SHEET)}))


def recognise(profiles: Sequence[Profile], layer: str, titles: Sequence[str], sender: str = "") -> Profile | None:
    """The profile that the headers fit best; between equal ones that of the sender, else the first (the last used)."""
    found = [(share, one.name == sender, -order, one) for order, one in enumerate(profiles) if one.layer == layer and (share := one.fits(titles))]
    return max(found, key=lambda entry: entry[:3])[3] if found else None


def made(name: str, layer: str, incoming: Incoming, columns: Mapping[str, str], answers: Answers, crs: str, encoding: str) -> Profile:
    """A profile of what the user said about `incoming`. Answers about single rows, units or codes are not kept."""
    mapped = {key.partition(":")[2]: value for key, value in answers.items() if _kind(key) == "column"}
    general = {key: value for key, value in answers.items() if _kind(key) in _GENERAL}
    return Profile(name, layer, titles_of(incoming), {**mapped, **columns}, general, crs, encoding)


def merged_columns(profile: Profile, incoming: Incoming, columns: Mapping[str, str], answers: Answers) -> dict[str, str]:
    """The columns of the profile that this file has, and on top of them what the user says now."""
    there = {column.title for column in incoming.columns} | {folded(column.title) for column in incoming.columns}
    answered = {key.partition(":")[2] for key in answers if _kind(key) == "column"}
    kept = {title: name for title, name in profile.columns.items() if (title in there or folded(title) in there) and title not in answered}
    return {**kept, **columns}


def sender_of(incoming: Incoming, file: str) -> str:
    """The name of a new profile: the unit that the list says it is from, else the list's own name."""
    return incoming.meta.get(SENDER, "").strip() or list_title(file)


def as_json(profile: Profile) -> str:
    """The profile as a store keeps it."""
    kept = {
        "layer": profile.layer,
        "titles": list(profile.titles),
        "columns": dict(profile.columns),
        "answers": dict(profile.answers),
        "crs": profile.crs,
        "encoding": profile.encoding,
    }
    return json.dumps(kept, ensure_ascii=False)


def from_json(name: str, text: str) -> Profile | None:
    """The profile that a store kept; None for what no version of this program wrote."""
    try:
        kept = json.loads(text)
        return Profile(
            name,
            str(kept["layer"]),
            tuple(str(title) for title in kept["titles"]),
            {str(title): str(one) for title, one in kept["columns"].items()},
            {str(key): str(value) for key, value in kept["answers"].items()},
            str(kept["crs"]),
            str(kept["encoding"]),
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _kind(key: str) -> str:
    return key.partition(":")[0]
