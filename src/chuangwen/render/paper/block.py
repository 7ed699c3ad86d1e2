"""What stands in the frames of a sheet: blocks that know their height, can be divided, and are drawn where they are put."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

INK = "#000000"
"""Of all words: small grey letters come out of a laser printer as dots."""
_LINES = "#8a8a8a"


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a page, in mm, that speaks of one feature: a row of a table."""

    place: Rect
    layer: str
    id: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a block tells in rows, as text: for the csv in a PDF. `goes_on`: it continues the last one of this title and header."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    goes_on: bool = False


class Block(ABC):
    """A piece of content. Immutable: what is drawn depends on it, its place and its page alone. Sizes in mm."""

    @abstractmethod
    def height(self, width: float) -> float:
        """How high it is in a frame of `width`; 0 for one that takes whatever it is given."""

    def split(self, width: float, room: float) -> tuple[Block | None, Block | None]:
        """What of it fits into `room`, and the rest. One that cannot be divided fits as a whole or not at all."""
        return (self, None) if self.height(width) <= room + 1e-6 else (None, self)

    def listings(self) -> list[Listing]:
        """The tables in it."""
        return []

    def spots(self, place: Rect) -> list[Spot]:
        """Which parts of it speak of which feature when it stands in `place`; a preview shows them."""
        return []

    @abstractmethod
    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        """Paint it into `place`, on a painter in millimetres with its origin at the paper's top left."""


def rect(place: Rect) -> QRectF:
    """The same rectangle for Qt."""
    return QRectF(place.x, place.y, place.width, place.height)


def thin(page: Page) -> QColor:
    """The colour of thin lines of boxes and tables; black for a printer that would make dots of grey."""
    return QColor(INK if page.atlas.style.mono else _LINES)


def shade(page: Page, colour: str) -> QColor:
    """A light ground behind words; none for a printer that would make dots of it."""
    return QColor("#ffffff" if page.atlas.style.mono else colour)
