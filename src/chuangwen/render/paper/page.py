"""A run of sheets and its pages: the same drawing for preview, PDF and printer, all in millimetres."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.values import plain
from chuangwen.progress import Progress
from chuangwen.render.geometry import FlatGeometry, flatten
from chuangwen.render.paper.block import Listing, Spot, rect, thin
from chuangwen.render.paper.layout import Filling, Laid, lay_out
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.table import Table
from chuangwen.render.scene import Scene
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.handwork import key_of
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.services.seen_project import SeenProject
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

Fill = Callable[["Atlas", Sheet], Filling]
"""What stands in the frames of a product's sheet."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a run is drawn. `halo` as in `MapView`; `office`, `data_time`, `printed`, `note` stand in the foot, `heading`, `logo` and `mark` beside the title."""

    mono: bool = False
    halo: str = "outline"
    office: str = ""
    data_time: str = ""
    printed: str = ""
    note: str = ""
    heading: str = ""
    logo: Path | None = None
    mark: str = ""


class Atlas:
    """A run of sheets over one project: features and flat geometry are prepared once, pages are numbered over all."""

    def __init__(self, project: Project, request: Request, sheets: Sequence[Sheet], fill: Fill, *, halo: str = "outline") -> None:
        self.project = project
        self.request = request
        self.sheets = list(sheets)
        self._fill = fill
        imprint = project.store.imprint
        self.style = Style(
            request.mono,
            halo,
            imprint.office or project.campaign.office or _("创建办"),
            f"{project.data_time:%Y-%m-%d %H:%M}",
            f"{project.campaign.today:%Y-%m-%d}",
            project.note if isinstance(project, SeenProject) else imprint.footer,
            imprint.heading,
            project.files_folder / imprint.logo if imprint.logo else None,
            (project.mark if isinstance(project, SeenProject) else "") or imprint.mark,
        )
        self._flat: dict[str, tuple[Features, FlatGeometry]] = {}
        self._short: dict[str, str] | None = None

    @cached_property
    def pages(self) -> list[Page]:
        """All pages of the run, in order: a sheet, then what did not fit on it."""
        return self._laid_out(Progress())

    def prepare(self, progress: Progress) -> list[Page]:
        """`pages`, laid out by somebody who can be asked to stop."""
        if "pages" not in self.__dict__:
            self.__dict__["pages"] = self._laid_out(progress)
        return self.pages

    def _laid_out(self, progress: Progress) -> list[Page]:
        found: list[Page] = []
        for sheet in progress.each(self.sheets, len(self.sheets)):
            found += self._pages_of(sheet, len(found) + 1)
        return found

    def _pages_of(self, sheet: Sheet, first: int) -> list[Page]:
        filling = self._fill(self, sheet)
        if sheet.hidden or sheet.pinned:
            for block in (block for blocks in filling.values() for block in blocks):
                if isinstance(block, MapBlock):
                    block.change(sheet.hidden, sheet.pinned)
        return [Page(self, sheet, part, first + part, laid) for part, laid in enumerate(lay_out(sheet, filling))]

    def exchange(self, sheet: Sheet) -> list[Page]:
        """One sheet of the run as it is now, the others as they are; all pages."""
        at = next(number for number, one in enumerate(self.sheets) if key_of(one) == key_of(sheet))
        old = self.sheets[at]
        first = next(number for number, page in enumerate(self.pages) if page.sheet is old)
        after = [page for page in self.pages[first:] if page.sheet is not old]
        made = self._pages_of(sheet, first + 1)
        if after and after[0].number != first + len(made) + 1:
            after = [replace(page, number=number) for number, page in enumerate(after, first + len(made) + 1)]
        self.sheets[at] = sheet
        self.__dict__["pages"] = [*self.pages[:first], *made, *after]
        return self.pages

    def piled(self, pages: Sequence[Page]) -> list[Page]:
        """Its pages as they lie in the pile, white backs among them: what the feet of the sheets count."""
        self.__dict__["pages"] = list(pages)
        return self.pages

    def read(self, progress: Progress) -> None:
        """Read what its maps show, layer by layer, instead of all at once with the first map. Raises `Cancelled` when asked to stop."""
        for layer in self.project.layers.on_paper():
            progress.at(0)
            features = self.project.features(layer.id)
            progress.at(0)
            self.flat(features)

    def forget(self) -> None:
        """Let go of what the maps are drawn from; it is made again when it is needed."""
        self._flat.clear()

    def flat(self, features: Features) -> FlatGeometry:
        """The flat geometry of a layer, made once."""
        kept = self._flat.get(features.layer.id)
        if kept is None or kept[0] is not features:
            kept = (features, flatten(features))
            self._flat[features.layer.id] = kept
        return kept[1]

    def shown(self, sheet: Sheet) -> Iterator[Features]:
        """The project's layers that a sheet's map draws, lowest first: those on paper but for what its template hides."""
        for layer in self.project.layers.on_paper():
            if layer.id not in sheet.template.map.hide:
                yield self.project.features(layer.id)

    def short_unit(self, feature: Feature, field: str = "responsible_unit") -> str:
        """A unit by its short name, for a sheet has no room for the full one; 待指定 where there is none."""
        if self._short is None:
            units = self.project.features("unit")
            self._short = {str(name): str(short or name) for name, short in zip(units.column("name"), units.column("short_name"), strict=True)}
        unit = plain(feature.get(field))
        return self._short.get(unit, unit) or _("待指定")


@dataclass(frozen=True, eq=False)
class Page:
    """One page. `part` 0 is the sheet itself, the others continue it; `number` counts over the run from 1."""

    atlas: Atlas
    sheet: Sheet
    part: int
    number: int
    laid: Laid

    @property
    def width(self) -> float:
        """Of the paper, mm."""
        return self.sheet.paper.size(landscape=self.sheet.landscape)[0]

    @property
    def height(self) -> float:
        """Of the paper, mm."""
        return self.sheet.paper.size(landscape=self.sheet.landscape)[1]

    @property
    def name(self) -> str:
        """For bookmarks and lists."""
        words = f"{self.sheet.code} {self.sheet.name}".strip() or self.sheet.template.title
        if self.sheet.part:
            words = f"{words} {self.sheet.part}"
        return words if self.part == 0 else _("{name}（续 {part}）").format(name=words, part=self.part)

    @property
    def group(self) -> str:
        """The street under which its bookmark stands; '' none."""
        return self.sheet.group

    @property
    def identity(self) -> str:
        """What its QR code says: project, product, code, time of the data, as plain text."""
        words = (self.atlas.project.campaign.title, self.sheet.template.title, self.sheet.code, self.sheet.name, self.atlas.style.data_time)
        return " ".join(word for word in words if word)

    @property
    def map_blocks(self) -> list[tuple[Rect, MapBlock]]:
        """The maps and where they stand."""
        return [(one.place, one.block) for one in self.laid.placed if isinstance(one.block, MapBlock)]

    @property
    def spots(self) -> list[Spot]:
        """Which parts of it, apart from the maps, speak of which feature."""
        return [spot for one in self.laid.placed for spot in one.block.spots(one.place)]

    @property
    def tables(self) -> list[Table]:
        """The tables, or the pieces of them, that stand on it."""
        return [one.block for one in self.laid.placed if isinstance(one.block, Table)]

    @property
    def listings(self) -> list[Listing]:
        """All that it tells in rows, tables within other blocks too."""
        return [listing for one in self.laid.placed for listing in one.block.listings()]

    def prepare(self, progress: Progress) -> None:
        """Think out its maps, which is most of the work. Raises `Cancelled` when `progress` is asked to stop."""
        for _place, block in self.map_blocks:
            block.prepare(progress)

    def forget(self) -> None:
        """Let go of what is drawn of the maps: a hundred pages are more than a small computer holds. Where their labels stand is still known."""
        for _place, block in self.map_blocks:
            block.forget()

    @property
    def is_known(self) -> bool:
        """Whether its maps were thought out before: then `scenes` costs nothing."""
        return all(block.is_known for _place, block in self.map_blocks)

    @property
    def scenes(self) -> list[Scene]:
        """What its maps show, insets too; without what is drawn where that was let go of."""
        return [scene for _place, block in self.map_blocks for scene in block.scenes]

    def recall(self, known: Iterator[Scene]) -> None:
        """Know of its maps what another process found out of them (its `scenes`)."""
        for _place, block in self.map_blocks:
            block.recall(known)


def draw_page(painter: QPainter, page: Page) -> None:
    """Paint a page on a painter in millimetres, origin at the paper's top left."""
    painter.fillRect(QRectF(0, 0, page.width, page.height), QColor("#ffffff"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(thin(page), 0.15))
    for box in page.laid.boxes:
        painter.drawRect(rect(box))
    for one in page.laid.placed:
        one.block.draw(painter, one.place, page)
