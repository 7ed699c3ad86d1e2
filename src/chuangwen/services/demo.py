"""The demo project: made by importing the demo district's files through the same importer that a planner uses."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Edit
from chuangwen.errors import FileProblem
from chuangwen.exchange.importing import ImportReport
from chuangwen.progress import Progress
from chuangwen.services.evidence import Attached, attach, write_then
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.project import Project
from chuangwen.settings import resources_folder
from chuangwen.text import _


def make_demo(folder: Path, actor: str, progress: Progress | None = None) -> tuple[Path, list[ImportReport]]:
    """Make `folder`/demo.gpkg from `resources/demo/`; the file and a report per imported list.

    Raises `FileProblem` where the demo exists already. On any failure nothing is left behind.
    """
    source = resources_folder() / "demo"
    plan = tomllib.loads((source / "demo.toml").read_text(encoding="utf-8"))
    target = folder / "demo.gpkg"
    if target.exists():
        raise FileProblem(_("{path} 已经存在。").format(path=target), hint=_("请换一个文件夹，或先删除它。"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(_("无法建立文件夹 {path}：{error}。").format(path=folder, error=error.strerror)) from error
    part = folder / "demo.part.gpkg"
    part.unlink(missing_ok=True)
    photos = part.with_suffix(".files")
    campaign = Campaign(plan["title"], plan["district"], plan["office"], plan["start"], plan["arrival"], plan["today"])
    progress = progress or Progress()
    reports = []
    try:
        project = Project.create(part, campaign, plan["epsg"], actor)
        try:
            for number, entry in enumerate(plan["import"]):
                progress.at(number, len(plan["import"]), entry["file"])
                reports.append(run_import(project, source / "files" / entry["file"], entry["layer"], ImportOptions(name=entry.get("name", ""))))
                if "photos" in entry:
                    _attach_photos(project, source / "files" / entry["photos"], progress)
        finally:
            project.close()
        shutil.rmtree(target.with_suffix(".files"), ignore_errors=True)
        photos.replace(target.with_suffix(".files"))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        shutil.rmtree(photos, ignore_errors=True)
        raise
    return target, reports


def _attach_photos(project: Project, folder: Path, progress: Progress) -> None:
    """Photos before and after the work, one step: files are called `<code of the issue>_before.jpg` or `…_after.jpg`."""
    issues = project.features("issue")
    found = Attached()
    files = sorted(folder.glob("*.jpg"))
    for file in progress.each(files, len(files), _("附上照片")):
        code, _mark, kind = file.stem.partition("_")
        issue = issues.coded(code)
        if issue is not None:
            found += attach(project.layers["photo"], issue, kind, [file])
    write_then(found, project.files_folder, lambda: project.apply(Edit(_("添加 {count} 张照片").format(count=len(found.changes)), found.changes)))
