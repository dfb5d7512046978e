"""What a chart, its table and its words are made of."""
