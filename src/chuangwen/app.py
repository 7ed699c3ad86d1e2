"""Where the program starts: a command goes to the command line, anything else opens the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from chuangwen import cli
from chuangwen.settings import read_settings, resources_folder
from chuangwen.text import _, use_language


def main(argv: list[str] | None = None) -> int:
    """Run a command, or the window with the project given as the only argument. Returns the exit status (design.md §9)."""
    arguments = sys.argv[1:] if argv is None else argv
    settings, _problems = read_settings()
    use_language(resources_folder() / "locale", settings.language)
    if arguments and (arguments[0] in cli.COMMANDS or arguments[0].startswith("-")):
        return cli.main(arguments, settings)
    path = Path(arguments[0]) if arguments else None
    if path is not None and path.suffix != ".gpkg":
        return cli.main(arguments, settings)  # a mistyped command: argparse names the nearest
    if not _has_display():
        print(_("没有图形界面（DISPLAY 与 WAYLAND_DISPLAY 都为空），窗口无法打开。命令行功能可用：python main.py --help"), file=sys.stderr)
        return 2
    from chuangwen.ui.app_window import run_window

    return run_window(path, settings)


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    raise SystemExit(main())
