"""From a request to files, with no window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.errors import FileProblem
from chuangwen.progress import Progress
from chuangwen.render.output import pdf
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST_NAME = 80


def write(project: Project, request: Request, out: Path, progress: Progress | None = None) -> list[Path]:
    """Write one PDF (`out` ends in .pdf) or a PDF for each sheet into the folder `out`; the files written.

    Raises `UserError` for what cannot be printed and `FileProblem` for what cannot be written; a cancelled run leaves no half file.
    """
    run = atlas(project, request, halo="marker")
    progress = progress or Progress()
    if out.suffix.lower() == ".pdf":
        title = f"{project.campaign.title} {run.sheets[0].template.title}".strip()
        pdf(run.pages, out, title, progress)
        return [out]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(_("无法建立文件夹 {folder}：{error}。").format(folder=out, error=error.strerror)) from error
    written = []
    for number, sheet in enumerate(run.sheets):
        progress.at(number, len(run.sheets), sheet.title)
        pages = [page for page in run.pages if page.sheet is sheet]
        path = out / file_name(sheet, run.style.printed)
        pdf(pages, path, sheet.title)
        written.append(path)
    return written


def file_name(sheet: Sheet, day: str) -> str:
    """`网格巡查图_{编号}_{名称}_{日期}.pdf` without characters that a file system refuses (domain.md 6.1)."""
    part = str(sheet.part) if sheet.part else ""
    words = [_UNSAFE.sub("", word).strip(" .")[:_LONGEST_NAME] for word in (sheet.template.title, sheet.code, sheet.name, part, day)]
    return "_".join(word for word in words if word) + ".pdf"
