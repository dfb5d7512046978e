"""One model for all locations: its features, its learning, its paths."""
