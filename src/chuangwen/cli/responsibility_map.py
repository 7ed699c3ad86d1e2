"""`report responsibility`: who would answer for every spot, by area and category; what nobody has and what two have."""

from __future__ import annotations

import argparse

from chuangwen.cli.answering import DONE, open_project, print_json
from chuangwen.text import _


def responsibility(options: argparse.Namespace) -> int:
    """Write the workbook, or tell it."""
    from chuangwen.services.responsibility_map import HOLE, map_of, table_of, write_map

    project = open_project(options)
    day = project.campaign.today
    found = map_of(project, day, options.category)
    if options.out is not None:
        write_map(options.out, found, table_of(project, day))
    holes = [one for one in found.places if one.kind == HOLE]
    if options.json:
        print_json(
            {
                "category": found.category,
                "step_m": found.step,
                "areas": [{"unit": unit, "m2": round(area)} for unit, area in found.areas()],
                "places": [{"kind": one.kind, "text": one.text, "m2": round(one.area_m2), "at": list(one.at)} for one in found.places],
                "file": str(options.out) if options.out else None,
            }
        )
        return DONE
    counts = {"category": found.category, "units": len(found.units), "holes": len(holes), "doubles": len(found.places) - len(holes)}
    print(_("责任一张图（{category}）：{units} 个单位，空白 {holes} 处，重复 {doubles} 处。").format(**counts))
    for one in found.places[:20]:
        print(f"  {one.text}：{one.area_m2:,.0f} m²")
    return DONE
