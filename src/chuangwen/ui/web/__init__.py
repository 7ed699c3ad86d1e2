"""The web map in the window: the page that patrols get, in the Qt web engine."""
