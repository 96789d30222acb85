"""Mints that another than their account pays, or that a signature pays: the payer's file, and the mint with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork, evm_only
from scrip.chains.network import Network
from scrip.chains.operation import demand_writable
from scrip.errors import InputError
from scrip.evm.views import EvmQuote
from scrip.evm.views.payments import PaymentFile
from scrip.flows import market
from scrip.flows.market import WALLET, Offer, demand_usable, offer, title_of
from scrip.plan import Plan
from scrip.plan.draft import Draft
from scrip.records.files import create, text_of

Messages = Mapping[str, dict[str, Any]]
"""The typed messages that a payer signs, by what each is for."""


def read(network: Network, file: Path) -> EvmQuote:
    """The quote to mint in a file; InputError for what is none."""
    evm_only(network)
    return EvmQuote.read_to("mint", file)


def asked(network: Network, quote: EvmQuote, way: ins.Way, sender: str) -> tuple[Offer, Messages]:
    """What people weigh of a quote, and the typed messages that its payer, who is `sender`, signs to pay in a way.

    InputError for a quote that is not its signer's or cannot be used, for a sender who does not pay it, for a
    stablecoin that lacks permits or authorizations, and where the way asks for no signature.
    """
    evm = evm_only(network)
    views = evm.views()
    views.check_first(quote)
    payments = views.payments(quote)
    if views.address(sender) != payments.payer:
        raise InputError(f"does not pay this quote, which {payments.payer} does", field="as", value=sender)
    if not demand_usable(evm, quote):
        raise InputError("was carried out: there is nothing to pay", field="quote", value=quote.id)
    offered = offer(evm, quote)
    if offered.state != "open":
        raise InputError(f"is {offered.state}: ask the desk for another", field="quote", value=quote.id)
    return offered, payments.messages(way)


def sign_into(
    network: Network,
    quote: EvmQuote,
    way: ins.Way,
    messages: Messages,
    path: Path,
    sender: str,
    given: Sequence[str] = (),
) -> list[Path]:
    """Sign a payment by the payer's key on this machine, or take the signatures that a wallet has `given`; the files.

    Signed are the messages that the payer was shown, whatever a file or a node says by now. Beside `path` another file
    holds the payment as wallets take it. Neither overwrites anything: InputError.
    """
    beside = path.with_suffix(WALLET)
    for one in (path, beside):
        demand_writable(one, "out")
    evm = evm_only(network)
    views = evm.views()
    payments = views.payments(quote)
    if given:
        made = payments.signed_elsewhere(way, messages, given)
    else:
        made = payments.signed_by(evm.chain.signer(sender), way, messages)
    wallets = text_of(views.payment_for_wallets(quote, made))
    made.write(path)
    create(beside, wallets)
    return [path, beside]


def submit_file(network: Network, file: Path, sender: str, payment: Path | None) -> Plan:
    """Carry out the signed quote to mint in a file, by whoever pays it and however; see `submit`."""
    quote = network.views().quotes.read_to("mint", file)
    if payment is None and not getattr(quote, "payer", ""):
        return market.submit(network, quote, sender)
    evm = evm_only(network)
    return submit(evm, EvmQuote.read_to("mint", file), sender, payment)


def submit(network: EvmNetwork, quote: EvmQuote, sender: str, file: Path | None) -> Plan:
    """Carry a quote to mint out as a payment's file says, or by the payer itself; its approval comes first then.

    By the account or the payer. InputError as for any quote, and for a payment of another quote, without the payer's
    signatures, used or withdrawn, or under an allowance that falls short.
    """
    views = network.views()
    views.check_quote(quote)
    payments, by = views.payments(quote), views.address(sender)
    if by not in (quote.account, payments.payer):
        parties = f"{quote.account}, nor its payer, {payments.payer}"
        raise InputError(f"is neither the quote's account, {parties}", field="as", value=sender)
    if file is None and by != payments.payer:
        told = f"names the file in which {payments.payer} agrees to pay: it signs one with `market pay`"
        raise InputError(told, field="payment", value="")
    made = Draft(views, f"market {quote.side}", quote.id, natural=True)
    if not demand_usable(network, quote):
        return made.nothing(f"quote {quote.id} was carried out")
    payment = PaymentFile.read(file) if file is not None else None
    if payment is not None:
        payments.check(payment, by)
    made.prepared(views.quote_steps(quote, sender, title_of(quote), payment))
    return made.plan()
