"""Django's PostgreSQL, with one difference: during an outage nobody waits for a connection."""
