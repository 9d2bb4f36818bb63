"""Back-up and restore of an installation: its database and its files, in a folder, proved in another place.

A floor of its own, above the domains that it saves and the launcher whose PostgreSQL it uses; only commands call it.
"""
