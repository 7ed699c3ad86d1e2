"""An order as a document: heading, list, duties, demands, slip, photos and map, feedback form, 版记 (domain.md 6.5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.domain.orders import joined_numbers
from chuangwen.domain.values import LIST_MARK
from chuangwen.exchange.documents.official import OfficialDocument
from chuangwen.services.order_templates import filled
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.order_draft import OrderDraft

_WIDTHS = (12, 33, 48, 36, 27)
_MAP_MM = 150
_PHOTO_MM = 70
_NUMERALS = _("一二三四五六七八九十")


@dataclass(frozen=True, slots=True)
class Illustrations:
    """Pictures of an order, as files in bytes: the map with the numbers of the list, and the photos before the work, (caption, content)."""

    map: bytes | None = None
    photos: tuple[tuple[str, bytes], ...] = ()


def written(draft: OrderDraft, pictures: Illustrations, day: dt.date) -> OfficialDocument:
    """The document of a draft, not saved yet. Raises `FileProblem` for a photo that is no picture."""
    template, words = draft.template, draft.words
    office = words["office"] or _("创建办")
    document = OfficialDocument(filled(template.head, {**words, "office": office}), draft.code, red=template.red)
    document.title(draft.subject()).addressee(draft.unit or _("各责任单位"))
    for text in draft.paragraphs():
        document.paragraph(text)
    if draft.request.text:
        document.paragraph(draft.request.text)
    chapter = iter(_NUMERALS)
    if draft.reasons:
        document.heading(1, f"{next(chapter)}、{template.reason_title}")
        for text in draft.reasons:
            document.paragraph(text)
    if draft.lines:
        document.heading(1, f"{next(chapter)}、{template.list_title}")
        header = (_("序号"), _("点位"), _("问题"), _("整改要求"), _("时限"))
        rows = [(str(line.number), f"{line.place}\n{line.issue.code}", line.problem, line.demand, line.due_words) for line in draft.lines]
        document.table(header, rows, _WIDTHS, centred={0, 4})
        document.heading(1, f"{next(chapter)}、" + _("责任分工"))
        people = "；".join(f"{title}：{text}" for title, text in draft.people)
        for text in filter(None, (*(f"{title}：{text}" for title, text in draft.duties), people)):
            document.paragraph(text)
    document.heading(1, f"{next(chapter)}、" + _("工作要求"))
    for number, text in enumerate(draft.demands(), 1):
        document.paragraph(f"{number}.{text}")
    if draft.request.contact:
        document.paragraph(_("联系人：{name}，联系电话：{phone}。").format(name=draft.request.contact, phone=draft.request.phone or "—"))
    document.paragraph(template.closing, keep_next=True)
    attached = []
    if pictures.map or pictures.photos:
        attached.append(_("问题位置图和整改前照片"))
    if template.feedback:
        attached.append(_("整改反馈单"))
    document.attachments(attached).signed(office, day)
    _slip(document, draft)
    for number, name in enumerate(attached, 1):
        document.page_break().paragraph(_("附件{number}").format(number=number) if len(attached) > 1 else _("附件"), indented=False)
        if number == len(attached) and template.feedback:
            _feedback(document, draft)
        else:
            _illustrated(document, name, draft, pictures)
    document.foot("，".join(draft.copies), office, day)
    return document


def _slip(document: OfficialDocument, draft: OrderDraft) -> None:
    """回执, below a line to be cut along."""
    rows = [
        [(_("文号"), draft.code)],
        [(_("接收单位"), draft.unit), (_("接收人"), "")],
        [(_("接收时间"), ""), (_("承诺完成时间"), "")],
    ]
    document.cut_line().slip(_("回　执"), rows)


def _feedback(document: OfficialDocument, draft: OrderDraft) -> None:
    """整改反馈单: what was done, until when, how it looked before and after, who signs."""
    rows = [
        [(_("文号"), draft.code), (_("责任单位"), draft.unit)],
        [(_("对应问题"), LIST_MARK.join(issue.code for issue in draft.issues))],
        [(_("整改措施"), "")],
        [(_("完成时间"), ""), (_("联系电话"), "")],
        [(_("整改前照片"), "")],
        [(_("整改后照片"), "")],
        [(_("单位负责人\n签字（盖章）"), ""), (_("反馈日期"), "")],
    ]
    document.slip(_("整改反馈单"), rows, heights_mm=(11, 11, 30, 11, 40, 40, 15))


def _illustrated(document: OfficialDocument, name: str, draft: OrderDraft, pictures: Illustrations) -> None:
    document.subtitle(name)
    if pictures.map:
        nowhere = [line.number for line in draft.lines if line.issue.geometry is None]
        missing = _("；第{numbers}项未定位").format(numbers=joined_numbers(nowhere)) if nowhere else ""
        document.picture(pictures.map, _MAP_MM, _("图中数字为问题清单的序号{missing}").format(missing=missing))
    photos = list(pictures.photos)
    while photos:
        left = photos.pop(0)
        right = photos.pop(0) if photos else None
        if right is None:
            document.picture(left[1], _PHOTO_MM, left[0])
        else:
            document.pair(left[1], right[1], (left[0], right[0]))
