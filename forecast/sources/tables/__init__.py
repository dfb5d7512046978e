"""The tables of a workbook: where their numbers are, whom they are about, and whether they can be trusted."""
