"""National directories (FINESS, RPPS): who exists and who is closed, for a simulation to say what an officer would."""
