"""Whether anybody can sign for a wallet: much else has an address on Solana, and an investor there could do nothing."""

from __future__ import annotations

from solders.account import Account
from solders.pubkey import Pubkey

from scrip.solana.addresses import SYSTEM, SYSVARS, TOKEN, TOKEN_2022
from scrip.solana.encoding import tokens
from scrip.solana.encoding.places import Found, place
from scrip.solana.encoding.program import StockProgram


def unfit(program: StockProgram, address: Pubkey, account: Account | None, venue: bool = False) -> str:
    """What an address is that is no investor's wallet; "" for one that a key can sign for.

    A `venue` may be a program's: an account of it, or an address that it derives, for which it signs. It is none of
    the token programs', of ours or of the runtime.
    """
    if address in (SYSTEM, program.id, program.at.authority):
        return "the program's own address" if address != SYSTEM else "the system program's address"
    if _is_sysvar(str(address)) or (account is not None and account.owner == SYSVARS):
        return "a sysvar"
    if account is not None and account.executable:
        return "a program"
    if account is not None and account.owner in (TOKEN, TOKEN_2022):
        return _token(address, account)
    if account is not None and account.owner == program.id:
        return "a record of the program's"
    if venue:
        return ""
    if account is not None and (account.owner != SYSTEM or account.data):
        return f"an account of the program {account.owner}"
    return "" if address.is_on_curve() else "an address that a program derived"


def _is_sysvar(text: str) -> bool:
    """By its address: a transaction's instructions have one, and no account."""
    return text.startswith("Sysvar") and text.endswith("1111")


def _token(address: Pubkey, account: Account) -> str:
    kinds = (tokens.COIN, tokens.STOCK, tokens.COINS, tokens.UNITS)
    kind = next(
        (one.name for one in kinds if isinstance(place(address, account, one), Found)), "token program's account"
    )
    owner = f" of {Pubkey.from_bytes(bytes(account.data)[32:64])}" if kind == "token account" else ""
    return f"a {kind}{owner}"
