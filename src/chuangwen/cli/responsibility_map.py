"""`report responsibility`: who would answer for every spot, by area and category; what nobody has and what two have."""

from __future__ import annotations

import argparse

from chuangwen.cli.answering import DONE, open_project, print_json
from chuangwen.text import _


def responsibility(options: argparse.Namespace) -> int:
    """Write the workbook, or tell it; one map for each category that is asked for."""
    from chuangwen.services.responsibility_map import HOLE, Reading, map_of
    from chuangwen.services.responsibility_table import STREET, ZONE, table_of, write_map

    project = open_project(options)
    day = project.campaign.today
    read = Reading(project, day)
    maps = [map_of(project, day, category, reading=read) for category in dict.fromkeys(options.category or [""])]
    if options.out is not None:
        write_map(options.out, maps, [table_of(project, day, reading=read, by=by) for by in (ZONE, STREET)])
    if options.json:
        print_json(
            {
                "category": "、".join(found.category for found in maps),
                "step_m": maps[0].step,
                "areas": [{"category": found.category, "unit": unit, "m2": round(area)} for found in maps for unit, area in found.areas()],
                "places": [
                    {
                        "category": found.category,
                        "kind": one.kind,
                        "text": one.text,
                        "m2": round(one.area_m2),
                        "at": list(one.at),
                        "claims": list(one.claims),
                        "settled": one.settled or None,
                    }
                    for found in maps
                    for one in found.places
                ],
                "file": str(options.out) if options.out else None,
            }
        )
        return DONE
    for found in maps:
        holes = sum(one.kind == HOLE for one in found.places)
        counts = {"category": found.category, "units": len(found.units), "holes": holes, "doubles": len(found.places) - holes}
        print(_("责任一张图（{category}）：{units} 个单位，空白 {holes} 处，重复 {doubles} 处。").format(**counts))
        for one in found.places[:20]:
            print(f"  {one.text}：{one.area_m2:,.0f} m²")
    return DONE
