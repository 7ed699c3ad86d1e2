"""The web map: one HTML file that opens anywhere with no network (domain.md 7.8, facts.md 22)."""
