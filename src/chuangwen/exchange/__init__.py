"""What comes in and goes out: vector files, workbooks, encodings, coordinate systems, matching, importing, exporting. No Qt, no SQL."""
