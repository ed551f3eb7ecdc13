"""Sessions as held: lookup, log, live updates."""
