"""From the backlog to places: who needs a flat or a bed, who gets one, and who waits in hospital meanwhile."""
