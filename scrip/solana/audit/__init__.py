"""Proof from the cluster that a deployment is what its manifest says, and that nobody else holds power over it.

The program's bytes and who may replace them, every role, every authority and extension of every mint, the multiplier
that wallets see against the program's own, settings and reserves. What no audit of a cluster shows: that the custodian
holds the shares, who knows a key, who the owners of a multisig's vault are, and what a settlement asset that is not
ours does.
"""

from scrip.solana.audit.evidence import Evidence
from scrip.solana.audit.program import Built
from scrip.solana.audit.run import audit, evidence_of, examine

__all__ = ["Built", "Evidence", "audit", "evidence_of", "examine"]
