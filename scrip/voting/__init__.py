"""Votes at meetings as files: agenda, holders' proofs, the custodian's instruction, confirmations."""
