"""Proof from the chain that a deployment is what its manifest says, and that nobody else holds power over it.

Every role and owner, every pointer and ERC-1967 slot, code against build, parameters against manifest, records against
chain. What no audit of a chain shows: that the custodian holds the shares, that an oracle tells the truth, who knows a
key, and what a settlement asset that is not ours does.
"""

from scrip.evm.audit.run import audit, evidence_of, records

__all__ = ["audit", "evidence_of", "records"]
