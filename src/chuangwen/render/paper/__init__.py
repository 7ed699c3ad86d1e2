"""Sheets of paper drawn: blocks measured and laid into the frames of a template, pages that preview, PDF and printer share."""
