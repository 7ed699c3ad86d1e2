"""One page for each unit, zone or section in one run, all of them or none, with a list of what was made (domain.md 6.1)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.values import Scalar
from chuangwen.errors import UserError
from chuangwen.exchange.web.page import write_page
from chuangwen.exchange.workbook_out import save_workbook
from chuangwen.progress import Progress
from chuangwen.services.out_folder import written_whole
from chuangwen.services.paper.file_names import file_name
from chuangwen.services.web_map import NothingThere, WebOptions, check_content, expiry, made_for, public_act, title_of
from chuangwen.services.web_subject import Subject, kinds_for, subjects
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.audience import Audience
    from chuangwen.exchange.web.content import WrittenPage
    from chuangwen.services.project import Project

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when it is read out
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Packet:
    """One page that was written; `password` '' where it is not locked."""

    subject: Subject
    path: Path
    size: int
    features: int
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Packets:
    """All pages of a run, the list of them, and the subjects of which there was nothing to show."""

    packets: tuple[Packet, ...]
    listed: Path
    empty: tuple[Subject, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all pages."""
        return sum(one.size for one in self.packets)


def write_packets(
    project: Project,
    folder: Path,
    audience: Audience,
    kind: str,
    options: WebOptions | None = None,
    chosen: Sequence[Subject] | None = None,
    own_passwords: bool = False,
    progress: Progress | None = None,
) -> Packets:
    """A page for each of `chosen` (None: all units, zones or sections) into `folder`, made where it is missing. `own_passwords`: another for each, else
    `options.password` locks all.

    Raises `UserError` where the audience cannot have such pages or there is nothing to write, `DataProblem` where a public one would hold something personal,
    `FileProblem` where a file of a name is there already or the disk will not; then nothing is left.
    """
    options, progress = options or WebOptions(), progress or Progress()
    if kind not in kinds_for(audience):
        raise UserError(_("“{title}”不能按{kind}分包。").format(title=audience.title, kind=project.layers[kind].title))
    pages = []
    empty: list[Subject] = []
    names: list[str] = []
    all_subjects = list(chosen) if chosen is not None else subjects(project, kind)
    for one in progress.each(all_subjects, len(all_subjects), _("整理网页内容")):
        mine = replace(options, password=_password() if own_passwords else options.password, receiver=options.receiver or one.title)
        try:
            made = made_for(project, audience, one, mine, progress.silent())
        except NothingThere:
            empty.append(one)
            continue
        check_content(project, audience, made)
        names.append(file_name(title_of(audience, one), one.code, one.title, f"{project.campaign.today:%Y%m%d}", ".html", taken=names))
        pages.append((one, made.page, mine))
    if not pages:
        raise UserError(_("没有可以做成网页的{kind}。").format(kind=project.layers[kind].title))
    listed = file_name(_("网页清单"), "", project.layers[kind].title, f"{project.campaign.today:%Y%m%d}", ".xlsx", taken=names)
    written: list[WrittenPage] = []

    def write(beside: Path) -> None:
        for (_subject, page, mine), name in progress.each(zip(pages, names, strict=True), len(pages), _("写网页")):
            written.append(write_page(page, beside / name, mine.password, progress.silent()))
        rows = [
            _row(project, audience, number, one, mine, name, made)
            for number, ((one, _page, mine), name, made) in enumerate(zip(pages, names, written, strict=True), 1)
        ]
        save_workbook(beside / listed, _("{title}清单").format(title=title_of(audience, pages[0][0])), _("网页清单"), LISTED, rows)

    def note(paths: list[Path]) -> Packets:
        if audience.needs_consent:
            project.apply(public_act(project, audience, names, options, sum(one.features for one in written)))
        made = [
            Packet(one, path, done.size, done.features, mine.password if done.is_locked else "")
            for (one, _page, mine), path, done in zip(pages, paths, written, strict=False)
        ]
        return Packets(tuple(made), folder / listed, tuple(empty))

    return written_whole(folder, [*names, listed], write, note)


LISTED = (_("序号"), _("编号"), _("名称"), _("文件"), _("大小（KB）"), _("对象数"), _("有效期至"), _("密码（请另行告知，勿与文件一起发）"))
"""The columns of the list of pages."""


def _row(project: Project, audience: Audience, number: int, subject: Subject, options: WebOptions, name: str, made: WrittenPage) -> list[Scalar]:
    until = expiry(audience, options, project.campaign.today)
    return [number, subject.code, subject.title, name, -(-made.size // 1024), made.features, until, options.password or None]


def _password() -> str:
    return "".join(secrets.choice(_LETTERS) for _number in range(_LENGTH))
