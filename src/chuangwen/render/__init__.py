"""Drawing: one function, in millimetres, for screen, image, PDF and printer. Qt starts here; widgets do not."""
