"""Roles by name: one vocabulary for the contracts, the Solana program and the manifests.

A contract's role is the keccak-256 of its name here; the program's is the field that SOLANA_ROLES gives. ADMIN (the
timelock's on both), MINTER (the market's) and FACTORY (the factory's) are held by no person and are not listed.
"""

from __future__ import annotations

from types import MappingProxyType

from scrip import instructions as ins

ADMIN = "ADMIN"
"""Whoever may change what lasts: the timelock."""
EVM_ROLES = (
    "COMPLIANCE",
    "ENFORCER",
    "PAUSER",
    "UNPAUSER",
    "GUARDIAN",
    "ACTIONS",
    "QUOTE_SIGNER",
    "CEILING",
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
    }
)
"""Roles that people hold on Solana, each with its field of the program's `Roles`. A role has one holder there.

ATTESTOR signs what a reserve oracle answers and CEILING sets elsewhere; nothing halts all stocks at once, so there is
no GUARDIAN.
"""
SOLANA_ADMIN = "admin"
"""The field of ADMIN."""

_NEEDED = {
    ADMIN: (
        ins.Unhalt,
        ins.ConfigureReserve,
        ins.SetBasis,
        ins.RemoveHolderLimits,
        ins.ReadmitProvider,
        ins.SetSanctionsOracle,
    ),
    "ISSUER": (ins.CreateStock,),
    "GUARDIAN": (ins.Halt,),
    "PAUSER": (ins.Pause, ins.PauseMarket),
    "UNPAUSER": (ins.Unpause, ins.UnpauseMarket),
    "COMPLIANCE": (
        ins.Onboard,
        ins.LinkWallet,
        ins.UnlinkWallet,
        ins.Renew,
        ins.SetProfile,
        ins.SetStockRules,
        ins.SetHolderLimits,
        ins.Block,
        ins.Unblock,
        ins.BlockWallet,
        ins.UnblockWallet,
        ins.DropProvider,
        ins.SuspendSanctionsOracle,
    ),
    "RECOVERER": (ins.RecoverWallet,),
    "ACTIONS": (ins.Announce, ins.Schedule, ins.Cancel),
    "CEILING": (ins.SetCeiling,),
    "ENFORCER": (
        ins.OpenCase,
        ins.CloseCase,
        ins.Freeze,
        ins.SetFrozenTokens,
        ins.ForcedTransfer,
        ins.ForcedBurn,
        ins.Lock,
        ins.ReleaseLocks,
    ),
}
TIGHTENING = (ins.SetStockRules, ins.SetHolderLimits)
"""What COMPLIANCE may do where it makes nothing looser, and ADMIN in any case."""
_ROLE_OF = {kind: role for role, kinds in _NEEDED.items() for kind in kinds}


def role_needed(order: ins.RoleInstruction) -> str:
    """The role without which an Ethereum-family chain refuses an instruction; TypeError for one that nothing does."""
    try:
        return _ROLE_OF[type(order)]
    except KeyError:
        raise TypeError(f"no role is known for it: {order!r}") from None


def roles_sufficing(order: ins.RoleInstruction) -> tuple[str, ...]:
    """The roles of which any one is enough to be heard with an instruction."""
    needed = role_needed(order)
    return (needed, ADMIN) if isinstance(order, TIGHTENING) else (needed,)
