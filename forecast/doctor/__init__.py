"""What is wrong with the store, the runs and what was fetched, and setting it right: ``forecast doctor``."""
