"""What the pre-flight finds, with the page where it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chuangwen.domain.feature import Feature
from chuangwen.render.paper.page import Page
from chuangwen.services.paper.defects import Defect
from chuangwen.services.paper.sheet import Sheet
from chuangwen.text import _

_SHOWN = 18  # characters of a text that a sentence quotes
_NAMED = 5  # texts that a sentence lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Defect):
    """A defect with the `page` where it is seen; None: it is none of a page."""

    page: Page | None = None


def of_run(defect: Defect, page: Page | None) -> Finding:
    """A defect that was found before there were pages."""
    return Finding(severity=defect.severity, kind=defect.kind, words=defect.words, feature=defect.feature, sheet=defect.sheet, page=page)


def on_page(severity: str, kind: str, words: str, page: Page, feature: tuple[str, str] | None = None) -> Finding:
    """A finding on a page, about `feature` or else about what its sheet is about: also where `feature` is of a layer made for the sheet alone (街道界)."""
    if feature and feature[0] not in page.atlas.project.layers:
        feature = None
    return Finding(severity=severity, kind=kind, words=words, page=page, sheet=page.sheet, feature=feature or subject_of(page.sheet))


def key(feature: Feature) -> tuple[str, str]:
    """(layer id, row id)."""
    return feature.layer, feature.id


def subject_of(sheet: Sheet) -> tuple[str, str] | None:
    """What a sheet is about."""
    return key(sheet.subject) if sheet.subject is not None else None


def holder(sheet: Sheet, text: str) -> tuple[str, str] | None:
    """The feature on a sheet whose values hold a text."""
    rows = [row.feature for rows in sheet.rows.values() for row in rows]
    for one in [*([sheet.subject] if sheet.subject is not None else []), *rows]:
        if any(text in value for value in one.values.values() if isinstance(value, str)):
            return key(one)
    return None


def where(page: Page) -> str:
    """第 3 页（A-1 东街）."""
    return _("第 {number} 页（{name}）").format(number=page.number, name=page.name or page.sheet.template.title)


def quoted(text: str) -> str:
    """The beginning of a text."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def some(texts: Sequence[str]) -> str:
    """The first few of some texts."""
    words = "、".join(texts[:_NAMED])
    return words if len(texts) <= _NAMED else _("{words} 等").format(words=words)
