"""Plain values and rules of the trade: no Qt, no files, no SQL."""
