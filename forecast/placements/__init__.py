"""From the backlog to places: demand, plan, simulation."""
