"""The steps of a refit: what is learned, and the forecast of each metric."""
