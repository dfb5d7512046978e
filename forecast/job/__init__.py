"""The unattended weekly run: its steps, and the journal of every attempt."""
