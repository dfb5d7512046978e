"""Monthly files with one row a place or provider: the CSV files of NHS England and the A&E workbook."""
