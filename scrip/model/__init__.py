"""The issuer's domain model: the accounting laws in exact integers, and a ledger that obeys them. No I/O."""
