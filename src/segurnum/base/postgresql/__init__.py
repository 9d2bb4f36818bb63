"""Django's PostgreSQL, with a pool that is rid of its dead connections at once, and queries that always end."""
