"""Parts of ``SeasonCurves``: past waves, particles of the nation, hospitals tied to it, the hand-over."""
