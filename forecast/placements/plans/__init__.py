"""What a plan is made of: its fields, their defaults and limits, places by date, events, files and links."""
