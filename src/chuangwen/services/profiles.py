"""Profiles of senders in a project: found when a list of theirs comes again, kept when the user had something to say about one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.errors import UserError, nearest
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.profiles import AUTO, NONE, Profile, as_json, from_json, made, merged_columns, recognise, sender_of, titles_of
from chuangwen.services.project import Project
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.importing import ImportOptions


def known_profiles(project: Project) -> list[Profile]:
    """The profiles of a project, the last used first."""
    return [profile for name, text in project.store.profiles() if (profile := from_json(name, text)) is not None]


def with_profile(
    project: Project, path: Path, layer: str, incoming: Incoming, options: ImportOptions, read: Callable[[ImportOptions], Incoming]
) -> tuple[Incoming, ImportOptions, str]:
    """The file and the options as the sender's profile has them, and its name ('' for none). What the user says now goes first.

    `read` reads the file again, where the profile bears on that. Raises `UserError` for a profile that is named and is not there, unless the user says now
    what it is to hold.
    """
    if options.profile == NONE or not layer:
        return incoming, options, ""
    profiles = known_profiles(project)
    if options.profile:
        profile = next((one for one in profiles if one.name == options.profile and one.layer == layer), None)
        if profile is None and _says_nothing(options):
            names = [one.name for one in profiles if one.layer == layer]
            close = nearest(options.profile, names)
            hint = _("是不是“{close}”？").format(close=close) if close else _("有：{names}").format(names="、".join(names) or _("没有"))
            raise UserError(_("没有名为“{name}”的导入方案。").format(name=options.profile), hint=hint)
    else:
        profile = recognise(profiles, layer, titles_of(incoming), sender_of(incoming, path.name))
    if profile is None:
        return incoming, options, ""
    said = replace(
        options,
        answers={**profile.answers, **options.answers},
        crs=profile.crs if options.crs == AUTO else options.crs,
        encoding=profile.encoding if options.encoding == AUTO else options.encoding,
    )
    if profile.reads_otherwise:
        incoming = read(said)
    return incoming, replace(said, columns=merged_columns(profile, incoming, options.columns, options.answers)), profile.name


def profile_to_keep(path: Path, layer: str, incoming: Incoming, options: ImportOptions, used: str) -> Profile | None:
    """What is to be remembered of an import: under the name of the profile that was used, else of the sender. None where the user said nothing."""
    if options.profile == NONE or not layer:
        return None
    name = used or options.profile or sender_of(incoming, path.name)
    profile = made(name, layer, incoming, options.columns, options.answers, options.crs, options.encoding)
    return None if profile.says_nothing else profile


def keep(project: Project, profile: Profile) -> None:
    """Write a profile."""
    project.store.keep_profile(profile.name, as_json(profile))


def _says_nothing(options: ImportOptions) -> bool:
    return not options.columns and not options.answers and options.crs == AUTO and options.encoding == AUTO
