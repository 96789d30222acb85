"""Chains of this machine for demonstrations, rehearsals and tests: anvil, revm, titanoboa, and accounts by name."""
