"""Covid and flu waves: how far behind the nation, how high, and when."""
