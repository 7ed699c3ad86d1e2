"""Documents that an office sends: the form of GB/T 9704-2012 written as Word files (domain.md 6.5)."""
