"""One financing per beneficiary: who claims it, who holds it, and the procedure when several contest it."""
