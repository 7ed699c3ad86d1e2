"""The command line: all that the window does, except look (design.md §9)."""

from chuangwen.cli.answering import BUG, DONE, IN_PART, REFUSED
from chuangwen.cli.commands import COMMANDS, main

__all__ = ["BUG", "COMMANDS", "DONE", "IN_PART", "REFUSED", "main"]
