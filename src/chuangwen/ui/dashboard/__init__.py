"""The figures in a window: tiles, charts, a table whose every number opens its rows, and the map in shades."""
