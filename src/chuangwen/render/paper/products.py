"""The products that can be printed: how each is planned and what stands on its sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.render.headless import start
from chuangwen.render.paper import board, index, section, site, street, wall, zone
from chuangwen.render.paper.page import Atlas, Fill
from chuangwen.services.paper import boards, sections, sites, streets, zones
from chuangwen.services.paper import index as index_plan
from chuangwen.services.paper import wall as wall_plan
from chuangwen.services.paper.handwork import apply, key_of, of_project
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.services.paper.templates import Template, template
from chuangwen.services.seen_project import seen

if TYPE_CHECKING:
    from chuangwen.services.project import Project


@dataclass(frozen=True, slots=True)
class Product:
    """`subject`: the layer whose features are chosen from, '' where there is nothing to choose. `plan` raises `UserError` for what cannot be printed.

    `settle`: what of a sheet follows from the place of its map, found anew after that was changed by hand.
    """

    id: str
    subject: str
    plan: Callable[[Project, Request], list[Sheet]]
    fill: Fill
    settle: Callable[[Project, Sheet], Sheet] = lambda _project, sheet: sheet

    @property
    def template(self) -> Template:
        """Its paper."""
        return template(self.id)


PRODUCTS = {
    one.id: one
    for one in (
        Product("zone", "zone", zones.plan, zone.fill, zones.settled),
        Product("section", "section", sections.plan, section.fill),
        Product("board", "section", boards.plan, board.fill),
        Product("site", "site", sites.plan, site.fill),
        Product("street", "", streets.plan, street.fill),
        Product("index", "zone", index_plan.plan, index.fill),
        Product("wall", "", wall_plan.plan, wall.fill),
    )
}


def atlas(project: Project, request: Request, *, halo: str = "outline") -> Atlas:
    """The run that a request asks for. `halo` as in `MapView`: `marker` for a PDF, `outline` for preview and printer.

    Raises `UserError` for what cannot be printed.
    """
    start()
    project = seen(project, request.reader)
    return Atlas(project, request, sheets(project, request), PRODUCTS[request.product].fill, halo=halo)


def sheets(project: Project, request: Request) -> list[Sheet]:
    """The sheets of a request as they were changed by hand. Raises `UserError` for what cannot be printed."""
    project = seen(project, request.reader)
    product, hands = PRODUCTS[request.product], of_project(project)
    planned = product.plan(project, request)
    if not hands:
        return planned
    worked = {key: hands[key] for key in map(key_of, planned) if key in hands}
    return [product.settle(project, apply(sheet, worked[key_of(sheet)])) if key_of(sheet) in worked else sheet for sheet in planned]
