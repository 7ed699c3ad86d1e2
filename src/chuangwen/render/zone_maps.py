"""Zone maps for tomorrow's patrols: from codes to files, with no window."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.errors import FileProblem
from chuangwen.progress import Progress
from chuangwen.render.headless import start
from chuangwen.render.output import pdf
from chuangwen.render.page import Atlas
from chuangwen.services.atlas import zone_sheets
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST_NAME = 80


def atlas(project: Project, codes: Sequence[str] | None, paper: str = "A4", scale: str | int = "auto", *, mono: bool = False, halo: str = "outline") -> Atlas:
    """The run of sheets for the zones `codes` (None: all). `halo` as in `MapView`: `marker` for a PDF, `outline` for preview and printer."""
    start()
    return Atlas(project, zone_sheets(project, codes, paper, scale), mono=mono, halo=halo)


def write(
    project: Project,
    codes: Sequence[str] | None,
    out: Path,
    *,
    paper: str = "A4",
    scale: str | int = "auto",
    mono: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Write one PDF (`out` ends in .pdf) or a PDF for each zone into the folder `out`; the files written.

    Raises `UserError` for what cannot be printed and `FileProblem` for what cannot be written; a cancelled run leaves no half file.
    """
    run = atlas(project, codes, paper, scale, mono=mono, halo="marker")
    progress = progress or Progress()
    if out.suffix.lower() == ".pdf":
        pdf(run.pages, out, _("{title} 网格巡查图").format(title=project.campaign.title).strip(), progress)
        return [out]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(_("无法建立文件夹 {folder}：{error}。").format(folder=out, error=error.strerror)) from error
    written = []
    for number, sheet in enumerate(run.sheets):
        progress.at(number, len(run.sheets), sheet.title)
        pages = [page for page in run.pages if page.sheet is sheet]
        path = out / file_name(sheet.zone.code, sheet.zone.name, run.style.printed)
        pdf(pages, path, sheet.title)
        written.append(path)
    return written


def file_name(code: str, name: str, day: str) -> str:
    """`网格巡查图_{编号}_{名称}_{日期}.pdf` without characters that a file system refuses (domain.md 6.1)."""
    words = [_UNSAFE.sub("", word).strip(" .")[:_LONGEST_NAME] for word in (_("网格巡查图"), code, name, day)]
    return "_".join(word for word in words if word) + ".pdf"
