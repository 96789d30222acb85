"""A quote as its file holds it, on every kind of chain, and what may be quoted at all."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, get_args

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.inputs.reading.dates import second
from scrip.inputs.reading.refused import LONGEST
from scrip.inputs.reading.text import plain, text_of_file
from scrip.manifest.addresses import wrong_address
from scrip.parameters import QUOTE_LIFE
from scrip.records.files import create_new, text_of
from scrip.units import STABLECOIN_DECIMALS, RawUnits, Stablecoin, fitting

QuoteState = Literal["open", "used", "revoked"]
"""What a chain says of a quote, whatever the time and the multiplier."""
SCHEMA = 1
MAX_BYTES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFile:
    """What every chain's quote holds. `id` is the reference, whose keccak-256 the chain keeps; amounts as written.

    `account` and `signer` are addresses; `signature` is 0x-prefixed hex. `decimals` are those of the chain's raw units.
    """

    decimals: ClassVar[int]
    kind: ClassVar[str]
    """The kind of chain whose addresses it holds, as manifests name it."""
    bits: ClassVar[int]
    """What the chain counts both amounts in."""
    generation_bits: ClassVar[int]
    """What the chain counts a stock's changes of multiplier in."""
    signature_bytes: ClassVar[range]
    """How long a signature may be."""
    optional: ClassVar[frozenset[str]] = frozenset({"signature"})
    """Fields that a file may lack."""
    called: ClassVar[str] = "quote"
    """What an error calls such a quote, of a file that holds none."""

    stock: str
    side: ins.Side
    account: str
    amount: str
    settlement: str
    generation: int
    id: str
    expiry: int
    signer: str
    signature: str = ""

    def order(self) -> ins.Mint | ins.Redeem:
        """The instruction that the quote allows."""
        kind = ins.Mint if self.side == "mint" else ins.Redeem
        terms = self.quote_terms()
        amount = RawUnits.parse(self.amount, self.decimals)
        return kind(self.stock, self.account, amount, Stablecoin.parse(self.settlement, field="settlement"), terms)

    def quote_terms(self) -> ins.QuoteTerms:
        """What the quote says beyond the amounts."""
        return ins.QuoteTerms(self.id, self.expiry, self.generation, signer=self.signer)

    @property
    def fee(self) -> Stablecoin:
        """What is paid on top of a mint's settlement, and kept back of a redemption's."""
        return Stablecoin(0)

    def clashes(self, other: Self) -> bool:  # noqa: ARG002
        """Whether the chain carries out at most one of two quotes that have different references."""
        return False

    def content(self) -> dict[str, Any]:
        """What the quote's file holds."""
        return {"schema": SCHEMA, **asdict(self)}

    def write(self, path: Path) -> None:
        """Write the quote's file, whole or not at all; InputError where one stands already."""
        create_new(path, text_of(self.content()))

    @property
    def terms(self) -> tuple[str, ...]:
        """What its parties agree on, whenever it is signed."""
        return self.side, self.stock, self.account, self.amount, self.settlement

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a quote from its file; InputError for what is none."""
        try:
            found = json.loads(text_of_file(path, MAX_BYTES)[0])
        except ValueError as error:
            raise InputError(f"is no {cls.called}: {error}", file=str(path)) from None
        try:
            return cls.of(found)
        except InputError as error:
            raise InputError(error.message, file=str(path), field=error.field, value=error.value) from None

    @classmethod
    def of(cls, found: Any) -> Self:
        """The quote that a file holds; InputError for what is none, field by field."""
        if not isinstance(found, dict):
            raise InputError(f"is no {cls.called}: it is no JSON object")
        schema = found.get("schema")
        if schema != SCHEMA:
            reason = f"is of no quote that this version reads, which is {SCHEMA}"
            raise InputError(reason, field="schema", value=schema)
        given, known = set(found) - {"schema"}, {one.name for one in fields(cls)}
        if unknown := sorted(given - known):
            reason = f"is no field of a {cls.called}: is it another network's?"
            raise InputError(reason, field=unknown[0], value=str(found[unknown[0]])[:LONGEST])
        if missing := sorted(known - given - cls.optional):
            raise InputError(f"is missing, and a {cls.called} has it: is it another network's?", field=missing[0])
        quote = cls(**{name: found[name] for name in given})
        if quote.side not in get_args(ins.Side):
            raise InputError(f"is none of {', '.join(get_args(ins.Side))}", field="side", value=quote.side)
        quote._check_values()
        return quote

    def _check_values(self) -> None:
        """InputError for a field that is not of its type or form, text that hides something, a number out of bounds."""
        for one in fields(self):
            value, wanted = getattr(self, one.name), int if one.type == "int" else str
            if type(value) is not wanted:
                kind = "whole number" if wanted is int else "text"
                raise InputError(f"is no {kind}", field=one.name, value=value)
            if isinstance(value, str):
                plain(value, one.name)
        second(self.expiry, "expiry")
        order = self.order()
        self.demand_fitting(order.amount, order.settlement)
        fitting(self.generation, self.generation_bits, "generation")
        for name in ("account", "signer"):
            self._check_address(name)
        if self.signature:
            self._check_hex("signature", self.signature_bytes)

    def _check_address(self, name: str) -> None:
        if wrong := wrong_address(getattr(self, name), self.kind):
            raise InputError(wrong, field=name, value=getattr(self, name))

    def _check_hex(self, name: str, lengths: range) -> None:
        value = getattr(self, name)
        if not re.fullmatch(r"0x([0-9a-fA-F]{2})*", value):
            raise InputError("is not hexadecimal: 0x and two digits for each byte", field=name, value=value)
        if (found := len(value) // 2 - 1) not in lengths:
            least, most = lengths[0], lengths[-1]
            wanted = f"{least} bytes" if least == most else f"{least} to {most} bytes"
            raise InputError(f"has {found} bytes, where {wanted} are wanted", field=name, value=value)

    @classmethod
    def demand_fitting(cls, amount: RawUnits, settlement: Stablecoin) -> None:
        """InputError for an amount, in the chain's decimals, or a settlement that the chain's integers do not hold."""
        fitting(amount.value, cls.bits, "amount", cls.decimals)
        fitting(settlement.value, cls.bits, "settlement", STABLECOIN_DECIMALS)

    @classmethod
    def read_to(cls, side: ins.Side, path: Path) -> Self:
        """Read a quote from its file; InputError for what is none, and for a quote to the other side."""
        quote = cls.read(path)
        if quote.side != side:
            raise InputError(f"is to {quote.side}", file=str(path), field="side", value=quote.side)
        return quote

    @classmethod
    def quotable(
        cls, side: ins.Side, amount: RawUnits, settlement: Stablecoin, reference: str, life: int, limit: str
    ) -> RawUnits:
        """The amount in the chain's decimals.

        InputError without a reference, for an amount of 0, one finer than the decimals, one that the chain's integers
        do not hold, a mint over `limit` (the
        manifest's limits.max_mint, "" for none), and a life of 0 or over a day.
        """
        if not reference:
            raise InputError("is missing: a quote is told from any other by it", field="reference")
        if not amount or not settlement:
            raise InputError("is 0", field="amount" if not amount else "settlement")
        units = amount.to_decimals(cls.decimals)
        cls.demand_fitting(units, settlement)
        if limit and side == "mint" and units > RawUnits.parse(limit, cls.decimals):
            raise InputError(f"is over the manifest's limits.max_mint of {limit}", field="amount", value=amount)
        if life not in QUOTE_LIFE:
            raise InputError(
                f"is not between {QUOTE_LIFE.floor} s and {QUOTE_LIFE.ceiling} s", field="life", value=life
            )
        return units
