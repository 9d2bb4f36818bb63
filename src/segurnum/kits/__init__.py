"""The kits that pages are made of: each a dataclass that is declared, and a template that draws it."""
