"""Photos with a position in their EXIF as rows of an import: one photo a row, WGS 84 degrees, the time it was taken (domain.md 4.3).

The files are looked at, never decoded: a picture of a million pixels a side costs nothing. A photo without a position is a row without a place.
"""

from __future__ import annotations

import datetime as dt
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.values import Scalar
from chuangwen.exchange.incoming import Column, Incoming, Picture
from chuangwen.text import _

if TYPE_CHECKING:
    from PIL.Image import Exif

ENDINGS = (".jpg", ".jpeg", ".png", ".heic", ".heif")
SHOWN = ("jpg", "png", "heic")
_WGS84 = "EPSG:4326"
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _MODIFIED = 0x9003, 0x0132
_MARK = b"Exif\x00\x00"
_LONGEST = 1 << 16  # bytes of EXIF
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_HEAD = 1 << 20  # bytes
_MOST_HELD = 300 << 20  # bytes of photos out of an archive, held until they are written


@dataclass(frozen=True, slots=True)
class Shot:
    """When and where a photo was taken: local time, degrees; None for what it does not say."""

    taken: dt.datetime | None = None
    place: tuple[float, float] | None = None


def read_photos(source: str, files: Sequence[Path], *, drafts: bool, held: bool) -> Incoming:
    """A row for each photo. `drafts`: they become draft issues. `held`: the files will be gone when the import is written, so their content is kept.

    A file that is no picture is named among the rejected.
    """
    rows: list[int] = []
    rejected: list[tuple[int, str]] = []
    shots: list[Shot] = []
    pictures: dict[int, tuple[Picture, ...]] = {}
    names: list[str] = []
    size = 0
    for row, file in enumerate(files, 1):
        content = file.read_bytes() if held else _start(file)
        shot = shot_of(content)
        size += len(content) if held else 0
        if shot is None or size > _MOST_HELD:
            why = _("{file} 不是照片") if shot is None else _("{file}：压缩包里的照片太多，请解压后选择文件夹导入")
            rejected.append((row, why.format(file=file.name)))
            continue
        pictures[len(rows)] = (Picture(file.name, content if held else b"", "", None if held else file),)
        rows.append(row)
        names.append(file.name)
        shots.append(shot)
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [_point(shot) for shot in shots]
    nowhere = [name for name, shot in zip(names, shots, strict=True) if shot.place is None]
    warnings = [_("没有定位信息的照片（列为未定位）：{names}。").format(names="、".join(nowhere[:20]) + ("…" if len(nowhere) > 20 else ""))] if nowhere else []
    note = _("照片没有文字编码；位置和时间取自照片的 EXIF。")
    return Incoming(
        source,
        _columns(names, shots, drafts=drafts),
        rows,
        geometry,
        _WGS84,
        "UTF-8",
        note,
        warnings=tuple(warnings),
        pictures=pictures,
        rejected=tuple(rejected),
    )


def is_photos(incoming: Incoming) -> bool:
    """Whether the rows are photos, and not a list with pictures."""
    return incoming.geometry is not None and len(incoming) > 0 and all(incoming.pictures.get(at) for at in range(len(incoming)))


def _start(file: Path) -> bytes:
    """As much of a photo as its EXIF needs: it stands before the picture, but in a PNG, where it may stand behind."""
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
        return head + opened.read() if head.startswith(_PNG) else head


def _columns(names: Sequence[str], shots: Sequence[Shot], *, drafts: bool) -> tuple[Column, ...]:
    title, taken = _("照片"), _("拍摄时间")
    stems: list[Scalar] = [Path(name).stem for name in names]
    times: list[Scalar] = [shot.taken for shot in shots]
    if not drafts:
        return (Column(title, stems, (title, _("名称"))), Column(taken, times, (taken,)))
    days: list[Scalar] = [shot.taken.date() if shot.taken else None for shot in shots]
    said: list[Scalar] = [_("照片 {name}").format(name=stem) for stem in stems]
    return (
        Column(title, stems, (_("问题简述"),)),
        Column(_("问题描述"), said),
        Column(taken, days, (_("发现时间"),)),
        Column(_("状态"), [_("草稿")] * len(names)),
    )


def shot_of(content: bytes) -> Shot | None:
    """What a picture says of itself; None for what is no picture. Its pixels are not looked at: telephones have 200 million of them."""
    import io
    import warnings

    from PIL import Image, UnidentifiedImageError

    try:
        if content.startswith(_PNG):
            with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
                return _shot(picture.getexif())
        if not content.startswith(_JPEG) and content[4:8] != b"ftyp":
            return None
        exif = Image.Exif()
        at = content.find(_MARK)
        if at >= 0:
            exif.load(content[at : at + _LONGEST])
        return _shot(exif)
    except UnidentifiedImageError:
        return None
    except (ValueError, SyntaxError, OSError, LookupError, struct.error, Image.DecompressionBombError):
        return Shot()


def _shot(exif: Exif) -> Shot:
    try:
        inner: Mapping[int, Any] = exif.get_ifd(_EXIF)
        gps: Mapping[int, Any] = exif.get_ifd(_GPS)
    except (ValueError, SyntaxError, OSError, LookupError, TypeError, struct.error):
        return Shot()
    return Shot(_time(inner.get(_TAKEN) or exif.get(_MODIFIED)), _place(gps))


def _time(text: object) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(str(text).strip("\x00 ")[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def _place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """Longitude and latitude from the tags 1 to 4; a lens that found no satellite writes zeros."""
    latitude, longitude = _degrees(gps.get(2), gps.get(1), "S"), _degrees(gps.get(4), gps.get(3), "W")
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0) or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return longitude, latitude


def _degrees(parts: Any, side: object, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return None
    return -value if str(side or "").strip("\x00 ").upper() == negative else value


def _point(shot: Shot) -> Any:
    import shapely

    return shapely.Point(shot.place) if shot.place else None
