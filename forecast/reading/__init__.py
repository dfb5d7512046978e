"""A run, read for people: names in place of codes, rows of its summary, its waves; or why it has none."""
