"""What klend, Raydium and Meteora publish of the Token-2022 extensions that they take, against a stock's own mint.

The lists here were read in the venues' sources and documents, apart from those of the code:
- klend: Kamino-Finance/klend, programs/klend/src/utils/constraints.rs, VALID_LIQUIDITY_TOKEN_EXTENSIONS, eight kinds;
  a hook's program must be unset and a transfer fee zero. Later builds may take more, and say so nowhere that was read.
- Raydium: is_supported_mint of raydium-clmm (0c9a5a75) and of raydium-cp-swap (07068f17), four kinds and three; CLMM
  takes any mint that has an entry of its administrators'.
- Meteora: docs.meteora.ag, DLMM Token 2022 support: three kinds, a hook whose program and authority are both revoked,
  and others by a token badge.
"""

from __future__ import annotations

import pytest
from solana_world import STOCK, World
from solders.pubkey import Pubkey

from scrip.solana.encoding.mint import OURS, Mint
from scrip.solana.encoding.venue_lists import VENUES, venue_of

BADGE = "needs a token badge of Meteora's"
ENTRY = "needs an entry of Raydium's administrators for the mint (SupportMintAssociated)"
NO = "is refused"
REFUSED = {
    "klend": {"DefaultAccountState": NO, "Pausable": NO, "ScaledUiAmount": NO},
    "raydium-clmm": dict.fromkeys(
        ("DefaultAccountState", "Pausable", "PermanentDelegate", "ScaledUiAmount", "TransferHook"), ENTRY
    ),
    "raydium-cp-swap": dict.fromkeys(
        ("DefaultAccountState", "Pausable", "PermanentDelegate", "ScaledUiAmount", "TransferHook"), NO
    ),
    "meteora-dlmm": {
        **dict.fromkeys(("DefaultAccountState", "Pausable", "PermanentDelegate", "ScaledUiAmount"), BADGE),
        "TransferHook": f"its authority is not renounced: {BADGE}",
    },
}


@pytest.fixture(scope="module")
def data() -> bytes:
    """A stock's mint as the program makes it."""
    world = World.with_stock()
    return world.chain.account(world.ledger.listing(STOCK).mint) or b""


def test_a_stocks_mint_has_the_seven_extensions_that_the_lists_are_held_against(data: bytes) -> None:
    assert sorted(Mint(data).extensions) == sorted(OURS)
    assert len(OURS) == 7


@pytest.mark.parametrize("venue", sorted(REFUSED))
def test_what_a_venue_takes_from_nobody_is_named_with_what_it_asks_for(venue: str, data: bytes) -> None:
    assert VENUES[venue].refused(Mint(data)) == REFUSED[venue]


def test_every_venue_has_a_list_here_and_a_source(data: bytes) -> None:
    assert set(VENUES) == set(REFUSED)
    assert all(one.source for one in VENUES.values())
    assert {venue_of(one.program) for one in VENUES.values()} == set(VENUES)
    assert venue_of(Pubkey.default()) == venue_of(None) == ""


@pytest.mark.parametrize("venue", ["klend", "meteora-dlmm"])
def test_a_hook_that_runs_is_refused_by_who_takes_the_slot(venue: str, data: bytes) -> None:
    mint = Mint(data)
    mint.extensions["TransferHook"] = bytes(32) + bytes([7]) * 32
    assert VENUES[venue].refused(mint)["TransferHook"] == "a hook's program is refused"
    mint.extensions["TransferHook"] = bytes(64)
    assert "TransferHook" not in VENUES[venue].refused(mint)


def test_a_plain_mint_is_taken_by_all(data: bytes) -> None:
    mint = Mint(data)
    mint.extensions = {one: mint.extensions[one] for one in ("MetadataPointer", "TokenMetadata")}
    assert [one.refused(mint) for one in VENUES.values()] == [{}] * len(VENUES)
