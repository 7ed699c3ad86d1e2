"""The demo's photos: pairs of before and after, named `{issue code}_{before|after}.jpg`, attached on the days on which they were taken."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer
from chuangwen.services.demo_story import Told
from chuangwen.services.evidence import Attached, attach
from chuangwen.text import _


def told_photos(layer: Layer, issues: Features, folder: Path, begun: dt.datetime) -> tuple[Attached, list[Told]]:
    """All photos of a folder, and the edits that attach them (`layer` is `photo`) to the issues that their names say, at four in the afternoon.

    Raises `FileProblem` for a file that is no picture.
    """
    found = Attached()
    days: dict[dt.datetime, list[Change]] = defaultdict(list)
    for file in sorted(folder.glob("*.jpg")):
        code, _mark, kind = file.stem.rpartition("_")
        issue = issues.coded(code)
        if issue is None:
            continue
        one = attach(layer, issue, kind, [file])
        found += one
        for change in one.changes:
            taken = (change.after or {}).get("taken_at")
            days[max(begun, dt.datetime.combine(taken, dt.time(16))) if isinstance(taken, dt.datetime) else begun].append(change)
    return found, [Told(at, Edit(_("添加 {count} 张整改照片").format(count=len(some)), tuple(some))) for at, some in sorted(days.items())]
