"""Roles by name: one vocabulary for the contracts, the Solana program and the manifests.

A contract's role is the keccak-256 of its name here; the program's is the field that SOLANA_ROLES gives. ADMIN (the
timelock's on both), MINTER (the market's) and FACTORY (the factory's) are held by no person and are not listed.
"""

from __future__ import annotations

from types import MappingProxyType

ADMIN = "ADMIN"
"""The role of whoever may change what lasts: the timelock."""
EVM_ROLES = (
    "COMPLIANCE",
    "ENFORCER",
    "PAUSER",
    "UNPAUSER",
    "GUARDIAN",
    "ACTIONS",
    "QUOTE_SIGNER",
    "CEILING",
    "ATTESTOR",
    "ISSUER",
    "RECOVERER",
    "KYC_PROVIDER",
)
"""Roles that people hold on an Ethereum-family chain."""

SOLANA_ROLES = MappingProxyType(
    {
        "ISSUER": "issuer",
        "COMPLIANCE": "compliance",
        "ENFORCER": "enforcer",
        "PAUSER": "pauser",
        "UNPAUSER": "unpauser",
        "ACTIONS": "actions",
        "QUOTE_SIGNER": "quote_signer",
        "ATTESTOR": "attestor",
        "GUARDIAN": "guardian",
        "RECOVERER": "recoverer",
    }
)
"""Roles that people hold on Solana, each with its field of the program's `Roles`. A role has one holder there.

ATTESTOR also says what CEILING sets elsewhere.
"""
SAFE_ONLY = ("ENFORCER", "RECOVERER", "UNPAUSER", "ISSUER")
"""Roles that move others' tokens or end a stop: on a public network the Safe's alone."""
DAILY = ("COMPLIANCE", "KYC_PROVIDER", "ACTIONS", "QUOTE_SIGNER", "CEILING", "ATTESTOR")
"""Roles of the desks, whose first holder signs their work every day."""
APART = ("COMPLIANCE", "KYC_PROVIDER", "QUOTE_SIGNER", "CEILING", "ATTESTOR")
"""A mint needs a cleared account, a quote and room in the reserve: on a public network no key gives two of them."""

SOLANA_ADMIN = "admin"
"""The field of the program's `Roles` that holds ADMIN."""
