"""From a request to files, with no window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.errors import FileProblem
from chuangwen.progress import Progress
from chuangwen.render.output import Booklet, pdf, pdfs
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.file_names import file_names
from chuangwen.services.paper.sheet import Request
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project


def write(project: Project, request: Request, out: Path, progress: Progress | None = None) -> list[Path]:
    """Write one PDF (`out` ends in .pdf) or a PDF for each sheet into the folder `out`; the files written.

    Raises `UserError` for what cannot be printed and `FileProblem` for what cannot be written; a cancelled run leaves no half file.
    """
    return write_run(atlas(project, request, halo="marker"), out, progress)


def write_run(run: Atlas, out: Path, progress: Progress | None = None) -> list[Path]:
    """The same of a run that was planned before (with `halo="marker"`)."""
    progress = progress or Progress()
    run.prepare(progress.silent())
    again = partial(pages_of, run.request)
    if out.suffix.lower() == ".pdf":
        title = f"{run.project.campaign.title} {run.sheets[0].template.title}".strip()
        pdf(run.pages, out, title, progress, again)
        return [out]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(_("无法建立文件夹 {folder}：{error}。").format(folder=out, error=error.strerror)) from error
    paths = [out / name for name in file_names(run.sheets, run.style.printed)]
    pages: dict[int, list[Page]] = {id(sheet): [] for sheet in run.sheets}
    for page in run.pages:
        pages[id(page.sheet)].append(page)
    pdfs([Booklet(path, sheet.title, pages[id(sheet)]) for path, sheet in zip(paths, run.sheets, strict=True)], progress, again)
    return paths


def pages_of(request: Request, project: Project) -> Sequence[Page]:
    """The pages that a request asks for, to be drawn into a PDF."""
    return atlas(project, request, halo="marker").pages
