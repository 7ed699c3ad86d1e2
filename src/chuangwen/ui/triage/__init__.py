"""待办箱: the issues that want the planner, one after another by keys alone; the map follows."""
