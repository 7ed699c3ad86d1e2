"""Sheets of paper planned: which there are, what stands on them, how they are divided. Pure; nothing is drawn here."""
