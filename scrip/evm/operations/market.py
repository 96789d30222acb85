"""The primary market's network: quotes signed and submitted, this chain's ceilings, the split basis of the reserve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eth_utils import keccak

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.connection import EvmConnection
from scrip.evm.connection.signers import Signer
from scrip.evm.deploy.design import call
from scrip.evm.deploy.suite import UNLIMITED
from scrip.evm.encoding import quotes
from scrip.evm.encoding.values import Transaction
from scrip.evm.labels import STABLECOIN
from scrip.evm.ledger import EvmLedger
from scrip.evm.operations.common import by_role, plan, sender_of, step_of
from scrip.inputs.quotes import QuoteFile
from scrip.plan import Address, Plan, Step
from scrip.units import EVM_DECIMALS, RawUnits, Shares, Stablecoin


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedQuote(QuoteFile):
    """A quote of a market on an Ethereum-family chain."""

    decimals = EVM_DECIMALS

    chain_id: int
    market: str


def draft(
    network: EvmConnection,
    side: ins.Side,
    stock: str,
    account: str,
    amount: RawUnits,
    settlement: Stablecoin,
    reference: str,
    life: int,
    sender: str = "",
) -> SignedQuote:
    """A quote, not signed yet, good for `life` seconds of the chain's clock at the present multiplier.

    InputError for an amount of 0 or over the manifest's limit, a life of 0 or over a day, an id that was used.
    """
    ledger = network.ledger()
    units = SignedQuote.quotable(side, amount, settlement, reference, life, network.manifest.limits.max_mint)
    if ledger.chain.call(ledger.suite.market, "quoteUsed", keccak(text=reference)):
        raise InputError("is of a quote that was carried out", field="reference", value=reference)
    signer = sender_of(network.manifest, "QUOTE_SIGNER", sender)
    return SignedQuote(
        stock=stock,
        side=side,
        account=ledger.chain.address(account),
        amount=str(units),
        settlement=str(settlement),
        generation=ledger.multiplier(stock).generation,
        id=reference,
        expiry=ledger.now() + life,
        chain_id=ledger.chain.chain_id(),
        market=ledger.suite.market.address,
        signer=ledger.chain.address(signer),
    )


def typed(network: EvmConnection, quote: SignedQuote) -> dict[str, Any]:
    """The EIP-712 message that the quote's signer signs."""
    return quotes.typed_message(_evm(network.ledger(), quote), quote.chain_id, quote.market)


def sign(network: EvmConnection, quote: SignedQuote, signer: Signer) -> SignedQuote:
    """The quote with its signature; InputError for another signer than the quote names."""
    if signer.address != quote.signer:
        raise InputError(f"is not the quote's, {quote.signer}", field="signer", value=signer.address)
    return replace(quote, signature="0x" + signer.sign_typed(typed(network, quote)).hex())


def _evm(ledger: EvmLedger, quote: SignedQuote) -> quotes.Quote:
    order = quote.order()
    return quotes.Quote(
        token=ledger.token(quote.stock).address,
        side=quotes.SIDES[quote.side],
        account=quote.account,
        stablecoin=ledger.suite.stablecoin.address,
        amount=order.amount.value,
        settlement=order.settlement.value,
        generation=quote.generation,
        id=keccak(text=quote.id),
        expiry=quote.expiry,
    )


def sign_into(network: EvmConnection, quote: SignedQuote, path: Path) -> None:
    """Write the quote, signed by its signer's key on this machine."""
    sign(network, quote, network.chain.signer(network.chain.name(quote.signer))).write(path)


def submit_file(network: EvmConnection, file: Path, side: ins.Side, sender: str) -> Plan:
    """As `submit`, of a file; InputError for a quote to the other side."""
    return submit(network, SignedQuote.read_to(side, file), sender)


def submit(network: EvmConnection, quote: SignedQuote, sender: str) -> Plan:
    """Carry a signed quote out, by the account that it names; for a mint the market is let take the settlement first.

    InputError for a quote of another chain or market, and for a sender who is not the quote's account.
    """
    ledger = network.ledger()
    here = (ledger.chain.chain_id(), ledger.suite.market.address)
    if (quote.chain_id, quote.market) != here:
        raise InputError(f"is of chain {quote.chain_id}, market {quote.market}", field="quote", value=quote.id)
    if not quote.signature:
        raise InputError("is missing", field="signature", value=quote.id)
    if ledger.chain.address(sender) != quote.account:
        raise InputError(f"is not the quote's account, {quote.account}", field="as", value=sender)
    name = f"market {quote.side}"
    if ledger.chain.call(ledger.suite.market, "quoteUsed", keccak(text=quote.id)):
        return plan(network, name, quote.id, (), [f"quote {quote.id} was carried out"], natural=True)
    order = quote.order()
    signature = bytes.fromhex(quote.signature.removeprefix("0x"))
    args = (_evm(ledger, quote).values(), quote.signer, signature)
    title = f"{quote.side} {order.amount} {quote.stock} for {quote.settlement}"
    steps = [] if quote.side == "redeem" else _allowance(ledger, quote, sender)
    one = Transaction(sender, "market", "PrimaryMarket", quote.side, args)
    return plan(network, name, quote.id, [*steps, call(title, title, one, order)], natural=True)


def _allowance(ledger: EvmLedger, quote: SignedQuote, sender: str) -> list[Step]:
    market, coin = ledger.suite.market.address, ledger.suite.stablecoin
    if ledger.chain.call(coin, "allowance", quote.account, market) >= quote.order().settlement.value:
        return []
    one = Transaction(sender, STABLECOIN, coin.name, "approve", (Address("market"), UNLIMITED))
    return [call("approve the market", "let the market take the settlement", one)]


def ceiling(network: EvmConnection, stock: str, shares: Shares, reference: str = "", sender: str = "") -> Plan:
    """Move this chain's ceiling of a stock (CEILING). Lower it at its source before another chain's is raised."""
    ledger = network.ledger()
    found = Shares.from_wad(ledger.chain.call(ledger.suite.feed, "configuration", ledger.token(stock).address)[4])
    name = "market ceiling"
    if found == shares:
        return plan(network, name, reference, (), [f"{stock}'s ceiling is {shares} shares"])
    order = by_role(network.manifest, ins.SetCeiling(stock, shares), sender)
    title = f"{stock}'s ceiling from {found} to {shares} shares"
    return plan(network, name, reference, [step_of(ledger, f"{stock} {shares}", title, order)])


def confirm_basis(network: EvmConnection, stock: str, sender: str, reference: str = "") -> Plan:
    """Show the feed the rounds around a split, after which mints go on. Anyone may; `sender` pays for it."""
    ledger = network.ledger()
    name = "market confirm-basis"
    num, den = ledger.chain.call(ledger.suite.feed, "basis", ledger.token(stock).address)
    now = ledger.multiplier(stock)
    if (num, den) == (now.num, now.den):
        return plan(network, name, reference, (), [f"{stock}'s reserve is counted in the present split basis"])
    old, new = ledger.rounds(stock)
    order = ins.ConfirmBasis(stock, old, new)
    one = Transaction(sender, "feed", "ReserveFeed", "confirmBasis", (Address(stock), old, new))
    title = f"confirm {stock}'s split basis by rounds {old} and {new}"
    return plan(network, name, reference, [call(title, title, one, order)])
