"""The doors to the engines: series with their groups and editions, and the readers of sources."""
