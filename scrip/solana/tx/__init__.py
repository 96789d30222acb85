"""Transactions: keys, steps resolved, signed, sent, found again, and held against the records."""
