"""How a mint is paid by another than its account, or by a signature to the stablecoin: the payer's file, its checks.

What a payer signs is of one quote: whoever has its allowance, or its permit, has no right to any other of its coins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self, get_args

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm import outside
from scrip.evm.chain import Contract
from scrip.evm.connection.connection import EvmConnection
from scrip.evm.deploy.design import call
from scrip.evm.encoding import quotes as messages
from scrip.evm.encoding.payments import KEY_BYTES, Payment
from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers.market import MARKET, message_to_coin
from scrip.evm.rpc.signers import Signer
from scrip.evm.safe.transaction import recovered
from scrip.evm.suite import Suite
from scrip.evm.views.quotes import EvmQuote
from scrip.inputs.quotes import MAX_BYTES, SCHEMA
from scrip.inputs.reading.text import plain, text_of_file
from scrip.labels import STABLECOIN
from scrip.parameters import MAX_SIGNATURE
from scrip.plan import Address, Step
from scrip.records.files import create_new, text_of
from scrip.units import Stablecoin

OF_QUOTE, TO_COIN = "consent", "signature"
"""What a payer signs: the market's own message of the quote, and a permit or an authorization to the stablecoin.

Lists of both are in this order, which is that of JSON's sorted keys."""


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """What a payer gives for one quote: how it pays, and its signatures, 0x-prefixed hex, "" for one that none needs.

    `payment` is the digest that names the quote, its signer and the payer.
    """

    reference: str
    payer: str
    way: ins.Way
    payment: str
    signature: str = ""
    consent: str = ""

    def content(self) -> dict[str, Any]:
        """What the file holds."""
        return {"schema": SCHEMA, **asdict(self)}

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all; InputError where one stands already."""
        create_new(path, text_of(self.content()))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a payment from its file; InputError for what is none, field by field."""
        try:
            found = json.loads(text_of_file(path, MAX_BYTES)[0])
        except ValueError as error:
            raise InputError(f"is no payment: {error}", file=str(path)) from None
        known = {one.name for one in fields(cls)}
        if not isinstance(found, dict) or found.get("schema") != SCHEMA or set(found) - {"schema"} != known:
            names = ", ".join(sorted(known))
            raise InputError(f"is no payment, which has schema {SCHEMA}, {names}", file=str(path))
        for name in known:
            if not isinstance(found[name], str):
                raise InputError("is no text", file=str(path), field=name, value=found[name])
            plain(found[name], name)
        made = cls(**{name: found[name] for name in known})
        if made.way not in get_args(ins.Way):
            raise InputError(f"is none of {', '.join(get_args(ins.Way))}", file=str(path), field="way", value=made.way)
        for name in (TO_COIN, OF_QUOTE):
            of_hex(getattr(made, name), name)
        return made

    @property
    def values(self) -> Payment:
        """The payment as the market takes it."""
        return Payment(self.payer, self.way, of_hex(self.signature, TO_COIN), of_hex(self.consent, OF_QUOTE))


def of_hex(text: str, field: str) -> bytes:
    """The bytes of 0x-prefixed hex, none of "". InputError for what is none, or is longer than a market reads."""
    try:
        found = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        found = None
    most = KEY_BYTES if field == TO_COIN else MAX_SIGNATURE.value
    if found is None or len(found) > most or (field == TO_COIN and len(found) not in (0, KEY_BYTES)):
        raise InputError(f"is no signature of at most {most} bytes in hexadecimal", field=field, value=text[:80])
    return found


@dataclass(frozen=True, slots=True)
class Payments:
    """What a payer of a quote signs and has signed, on one network. `quote` and `values` are the same quote."""

    network: EvmConnection
    suite: Suite
    quote: EvmQuote
    values: messages.Quote

    @property
    def payer(self) -> str:
        """The address of who pays."""
        return self.quote.payer or self.quote.account

    @property
    def due(self) -> int:
        """What is paid: settlement and fee, in the stablecoin's base units."""
        return self.values.settlement + self.quote.fee.value

    @property
    def digest(self) -> bytes:
        """The 32 bytes that name the quote, its signer and the payer."""
        return messages.digest_of(self.message())

    def message(self) -> dict[str, Any]:
        """The market's own message, by which a payer consents to the quote."""
        here = (self.quote.chain_id, self.quote.market)
        return messages.payment_message(self.values, self.quote.signer, self.payer, *here)

    def messages(self, way: ins.Way) -> dict[str, dict[str, Any]]:
        """The typed messages that the payer signs to pay in a way. InputError where there is nothing to sign.

        An account that pays for itself consents by submitting the quote, and an authorization names the quote.
        """
        made: dict[str, dict[str, Any]] = {}
        if way != "authorization" and self.quote.payer:
            made[OF_QUOTE] = self.message()
        if way != "allowance":
            coin = Contract(outside.SIGNED_STABLECOIN, self.values.stablecoin)
            market, terms = self.suite.market, (way, self.values, self.quote.signer, self.payer, self.due)
            made[TO_COIN] = message_to_coin(self.network.chain, market, coin, *terms)
        if not made:
            reason = "asks for no signature: the account approves the market and submits the quote, `market mint`"
            raise InputError(reason, field="way", value=way)
        return made

    def signed_by(self, signer: Signer, way: ins.Way, shown: Mapping[str, dict[str, Any]]) -> PaymentFile:
        """The payment with the payer's signatures of the messages that it was shown; InputError for another signer."""
        if signer.address != self.payer:
            raise InputError(f"is not who pays, {self.payer}", field="as", value=signer.address)
        made = {name: "0x" + signer.sign_typed(typed).hex() for name, typed in shown.items()}
        return PaymentFile(self.quote.id, self.payer, way, "0x" + self.digest.hex(), **made)

    def signed_elsewhere(self, way: ins.Way, shown: Mapping[str, dict[str, Any]], given: Sequence[str]) -> PaymentFile:
        """The payment with signatures that a wallet made of the messages, in their order; InputError for others."""
        if len(given) != len(shown):
            told = f"are {len(given)}, and {way} asks for {len(shown)}, in order: {', '.join(shown)}"
            raise InputError(told, field="signature", value=" ".join(given))
        signed = dict(zip(shown, given, strict=True))
        made = PaymentFile(self.quote.id, self.payer, way, "0x" + self.digest.hex(), **signed)
        self.check(made)
        return made

    def for_wallets(self, payment: PaymentFile) -> dict[str, object]:
        """A payment as wallets take it: what was signed to the stablecoin, or else of the quote; the latter beside the
        former as `consent`. Each with its signature."""
        signed = {
            name: {"typed_data": typed, "signature": getattr(payment, name)}
            for name, typed in self.messages(payment.way).items()
        }
        consent = signed.pop(OF_QUOTE, None)
        if TO_COIN not in signed:
            return dict(consent or {})
        return {**signed[TO_COIN], **({OF_QUOTE: consent} if consent else {})}

    def check(self, payment: PaymentFile, by: str = "") -> None:
        """InputError for a payment of another quote, for one without the payer's signatures, and for one that was used,
        or that the payer has withdrawn. A payer that submits it, `by`, approves the market then."""
        if (payment.payer, payment.payment) != (self.payer, "0x" + self.digest.hex()):
            reason = f"is of quote {payment.reference}, payer {payment.payer}: this one is paid by {self.payer}"
            raise InputError(reason, field="payment", value=payment.payment)
        chain, coin = self.network.chain, Contract(outside.SIGNED_STABLECOIN, self.values.stablecoin)
        is_contract = bool(self.network.node.code(self.payer))
        for name, typed in self.messages(payment.way).items():
            given = of_hex(getattr(payment, name), name)
            if name == TO_COIN and payment.way == "permit" and self.allowed() >= self.due:
                # It was handed in before, or was never needed.
                continue
            if given and is_contract:
                continue
            if not given or _signer_of(typed, given) != self.payer:
                reason = f"is not the payer's, {self.payer}, of this quote: sign it again, `market pay`"
                raise InputError(reason, field=name, value=getattr(payment, name))
        if payment.way == "authorization" and chain.call(coin, "authorizationState", self.payer, self.digest):
            raise InputError("was used, or the payer cancelled it: ask for another quote", field="payment")
        if payment.way == "allowance" and by != self.payer and (allowed := self.allowed()) < self.due:
            told = f"has let the market take {Stablecoin(allowed)}, and {Stablecoin(self.due)} are due"
            raise InputError(f"{told}: it approves that first", field="payer", value=self.payer)

    def allowed(self) -> int:
        """How much the payer lets the market take."""
        coin, market = self.suite.stablecoin, self.suite.market.address
        return int(self.network.chain.call(coin, "allowance", self.payer, market))

    def approval(self, sender: str) -> list[Step]:
        """The step by which a payer, who is `sender`, lets the market take what is due; none where it may."""
        title = f"let the market take {Stablecoin(self.due)}"
        return approvals("approve the market", title, sender, STABLECOIN, "market", self.due, self.allowed(), self.due)

    def transaction(self, sender: str, signed: Sequence[object]) -> Transaction:
        """The mint, by `sender`; `signed` are the market's arguments."""
        return Transaction(sender, "market", MARKET, "mintPaid", tuple(signed))


def approvals(
    name: str, title: str, owner: str, asset: str, taker: str, amount: int, allowed: int, due: int
) -> list[Step]:
    """The steps by which an owner lets a contract of ours take `amount` of an asset; none where `allowed` covers `due`.

    What it may take and is too little is taken back first: some coins, as USDT, change no allowance into another.
    """
    if allowed >= due:
        return []

    def approve(value: int) -> Transaction:
        return Transaction(owner, asset, outside.STABLECOIN, "approve", (Address(taker), value))

    back = [call(f"{name}: nothing", f"take back what {taker} may take, too little", approve(0))] if allowed else []
    return [*back, call(name, title, approve(amount))]


def _signer_of(typed: Mapping[str, Any], signature: bytes) -> str:
    try:
        return recovered(messages.digest_of(dict(typed)), signature)
    except ValueError:
        return ""
