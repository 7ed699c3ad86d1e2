"""Export: a layer of the project to a file, whole or as one kind of reader may see it (decision 0070)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.audience import Audience, disclosed
from chuangwen.domain.layer import Layer
from chuangwen.errors import DataProblem, UserError
from chuangwen.exchange.exporting import LISTS, write
from chuangwen.exchange.outgoing import Export, Written
from chuangwen.exchange.web.scan import refusal
from chuangwen.services.checks.check import listed
from chuangwen.services.seen_project import leaks_in
from chuangwen.services.web_map import WebOptions, public_act
from chuangwen.services.web_subject import Subject
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Features
    from chuangwen.services.project import Project


_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the user may say. `crs`: '' or EPSG:N. `like`: a list of the sender's, whose columns and order the new list takes. See `exporting.Export`.

    `audience`: who reads it, None the office itself; `subject`: whose part of it; `consent`: that it may be public was said by name.
    """

    crs: str = ""
    encoding: str = "auto"
    like: Path | None = None
    chinese_names: bool = False
    audience: Audience | None = None
    subject: Subject | None = None
    consent: bool = False
    review_number: str = ""


def run_export(project: Project, layer: Layer, path: Path, options: ExportOptions | None = None, features: Features | None = None) -> Written:
    """Write a layer, or just `features` of it (what the table shows), to `path`. Raises `UserError` with cause and remedy."""
    options = options or ExportOptions()
    if path.resolve() == project.path.resolve():
        raise UserError(_("不能覆盖项目文件本身。"), hint=_("请换一个文件名。"))
    title = f"{project.campaign.title} {layer.title}".strip()
    shown = features if features is not None else project.features(layer.id)
    titles = _columns_of(options.like, layer, path) if options.like is not None else ()
    notes: tuple[str, ...] = ()
    if options.audience is not None:
        shown, notes = _for_reader(project, shown, options, options.audience)
        titles = tuple((title, name) for title, name in titles if not name or shown.layer.has(name))
    exact = options.audience is None or not options.audience.grid_m
    written = write(Export(shown, project.epsg, _wanted(options.crs), options.encoding, title, titles, options.chinese_names, exact), path)
    if options.audience is not None and options.audience.needs_consent:
        try:
            project.apply(public_act(project, options.audience, [path.name], WebOptions(review_number=options.review_number), written.count))
        except BaseException:
            path.unlink(missing_ok=True)  # what is not on record does not go out
            raise
    return replace(written, notes=(*notes, *written.notes))


def _for_reader(project: Project, features: Features, options: ExportOptions, audience: Audience) -> tuple[Features, tuple[str, ...]]:
    """The rows and fields that a reader sees, and a sentence on what was left out. Raises `UserError` for a layer that is not for such a reader, a public list
    that nobody asked for by name, one without a subject; `DataProblem` where something personal is left in a list that may hold nothing of the kind.
    """
    layer = features.layer
    if audience.share(layer) is None:
        raise UserError(
            _("“{layer}”不给“{title}”看。").format(layer=layer.title, title=audience.title), hint=_("可以看什么，写在 resources/rules/audiences.toml 里。")
        )
    if audience.needs_consent and not options.consent:
        raise UserError(_("“{title}”的文件默认不做。").format(title=audience.title), hint=_("确实要公开的，请勾选“我确认可以公开”（命令行：--public-ok）。"))
    mine = audience.rows(features)
    if options.subject is not None and options.subject.feature is not None:
        mine &= options.subject.rows(features)
    seen = disclosed(features.take(mine), audience)
    if audience.is_scanned:
        leaks = leaks_in(project, audience, [seen])
        if leaks:
            raise refusal(leaks)
    left_out = [one.title for one in layer.fields if not seen.layer.has(one.name)]
    words = _("{title}导出：没有写入 {titles}").format(title=audience.title, titles=listed(left_out, _MOST_NAMED)) if left_out else ""
    masks = _("手机号码已遮盖") if audience.masks else ""
    said = "，".join(word for word in (words, masks) if word)
    return seen, ((said + "。",) if said else ())


def _columns_of(like: Path, layer: Layer, path: Path) -> tuple[tuple[str, str], ...]:
    """The columns of the sender's own list: (its title, our field or '')."""
    from chuangwen.exchange.incoming import SECTION, SHEET
    from chuangwen.exchange.matching import known_words, match
    from chuangwen.exchange.workbooks import read_workbook

    if path.suffix.lower() not in LISTS:
        raise UserError(_("只有 xlsx 和 csv 能按来表的格式导出。"), hint=_("请换一个文件名。"))
    incoming = read_workbook(like, known_words(layer))
    columns = [column for column in incoming.columns if column.kind not in (SECTION, SHEET)]
    matches = match(columns, layer)
    if not matches.fields:
        raise DataProblem(_("{file} 的表头和“{layer}”没有一列对得上。").format(file=like.name, layer=layer.title), hint=_("请换一份来表。"))
    return tuple((column.title, matches.fields.get(column.title, "")) for column in columns)


def _wanted(crs: str) -> int:
    """The EPSG code of the user's word, 0 for none."""
    if not crs:
        return 0
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        code = int(crs.upper().removeprefix("EPSG:"))
        CRS.from_epsg(code)
    except (ValueError, CRSError):
        raise UserError(_("不认识坐标系“{crs}”。").format(crs=crs), hint=_("请写成 EPSG:4490、EPSG:4548 的样子。")) from None
    return code
