"""Solana's runtime in this process, for demonstrations, rehearsals and tests."""
