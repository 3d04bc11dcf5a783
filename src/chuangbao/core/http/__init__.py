"""The door of the system: bounds, rate limits, forms sent once, sessions that end, the cache, request log, metrics."""
