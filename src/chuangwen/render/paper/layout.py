"""Blocks laid into the frames of a template: nothing is cut, nothing overlaps; what does not fit continues on the next sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chuangwen.render.paper.block import Block
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import Sheet
from chuangwen.services.paper.templates import BOX_PAD, Frame

Filling = Mapping[str, Sequence[Block]]
"""Name of a frame → the blocks that stand in it, from top to bottom."""

STACKED = 2.5
"""mm between blocks of a frame, at a text of 2.5 mm."""
REPEATED = ("title", "foot")
"""Frames that stand on every sheet, each with one block that fills it."""
FLOW = "flow"
"""The frame of a continuation sheet that takes what did not fit before."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and where it stands, mm."""

    block: Block
    place: Rect


@dataclass(frozen=True, slots=True)
class Laid:
    """One page: what stands where, and the frames with a line around them."""

    placed: tuple[Placed, ...]
    boxes: tuple[Rect, ...]


def lay_out(sheet: Sheet, filling: Filling) -> list[Laid]:
    """The pages of a sheet. The first is divided as the paper is turned, the others by the template's continuation.

    A block that is higher than a whole continuation sheet and cannot be divided stands alone and runs over the edge: nothing is lost in silence, and the
    pre-flight names it.
    """
    pages: list[Laid] = []
    name = "landscape" if sheet.landscape else "portrait"
    first, rest = _page(sheet, name, filling)
    pages.append(first)
    while rest:
        repeated = {frame: filling[frame] for frame in REPEATED if frame in filling}
        more, left = _page(sheet, "continuation", {**repeated, FLOW: rest})
        if len(left) == len(rest) and all(a is b for a, b in zip(left, rest, strict=True)):
            more, left = _forced(sheet, {**repeated, FLOW: rest}), rest[1:]
        pages.append(more)
        rest = left
    return pages


def _page(sheet: Sheet, layout: str, filling: Filling) -> tuple[Laid, list[Block]]:
    template = sheet.template
    scale = template.scale(sheet.paper)

    def measure(name: str, width: float) -> float:
        return sum(_heights(filling.get(name, ()), width, scale))

    placed: list[Placed] = []
    boxes: list[Rect] = []
    over: list[Block] = []
    for frame, place in template.frames(layout, sheet.paper, landscape=sheet.landscape, measure=measure).items():
        blocks = filling.get(frame.name, ())
        if frame.boxed:
            boxes.append(place)
            place = place.inset(BOX_PAD * scale)
        if frame.name in REPEATED:
            placed += [Placed(block, place) for block in blocks]
            continue
        stood, left = _fill(frame, place, blocks, scale)
        placed += stood
        over += left
    return Laid(tuple(placed), tuple(boxes)), over


def _heights(blocks: Sequence[Block], width: float, scale: float) -> Iterator[float]:
    for number, block in enumerate(blocks):
        yield block.height(width) + (STACKED * scale if number else 0.0)


def _fill(frame: Frame, place: Rect, blocks: Sequence[Block], scale: float) -> tuple[list[Placed], list[Block]]:
    """The blocks of a frame from top to bottom, column after column; what found no room."""
    gap = STACKED * scale
    wide = (place.width - gap * (frame.columns - 1)) / frame.columns
    placed: list[Placed] = []
    waiting = list(blocks)
    for column in range(frame.columns):
        x, y = place.x + column * (wide + gap), place.y
        while waiting:
            room = place.bottom - y
            fits, left = waiting[0].split(wide, room)
            if fits is not None:
                high = fits.height(wide) or room
                placed.append(Placed(fits, Rect(x, y, wide, high)))
                y += high + gap
            waiting[0:1] = [] if left is None else [left]
            if left is not None:
                break
    return placed, waiting


def _forced(sheet: Sheet, filling: Filling) -> Laid:
    """A continuation page whose first block is higher than it."""
    template = sheet.template
    frames = template.frames("continuation", sheet.paper, landscape=sheet.landscape, measure=lambda _name, _width: 0.0)
    placed = []
    for frame, place in frames.items():
        if frame.name == FLOW:
            place = Rect(place.x, place.y, place.width, filling[FLOW][0].height(place.width))
        placed += [Placed(block, place) for block in filling.get(frame.name, ())[:1]]
    return Laid(tuple(placed), ())
