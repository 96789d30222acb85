"""Which extensions of Token-2022 venues take on a mint, as each says in its published source or documents.

A list is what was published when it was read, and no answer of the program's: venues add extensions and take single
mints in by a badge or an entry of their administrators'. What a venue does is seen when its own instruction is
simulated; what it says is here, so that an issuer asks for the badge before listing day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solders.pubkey import Pubkey

from scrip.solana.encoding.mint import ZERO, Mint


@dataclass(frozen=True, slots=True)
class VenueList:
    """A venue's program, what it takes from anybody, what it takes by permission, and where that is written.

    `hook_renounced`: whether a transfer hook's slot must be without an authority too, not without a program alone.
    """

    program: Pubkey
    taken: frozenset[str]
    by_permission: frozenset[str]
    permission: str
    hook_renounced: bool
    source: str

    def refused(self, mint: Mint) -> dict[str, str]:
        """What of a mint the venue does not take from anybody, and what it would take: a permission, or nothing."""
        found = {one: self._why(one) for one in sorted({*mint.extensions} - self.taken)}
        if "TransferHook" in mint.extensions and "TransferHook" not in found:
            if mint.key("TransferHook", 32) != ZERO:
                found["TransferHook"] = "a hook's program is refused"
            elif self.hook_renounced and mint.key("TransferHook") != ZERO:
                found["TransferHook"] = self._why("TransferHook", "its authority is not renounced: ")
        return found

    def _why(self, extension: str, before: str = "") -> str:
        return before + (f"needs {self.permission}" if extension in self.by_permission else "is refused")


_PLAIN = frozenset({"TransferFeeConfig", "MetadataPointer", "TokenMetadata"})
_EVERY = frozenset(
    {"DefaultAccountState", "Pausable", "PermanentDelegate", "ScaledUiAmount", "TransferHook", "InterestBearingConfig"}
)

VENUES: Mapping[str, VenueList] = {
    "klend": VenueList(
        Pubkey.from_string("KLend2g3cP87fffoy8q1mQqGKjrxjC8boSyAYavgmjD"),
        _PLAIN
        | {
            "ConfidentialTransferFeeConfig",
            "ConfidentialTransferMint",
            "MintCloseAuthority",
            "PermanentDelegate",
            "TransferHook",
        },
        frozenset(),
        "",
        False,
        "Kamino-Finance/klend, programs/klend/src/utils/constraints.rs, VALID_LIQUIDITY_TOKEN_EXTENSIONS",
    ),
    "raydium-clmm": VenueList(
        Pubkey.from_string("CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK"),
        _PLAIN | {"InterestBearingConfig"},
        _EVERY,
        "an entry of Raydium's administrators for the mint (SupportMintAssociated)",
        False,
        "raydium-io/raydium-clmm 0c9a5a75, programs/amm/src/util/token.rs, is_supported_mint",
    ),
    "raydium-cp-swap": VenueList(
        Pubkey.from_string("CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C"),
        _PLAIN,
        frozenset(),
        "",
        False,
        "raydium-io/raydium-cp-swap 07068f17, programs/cp-swap/src/utils/token.rs, is_supported_mint",
    ),
    "meteora-dlmm": VenueList(
        Pubkey.from_string("LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo"),
        _PLAIN | {"TransferHook"},
        _EVERY,
        "a token badge of Meteora's",
        True,
        "docs.meteora.ag, DLMM Token 2022 support",
    ),
}
"""The venues whose lists were read, by name."""


def venue_of(program: Pubkey | None) -> str:
    """The venue of a program; "" for any other."""
    return next((name for name, one in VENUES.items() if one.program == program), "")
