"""Waves by their growth, each location's own and that of all together: what is looked at, what is learned."""
