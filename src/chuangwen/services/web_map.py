"""网页地图: a project as one page for one kind of reader, and the page as a file (domain.md 7.8; decision 0070)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.geo import extent_of
from chuangwen.errors import FileProblem, UserError
from chuangwen.exchange.web.content import OnlineBase, PatrolForm, WebLayer, WebPage, WrittenPage
from chuangwen.exchange.web.page import write_page
from chuangwen.exchange.web.scan import Leak, refusal, scan
from chuangwen.exchange.whole_file import whole_file
from chuangwen.progress import Progress
from chuangwen.services.personal_names import names_of
from chuangwen.services.web_layers import context_layer, in_degrees, web_layer
from chuangwen.services.web_subject import Subject, whole
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.audience import Audience
    from chuangwen.domain.values import Scalar
    from chuangwen.services.project import Project

_MARGIN = 0.25  # of the larger side of a subject's extent, drawn around it
_LEAST_M = 300.0
_SHIFTED = ("amap.com", "autonavi.com", "gtimg.com", "qq.com", "baidu.com", "bdimg.com", "google.cn")
"""Hosts whose tiles are in GCJ-02 or BD-09."""
_HINTS, _LONG_HINT = 2, 8
_SHOWN = ("subject", "reference")  # base layers are context; records are the office's own


@dataclass(frozen=True, slots=True)
class WebOptions:
    """What the user says of a page. `masked`: telephones as 138****0000; `review_number`: 审图号; `until`: the last day it is good for (None: as the audience
    has it); `consent`: that it may be public was said by name; `password`: '' none; `receiver`: who gets it, for the watermark ('': the subject);
    `base_map`: the address of an online base map's tiles with {z}, {x} and {y} ('': the page holds no address and asks nobody for anything).
    """

    masked: bool = False
    password: str = field(default="", repr=False)
    review_number: str = ""
    until: dt.date | None = None
    consent: bool = False
    receiver: str = ""
    base_map: str = ""


class NothingThere(UserError):
    """Nothing of a subject has a place on the map."""


@dataclass(frozen=True)
class Made:
    """A page, the codes of the features of its layers, and how many features have no place on the map."""

    page: WebPage
    codes: dict[str, list[str]]
    lost: int


def page_for(
    project: Project, audience: Audience, subject: Subject | None = None, options: WebOptions | None = None, progress: Progress | None = None
) -> WebPage:
    """The page of `subject` (None: the whole project) for `audience`. Nothing is written and nothing scanned.

    Raises `UserError` where the reader's page needs what was not said (`check_options`) or nothing would be on it.
    """
    return made_for(project, audience, subject, options, progress).page


def made_for(project: Project, audience: Audience, subject: Subject | None = None, options: WebOptions | None = None, progress: Progress | None = None) -> Made:
    """As `page_for`, with the codes of what is on it."""
    subject, options, progress = subject or whole(project), options or WebOptions(), progress or Progress()
    check_options(audience, options, project.campaign.today)
    reader = audience.with_masks() if options.masked else audience
    layers: list[WebLayer] = []
    codes: dict[str, list[str]] = {}
    lost = 0
    shown = [one for one in project.layers.drawn() if one.id not in audience.context and audience.share(one) is not None and one.kind in _SHOWN]
    for layer in progress.each(shown, len(shown), _("整理网页内容")):
        features = project.features(layer.id)
        made, of, missing = web_layer(project, reader, layer, subject.rows(features) & audience.rows(features))
        lost += missing
        if made is not None:
            layers.append(made)
            codes[layer.id] = of
    if not layers:
        raise NothingThere(_("{subject}：没有可以放到网页上的内容。").format(subject=subject.title), hint=_("请先导入网格、点位或问题，并把它们放到地图上。"))
    frame = _frame(project, subject, layers)
    for name in audience.context:
        progress.at(0)
        context = context_layer(project, reader, project.layers[name], subject, frame) if name in project.layers else None
        if context is not None:
            layers.append(context)
    layers.sort(key=lambda one: one.order)
    return Made(_page(project, audience, subject, options, tuple(layers), lost, frame), codes, lost)


def check_options(audience: Audience, options: WebOptions, today: dt.date) -> None:
    """Whether all that the reader's page needs was said. Raises `UserError` with the remedy."""
    if audience.needs_consent and not options.consent:
        hint = _("确实要公开的，请勾选“我确认可以公开”（命令行：--public-ok）。")
        raise UserError(_("“{title}”的网页默认不做：公开地图要先审图、先清除个人信息。").format(title=audience.title), hint=hint)
    if audience.needs_review_number and not options.review_number.strip():
        hint = _("请填写审图号（命令行：--review-number）；还没有的，请先送自然资源主管部门审核。")
        raise UserError(_("公开地图必须有审图号。"), hint=hint)
    online_base(options.base_map)
    if options.until is not None and options.until < today:
        raise UserError(_("有效期 {until} 已经过了。").format(until=options.until.isoformat()), hint=_("请填今天或以后的日期。"))


def online_base(address: str) -> OnlineBase | None:
    """The online base map of an address, None for ''. Raises `UserError` for one whose tiles lie hundreds of metres off (GCJ-02, domain.md 7.3)."""
    address = address.strip()
    if not address:
        return None
    host = (urlsplit(address).hostname or "").lower()
    if any(host == one or host.endswith(f".{one}") for one in _SHIFTED):
        hint = _("请用天地图等 CGCS2000 或 WGS84 的底图，或者不用在线底图。")
        raise UserError(_("{host} 的底图坐标有偏移，会和网格错开几百米。").format(host=host), hint=hint)
    return OnlineBase(_("在线底图"), address, host)


def write_web_map(
    project: Project,
    path: Path,
    audience: Audience,
    subject: Subject | None = None,
    options: WebOptions | None = None,
    progress: Progress | None = None,
) -> WrittenPage:
    """Write the page to `path` (in place of what is there): whole or not at all. A public one is noted in the change log.

    Raises `UserError` as `page_for` does, `DataProblem` that names where personal data stands in a page that is scanned, `FileProblem` where the disk will not.
    """
    options, progress = options or WebOptions(), progress or Progress()
    checked_path(project, path)
    made = made_for(project, audience, subject, options, progress)
    check_content(project, audience, made)
    with whole_file(path) as part:
        written = write_page(made.page, part, options.password, progress)
        if audience.needs_consent:  # before it has its name: what is not on record does not go out
            project.apply(public_act(project, audience, [path.name], options, written.features))
    return replace(written, path=str(path))


def check_content(project: Project, audience: Audience, made: Made) -> None:
    """Look through a page that may hold nothing personal. Raises `DataProblem` by layer, code of the feature and field."""
    if not audience.is_scanned:
        return
    leaks = scan(made.page, names_of(project, audience))
    if leaks:
        hint = _("请打开这些记录改掉文字；只有手机号码的，可以勾选“遮盖电话”（命令行：--masked）；不是人名的词，写进 audiences.toml 的 not_names。")
        raise refusal([_with_code(made, one) for one in leaks], hint)


def checked_path(project: Project, path: Path) -> None:
    """Raises `UserError` for a name that a browser would not open as a page, `FileProblem` for a folder that is not there."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise UserError(_("网页地图的文件名应以 .html 结尾。"), hint=_("如：{name}").format(name=f"{path.stem or project.path.stem}.html"))
    if not path.parent.is_dir():
        raise FileProblem(_("没有文件夹 {folder}。").format(folder=path.parent), hint=_("请先建立它。"))


def public_act(project: Project, audience: Audience, files: list[str], options: WebOptions, features: int) -> Edit:
    """What stands in the change log when something was made public: who, when (the step says it), which file, under which 审图号."""
    names = "、".join(files[:3]) + (_("等 {count} 个文件").format(count=len(files)) if len(files) > 3 else "")
    text = _("导出{title}文件 {names}，审图号 {review}，{count} 个对象").format(
        title=audience.title, names=names, review=options.review_number.strip() or "—", count=features
    )
    values: dict[str, Scalar] = {"owner_layer": "campaign", "owner_id": "campaign", "kind": "other", "date": project.campaign.today, "text": text}
    return Edit(text, edits.add(project.layers["note"], values).changes)


def producer(project: Project) -> str:
    """Who issues what goes out: as on paper."""
    return project.store.imprint.office or project.campaign.office or _("创建办")


def _with_code(made: Made, leak: Leak) -> Leak:
    layer = next((one for one in made.page.layers if one.title == leak.layer), None)
    code = made.codes[layer.id][leak.position] if layer is not None and layer.id in made.codes and leak.position >= 0 else ""
    return replace(leak, feature=code or leak.feature)


def _frame(project: Project, subject: Subject, layers: list[WebLayer]) -> tuple[float, float, float, float] | None:
    """metres: what surrounds the subject; None for the whole project. A unit lies where its features are."""
    if subject.feature is None:
        return None
    shapes = [subject.area] if subject.area is not None else []
    if not shapes:
        for one in layers:
            features = project.features(one.id)
            shapes += [features.geometry[at] for at in np.flatnonzero(subject.rows(features) & features.located).tolist()]
    if not shapes:
        return None
    extent = extent_of(np.array([shape.bounds for shape in shapes], dtype=float))
    if extent is None:
        return None
    around = extent.grown(max(_LEAST_M, _MARGIN * max(extent.width, extent.height)))
    return around.x0, around.y0, around.x1, around.y1


def _page(
    project: Project,
    audience: Audience,
    subject: Subject,
    options: WebOptions,
    layers: tuple[WebLayer, ...],
    lost: int,
    frame: tuple[float, float, float, float] | None,
) -> WebPage:
    until = expiry(audience, options, project.campaign.today)
    words = page_words(project, audience, subject, options)
    notes = [note.format(**words) for note in audience.notes]
    if lost:
        words_ = _("另有 {count} 条没有位置，未列出") if audience.grid_m else _("有 {count} 条没有位置，图上看不到，可以查找")
        notes.append(words_.format(count=lost))
    head = project.store.imprint.heading or project.campaign.title or _("创文一张图")
    name = " ".join(word for word in (subject.code, subject.title) if word) if subject.feature is not None else head
    page = WebPage(
        title=name,
        subtitle=_("{head} · {title}").format(head=head, title=title_of(audience, subject)) if name != head else title_of(audience, subject),
        producer=words["office"],
        data_time=project.data_time,
        layers=layers,
        notes=tuple(notes),
        watermark=audience.watermark.format(**words).strip(),
        expires=until,
        search_words=_hints(layers),
        base=online_base(options.base_map),
    )
    if audience.ticks:
        page = replace(page, patrol=PatrolForm(project.identifier, packet_of(project), name, page.data_time))
    if frame is None:
        return page
    from shapely.geometry import box

    corners = np.empty(1, dtype=object)
    corners[0] = box(*frame)
    return replace(page, extent=in_degrees(corners, project.epsg)[0].bounds)


def page_words(project: Project, audience: Audience, subject: Subject, options: WebOptions) -> dict[str, str]:
    """What the notes and the watermark of an audience may name (`services.audiences.WORDS`)."""
    until = expiry(audience, options, project.campaign.today)
    return {
        "receiver": options.receiver.strip() or (subject.title if subject.feature is not None else project.campaign.district),
        "office": producer(project),
        "day": f"{project.campaign.today:%Y-%m-%d}",
        "until": until.isoformat() if until is not None else "—",
        "review": options.review_number.strip(),
    }


def expiry(audience: Audience, options: WebOptions, today: dt.date) -> dt.date | None:
    """The last day that a page is good for. Its reader's clock is the real one, also where the project's stands still (`Campaign.fixed_today`)."""
    return options.until or (max(today, dt.date.today()) + dt.timedelta(days=audience.days) if audience.days else None)


def packet_of(project: Project) -> str:
    """A new name for a page that comes back: the last step that it knows of, and something that no other page has."""
    return f"{project.last_step}-{edits.new_id()}"


def title_of(audience: Audience, subject: Subject) -> str:
    """What such a page is called in file names and headings (domain.md 6.1)."""
    if audience.ticks:
        return _("网页巡查图")
    if audience.needs_consent:
        return _("网页公开图")
    return _("单位网页图") if subject.layer == "unit" else _("网页地图")


def _hints(layers: tuple[WebLayer, ...]) -> tuple[str, ...]:
    """A few words that can be searched and are short enough for the box: the first such names of sites, sections, zones."""
    by_id = {one.id: one for one in layers}
    found = [next((title for title in by_id[name].titles if 2 <= len(title) <= _LONG_HINT), "") for name in ("site", "section", "zone") if name in by_id]
    return tuple(dict.fromkeys(word for word in found if word))[:_HINTS]
