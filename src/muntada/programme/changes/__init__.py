"""Changes of accepted sessions: facts, people, hours; places that become free are offered again."""
