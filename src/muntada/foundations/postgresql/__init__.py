"""Django's PostgreSQL backend with immediate failure in an outage and prepared statements."""
