"""What a manifest says of the coins that settle quotes: which, who is paid in them, and where they leave to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scrip.manifest.fields import Decimal, Elsewhere, Name, RegimeName, Ticker
from scrip.manifest.part import Part
from scrip.manifest.prices import Peg


class Settlement(Part):
    """What quotes are settled in, by symbol: an address (Solana: a mint), or "mock" where the network is not public.

    `regime` names the list of coins, of those in `regimes/`, on which each must stand; "" for none. On Solana the
    program itself holds the treasury.
    """

    assets: dict[Ticker, str]
    regime: RegimeName = ""


class EvmSettlement(Settlement):
    """What quotes are settled in, by symbol: an address, or "mock" where the network is not public.

    `regime` names the list in `regimes/` on which each must stand, "" for none; `treasury` pays, `pegs` guard coins.
    """

    pegs: Annotated[dict[Ticker, Peg], Elsewhere("Solana's program asks no feed of a coin")] = Field(default={})
    treasury: Annotated[Name, Elsewhere("on Solana the program holds the treasury: leave it out")]


class Outflow(Part):
    """Where a coin leaves the program's treasury to: an account of the manifest, whose canonical token account is paid.

    `daily` is the most of it in a day, in money; "0" stops withdrawals.
    """

    account: Name
    daily: Decimal


class SolanaSettlement(Settlement):
    """What quotes are settled in, by symbol: a mint, or "mock" where the network is not public.

    `regime` names the list in `regimes/` on which each must stand, "" for none. The program holds the treasury;
    `custodians` says by symbol to whom `market withdraw` pays out of it.
    """

    custodians: Annotated[
        dict[Ticker, Outflow], Elsewhere("the treasury is an account of the issuer's there, which pays as it likes")
    ] = Field(default={})
