"""Photos as evidence: looked at and attached, and what is suspicious about those that are there (domain.md 4.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chuangwen.domain import edits
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.evidence import AFTER, BEFORE, Photo, latest, photo_of, round_of
from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import Scalar
from chuangwen.errors import FileProblem, UserError, nearest
from chuangwen.exchange.incoming import Picture
from chuangwen.exchange.photos_in import Shot, shot_of
from chuangwen.progress import Progress
from chuangwen.services.fingerprints import alike, fingerprint
from chuangwen.services.pictures_in import Pending, take_back, write_files
from chuangwen.store.photos import kept_as
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.placing import View

Answer = TypeVar("Answer")

FAR_M = 100.0
"""A photo taken farther from its issue than this is suspicious (domain.md 4.3)."""
_WGS84 = 4326


@dataclass(frozen=True, slots=True)
class Attached:
    """Pictures that were looked at: rows of the layer `photo` to add, and the files to write before that."""

    changes: tuple[Change, ...] = ()
    pending: tuple[Pending, ...] = ()

    def __add__(self, other: Attached) -> Attached:
        return Attached((*self.changes, *other.changes), (*self.pending, *other.pending))


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something about the photos of issues that the planner should look at. `kind`: order, same, alike, far, no_before, no_after."""

    kind: str
    text: str
    issues: tuple[str, ...]
    photos: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return {"kind": self.kind, "text": self.text, "issues": list(self.issues), "photos": list(self.photos)}


def attach(layer: Layer, owner: Feature, kind: str, files: Sequence[Path], progress: Progress | None = None) -> Attached:
    """Look at pictures and say what attaching them to `owner` will do; writes nothing. `layer` is `photo`.

    Raises `FileProblem` that names the file that is missing, no picture or broken, `UserError` for a kind that there is not.
    """
    known = kind_of(layer, kind)
    found = Attached()
    for file in (progress or Progress()).each(files, len(files), _("查看照片")):
        found += _looked_at(layer, owner, known, file)
    return found


def kind_of(layer: Layer, word: str) -> str:
    """A kind of photo by its identifier or title. Raises `UserError` with the nearest right word."""
    choices = layer.field("kind").choices
    for choice in choices:
        if word in (choice.value, choice.title):
            return choice.value
    close = nearest(word, [text for choice in choices for text in (choice.value, choice.title)])
    hint = _("是不是“{close}”？").format(close=close) if close else ""
    raise UserError(_("没有“{word}”这种照片。").format(word=word), hint=hint + _("可选：{kinds}").format(kinds="、".join(choice.title for choice in choices)))


def labelled(owner: Feature, attached: Attached) -> Edit:
    """The edit that attaches them and does nothing else."""
    return Edit(_("{what}添加 {count} 张照片").format(what=owner.code or owner.name, count=len(attached.changes)), attached.changes)


def write_then(attached: Attached, folder: Path, work: Callable[[], Answer]) -> Answer:
    """Write the files below `folder`, then do `work` (apply the edit); where that fails the files that were new are taken away again."""
    new = write_files(attached.pending, folder)
    try:
        return work()
    except BaseException:
        take_back(new)
        raise


def pairs(photos: Sequence[Photo]) -> tuple[Photo | None, Photo | None]:
    """The before and the after photo that are shown side by side (整改前后对比)."""
    return latest(photos, BEFORE), latest(photos, AFTER)


def photos_by_issue(view: View) -> dict[str, list[Photo]]:
    """Issue's id → its photos, in the order they were attached."""
    found: dict[str, list[Photo]] = {}
    if "photo" not in view.layers:
        return found
    for row in view.features("photo"):
        if row.get("owner_layer") == "issue":
            found.setdefault(str(row.get("owner_id")), []).append(photo_of(row.id, row.values))
    return found


def evidence_findings(view: View, epsg: int | None, ids: Sequence[str] | None = None, progress: Progress | None = None) -> list[Suspicion]:
    """What is suspicious about the photos of all issues, or of those of `ids` (reuse is looked for among all).

    `epsg` is the project's CRS; without it nobody asks how far from its issue a photo was taken. Raises `Cancelled` when asked to stop.
    """
    issues = view.features("issue")
    by_issue = {row_id: photos for row_id, photos in photos_by_issue(view).items() if row_id in issues.index}
    code = {row_id: str(issues.column("code")[issues.index[row_id]] or "") for row_id in by_issue}
    found = [*_reused(by_issue, code), *_same_shot(by_issue, code, ids)]
    closed = (row_id for row_id, day in zip(issues.ids, issues.column("first_closed_at"), strict=True) if day is not None)
    wanted = list(dict.fromkeys((*by_issue, *closed))) if ids is None else list(ids)
    for row_id in (progress or Progress()).each(wanted, len(wanted), _("核对照片")):
        issue = issues.feature(row_id)
        if issue is not None:
            found += _of_issue(issue, by_issue.get(row_id, []), epsg)
    return found if ids is None else [one for one in found if set(one.issues) & set(ids)]


def _of_issue(issue: Feature, photos: list[Photo], epsg: int | None) -> Iterator[Suspicion]:
    state, code = issue.get("status"), issue.code
    afters = [photo for photo in photos if photo.kind == AFTER]
    if photos and not any(photo.kind == BEFORE for photo in photos):
        yield Suspicion("no_before", _("{code} 没有“整改前”照片").format(code=code), (issue.id,))
    if state == "closed" and issue.get("first_closed_at") is not None and not afters:  # closed here, not by an old list
        yield Suspicion("no_after", _("{code} 已销号，但没有“整改后”照片").format(code=code), (issue.id,))
    first = min((photo.taken_at for photo in photos if photo.kind == BEFORE and photo.taken_at is not None), default=None)
    for photo in afters:
        if first is not None and photo.taken_at is not None and photo.taken_at < first:
            words = _("{code} 的“整改后”照片（{after:%m-%d %H:%M}）拍得比“整改前”（{before:%m-%d %H:%M}）还早")
            yield Suspicion("order", words.format(code=code, after=photo.taken_at, before=first), (issue.id,), (photo.id,))
    for photo in photos:
        far = _distance(issue, photo, epsg)
        if far > FAR_M:
            words = _("{code} 的照片“{name}”拍摄地点离问题 {far:.0f} 米")
            yield Suspicion("far", words.format(code=code, name=photo.name, far=far), (issue.id,), (photo.id,))


def _distance(issue: Feature, photo: Photo, epsg: int | None) -> float:
    """Metres from an issue to where a photo of it was taken, 0 where either is unknown."""
    if epsg is None or photo.place is None or issue.geometry is None or issue.geometry.is_empty:
        return 0.0
    import shapely

    from chuangwen.exchange.source_crs import project_crs

    taken = project_crs(_WGS84).to(shapely.get_coordinates(shapely.Point(photo.place)), epsg)[0]
    return float(shapely.distance(shapely.Point(taken), issue.geometry))


def _reused(by_issue: dict[str, list[Photo]], code: dict[str, str]) -> Iterator[Suspicion]:
    """套图: the very same file before and after, or in two issues."""
    by_digest: dict[str, list[Photo]] = {}
    for photos in by_issue.values():
        for photo in photos:
            if photo.sha256:
                by_digest.setdefault(photo.sha256, []).append(photo)
    for photos in by_digest.values():
        for one, other in combinations(photos, 2):
            if one.owner != other.owner:
                words = _("{first} 和 {second} 用了同一张照片“{name}”")
                text = words.format(first=code[one.owner], second=code[other.owner], name=one.name)
                yield Suspicion("same", text, (one.owner, other.owner), (one.id, other.id))
            elif {one.kind, other.kind} == {BEFORE, AFTER}:
                words = _("{code} 的“整改前”和“整改后”是同一张照片“{name}”")
                yield Suspicion("same", words.format(code=code[one.owner], name=one.name), (one.owner,), (one.id, other.id))


def _same_shot(by_issue: dict[str, list[Photo]], code: dict[str, str], ids: Sequence[str] | None) -> Iterator[Suspicion]:
    """The same shot, recompressed or shrunk, in two issues or as before and after."""
    photos = [photo for some in by_issue.values() for photo in some]
    wanted = None if ids is None else set(ids)
    of = None if wanted is None else [at for at, photo in enumerate(photos) if photo.owner in wanted]
    for at, other_at in alike([photo.phash for photo in photos], of):
        one, other = photos[at], photos[other_at]
        if one.sha256 == other.sha256:
            continue
        if one.owner != other.owner:
            words = _("{first} 的“{name}”和 {second} 的“{other}”像是同一张照片")
            text = words.format(first=code[one.owner], name=one.name, second=code[other.owner], other=other.name)
            yield Suspicion("alike", text, (one.owner, other.owner), (one.id, other.id))
        elif {one.kind, other.kind} == {BEFORE, AFTER}:
            words = _("{code} 的“整改前”“{name}”和“整改后”“{other}”像是同一张照片")
            before, after = (one, other) if one.kind == BEFORE else (other, one)
            yield Suspicion("alike", words.format(code=code[one.owner], name=before.name, other=after.name), (one.owner,), (one.id, other.id))


def _looked_at(layer: Layer, owner: Feature, kind: str, file: Path) -> Attached:
    try:
        content = file.read_bytes()
        written = dt.datetime.fromtimestamp(file.stat().st_mtime)
    except OSError as error:
        hint = _("请检查文件名，以及 U 盘是否还连着。")
        raise FileProblem(_("无法读取照片 {file}：{error}。").format(file=file.name, error=error.strerror or error), hint=hint) from error
    shot = shot_of(content) or Shot()
    kept = kept_as(file.name, content, shot.taken or written)
    row = photo_values(owner, kind, shot, fingerprint(content, file.name))
    row |= {"name": kept.name, "path": kept.path, "sha256": kept.sha256}
    return Attached(edits.add(layer, row).changes, (Pending(kept, Picture(file.name, content, "", file)),))


def photo_values(owner: Feature, kind: str, shot: Shot, phash: str) -> dict[str, Scalar]:
    """What a row of `photo` says beside its file."""
    lon, lat = shot.place or (None, None)
    turn = round_of(owner.values) if owner.layer == "issue" else None
    found: dict[str, Scalar] = {"owner_layer": owner.layer, "owner_id": owner.id, "kind": kind, "phash": phash or None}
    return {**found, "taken_at": shot.taken, "lon": lon, "lat": lat, "round": turn}
