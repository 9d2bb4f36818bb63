"""Portail Ségur Numérique: deposit, instruction, decision and payment of the financings."""
