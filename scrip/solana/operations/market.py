"""The primary market's network: quotes signed and submitted, attestations, this chain's ceilings, the split basis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from solders.instruction import Instruction as Call
from solders.keypair import Keypair
from solders.signature import Signature

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.inputs.quotes import QuoteFile
from scrip.plan import Plan
from scrip.solana.addresses import TOKEN, document_hash, token_account
from scrip.solana.encoding import messages, tokens
from scrip.solana.handlers.fleet import read_policy
from scrip.solana.handlers.market import signed_quote
from scrip.solana.ledger import SolanaLedger
from scrip.solana.network import ATTESTOR, SolanaNetwork
from scrip.solana.operations.common import Draft, sender_of, step
from scrip.solana.operations.deployment import reserve_of
from scrip.units import SOLANA_DECIMALS, RawUnits, Shares, Stablecoin


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedQuote(QuoteFile):
    """A quote of a program on Solana. `genesis` is 0x-prefixed hex, `program` an address."""

    decimals = SOLANA_DECIMALS
    called = "quote of Solana's"

    genesis: str
    program: str


def draft(
    network: SolanaNetwork,
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

    InputError for an amount of 0, over the manifest's limit, or finer than 8 decimals, a life of 0 or over a day, an id
    that was used.
    """
    ledger = network.ledger()
    units = SignedQuote.quotable(side, amount, settlement, reference, life, network.manifest.limits.max_mint)
    if network.chain.account(network.program.at.quote(document_hash(reference))) is not None:
        raise InputError("is of a quote that was carried out", field="reference", value=reference)
    signer = sender_of(network.manifest, "QUOTE_SIGNER", sender)
    return SignedQuote(
        stock=stock,
        side=side,
        account=str(network.keys.address(account)),
        amount=str(units),
        settlement=str(settlement),
        generation=ledger.multiplier(stock).generation,
        id=reference,
        expiry=ledger.now() + life,
        genesis=network.genesis,
        program=str(network.program.id),
        signer=str(network.keys.address(signer)),
    )


def sign_into(network: SolanaNetwork, quote: SignedQuote, path: Path) -> None:
    """Write the quote with its signature; InputError where its signer's key is not on this machine."""
    keypair: Keypair = network.keys.keypair(network.name(quote.signer))
    signature = keypair.sign_message(_digest(network.ledger(), quote))
    replace(quote, signature="0x" + bytes(signature).hex()).write(path)


def _message(quote: SignedQuote, ledger: SolanaLedger) -> messages.Quote:
    order = quote.order()
    return messages.Quote(
        id=document_hash(quote.id),
        side=messages.SIDES[quote.side],
        account=ledger.address(quote.account),
        amount=order.amount.value,
        settlement=order.settlement.value,
        generation=quote.generation,
        expiry=quote.expiry,
    )


def _digest(ledger: SolanaLedger, quote: SignedQuote) -> bytes:
    listing = ledger.listing(quote.stock)
    units = ledger.units(listing, quote.account)
    said = _message(quote, ledger)
    return said.digest(ledger.chain.genesis, ledger.program.id, listing.mint, units, ledger.suite.stablecoin)


def submit_file(network: SolanaNetwork, file: Path, side: ins.Side, sender: str) -> Plan:
    """Carry a file's quote out, by the account that it names; its token accounts are opened and thawed first.

    InputError for a quote to the other side, of another chain or program, or without a good signature, and for a
    sender who is not the quote's account.
    """
    quote = SignedQuote.read_to(side, file)
    if (quote.genesis, quote.program) != (network.genesis, str(network.program.id)):
        raise InputError(f"is of genesis {quote.genesis}, program {quote.program}", field="quote", value=quote.id)
    made = Draft(network, f"market {quote.side}", quote.id, natural=True)
    ledger = made.ledger
    _check_signature(ledger, quote)
    if str(network.keys.address(sender)) != quote.account:
        raise InputError(f"is not the quote's account, {quote.account}", field="as", value=sender)
    if network.chain.account(network.program.at.quote(document_hash(quote.id))) is not None:
        return made.nothing(f"quote {quote.id} was carried out")
    order = quote.order()
    _prepare(made, quote, sender)
    calls = signed_quote(
        ledger, quote.side, quote.stock, sender, _message(quote, ledger), quote.signer, quote.signature
    )
    title = f"{quote.side} {order.amount} {quote.stock} for {quote.settlement}"
    made.steps.append(step(title, title, sender, calls, order, what=quote.side))
    return made.plan()


def _check_signature(ledger: SolanaLedger, quote: SignedQuote) -> None:
    if not quote.signature:
        raise InputError("is missing", field="signature", value=quote.id)
    try:
        signature = Signature.from_bytes(bytes.fromhex(quote.signature.removeprefix("0x")))
        good = signature.verify(ledger.address(quote.signer), _digest(ledger, quote))
    except ValueError:
        good = False
    if not good:
        raise InputError("is not the signer's, of this quote", field="signature", value=quote.signature)


def _prepare(made: Draft, quote: SignedQuote, sender: str) -> None:
    """Open the accounts that are missing, and thaw what is to receive."""
    ledger, network = made.ledger, made.network
    listing, holder = ledger.listing(quote.stock), network.keys.address(sender)
    calls: list[Call] = []
    units = tokens.holding(network.chain.account(ledger.units(listing, sender)))
    if units is None:
        calls.append(tokens.create_account(holder, holder, listing.mint))
    if network.chain.account(token_account(holder, ledger.suite.stablecoin, TOKEN)) is None:
        calls.append(tokens.create_account(holder, holder, ledger.suite.stablecoin, TOKEN))
    born_frozen = units is None and read_policy(ledger, listing) == "ALLOWLIST"
    if quote.side == "mint" and (born_frozen or (units is not None and units.frozen)):
        calls.append(ledger.network.crank_call("thaw", listing, sender, sender))
    if calls:
        name = f"accounts of {sender} for {quote.stock}"
        made.steps.append(step(f"{name} at {ledger.now()}", f"open or thaw the {name}", sender, calls, what="accounts"))


def attest(network: SolanaNetwork, stock: str, shares: Shares, reference: str = "", sender: str = "") -> Plan:
    """Publish what the custodian holds, signed by ATTESTOR's key on this machine; anyone may send it, and does."""
    made = Draft(network, "market attest", reference)
    sender_of(network.manifest, ATTESTOR, sender)
    made.ledger.listing(stock)
    found = reserve_of(network, network.listing(stock))
    order = ins.AttestReserve(stock, shares, network.chain.now())
    by = made.ledger.custodian
    title = f"{stock}: the custodian holds {shares} shares, attestation {found.latest.sequence + 1}"
    made.steps.append(step(title, title, by, made.ledger.calls(order), order, what="attest_reserve"))
    return made.plan()


def ceiling(network: SolanaNetwork, stock: str, shares: Shares, reference: str = "", sender: str = "") -> Plan:
    """Move this chain's ceiling of a stock (the timelock). Lower it at its source before another chain's is raised."""
    made = Draft(network, "market ceiling", reference)
    made.ledger.listing(stock)
    found = Shares.from_wad(reserve_of(network, network.listing(stock)).ceiling)
    if found == shares:
        return made.nothing(f"{stock}'s ceiling is {shares} shares")
    title = f"{stock}'s ceiling from {found} to {shares} shares"
    made.order(title, ins.SetCeiling(stock, shares), sender, f"{stock} {shares}")
    return made.plan()


def confirm_basis(network: SolanaNetwork, stock: str, sender: str, reference: str = "") -> Plan:
    """Adopt a split that the attestations before and after it show, after which mints go on. Anyone may."""
    made = Draft(network, "market confirm-basis", reference)
    ledger = made.ledger
    now, found = ledger.multiplier(stock), reserve_of(network, network.listing(stock))
    if (found.basis_num, found.basis_den) == (now.num, now.den):
        return made.nothing(f"{stock}'s reserve is counted in the present split basis")
    title = f"confirm {stock}'s split basis"
    call = ledger.signed("confirm_basis", sender, listing=ledger.listing(stock))
    made.steps.append(step(title, title, sender, [call], ins.ConfirmBasis(stock), what="confirm_basis"))
    return made.plan()
