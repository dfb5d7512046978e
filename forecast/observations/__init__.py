"""Observations: the tidy frame, quality flags and the store of vintages."""
