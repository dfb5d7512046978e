"""Waves of flu and Covid: how far behind the nation a hospital runs, how high and when they peak."""
