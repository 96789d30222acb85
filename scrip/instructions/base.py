"""The kinds of instructions, and the types of their fields.

A field's type says what its text names (`StockName`, `Account` …) or that it names nothing (`Text`); a role instruction
says which role it needs. Nothing else has to know either.
"""

from __future__ import annotations

import re
from collections.abc import Sized
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from scrip.errors import InputError
from scrip.holder_limits import InvestorClass
from scrip.roles import ADMIN, EVM_ROLES

__all__ = [
    "Account",
    "ActionReference",
    "AssetName",
    "CalendarName",
    "Countersigner",
    "DOCUMENT_HASH",
    "DistributionId",
    "Document",
    "ElectionId",
    "ISSUER",
    "Instruction",
    "InvestorClass",
    "InvestorName",
    "Key",
    "KeyedInstruction",
    "LeafIndex",
    "Names",
    "Nonce",
    "OfferId",
    "OracleName",
    "Owner",
    "Policy",
    "PeggedAsset",
    "PriceSourceName",
    "PricedStock",
    "ProviderName",
    "QuoteId",
    "QuoteNonce",
    "QuoteSigner",
    "RoleInstruction",
    "Side",
    "Spender",
    "StockName",
    "StrikeName",
    "TREASURY",
    "Text",
    "Trader",
    "VoteId",
    "check_count",
    "role_needed",
    "roles_sufficing",
    "stem_of",
]

ISSUER = "issuer"
"""The account that holds every operational role and signs quotes."""
TREASURY = "treasury"
"""The account that settlement is paid to and redemptions are paid from."""

DOCUMENT_HASH = re.compile(r"0x[0-9a-fA-F]{64}")

Policy = Literal["ALLOWLIST", "BLOCKLIST"]
Side = Literal["mint", "redeem"]


# --- what a field names ----------------------------------------------------------------------------------------------


class Names(NamedTuple):
    """What a field names, as part of its type.

    `sets` are the sets of `instructions.subjects.Subjects` that the text belongs to. What is `addressed` has an address
    on a chain, which may go by several names. `first_of` and `second_of` name a set of pairs whose one half it is; the
    other half stands in the same value.
    """

    sets: tuple[str, ...] = ()
    addressed: bool = False
    first_of: str = ""
    second_of: str = ""


StockName = Annotated[str, Names(("stocks",))]
"""A stock's symbol."""
Account = Annotated[str, Names(("accounts",), addressed=True)]
"""An account's name; "" is the zero address, or nobody."""
Owner = Annotated[str, Names(("accounts",), addressed=True, first_of="allowances")]
"""The account whose units a `Spender` moves."""
Spender = Annotated[str, Names(("accounts",), addressed=True, second_of="allowances")]
"""The account that an `Owner` has granted an allowance."""
InvestorName = Annotated[str, Names(("investors",))]
"""An investor on the register, who may have several wallets."""
ActionReference = Annotated[str, Names(("references",))]
"""A corporate action's reference, which together with its code is unique for a stock."""
QuoteId = Annotated[str, Names(("quotes",))]
"""The id of a quote, which serves once."""
Trader = Annotated[str, Names(("accounts", "traders"), addressed=True)]
"""The account that mints or redeems, whose investor's trades count together."""
QuoteSigner = Annotated[str, Names(("accounts", "signers"), addressed=True, first_of="nonces")]
"""The account that signs quotes, numbering them by a `QuoteNonce`."""
Countersigner = Annotated[str, Names(("accounts", "signers"), addressed=True)]
"""The account that signs a quote which another has signed; "" for none."""
QuoteNonce = Annotated[int, Names(second_of="nonces")]
"""The number of one of a `QuoteSigner`'s quotes, 0 to 2^256 - 1, which serves once."""
StrikeName = Annotated[str, Names(("strikes",))]
"""The name of a price that was struck for requests to redeem, which serves once."""
DistributionId = Annotated[str, Names(("distributions",))]
"""What a root of a cash dividend is bound to, 32 bytes as 0x-prefixed hex: the id of its distribution."""
VoteId = Annotated[str, Names(("polls",))]
"""A vote at a meeting, by its number: 32 bytes as 0x-prefixed hex."""
OfferId = Annotated[str, Names(("offers",))]
"""An offer that holders answer with units, by its number: 32 bytes as 0x-prefixed hex."""
ElectionId = Annotated[str, Names(("elections",), first_of="leaves")]
"""An election between cash and stock, by its id: 32 bytes as 0x-prefixed hex."""
LeafIndex = Annotated[int, Names(second_of="leaves")]
"""The place of a leaf in the tree that an `ElectionId`'s election is on, from 0."""
AssetName = Annotated[str, Names(("assets",))]
"""What a quote is settled in."""
PeggedAsset = Annotated[str, Names(("assets", "pegs"))]
"""What a quote is settled in, where its peg feed is asked."""
ProviderName = Annotated[str, Names(("accounts", "providers"), addressed=True, first_of="attestations")]
"""The account of a KYC provider."""
Nonce = Annotated[int, Names(second_of="attestations")]
"""The number of one of a KYC provider's attestations."""
OracleName = Annotated[str, Names(("oracles",), addressed=True)]
"""A sanctions oracle, which is a contract."""
PricedStock = Annotated[str, Names(("stocks", "prices"))]
"""A stock's symbol, where its price is asked about."""
PriceSourceName = Annotated[str, Names(("sources",), addressed=True)]
"""A source of prices or of a sequencer's state, an AggregatorV3, by its label or address; "" for none."""
CalendarName = Annotated[str, Names(("calendars",))]
"""An exchange's code (ISO 10383, XNYS)."""
Text = Annotated[str, Names()]
"""A text that names nothing which a ledger could be asked about."""
Document = Text
"""A document's hash as 0x-prefixed hex, any other text, or "" for no document."""
Key = Text
"""What makes an instruction unrepeatable; "" lets the ledger draw a fresh one."""


def check_count(field: str, values: Sized, most: int) -> None:
    """InputError for more values than an instruction takes."""
    if len(values) > most:
        raise InputError(f"are more than {most}", field=field, value=len(values))


# --- the kinds -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Instruction:
    """Base of every instruction."""


@dataclass(frozen=True, kw_only=True)
class RoleInstruction(Instruction):
    """An instruction that needs a role. `by` other than the issuer is refused "roles: not authorised".

    Each class names its role: `class Pause(RoleInstruction, role="PAUSER")`. With `admin_too` ADMIN is heard as well,
    who may then do more than the role: make looser what the role may only tighten. `or_role` is a second that suffices.
    """

    by: Account = ISSUER

    _roles: ClassVar[tuple[str, ...]] = ()
    """The role needed, then any other that suffices."""

    def __init_subclass__(cls, *, role: str = "", admin_too: bool = False, or_role: str = "", **more: Any) -> None:
        super().__init_subclass__(**more)
        for one in (role, or_role):
            if one not in ("", ADMIN, *EVM_ROLES):
                raise TypeError(f"{cls.__name__} needs a role that is none: {one}")
        if role:
            cls._roles = (role, *([ADMIN] if admin_too else []), *([or_role] if or_role else []))


@dataclass(frozen=True, kw_only=True)
class KeyedInstruction(RoleInstruction):
    """An instruction that a ledger carries out once for each key."""

    key: Key = ""


def role_needed(order: RoleInstruction) -> str:
    """The role without which an Ethereum-family chain refuses an instruction; TypeError for one that names none."""
    return roles_sufficing(order)[0]


def roles_sufficing(order: RoleInstruction) -> tuple[str, ...]:
    """The roles of which any one is enough to be heard with an instruction; TypeError for one that names none."""
    if not order._roles:
        raise TypeError(f"no role is known for it: {order!r}")
    return order._roles


def stem_of(kind: type[Instruction]) -> str:
    """The subject that a class of instruction belongs to: the file it stands in, whose name every layer has."""
    return kind.__module__.rpartition(".")[2]
