"""盲区检查 in the window: the checks with their counts, what each found, and where that is on the map."""
