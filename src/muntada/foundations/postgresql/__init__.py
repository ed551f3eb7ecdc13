"""Django's PostgreSQL: nobody waits for a connection in an outage, and statements can be planned once."""
