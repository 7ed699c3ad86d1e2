"""Moving a border between zones: what it hands over is seen while it is dragged, then written with a list for both sides."""
