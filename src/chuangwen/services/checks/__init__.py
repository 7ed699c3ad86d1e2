"""What is not covered: gaps, holes in rosters and lists, names that nobody bears (domain.md 1.6, CV-01 … CV-16 and the SR lists)."""
