"""Photos of thirty issues before and after, drawn: a pavement with holes, a heap of rubbish, a torn poster, bicycles in a jumble, and the same place in order.

Each says 示例图片. Two in three carry time and place as a telephone writes them; the others came through WeChat and lost both (domain.md 4.3).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
from chance import stream
from lists import Office
from PIL import Image, ImageDraw, ImageFont
from roster_lists import evidence
from vector_files import degrees

_SIZE = (640, 480)
_HORIZON = 190
_FONT = Path(__file__).resolve().parents[2] / "fonts" / "ChuangwenSans-Bold.ttf"
_SKY, _WALL, _PAVING, _JOINT, _ROAD, _KERB = "#c9dcea", "#d9cdb8", "#b9b4aa", "#9d988f", "#6d6f73", "#8c8880"


def write_photos(folder: Path, office: Office) -> None:
    """`<code>_before.jpg` and `<code>_after.jpg` of each issue that `evidence` chooses."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = list(evidence(office.issues))
    places = degrees([point for _issue, point in chosen])
    for number, ((issue, _point), (lon, lat)) in enumerate(zip(chosen, places, strict=True)):
        assert issue.done is not None
        moments = {
            "before": dt.datetime.combine(issue.found, dt.time(9, 10 + number % 40)),
            "after": dt.datetime.combine(issue.done, dt.time(15, 5 + number % 50)),
        }
        for word, moment in moments.items():
            picture = _scene(issue.problem.kind + issue.description, number, mended=word == "after")
            exif = _exif(moment, lon, lat) if number % 3 else b""
            picture.save(folder / f"{issue.code}_{word}.jpg", quality=62, exif=exif, optimize=True)


def _scene(words: str, number: int, *, mended: bool) -> Image.Image:
    """A street seen from the pavement; what is wrong comes from the words of the issue."""
    rng = stream(f"scene {number}")
    picture = Image.new("RGB", _SIZE, _SKY)
    draw = ImageDraw.Draw(picture)
    _street(draw, rng)
    if any(word in words for word in ("广告", "宣传", "氛围", "展板", "墙绘", "标识")):
        _poster(draw, rng, mended=mended)
    elif any(word in words for word in ("车", "占道", "秩序", "经营")):
        _bicycles(draw, rng, mended=mended)
    elif any(word in words for word in ("垃圾", "脏", "污", "烟头", "杂物", "环境", "堆")):
        _rubbish(draw, rng, mended=mended)
    else:
        _holes(draw, rng, mended=mended)
    shade = Image.fromarray(rng.integers(0, 14, (_SIZE[1] // 4, _SIZE[0] // 4), dtype=np.uint8)).resize(_SIZE)
    picture = Image.blend(picture, Image.merge("RGB", (shade,) * 3), 0.05)
    face = ImageFont.truetype(str(_FONT), 22)
    ImageDraw.Draw(picture).text((_SIZE[0] - 12, _SIZE[1] - 10), "示例图片", font=face, fill="#ffffff", anchor="rs", stroke_width=2, stroke_fill="#333333")
    return picture


def _street(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Houses, a wall, paving in perspective, kerb and road."""
    x = 0
    while x < _SIZE[0]:
        wide, high = int(rng.integers(90, 170)), int(rng.integers(70, 150))
        grey = int(rng.integers(170, 215))
        draw.rectangle((x, _HORIZON - high, x + wide, _HORIZON), fill=(grey, grey - 6, grey - 18))
        for row in range(_HORIZON - high + 14, _HORIZON - 20, 30):
            for column in range(x + 12, x + wide - 18, 32):
                draw.rectangle((column, row, column + 15, row + 16), fill="#8fa6b5")
        x += wide
    draw.rectangle((0, _HORIZON - 26, _SIZE[0], _HORIZON + 8), fill=_WALL)
    draw.polygon(((0, _HORIZON + 8), (_SIZE[0], _HORIZON + 8), _SIZE, (0, _SIZE[1])), fill=_PAVING)
    for step in range(-6, 20):
        draw.line((320 + (step - 7) * 26, _HORIZON + 8, 320 + (step - 7) * 95, _SIZE[1]), fill=_JOINT, width=2)
    for row in (212, 232, 260, 298, 348, 412):
        draw.line((0, row, _SIZE[0], row), fill=_JOINT, width=2)
    draw.polygon(((_SIZE[0], 225), (_SIZE[0], _SIZE[1]), (470, _SIZE[1]), (600, 225)), fill=_ROAD)
    draw.line((600, 225, 470, _SIZE[1]), fill=_KERB, width=9)


def _holes(draw: ImageDraw.ImageDraw, rng: np.random.Generator, *, mended: bool) -> None:
    """Tiles that are gone, or new ones in their place."""
    for at in range(5):
        x, y = 120 + at * 62 + int(rng.integers(-12, 12)), 300 + int(rng.integers(-20, 60))
        corners = ((x, y), (x + 58, y), (x + 50, y + 42), (x - 12, y + 42))
        draw.polygon(corners, fill="#c9c4bb" if mended else "#57493a", outline=_JOINT)
        if not mended:
            draw.polygon(((x + 6, y + 8), (x + 40, y + 12), (x + 22, y + 30)), fill="#3f342a")


def _rubbish(draw: ImageDraw.ImageDraw, rng: np.random.Generator, *, mended: bool) -> None:
    """A bin, with or without a heap around it."""
    draw.rectangle((250, 205, 310, 300), fill="#2f6b46", outline="#1f4a30", width=3)
    draw.rectangle((244, 196, 316, 210), fill="#3b7d54")
    if mended:
        return
    for _bag in range(26):
        x, y, size = int(rng.integers(170, 400)), int(rng.integers(285, 345)), int(rng.integers(10, 30))
        draw.ellipse((x, y, x + size, y + size * 0.7), fill=("#e8e6e0", "#30343a", "#b4402f", "#c9a24a", "#6e8fb0")[int(rng.integers(5))], outline="#4a4a4a")


def _poster(draw: ImageDraw.ImageDraw, rng: np.random.Generator, *, mended: bool) -> None:
    """A hoarding with a poster, torn and faded or new."""
    draw.rectangle((150, 90, 430, 250), fill="#7d8a94")
    draw.rectangle((162, 102, 418, 238), fill="#b3261e" if mended else "#c9b1a8")
    face = ImageFont.truetype(str(_FONT), 40)
    draw.text((290, 150), "讲文明树新风", font=face, fill="#ffe9a8" if mended else "#a89a90", anchor="mm")
    draw.text((290, 205), "公益广告", font=ImageFont.truetype(str(_FONT), 24), fill="#ffffff" if mended else "#a89a90", anchor="mm")
    if not mended:
        for _tear in range(4):
            x = int(rng.integers(170, 380))
            draw.polygon(((x, 102), (x + 34, 102), (x + 22, 150), (x + 8, 128)), fill="#7d8a94")
        draw.polygon(((340, 238), (418, 238), (418, 176)), fill="#7d8a94")


def _bicycles(draw: ImageDraw.ImageDraw, rng: np.random.Generator, *, mended: bool) -> None:
    """Bicycles in a row within their lines, or all over the pavement."""
    if mended:
        draw.line((70, 330, 430, 330), fill="#ffffff", width=4)
        draw.line((70, 258, 430, 258), fill="#ffffff", width=4)
    for at in range(8):
        x, y = (85 + at * 44, 268) if mended else (int(rng.integers(60, 400)), int(rng.integers(240, 390)))
        colour = ("#2c6fb0", "#d9861f", "#2f8f5b")[at % 3]
        lean = 0 if mended else int(rng.integers(-14, 14))
        for wheel in (0, 34):
            draw.ellipse((x + wheel, y + 24, x + wheel + 26, y + 50), outline="#2b2b2b", width=3)
        draw.line((x + 13, y + 37, x + 26 + lean, y + 12, x + 47, y + 37), fill=colour, width=4)
        draw.line((x + 26 + lean, y + 12, x + 44 + lean, y + 8), fill=colour, width=4)


def _exif(moment: dt.datetime, lon: float, lat: float) -> bytes:
    """Time and place as a telephone writes them (Exif 2.3: GPS in degrees, minutes, seconds)."""
    exif = Image.Exif()
    exif[0x0110] = "示例手机"
    exif.get_ifd(0x8769)[0x9003] = f"{moment:%Y:%m:%d %H:%M:%S}"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", _degrees(lat), "E", _degrees(lon)
    return exif.tobytes()


def _degrees(value: float) -> tuple[float, float, float]:
    whole, rest = divmod(value, 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, round(rest * 60, 4)
