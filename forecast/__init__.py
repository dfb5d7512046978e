"""Fit-to-leave backlogs and winter peaks, from published NHS data to places needed."""
