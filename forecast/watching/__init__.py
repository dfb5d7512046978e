"""Whether the forecasts are still as good as they say, and whether what is served is fresh: judged, never changed."""
