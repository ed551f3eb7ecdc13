"""Pages across stages: front page, search, trace, log, action lines."""
