"""Where a project is kept. The only place that knows SQL."""
