"""From publishers into the store: fetching, keeping and ingesting files."""
