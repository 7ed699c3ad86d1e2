"""The pictures of documents: where the issues of an order lie, numbered as its list is, and how they looked before the work (domain.md 6.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely.geometry import MultiPoint

from chuangwen.domain.feature import Feature
from chuangwen.errors import FileProblem
from chuangwen.render.paper.picture import map_picture, png
from chuangwen.services.order_paper import Illustrations
from chuangwen.services.order_photos import before_photos
from chuangwen.text import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangwen.services.order_draft import OrderDraft
    from chuangwen.services.project import Project

_WIDTH_MM, _HEIGHT_MM = 150.0, 95.0
_DPI = 200


def illustrator(project: Project) -> Callable[[OrderDraft], Illustrations]:
    """Makes the pictures of the orders of `project`; on the thread that owns it. Raises `FileProblem` for a photo that cannot be read."""

    def pictures(draft: OrderDraft) -> Illustrations:
        if not draft.template.map:
            return Illustrations()
        return Illustrations(order_map(project, draft), _photos(project, draft))

    return pictures


def order_map(project: Project, draft: OrderDraft) -> bytes | None:
    """A PNG of the map around the issues of an order, each with its number in the list; None where none of them has a place."""
    located = [line for line in draft.lines if line.issue.geometry is not None and not line.issue.geometry.is_empty]
    if not located:
        return None
    numbers = {line.issue.id: str(line.number) for line in located}
    if len(located) == 1:
        about = located[0].issue
    else:
        points = [line.issue.geometry.centroid for line in located if line.issue.geometry is not None]
        about = Feature("order", draft.code, {"code": draft.code}, MultiPoint(points))
    return png(map_picture(project, about, _WIDTH_MM, _HEIGHT_MM, dpi=_DPI, numbers=numbers))


def _photos(project: Project, draft: OrderDraft) -> tuple[tuple[str, bytes], ...]:
    number = {line.issue.id: line.number for line in draft.lines}
    found = []
    for photo in before_photos(project, draft.issues):
        if not photo.there:  # said before it was issued
            continue
        caption = _("第{number}项 {code} 整改前 {taken}").format(number=number[photo.issue.id], code=photo.issue.code, taken=photo.taken).strip()
        try:
            found.append((caption, photo.path.read_bytes()))
        except OSError as error:
            message = _("无法读取 {code} 的照片 {file}：{error}。").format(code=photo.issue.code, file=photo.path.name, error=error.strerror)
            raise FileProblem(message, hint=_("请检查项目的照片文件夹。")) from error
    return tuple(found)
