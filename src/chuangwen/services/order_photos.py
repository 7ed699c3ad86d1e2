"""The photos before the work that go with an order (domain.md 4.3, 6.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.feature import Feature
from chuangwen.domain.values import plain

if TYPE_CHECKING:
    from chuangwen.services.project import Project

MOST = 2
"""Photos of one issue in one order."""


@dataclass(frozen=True, slots=True)
class BeforePhoto:
    """A photo of an issue, and whether its file is there."""

    issue: Feature
    path: Path
    taken: str
    there: bool


def before_photos(project: Project, issues: Sequence[Feature]) -> list[BeforePhoto]:
    """The photos of kind 整改前, at most `MOST` an issue, in the order of `issues`."""
    wanted = {issue.id for issue in issues}
    photos = project.features("photo")
    found: dict[str, list[BeforePhoto]] = {}
    by_id = {issue.id: issue for issue in issues}
    for at, owner in enumerate(photos.column("owner_id")):
        if owner in wanted and photos.column("owner_layer")[at] == "issue" and photos.column("kind")[at] == "before":
            path = project.files_folder / plain(photos.column("path")[at])
            found.setdefault(str(owner), []).append(BeforePhoto(by_id[str(owner)], path, plain(photos.column("taken_at")[at]), path.is_file()))
    return [photo for issue in issues for photo in found.get(issue.id, [])[:MOST]]
