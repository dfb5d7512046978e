"""A spreadsheet file: opened safely, its sheets as cells, and what its title block says of it."""
