"""The primary market: quotes signed and carried out, and its pause."""

from __future__ import annotations

from pathlib import Path

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.inputs.quotes import QuoteFile
from scrip.plan import Plan
from scrip.plan.draft import Draft, sender_of
from scrip.units import RawUnits, Stablecoin


def draft(
    network: Network,
    side: ins.Side,
    stock: str,
    account: str,
    amount: RawUnits,
    settlement: Stablecoin,
    reference: str,
    life: int,
    sender: str = "",
) -> QuoteFile:
    """Draft a quote that is good for `life` seconds of the chain's clock at the present multiplier.

    InputError for an amount of 0, over the manifest's limit or finer than the chain's decimals, a life of 0 or over a
    day, an id that was used.
    """
    views = network.views()
    limit = network.manifest.limits.max_mint
    units = views.quotes.quotable(side, amount, settlement, reference, life, limit)
    if views.quote_used(reference):
        raise InputError("is of a quote that was carried out", field="reference", value=reference)
    signer = sender_of(network.manifest, "QUOTE_SIGNER", sender)
    return views.new_quote(side, stock, account, units, settlement, reference, life, signer)


def sign_into(network: Network, quote: QuoteFile, path: Path) -> None:
    """Write the quote, signed by its signer's key on this machine."""
    network.views().signed_quote(quote).write(path)


def submit_file(network: Network, file: Path, side: ins.Side, sender: str) -> Plan:
    """Carry out the signed quote in a file; see `submit`. InputError for a quote to the other side."""
    return submit(network, network.views().quotes.read_to(side, file), sender)


def submit(network: Network, quote: QuoteFile, sender: str) -> Plan:
    """Carry a signed quote out, by the account that it names; what has to be allowed or opened for it comes first.

    InputError for a quote of another network, or without a good signature, and for a sender who is not the quote's
    account.
    """
    views = network.views()
    views.check_quote(quote)
    if views.address(sender) != quote.account:
        raise InputError(f"is not the quote's account, {quote.account}", field="as", value=sender)
    made = Draft(views, f"market {quote.side}", quote.id, natural=True)
    if views.quote_used(quote.id):
        return made.nothing(f"quote {quote.id} was carried out")
    title = f"{quote.side} {quote.order().amount} {quote.stock} for {quote.settlement}"
    made.steps += views.quote_steps(quote, sender, title)
    return made.plan()


def pause(network: Network, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop mints and redemptions on quotes, of all stocks (PAUSER), or go on (UNPAUSER)."""
    views = network.views()
    made = Draft(views, "market pause" if wished else "market unpause", reference)
    if views.market_paused() == wished:
        return made.nothing(f"the market is {'' if wished else 'not '}paused")
    order = ins.PauseMarket() if wished else ins.UnpauseMarket()
    made.order(f"{made.name.split()[-1]} the market", order, sender)
    return made.plan()
