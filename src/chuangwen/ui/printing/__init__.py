"""The print window: what is printed on the left, the pages in the middle, the page itself on the right."""
