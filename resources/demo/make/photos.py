"""Photos of thirty issues, before and after: drawn street scenes with 示例图片 written on them, so that nobody takes them for real ones.

Small JPEGs with the time they were taken; two thirds say where. One was taken 400 m away from its issue: planted for the check of evidence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from chance import pick, stream
from issues import CLOSED, Issue
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scenes import can_be_drawn, scene_of
from shapely import affinity
from vector_files import degrees

PAIRS = 30
SIZE = (480, 360)
FAR = 11  # position of the pair whose after photo was taken elsewhere
_SINCE = dt.date(2024, 5, 20)
_OUTSIDE = ("主次干道", "背街小巷", "商业大街", "公园", "广场", "社区", "小区", "公交站台", "学校")
_FONT = Path(__file__).resolve().parents[2] / "fonts" / "ChuangwenSans-Bold.ttf"
_QUALITY = 55


def evidence(issues: list[Issue]) -> list[Issue]:
    """The thirty issues of which there are photos: put right since the office has kept them, with a place."""
    kept = [i for i in issues if i.done and i.done >= _SINCE and i.with_point and i.status in (CLOSED, "已整改·待核查")]
    wanted = [i for i in kept if i.category in _OUTSIDE and can_be_drawn(i.description)]
    return [wanted[int(n * len(wanted) / PAIRS)] for n in range(PAIRS)]


def write_photos(folder: Path, issues: list[Issue]) -> None:
    """`{issue}_before.jpg` and `{issue}_after.jpg` into `folder`."""
    folder.mkdir(exist_ok=True)
    for n, issue in enumerate(evidence(issues)):
        for kind, day, hour, picture in _pair(issue):
            rng = stream(f"photo {issue.code} {kind}")
            taken = dt.datetime.combine(day, dt.time(hour, int(rng.integers(60)), int(rng.integers(60))))
            off = (300.0, 265.0) if n == FAR and kind == "after" else (float(rng.normal(0, 4)), float(rng.normal(0, 4)))
            place = degrees([affinity.translate(issue.point, *off)])[0] if n % 3 or n == FAR else None
            picture.save(folder / f"{issue.code}_{kind}.jpg", quality=_QUALITY, optimize=True, exif=_exif(taken, place))


def _pair(issue: Issue) -> Iterator[tuple[str, dt.date, int, Image.Image]]:
    """Both pictures: the same place with other light, from a step further to the side."""
    assert issue.done is not None
    rng = stream(f"scene {issue.code}")
    seed, tint = int(rng.integers(1 << 30)), pick(rng, (0.94, 1.0, 1.05))
    yield "before", issue.found, 9, _finished(scene_of(issue.description, issue.category, seed, mended=False), f"{issue.found:%Y-%m-%d} 整改前", 0.92)
    shifted = scene_of(issue.description, issue.category, seed, mended=True)
    shifted = shifted.crop((34, 14, SIZE[0] - 6, SIZE[1] - 16)).resize(SIZE, Image.Resampling.BICUBIC)
    yield "after", issue.done, 15, _finished(shifted, f"{issue.done:%Y-%m-%d} 整改后", tint)


def _finished(picture: Image.Image, stamp: str, light: float) -> Image.Image:
    """Softened and shaded as a phone does, with the date in the corner and 示例图片 across."""
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float64)
    across = np.linspace(1.06, 0.9, SIZE[0])[None, :, None] if light >= 1 else np.linspace(0.88, 1.08, SIZE[0])[None, :, None]
    shaded = Image.fromarray(np.clip(soft * across * light, 0, 255).astype(np.uint8))
    drawn = ImageDraw.Draw(shaded, "RGBA")
    drawn.text((SIZE[0] / 2, SIZE[1] / 2), "示例图片", font=ImageFont.truetype(str(_FONT), 54), fill=(255, 255, 255, 120), anchor="mm")
    small = ImageFont.truetype(str(_FONT), 15)
    drawn.rectangle((0, SIZE[1] - 26, 176, SIZE[1]), fill=(0, 0, 0, 110))
    drawn.text((8, SIZE[1] - 13), stamp, font=small, fill=(255, 235, 120, 255), anchor="lm")
    return shaded


def _exif(taken: dt.datetime, place: tuple[float, float] | None) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0132] = f"{taken:%Y:%m:%d %H:%M:%S}"
    exif.get_ifd(0x8769)[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
    if place is not None:
        lon, lat = place
        exif.get_ifd(0x8825).update({1: "N", 2: _sexagesimal(lat), 3: "E", 4: _sexagesimal(lon)})
    return exif


def _sexagesimal(angle: float) -> tuple[float, float, float]:
    whole = int(angle)
    minutes = (angle - whole) * 60
    return float(whole), float(int(minutes)), round((minutes - int(minutes)) * 60, 3)
