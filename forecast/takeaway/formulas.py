"""Texts that a spreadsheet would take for formulas, made harmless: one guard for every file of figures."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")  # noqa: RUF001 (some spreadsheets take these too)


def harmless(value: object) -> object:
    """Put a quotation mark before a text that a spreadsheet would take for a formula; leave all else as it is."""
    formula = isinstance(value, str) and value.lstrip(" \u00a0\ufeff").startswith(FORMULA)
    return f"'{value}" if formula else value
