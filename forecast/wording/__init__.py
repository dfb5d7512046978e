"""What is said on screen and in messages, in plain words."""
