"""The jsonParsed form of mints and token accounts, Token-2022's extensions among them, and of the clock."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solders.account import Account
from solders.pubkey import Pubkey

from scrip.solana.addresses import TOKEN, TOKEN_2022
from scrip.solana.encoding.tokens import extensions

PROGRAMS = {TOKEN: "spl-token", TOKEN_2022: "spl-token-2022"}
SYSVAR = Pubkey.from_string("Sysvar1111111111111111111111111111111111111")
MINT_SIZE, ACCOUNT_SIZE, CLOCK_SIZE = 82, 165, 40
STATES = ("uninitialized", "initialized", "frozen")


@dataclass(frozen=True, slots=True)
class Display:
    """Asks the cluster for what stands elsewhere: a mint's account, and an amount as its token program shows it."""

    account: Callable[[Pubkey], Account | None]
    amount: Callable[[Pubkey, Pubkey, int], str]
    """(token program, mint, raw units) → the text that AmountToUiAmount returns."""


def parsed_account(account: Account, display: Display) -> dict[str, Any] | None:
    """A mint, a token account or the clock; None for what is none of them."""
    program = PROGRAMS.get(account.owner)
    data = bytes(account.data)
    if account.owner == SYSVAR and len(data) == CLOCK_SIZE:
        return {"program": "sysvar", "parsed": {"type": "clock", "info": _clock(data)}, "space": len(data)}
    if program is None:
        return None
    if is_token_account(data):
        kind, info = "account", _holding(account.owner, data, display)
    elif is_mint(data):
        kind, info = "mint", _mint(data)
    else:
        return None
    return {"program": program, "parsed": {"type": kind, "info": info}, "space": len(data)}


def is_token_account(data: bytes) -> bool:
    """Whether the data are a token account's."""
    return len(data) == ACCOUNT_SIZE or (len(data) > ACCOUNT_SIZE and data[ACCOUNT_SIZE] == 2)


def is_mint(data: bytes) -> bool:
    """Whether the data are a mint's."""
    return len(data) == MINT_SIZE or (len(data) > ACCOUNT_SIZE and data[ACCOUNT_SIZE] == 1)


def token_balance(account: Account, display: Display) -> dict[str, Any] | None:
    """What a transaction's meta tells of a token account; None for other accounts."""
    data = bytes(account.data)
    if account.owner not in PROGRAMS or not is_token_account(data) or data[108] == 0:
        return None
    info = _holding(account.owner, data, display)
    return {
        "mint": info["mint"],
        "owner": info["owner"],
        "programId": str(account.owner),
        "uiTokenAmount": info["tokenAmount"],
    }


def amount_json(program: Pubkey, mint: Pubkey, amount: int, display: Display) -> dict[str, Any]:
    """An amount of a mint, raw and as people see it."""
    found = display.account(mint)
    decimals = bytes(found.data)[44] if found is not None else 0
    text = display.amount(program, mint, amount)
    return {"amount": str(amount), "decimals": decimals, "uiAmount": float(text), "uiAmountString": text}


def _holding(program: Pubkey, data: bytes, display: Display) -> dict[str, Any]:
    mint, owner = Pubkey.from_bytes(data[:32]), Pubkey.from_bytes(data[32:64])
    amount = int.from_bytes(data[64:72], "little")
    found: dict[str, Any] = {
        "mint": str(mint),
        "owner": str(owner),
        "tokenAmount": amount_json(program, mint, amount, display),
        "state": STATES[data[108]],
        "isNative": data[109:113] != bytes(4),
    }
    if delegate := _option(data[72:108]):
        delegated = int.from_bytes(data[121:129], "little")
        found |= {"delegate": delegate, "delegatedAmount": amount_json(program, mint, delegated, display)}
    if len(data) > ACCOUNT_SIZE:
        found["extensions"] = [_extension(kind, value) for kind, value in extensions(data).items()]
    return found


def _mint(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {
        "mintAuthority": _option(data[:36]),
        "supply": str(int.from_bytes(data[36:44], "little")),
        "decimals": data[44],
        "isInitialized": data[45] == 1,
        "freezeAuthority": _option(data[46:82]),
    }
    if len(data) > ACCOUNT_SIZE:
        found["extensions"] = [_extension(kind, value) for kind, value in extensions(data).items()]
    return found


def _clock(data: bytes) -> dict[str, int]:
    names = ("slot", "epochStartTimestamp", "epoch", "leaderScheduleEpoch", "unixTimestamp")
    return dict(zip(names, struct.unpack("<QqQQq", data), strict=True))


def _option(data: bytes) -> str | None:
    """An address that may be absent, behind a four-byte flag."""
    return str(Pubkey.from_bytes(data[4:36])) if data[0] else None


def _maybe(data: bytes) -> str | None:
    """An address that is absent when it is zero."""
    return None if data == bytes(32) else str(Pubkey.from_bytes(data))


def _metadata(value: bytes) -> dict[str, Any]:
    texts, at = [], 64
    for _ in range(3):
        (length,) = struct.unpack_from("<I", value, at)
        texts.append(value[at + 4 : at + 4 + length].decode())
        at += 4 + length
    names = dict(zip(("name", "symbol", "uri"), texts, strict=True))
    authority = {"updateAuthority": _maybe(value[:32]), "mint": str(Pubkey.from_bytes(value[32:64]))}
    return authority | names | {"additionalMetadata": []}


def _scaled(value: bytes) -> dict[str, Any]:
    current, effective_at, following = struct.unpack_from("<dqd", value, 32)
    return {
        "authority": _maybe(value[:32]),
        "multiplier": _float_text(current),
        "newMultiplierEffectiveTimestamp": effective_at,
        "newMultiplier": _float_text(following),
    }


def _float_text(value: float) -> str:
    """A float as Rust prints it: whole numbers without a fraction."""
    return str(int(value)) if value == int(value) else repr(value)


_STATES: dict[int, tuple[str, Callable[[bytes], Any]]] = {
    6: ("defaultAccountState", lambda value: {"accountState": STATES[value[0]]}),
    7: ("immutableOwner", lambda _: None),
    12: ("permanentDelegate", lambda value: {"delegate": _maybe(value)}),
    14: ("transferHook", lambda value: {"authority": _maybe(value[:32]), "programId": _maybe(value[32:64])}),
    15: ("transferHookAccount", lambda value: {"transferring": value[0] == 1}),
    18: ("metadataPointer", lambda value: {"authority": _maybe(value[:32]), "metadataAddress": _maybe(value[32:64])}),
    19: ("tokenMetadata", _metadata),
    25: ("scaledUiAmountConfig", _scaled),
    26: ("pausableConfig", lambda value: {"authority": _maybe(value[:32]), "paused": value[32] == 1}),
    27: ("pausableAccount", lambda _: None),
}


def _extension(kind: int, value: bytes) -> dict[str, Any]:
    name, state = _STATES.get(kind, ("unparseableExtension", lambda _: None))
    told = state(value)
    return {"extension": name} | ({"state": told} if told is not None else {})
