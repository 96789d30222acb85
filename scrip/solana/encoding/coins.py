"""Whether a coin may settle quotes: all that is sent arrives, and it counts in the decimals that amounts have here.

The program asks the treasury's account nothing after a payment; what a fee keeps back, or a hook refuses, would be the
issuer's or the holder's loss. So such coins are not listed, nor those whose issuer could give them either later.
"""

from __future__ import annotations

from collections.abc import Iterator

from solders.pubkey import Pubkey

from scrip.errors import InputError
from scrip.solana.encoding.places import Accounts, any_of
from scrip.solana.encoding.tokens import COIN, MINT_SIZE, STOCK, extensions
from scrip.units import STABLECOIN_DECIMALS

TRANSFER_FEE, NON_TRANSFERABLE, TRANSFER_HOOK = 1, 9, 14
"""Extensions of Token-2022 that decide what arrives."""
FEE_BPS = (88, 106)
"""Where a TransferFeeConfig holds the rate of this epoch and the next one's, two bytes each."""


def coin_at(source: Accounts, mint: Pubkey) -> bytes | None:
    """A coin's mint, of either token program; None where there is none, whatever else stands there."""
    return any_of(source, mint, (COIN, STOCK))


def check_coin(data: bytes | None, field: str, value: object = "") -> None:
    """InputError with all that makes a mint unfit to settle quotes."""
    if faults := list(unfit(data)):
        raise InputError(", and ".join(faults), field=field, value=value)


def unfit(data: bytes | None) -> Iterator[str]:
    """What makes a mint unfit; nothing for a good one."""
    if not data or len(data) < MINT_SIZE or not data[45]:
        yield "is no mint"
        return
    if data[44] != STABLECOIN_DECIMALS:
        yield f"has {data[44]} decimals, and settlement is counted in {STABLECOIN_DECIMALS} here"
    found = extensions(data)
    if TRANSFER_FEE in found:
        config = found[TRANSFER_FEE]
        rates = [int.from_bytes(config[at : at + 2], "little") for at in FEE_BPS]
        if any(rates):
            yield f"keeps a fee of every transfer, {max(rates)} bps (TransferFeeConfig)"
        elif any(config[:32]):
            yield "can be given a fee on transfers at any time (TransferFeeConfig)"
    if TRANSFER_HOOK in found and any(found[TRANSFER_HOOK][32:64]):
        yield "lets another program refuse its transfers (TransferHook)"
    elif TRANSFER_HOOK in found and any(found[TRANSFER_HOOK][:32]):
        yield "can be given a program that refuses its transfers at any time (TransferHook)"
    if NON_TRANSFERABLE in found:
        yield "cannot be transferred (NonTransferable)"
