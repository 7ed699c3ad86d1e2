"""Pages: who may see what, that nothing else is in the file, and what a real browser makes of it."""
