"""The import dialog: file → what was found → what will change → done, with a way back at each step."""
