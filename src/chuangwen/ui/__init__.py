"""The window: widgets and nothing else. What the program can do lies below."""
