"""The products that can be printed: how each is planned and what stands on its sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.render.headless import start
from chuangwen.render.paper import section, site, wall, zone
from chuangwen.render.paper.page import Atlas, Fill
from chuangwen.services.paper import sections, sites, zones
from chuangwen.services.paper import wall as wall_plan
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.services.paper.templates import Template, template

if TYPE_CHECKING:
    from chuangwen.services.project import Project


@dataclass(frozen=True, slots=True)
class Product:
    """`subject`: the layer whose features are chosen from, '' where there is nothing to choose. `plan` raises `UserError` for what cannot be printed."""

    id: str
    subject: str
    plan: Callable[[Project, Request], list[Sheet]]
    fill: Fill

    @property
    def template(self) -> Template:
        """Its paper."""
        return template(self.id)


PRODUCTS = {
    one.id: one
    for one in (
        Product("zone", "zone", zones.plan, zone.fill),
        Product("section", "section", sections.plan, section.fill),
        Product("site", "site", sites.plan, site.fill),
        Product("wall", "", wall_plan.plan, wall.fill),
    )
}


def atlas(project: Project, request: Request, *, halo: str = "outline") -> Atlas:
    """The run that a request asks for. `halo` as in `MapView`: `marker` for a PDF, `outline` for preview and printer.

    Raises `UserError` for what cannot be printed.
    """
    start()
    product = PRODUCTS[request.product]
    return Atlas(project, request, product.plan(project, request), product.fill, halo=halo)
