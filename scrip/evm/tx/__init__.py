"""Transactions: resolved, signed, sent, found again, and held against the records."""
