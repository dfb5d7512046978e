"""What the commands share: folders, progress, what they say."""
