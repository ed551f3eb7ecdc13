"""Pages across stages: the front page of a forum, search, the trace. Everybody comes in here first."""
