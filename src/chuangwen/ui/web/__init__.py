"""Web maps in the window: the page in the Qt web engine, what goes out, what comes back."""
