"""How much anybody may ask of the portal, who asks, and what the administration has closed."""
