"""Token accounts: what the ledger reads of them, and the few instructions of the token programs that it sends."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import (
    AllocateWithSeedParams,
    AssignWithSeedParams,
    CreateAccountParams,
    TransferParams,
    allocate_with_seed,
    assign_with_seed,
)
from solders.system_program import create_account as create_system_account
from solders.system_program import transfer as transfer_lamports

from scrip.solana.addresses import ASSOCIATED_TOKEN, SYSTEM, TOKEN, TOKEN_2022, token_account
from scrip.solana.encoding.places import Accounts, Kind, stored, stored_at

FROZEN = 2
MINT_SIZE = 82
ACCOUNT_SIZE = 165
"""Bytes of a token account without extensions. Behind as many says the next byte what it is that has some."""
IS_MINT, IS_ACCOUNT = 1, 2
STATE, MINT_IS_INITIALISED = 108, 45
"""Where a token account has its state, 0 before it is one, and where a mint says that it is one."""
_PAUSABLE = 26
_SCALED_UI_AMOUNT = 25


def _is_account(data: bytes) -> bool:
    """Whether data of a token program's are a token account's."""
    sized = len(data) == ACCOUNT_SIZE or (len(data) > ACCOUNT_SIZE and data[ACCOUNT_SIZE] == IS_ACCOUNT)
    return sized and data[STATE] != 0


def _is_mint(data: bytes) -> bool:
    """Whether they are a mint's."""
    sized = len(data) == MINT_SIZE or (len(data) > ACCOUNT_SIZE and data[ACCOUNT_SIZE] == IS_MINT)
    return sized and data[MINT_IS_INITIALISED] == 1


UNITS = Kind("token account", TOKEN_2022, _is_account)
"""A token account of a stock."""
STOCK = Kind("mint", TOKEN_2022, _is_mint)
"""A stock's mint."""
COINS = Kind("token account", TOKEN, _is_account)
"""A token account of settlement currency."""
COIN = Kind("mint", TOKEN, _is_mint)
"""A settlement currency's mint."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A token account, as far as it is read here."""

    mint: Pubkey
    owner: Pubkey
    amount: int
    frozen: bool


def holding(data: bytes | None) -> Holding | None:
    """A token account from its data; None where there is none."""
    if not data:
        return None
    mint, owner = Pubkey.from_bytes(data[:32]), Pubkey.from_bytes(data[32:64])
    return Holding(mint, owner, int.from_bytes(data[64:72], "little"), data[108] == FROZEN)


def holding_at(source: Accounts, address: Pubkey, kind: Kind = UNITS) -> Holding | None:
    """The token account that stands at an address; None where there is none. Misplaced."""
    return holding(stored_at(source, address, kind))


def holdings(source: Accounts, addresses: Sequence[Pubkey], kind: Kind = UNITS) -> list[Holding | None]:
    """The same of several, in order."""
    return [holding(data) for data in stored(source, addresses, kind)]


def supply(data: bytes) -> int:
    """A mint's supply, raw units."""
    return int.from_bytes(data[36:44], "little")


def extensions(data: bytes) -> dict[int, bytes]:
    """A mint's or token account's Token-2022 extensions: type → value."""
    found, at = {}, 166
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == 0:
            break
        found[kind] = data[at + 4 : at + 4 + length]
        at += 4 + length
    return found


def is_paused(data: bytes) -> bool:
    """Whether a stock's mint is paused."""
    return extensions(data)[_PAUSABLE][32] == 1


def shown_multiplier(data: bytes, now: int) -> float:
    """The float that wallets multiply balances by: ScaledUiAmount's own, or its next one from its second on."""
    current, effective_at, pending = struct.unpack_from("<dqd", extensions(data)[_SCALED_UI_AMOUNT], 32)
    return float(pending if now >= effective_at else current)


def create_account(payer: Pubkey, wallet: Pubkey, mint: Pubkey, program: Pubkey = TOKEN_2022) -> Instruction:
    """The instruction that makes a wallet's canonical token account, unless it exists."""
    accounts = [
        AccountMeta(payer, True, True),
        AccountMeta(token_account(wallet, mint, program), False, True),
        AccountMeta(wallet, False, False),
        AccountMeta(mint, False, False),
        AccountMeta(SYSTEM, False, False),
        AccountMeta(program, False, False),
    ]
    return Instruction(ASSOCIATED_TOKEN, bytes([1]), accounts)


def transfer(source: Pubkey, mint: Pubkey, to: Pubkey, owner: Pubkey, amount: int, decimals: int) -> Instruction:
    """The instruction that transfers units of a Token-2022 mint (TransferChecked)."""
    accounts = [
        AccountMeta(source, False, True),
        AccountMeta(mint, False, False),
        AccountMeta(to, False, True),
        AccountMeta(owner, True, False),
    ]
    return Instruction(TOKEN_2022, struct.pack("<BQB", 12, amount, decimals), accounts)


def create_mint(payer: Pubkey, mint: Pubkey, authority: Pubkey, decimals: int, rent: int) -> list[Instruction]:
    """The instructions that make a mint of the first token program at an address that signs for it."""
    made = CreateAccountParams(from_pubkey=payer, to_pubkey=mint, lamports=rent, space=MINT_SIZE, owner=TOKEN)
    return [create_system_account(made), _initialise_mint(mint, authority, decimals)]


def create_seeded_mint(payer: Pubkey, seed: str, authority: Pubkey, decimals: int, rent: int) -> list[Instruction]:
    """Make a mint of the first token program at the payer's address for a seed: nobody else can, nor signs for it.

    Paid, allocated and assigned one by one: creating it at once would fail where somebody has sent lamports.
    """
    mint = seeded_mint(payer, seed)
    return [
        transfer_lamports(TransferParams(from_pubkey=payer, to_pubkey=mint, lamports=rent)),
        allocate_with_seed(AllocateWithSeedParams(address=mint, base=payer, seed=seed, space=MINT_SIZE, owner=TOKEN)),
        assign_with_seed(AssignWithSeedParams(address=mint, base=payer, seed=seed, owner=TOKEN)),
        _initialise_mint(mint, authority, decimals),
    ]


def seeded_mint(payer: Pubkey, seed: str) -> Pubkey:
    """The address of the mint that the payer makes for a seed."""
    return Pubkey.create_with_seed(payer, seed, TOKEN)


def _initialise_mint(mint: Pubkey, authority: Pubkey, decimals: int) -> Instruction:
    return Instruction(TOKEN, bytes([20, decimals]) + bytes(authority) + bytes([0]), [AccountMeta(mint, False, True)])


def mint_coins(mint: Pubkey, to: Pubkey, authority: Pubkey, amount: int) -> Instruction:
    """The instruction that makes units of a mint of the first token program (MintTo)."""
    accounts = [AccountMeta(mint, False, True), AccountMeta(to, False, True), AccountMeta(authority, True, False)]
    return Instruction(TOKEN, struct.pack("<BQ", 7, amount), accounts)
