"""Photos as evidence of an issue (domain.md 4.3): which of them show the present round of rectification, and what is suspicious about them.

A round begins with the registration, with each failed check and with each relapse: what was photographed for an earlier round proves nothing in this one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chuangwen.domain.values import Scalar, Values, counted

BEFORE, AFTER, CHECK, RELAPSE = "before", "after", "check", "relapse"


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a feature: `owner` its id, `place` longitude and latitude in degrees (WGS 84), `round` of the owner when it was attached."""

    id: str
    owner: str
    kind: str
    name: str = ""
    sha256: str = ""
    phash: str = ""
    taken_at: dt.datetime | None = None
    place: tuple[float, float] | None = None
    round: int = 0


def photo_of(row_id: str, values: Values) -> Photo:
    """A row of the layer `photo` as evidence."""

    def text(name: str) -> str:
        return str(values.get(name) or "")

    taken, turn, lon, lat = (values.get(name) for name in ("taken_at", "round", "lon", "lat"))
    place = (float(lon), float(lat)) if isinstance(lon, int | float) and isinstance(lat, int | float) else None
    return Photo(
        row_id,
        text("owner_id"),
        text("kind"),
        text("name"),
        text("sha256"),
        text("phash"),
        taken if isinstance(taken, dt.datetime) else None,
        place,
        turn if isinstance(turn, int) else 0,
    )


def round_of(issue: Mapping[str, Scalar]) -> int:
    """The round that an issue is in: failed checks and relapses so far."""
    return counted(issue.get("rework_count")) + counted(issue.get("relapse_count"))


def of_this_round(photos: Sequence[Photo], kind: str, issue: Mapping[str, Scalar]) -> list[Photo]:
    """The photos of a kind that prove something now: attached in this round."""
    return [photo for photo in photos if photo.kind == kind and photo.round >= round_of(issue)]


def older_than(photos: Sequence[Photo], moment: dt.datetime) -> list[Photo]:
    """The photos that say themselves that they were taken before `moment`."""
    return [photo for photo in photos if photo.taken_at is not None and photo.taken_at < moment]


def latest(photos: Sequence[Photo], kind: str) -> Photo | None:
    """The photo of a kind for a before/after pair: of the last round, the last taken of it."""
    found = [photo for photo in photos if photo.kind == kind]
    return max(found, key=lambda photo: (photo.round, photo.taken_at is not None, str(photo.taken_at), photo.id), default=None)
