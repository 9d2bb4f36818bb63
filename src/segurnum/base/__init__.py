"""How the portal reaches its database: addresses, bounds of each kind of program, pools, and how many connections."""
