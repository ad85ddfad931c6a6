"""FactPulse: generation, validation, signature, life cycle, e-reporting, AFNOR proxy, Chorus Pro."""
