"""How a state changes: transitions as data, and the refusals that words explain."""
