"""People in lines and the places they move into, day by day on every sample path."""
