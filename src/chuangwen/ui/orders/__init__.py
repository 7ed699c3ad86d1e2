"""Documents of the office in the window: writing them, and the register of what went out."""
