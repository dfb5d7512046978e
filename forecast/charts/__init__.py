"""Charts, drawn with Altair from the frames of ``forecast.figures``."""
