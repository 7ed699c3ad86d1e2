"""Web maps in the window: what goes out, what comes back."""
