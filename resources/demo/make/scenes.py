"""Drawn scenes: a street, a courtyard or a square, with a defect on it or without."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

W, H = 480, 360
_HORIZON, _KERB = 205, 268  # where the ground begins, and the pavement ends
_WALLS = ((196, 178, 152), (176, 186, 190), (206, 196, 184), (158, 142, 128), (188, 160, 140), (210, 206, 198))
_SIGNS = ((176, 48, 40), (32, 92, 150), (34, 120, 82), (200, 132, 24), (110, 60, 130))
_Paint = tuple[int, int, int]
_Defect = Callable[[ImageDraw.ImageDraw, np.random.Generator, bool], None]


def scene_of(description: str, category: str, seed: int, *, mended: bool) -> Image.Image:
    """The place of an issue. The same `seed` draws the same place; the defect depends on the words."""
    rng = np.random.default_rng(seed)
    night = "路灯" in description
    picture = Image.new("RGB", (W, H))
    draw = ImageDraw.Draw(picture)
    _sky(draw, rng, night=night)
    if category in ("小区", "社区"):
        _courtyard(draw, rng)
    elif category in ("公园", "广场"):
        _park(draw, rng)
    else:
        _street(draw, rng)
    defect = _defect(description)
    if defect is None:
        msg = f"nobody has drawn this yet: {description}"
        raise ValueError(msg)
    defect(draw, np.random.default_rng(seed + 1), mended)
    return picture


def can_be_drawn(description: str) -> bool:
    """Whether there is a picture for what the words say."""
    return _defect(description) is not None


def _defect(description: str) -> _Defect | None:
    return next((paint for words, paint in _DEFECTS if any(word in description for word in words)), None)


def _shade(colour: _Paint, by: float) -> _Paint:
    red, green, blue = (max(0, min(255, round(part * by))) for part in colour)
    return red, green, blue


def _sky(draw: ImageDraw.ImageDraw, rng: np.random.Generator, *, night: bool) -> None:
    top: _Paint = (36, 44, 78) if night else (int(rng.integers(120, 160)), int(rng.integers(168, 196)), int(rng.integers(205, 232)))
    for y in range(_HORIZON):
        draw.line((0, y, W, y), fill=_shade(top, 1 + 0.35 * y / _HORIZON))


def _ground(draw: ImageDraw.ImageDraw, pavement: _Paint, road: _Paint) -> None:
    draw.rectangle((0, _HORIZON, W, _KERB), fill=pavement)
    for y in (222, 244):
        draw.line((0, y, W, y), fill=_shade(pavement, 0.9))
    for x in range(-200, W + 200, 34):
        draw.line((x, _KERB, W / 2 + (x - W / 2) * 0.72, _HORIZON), fill=_shade(pavement, 0.9))
    draw.rectangle((0, _KERB, W, _KERB + 6), fill=(198, 196, 190))
    draw.rectangle((0, _KERB + 6, W, H), fill=road)


def _house(draw: ImageDraw.ImageDraw, rng: np.random.Generator, x: int, width: int, top: int) -> None:
    wall = _WALLS[int(rng.integers(len(_WALLS)))]
    draw.rectangle((x, top, x + width, _HORIZON), fill=wall, outline=_shade(wall, 0.8))
    for y in range(top + 10, _HORIZON - 58, 26):
        for left in range(x + 9, x + width - 18, 27):
            draw.rectangle((left, y, left + 15, y + 16), fill=_shade((98, 118, 136), float(rng.uniform(0.75, 1.2))), outline=_shade(wall, 0.72))


def _street(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    x = -int(rng.integers(0, 40))
    while x < W:
        width, top = int(rng.integers(70, 130)), int(rng.integers(24, 110))
        _house(draw, rng, x, width, top)
        sign = _SIGNS[int(rng.integers(len(_SIGNS)))]
        draw.rectangle((x + 2, _HORIZON - 52, x + width - 3, _HORIZON - 36), fill=sign)
        for mark in range(x + 16, x + width - 20, 17):
            draw.rectangle((mark, _HORIZON - 49, mark + 11, _HORIZON - 40), outline=(250, 240, 220))
        draw.rectangle((x + 6, _HORIZON - 34, x + width - 8, _HORIZON), fill=(70, 84, 94))
        draw.line((x + width / 2, _HORIZON - 34, x + width / 2, _HORIZON), fill=(180, 186, 190), width=2)
        x += width
    _ground(draw, (178, 172, 162), (96, 98, 102))
    for mark in range(-20, W, 90):
        draw.polygon(((mark, 322), (mark + 48, 322), (mark + 44, 330), (mark - 6, 330)), fill=(226, 226, 220))
    for x in range(int(rng.integers(10, 60)), W, int(rng.integers(120, 190))):
        _tree(draw, rng, x, _KERB - 6)


def _courtyard(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    x = -int(rng.integers(0, 90))
    while x < W:
        width = int(rng.integers(90, 210))
        _house(draw, rng, x, width, int(rng.integers(4, 120)))
        x += width + int(rng.integers(6, 70))
    draw.rectangle((0, _HORIZON - 14, W, _HORIZON), fill=(88, 128, 74))
    _ground(draw, (168, 168, 164), (142, 142, 138))
    for x in range(int(rng.integers(10, 120)), W, int(rng.integers(90, 230))):
        _tree(draw, rng, x, _HORIZON + int(rng.integers(0, 30)))


def _park(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    for x in range(0, W, 60):
        draw.ellipse((x - 50, int(rng.integers(90, 140)), x + 60, 240), fill=_shade((74, 116, 66), float(rng.uniform(0.8, 1.2))))
    draw.rectangle((0, 176, W, _HORIZON), fill=(104, 146, 168))
    _ground(draw, (190, 180, 160), (120, 154, 92))
    for x in range(int(rng.integers(20, 90)), W, int(rng.integers(120, 190))):
        _tree(draw, rng, x, _KERB)


def _tree(draw: ImageDraw.ImageDraw, rng: np.random.Generator, x: int, foot: int) -> None:
    draw.rectangle((x - 4, foot - 84, x + 4, foot), fill=(92, 74, 58))
    for _ in range(9):
        a, b = x + int(rng.integers(-32, 32)), foot - 104 + int(rng.integers(-30, 26))
        draw.ellipse((a - 19, b - 15, a + 19, b + 15), fill=_shade((70, 118, 58), float(rng.uniform(0.75, 1.2))))


def _litter(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """A row of bins; before, bags and paper around them."""
    for n, colour in enumerate(((44, 104, 66), (56, 84, 150), (90, 92, 94))):
        x = 176 + n * 52
        draw.rectangle((x, 196, x + 42, 254), fill=colour, outline=_shade(colour, 0.7))
        draw.rectangle((x - 3, 188, x + 45, 198), fill=_shade(colour, 0.8))
    if mended:
        return
    draw.ellipse((140, 246, 390, 296), fill=(92, 84, 70))
    for _ in range(46):
        x, y = int(rng.integers(130, 380)), int(rng.integers(228, 300))
        size = int(rng.integers(4, 24))
        grey = int(rng.integers(40, 235))
        draw.ellipse((x, y, x + size, y + size * 0.7), fill=(grey, grey, int(grey * 0.9)), outline=(50, 50, 50))


def _goods(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """Crates and a stall before the shop; after, the free pavement with its blind track."""
    if mended:
        draw.rectangle((0, 246, W, 256), fill=(214, 176, 60))
        return
    for n in range(11):
        x, y = 90 + n * 30 + int(rng.integers(-8, 8)), 226 + int(rng.integers(-10, 14))
        colour = ((198, 120, 40), (60, 110, 170), (190, 60, 50), (220, 200, 120))[int(rng.integers(4))]
        draw.rectangle((x, y, x + 34, y + 26), fill=colour, outline=(60, 50, 40))
        for row in range(3):
            draw.ellipse((x + 4 + row * 10, y - 6, x + 14 + row * 10, y + 4), fill=_shade(colour, 1.25))
    draw.polygon(((96, 176), (300, 168), (330, 190), (76, 196)), fill=(200, 50, 48))
    draw.line((96, 190, 96, 250), fill=(90, 90, 90), width=4)
    draw.line((310, 190, 310, 250), fill=(90, 90, 90), width=4)


def _bicycle(draw: ImageDraw.ImageDraw, x: float, y: float, colour: _Paint) -> None:
    for wheel in (x, x + 38):
        draw.ellipse((wheel - 13, y - 26, wheel + 13, y), outline=(30, 30, 30), width=3)
    draw.line((x, y - 13, x + 16, y - 34, x + 38, y - 13, x + 14, y - 13, x + 30, y - 36), fill=colour, width=4)


def _bicycles(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """Scooters and bicycles anyhow on the blind track; after, in a row in their bay."""
    draw.rectangle((0, 246, W, 256), fill=(214, 176, 60))
    for n in range(9):
        colour = ((30, 120, 200), (220, 160, 30), (40, 140, 90), (190, 50, 50))[int(rng.integers(4))]
        if mended:
            _bicycle(draw, 30 + n * 24, 238, colour)
        else:
            _bicycle(draw, 60 + n * 38 + int(rng.integers(-16, 16)), 250 + int(rng.integers(-6, 34)), colour)
    if mended:
        draw.rectangle((14, 208, 284, 242), outline=(245, 245, 245), width=2)


def _hole(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """A hole with cracks in the ground, its place paved anew after."""
    cx, cy = int(rng.integers(170, 310)), 296
    if mended:
        draw.polygon(((cx - 96, cy - 30), (cx + 90, cy - 30), (cx + 112, cy + 34), (cx - 118, cy + 34)), fill=(72, 74, 78))
        draw.ellipse((cx - 30, cy - 10, cx + 30, cy + 12), fill=(110, 112, 114), outline=(60, 60, 60))
        return
    edge = [(cx + math.cos(t) * rng.uniform(60, 104), cy + math.sin(t) * rng.uniform(22, 40)) for t in np.linspace(0, 2 * math.pi, 17)[:-1]]
    draw.polygon(edge, fill=(58, 48, 40), outline=(150, 140, 128))
    for _ in range(70):
        x, y = cx + int(rng.normal(0, 60)), cy + int(rng.normal(0, 20))
        draw.rectangle((x, y, x + int(rng.integers(2, 9)), y + 4), fill=_shade((150, 138, 120), float(rng.uniform(0.6, 1.3))))
    for _ in range(7):
        x, y = float(cx), float(cy)
        for _step in range(6):
            there = x + float(rng.normal(0, 34)), y + float(rng.normal(0, 12))
            draw.line((x, y, *there), fill=(40, 36, 34), width=2)
            x, y = there


def _railing(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """A railing at the kerb; before, some of its panels lean or are gone."""
    for n in range(8):
        x, lean = n * 62, 0.0 if mended else float(rng.normal(0, 16))
        if not mended and n in (3, 5):
            draw.polygon(((x, 268), (x + 56, 276), (x + 50, 292), (x - 6, 284)), outline=(120, 96, 70), width=3)
            continue
        colour = (240, 240, 236) if mended else (150, 130, 108)
        for y in (214, 258):
            draw.line((x + lean * (268 - y) / 54, y, x + 58 + lean * (268 - y) / 54, y), fill=colour, width=4)
        for bar in range(0, 60, 12):
            draw.line((x + bar + lean, 212, x + bar, 268), fill=colour, width=3)


def _board(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """A poster stand: bleached and torn, then bright."""
    red = (196, 38, 34) if mended else (206, 186, 178)
    draw.rectangle((120, 84, 360, 236), fill=(120, 122, 126))
    draw.rectangle((128, 92, 352, 228), fill=red)
    draw.ellipse((150, 108, 214, 172), fill=(250, 214, 70) if mended else (222, 212, 190))
    for n, y in enumerate((118, 146, 174, 202)):
        draw.rectangle((228, y, 338 - n * 12, y + 12), fill=(255, 244, 214) if mended else (214, 200, 194))
    if not mended:
        draw.polygon(((352, 92), (300, 92), (340, 130), (352, 170)), fill=(236, 232, 226), outline=(150, 146, 140))
        draw.polygon(((128, 228), (128, 180), (176, 228)), fill=(90, 92, 94))
        for _ in range(26):
            x, y = int(rng.integers(130, 345)), int(rng.integers(94, 224))
            draw.line((x, y, x + 8, y + int(rng.integers(-14, 14))), fill=(170, 158, 150), width=2)
    for x in (150, 326):
        draw.rectangle((x, 236, x + 8, 266), fill=(100, 102, 106))


def _person(draw: ImageDraw.ImageDraw, x: float, y: float, coat: _Paint) -> None:
    draw.rectangle((x - 6, y - 24, x - 1, y), fill=(48, 50, 70))
    draw.rectangle((x + 1, y - 24, x + 6, y), fill=(48, 50, 70))
    draw.rounded_rectangle((x - 10, y - 56, x + 10, y - 22), 6, fill=coat)
    draw.ellipse((x - 7, y - 72, x + 7, y - 57), fill=(226, 186, 156))


def _crossing(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """A zebra crossing: people on it at red, then waiting beside a volunteer in a red vest."""
    for x in range(120, 380, 36):
        draw.polygon(((x, 278), (x + 20, 278), (x + 12, 352), (x - 14, 352)), fill=(232, 232, 228))
    draw.rectangle((398, 120, 404, 268), fill=(70, 72, 76))
    draw.rectangle((388, 84, 414, 124), fill=(30, 32, 34))
    draw.ellipse((394, 88, 408, 102), fill=(230, 40, 36) if not mended else (90, 30, 30))
    draw.ellipse((394, 106, 408, 120), fill=(40, 210, 90) if mended else (20, 70, 40))
    for n in range(6):
        coat = _shade(((90, 130, 190), (210, 170, 80), (120, 120, 126), (180, 100, 130))[n % 4], float(rng.uniform(0.8, 1.15)))
        if mended:
            _person(draw, 60 + n * 24, 262, coat)
        else:
            _person(draw, 130 + n * 42 + int(rng.integers(-10, 10)), 322 + int(rng.integers(-20, 22)), coat)
    if mended:
        _person(draw, 226, 266, (214, 40, 40))
        draw.line((236, 220, 262, 206, 262, 188), fill=(160, 120, 60), width=3)
        draw.polygon(((262, 188), (286, 194), (262, 204)), fill=(220, 40, 40))


def _wires(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """Cables across the sky; after, bundled in one trunk along the eaves."""
    if mended:
        draw.rectangle((0, 148, W, 156), fill=(214, 212, 206), outline=(160, 158, 152))
        return
    for _ in range(15):
        a, b, sag = int(rng.integers(20, 150)), int(rng.integers(20, 150)), int(rng.integers(30, 120))
        points = [(x, a + (b - a) * x / W + sag * math.sin(math.pi * x / W)) for x in range(0, W + 1, 12)]
        draw.line(points, fill=(24, 24, 28), width=2)
    draw.ellipse((226, 150, 262, 190), outline=(24, 24, 28), width=4)


def _car(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """A fire lane: hatched yellow; before, a car stands on it."""
    for x in range(40, 430, 30):
        draw.line((x, 276, x + 46, 344), fill=(222, 180, 40), width=4)
    draw.polygon(((36, 276), (420, 276), (474, 344), (50, 344)), outline=(222, 180, 40), width=4)
    if mended:
        return
    colour = ((220, 222, 224), (60, 70, 90), (150, 40, 44))[int(rng.integers(3))]
    draw.polygon(((168, 250), (200, 216), (300, 216), (340, 250)), fill=_shade(colour, 0.9))
    draw.polygon(((180, 250), (206, 222), (294, 222), (326, 250)), fill=(70, 88, 104))
    draw.rounded_rectangle((124, 248, 376, 300), 14, fill=colour, outline=_shade(colour, 0.6))
    for x in (162, 306):
        draw.ellipse((x, 280, x + 42, 322), fill=(28, 28, 30))
        draw.ellipse((x + 12, 292, x + 30, 310), fill=(160, 162, 166))


def _lamps(draw: ImageDraw.ImageDraw, rng: np.random.Generator, mended: bool) -> None:
    """Street lamps in the evening, dark and then lit."""
    for x in (90, 250, 410):
        draw.rectangle((x, 70, x + 5, _KERB), fill=(60, 62, 66))
        draw.line((x + 2, 72, x + 34, 62), fill=(60, 62, 66), width=4)
        if mended:
            draw.ellipse((x + 14, 48, x + 56, 86), fill=(255, 236, 160))
            draw.polygon(((x + 24, 80), (x + 46, 80), (x + 92, _KERB), (x - 26, _KERB)), outline=(240, 220, 150))
        draw.ellipse((x + 26, 56, x + 46, 72), fill=(255, 250, 220) if mended else (40, 40, 44))
    if not mended:
        draw.rectangle((0, _HORIZON + 40, W, H), fill=(38, 38, 44))


_DEFECTS: tuple[tuple[tuple[str, ...], _Defect], ...] = (
    (("路灯",), _lamps),
    (("公益广告", "宣传栏", "公示牌"), _board),
    (("垃圾", "烟头", "纸屑", "外溢", "果皮箱", "杂物"), _litter),
    (("线缆",), _wires),
    (("消防通道", "车辆占道"), _car),
    (("店外经营", "占道", "堆放货物"), _goods),
    (("非机动车", "电动车", "共享单车"), _bicycles),
    (("闯红灯", "逆行", "引导", "劝导"), _crossing),
    (("路面", "地砖", "井盖", "标线"), _hole),
    (("护栏", "座椅油漆"), _railing),
)
