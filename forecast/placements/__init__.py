"""From the backlog to places: who needs a flat or a care-home bed, who waits, and how many places would be enough."""
