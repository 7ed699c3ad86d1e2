"""`web` and `web-return`: pages that open anywhere, and what patrols send back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.cli.answering import DONE, day_if_said, open_project, print_json
from chuangwen.errors import UserError
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.audience import Audience
    from chuangwen.services.project import Project
    from chuangwen.services.web_map import WebOptions
    from chuangwen.services.web_returns import Proposal
    from chuangwen.services.web_subject import Subject

_PROFILES = "internal|unit|patrol|public"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The options of `web`."""
    command.add_argument("file", type=Path, nargs="?", metavar="FILE.html", help=_("写到哪个文件；用 --packets 时不给"))
    add_reader_arguments(command)
    command.set_defaults(profile="internal")
    command.add_argument("--password", default="", help=_("打开网页要输入的密码"))
    command.add_argument("--own-passwords", action="store_true", help=_("与 --packets 一起：每个文件一个密码，写在网页清单里"))
    command.add_argument("--until", metavar="YYYY-MM-DD", help=_("有效期到哪一天"))
    command.add_argument("--receiver", default="", help=_("给谁，写在水印里；不给则是单位、网格或路段的名称"))
    command.add_argument(
        "--base-map", default="", metavar="ADDRESS", help=_("在线底图的瓦片地址，含 {z}、{x}、{y}（如天地图）；不给则网页里没有任何网址，也不联网")
    )
    command.add_argument("--packets", choices=["unit", "zone", "section"], help=_("每个单位、网格或路段一个文件"))
    command.add_argument("--to", type=Path, metavar="FOLDER", help=_("与 --packets 一起：写到哪个文件夹"))


def add_reader_arguments(command: argparse.ArgumentParser, *, places: bool = True) -> None:
    """Who reads it, and about what: the same for pages, lists and sheets. `places`: zones and sections too, which sheets have as their codes."""
    command.add_argument("--profile", metavar=_PROFILES, help=_("给谁看：内部、单位、巡查、公开（resources/rules/audiences.toml）"))
    command.add_argument("--unit", default="", metavar=_("单位"), help=_("只要这个单位的"))
    if places:
        command.add_argument("--zone", default="", metavar=_("网格"), help=_("只要这个网格的"))
        command.add_argument("--section", default="", metavar=_("路段"), help=_("只要这条路段的"))
    command.add_argument("--masked", action="store_true", help=_("电话遮盖中间四位"))
    command.add_argument("--review-number", default="", metavar=_("审图号"), help=_("公开时必须有"))
    command.add_argument("--public-ok", action="store_true", help=_("确认可以公开；不写则不做公开的"))


def subject_words(options: argparse.Namespace) -> dict[str, str]:
    """Layer → what was said of it."""
    return {"unit": options.unit, "zone": options.zone, "section": options.section}


def reader_of(options: argparse.Namespace, project: Project) -> tuple[Audience | None, Subject | None]:
    """Who reads a list or a sheet and whose part of it, as far as it was said; `--public` means the public, with masked telephones."""
    from chuangwen.domain.audience import INTERNAL, OF_UNIT, PUBLIC
    from chuangwen.services.audiences import audience
    from chuangwen.services.web_subject import subject_of

    is_public = getattr(options, "public", False)
    if is_public and options.profile not in (None, PUBLIC):
        raise UserError(_("--public 就是 --profile public，不能再选别的。"))
    words = subject_words(options)
    if not (is_public or options.profile or options.masked or any(words.values())):
        return None, None
    reader = audience(PUBLIC if is_public else options.profile or INTERNAL, project.files_folder)
    subject = subject_of(project, reader, words) if reader.subject == OF_UNIT or any(words.values()) else None
    return (reader.with_masks() if is_public or options.masked else reader), subject


def options_of(options: argparse.Namespace) -> WebOptions:
    """What was said of a page."""
    from chuangwen.services.web_map import WebOptions

    return WebOptions(
        masked=options.masked,
        password=options.password,
        review_number=options.review_number,
        until=day_if_said(options.until),
        consent=options.public_ok,
        receiver=options.receiver,
        base_map=options.base_map,
    )


def run(options: argparse.Namespace) -> int:
    """Write a page, or one for each unit, zone or section. Raises `UserError` for what cannot be written."""
    from chuangwen.services.audiences import audience
    from chuangwen.services.web_map import write_web_map
    from chuangwen.services.web_subject import subject_of

    project = open_project(options)
    reader = audience(options.profile, project.files_folder)
    if options.packets:
        return _packets(options, project, reader)
    if options.file is None:
        raise UserError(_("没有说写到哪个文件。"), hint=_("如：web 项目.gpkg 地图.html --profile internal"))
    written = write_web_map(project, options.file, reader, subject_of(project, reader, subject_words(options)), options_of(options))
    if options.json:
        print_json({"file": written.path, "profile": reader.id, "size": written.size, "features": written.features, "locked": written.is_locked})
    else:
        print(_("已写 {file}：{count} 个对象，{size} KB").format(file=written.path, count=written.features, size=-(-written.size // 1024)))
    return DONE


def _packets(options: argparse.Namespace, project: Project, reader: Audience) -> int:
    from chuangwen.services.web_packets import write_packets

    if options.to is None or options.file is not None or any(subject_words(options).values()):
        raise UserError(_("--packets 要用 --to 给出文件夹，不给文件名，也不给 --unit、--zone、--section。"))
    made = write_packets(project, options.to, reader, options.packets, options_of(options), own_passwords=options.own_passwords)
    if options.json:
        files = [
            {"file": str(one.path), "code": one.subject.code, "name": one.subject.title, "size": one.size, "features": one.features} for one in made.packets
        ]
        print_json({"files": files, "list": str(made.listed), "size": made.size, "empty": [one.title for one in made.empty]})
    else:
        for one in made.packets:
            print(f"{one.path}  {-(-one.size // 1024)} KB")
        print(_("共 {count} 个文件，{size} KB；清单：{listed}").format(count=len(made.packets), size=-(-made.size // 1024), listed=made.listed))
        if made.empty:
            print(_("没有内容、没有写的：{names}").format(names="、".join(one.title for one in made.empty)))
    return DONE


def add_return_arguments(command: argparse.ArgumentParser) -> None:
    """The options of `web-return`."""
    command.add_argument("file", type=Path, metavar="FILE.json")
    command.add_argument("--accept", nargs="+", default=[], metavar="all|CODE", help=_("采纳全部，或这些编号的；不给则只看不改"))


def run_return(options: argparse.Namespace) -> int:
    """Show what a returned file proposes; take what was named. Raises `UserError` for a file that is none, or a code that it does not have."""
    from chuangwen.services.web_returns import accepted, read_return

    project = open_project(options)
    returned, found = read_return(project, options.file)
    edit = accepted(project, returned, _chosen(found, options.accept)) if options.accept else None
    if edit is not None:
        project.apply(edit)
    if options.json:
        head = {"subject": returned.subject, "patroller": returned.patroller, "data_time": returned.data_time, "saved_at": returned.saved_at}
        print_json({**head, "proposals": [one.as_json() for one in found], "applied": edit is not None, "label": edit.label if edit is not None else None})
        return DONE
    print(f"{returned.subject}  {returned.patroller}  {returned.saved_at:%Y-%m-%d %H:%M}")
    for one in found:
        print(f"{one.code or '—'}  {one.what}  {one.reason}")
        for doubt in one.doubts:
            print(_("      注意：{doubt}").format(doubt=doubt))
    print(edit.label if edit is not None else _("只看没有改。采纳请用 --accept all 或 --accept 编号。"))
    return DONE


def _chosen(found: list[Proposal], words: list[str]) -> list[Proposal]:
    if words == ["all"]:
        return found
    for word in words:
        if not any(one.code == word for one in found):
            raise UserError(_("回传文件里没有编号 {code}。").format(code=word))
    return [one for one in found if one.code in words]
