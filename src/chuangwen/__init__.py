"""创文一张图: sites, zones, road-chief sections and issues of a creation office on one map."""

__version__ = "0.1.0"
