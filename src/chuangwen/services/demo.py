"""The demo project: made by importing the demo district's files through the same importer that a planner uses."""

from __future__ import annotations

import tomllib
from pathlib import Path

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import FileProblem
from chuangwen.exchange.importing import ImportReport
from chuangwen.progress import Progress
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
    campaign = Campaign(plan["title"], plan["district"], plan["office"], plan["start"], plan["arrival"], plan["today"])
    progress = progress or Progress()
    reports = []
    try:
        project = Project.create(part, campaign, plan["epsg"], actor)
        try:
            for number, entry in enumerate(plan["import"]):
                progress.at(number, len(plan["import"]), entry["file"])
                reports.append(run_import(project, source / "files" / entry["file"], entry["layer"], ImportOptions(name=entry.get("name", ""))))
        finally:
            project.close()
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return target, reports
