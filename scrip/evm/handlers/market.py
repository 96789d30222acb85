"""The primary market: mints and redemptions on quotes that the issuer has signed, and the settlement currency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from eth_abi.exceptions import DecodingError

from scrip import instructions as ins
from scrip.errors import InputError, ScripError
from scrip.evm import mocks, outside
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding import quotes
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.payments import CoinDomain, Payment, authorization_message, permit_message
from scrip.evm.encoding.values import CUSTODIAN, SignedQuote, Transaction, coins, raw
from scrip.evm.handlers.table import TRANSACTIONS, Facts, demand_known
from scrip.instructions.base import TREASURY
from scrip.labels import PRICES, STABLECOIN
from scrip.market_limits import SCOPES, Level, LimitScope, MarketLimits
from scrip.model.laws.fees import fee_of
from scrip.model.state.market import Peg
from scrip.plan import Address
from scrip.units import STABLECOIN_DECIMALS

MARKET = "PrimaryMarket"


@TRANSACTIONS.of(ins.Mint)
def mint(facts: Facts, order: ins.Mint) -> Transaction:
    """Make new units for settlement, on the issuer's quote."""
    return _on_quote(facts, order, "mint" if order.is_plain else "mintPaid")


@TRANSACTIONS.of(ins.Redeem)
def redeem(facts: Facts, order: ins.Redeem) -> Transaction:
    """Burn units and pay settlement for them, on the issuer's quote."""
    return _on_quote(facts, order, "redeem")


def _on_quote(facts: Facts, order: ins.Mint | ins.Redeem, function: str) -> Transaction:
    if not order.account:
        raise InputError("nobody signs for the zero address", field="account")
    raw(order.amount)
    coins(order.settlement)
    signed = facts.signed(order)
    return Transaction(order.by or order.account, "market", MARKET, function, signed.args)


def sign_quote(chain: Chain, market: Contract, order: ins.Mint | ins.Redeem, token: str) -> SignedQuote:
    """The issuer's quote for an order of the stock at `token`, with whatever fault its terms describe."""
    at, terms = chain.address, order.quote
    quote = quotes.Quote(
        token=token,
        side=quotes.SIDES[terms.side or ("mint" if isinstance(order, ins.Mint) else "redeem")],
        account=at(order.account),
        stablecoin=at(terms.asset),
        amount=order.amount.value,
        settlement=order.settlement.value,
        fee=terms.fee_bps,
        generation=terms.generation,
        ref=quotes.ref_of(terms.id),
        nonce=terms.nonce,
        epoch=terms.epoch,
        expiry=terms.expiry,
    )
    here, payer = (chain.chain_id(), market.address), at(terms.payer) if terms.payer else ""
    typed = quotes.typed_message(quote, *here, payer)
    signed = SignedQuote(quote, at(terms.signer), chain.sign("forger" if terms.forged else terms.signer, typed))
    if isinstance(order, ins.Mint) and not order.is_plain:
        signed = replace(signed, payment=sign_payment(chain, market, order, signed))
    if not terms.second:
        return signed
    message = quotes.countersigned_message(quote, terms.second_epoch, *here, payer)
    return replace(signed, second=at(terms.second), second_signature=chain.sign(terms.second, message))


def sign_payment(chain: Chain, market: Contract, order: ins.Mint, signed: SignedQuote) -> Payment:
    """What the payer of a mint signs for it, and whoever consents."""
    payer, quote, signature, consent = chain.address(order.payer), signed.quote, b"", b""
    if order.way != "allowance":
        coin = Contract(outside.SIGNED_STABLECOIN, quote.stablecoin)
        due = quote.settlement + fee_of(quote.settlement, quote.fee)
        typed = message_to_coin(chain, market, coin, order.way, quote, signed.signer, payer, due)
        signature = chain.sign(order.payer, typed)
    if order.consent:
        here = (chain.chain_id(), market.address)
        consent = chain.sign(order.consent, quotes.payment_message(quote, signed.signer, payer, *here))
    return Payment(payer, order.way, signature, consent)


def message_to_coin(
    chain: Chain, market: Contract, coin: Contract, way: ins.Way, quote: quotes.Quote, signer: str, payer: str, due: int
) -> dict[str, object]:
    """What a payer signs to the stablecoin: a permit of what is due, or an authorization of this very payment.

    InputError for a stablecoin that does not say for which domain, or lacks permits or authorizations.
    """
    domain = read_domain(chain, coin)
    if way == "permit":
        nonce = _asked(chain, coin, "nonces", payer, lacks="takes no permits (ERC-2612)")
        return permit_message(domain, payer, market.address, due, int(nonce), quote.expiry)
    consent = quotes.digest_of(quotes.payment_message(quote, signer, payer, chain.chain_id(), market.address))
    _asked(chain, coin, "authorizationState", payer, consent, lacks="takes no authorizations (ERC-3009)")
    return authorization_message(domain, payer, market.address, due, quote.expiry, consent)


@TRANSACTIONS.of(ins.RevokeQuote)
def revoke_quote(_facts: Facts, order: ins.RevokeQuote) -> Transaction:
    """Void one quote before it is used."""
    return Transaction(order.by, "market", MARKET, "revokeQuote", (Address(order.signer), order.nonce))


@TRANSACTIONS.of(ins.RevokeQuotes)
def revoke_quotes(_facts: Facts, order: ins.RevokeQuotes) -> Transaction:
    """Void every unused quote of a signer, and name the desk that signs its next ones."""
    return Transaction(order.by, "market", MARKET, "revokeQuotes", (Address(order.signer), order.desk))


@TRANSACTIONS.of(ins.SetMarketLimit)
def set_limit(facts: Facts, order: ins.SetMarketLimit) -> Transaction:
    """Limit what is minted and redeemed on quotes."""
    if order.stock:
        demand_known(order.stock, facts)
    one = order.limits
    args = (SCOPES.index(order.scope), Address(order.stock), one.net, one.gross, one.window)
    return Transaction(order.by, "market", MARKET, "setLimit", args)


@TRANSACTIONS.of(ins.SetMarketBand)
def set_band(facts: Facts, order: ins.SetMarketBand) -> Transaction:
    """Bound the price of a stock's quotes by what the price feed says."""
    demand_known(order.stock, facts)
    args = (Address(order.stock), Address(PRICES if order.band_bps else ""), order.band_bps)
    return Transaction(order.by, "market", MARKET, "setBand", args)


@TRANSACTIONS.of(ins.SetPeg)
def set_peg(_facts: Facts, order: ins.SetPeg) -> Transaction:
    """Guard a settlement coin by a feed of its price in dollars."""
    args = (Address(order.asset), Address(order.feed), order.band_bps, order.max_age)
    return Transaction(order.by, "market", MARKET, "setPeg", args)


@TRANSACTIONS.of(ins.PokePeg)
def poke_peg(_facts: Facts, order: ins.PokePeg) -> Transaction:
    """Ask the peg feed of a settlement coin; anyone."""
    return Transaction(order.by or CUSTODIAN, "market", MARKET, "poke", (Address(order.asset),))


@TRANSACTIONS.of(ins.SetQuoteTerms)
def set_terms(_facts: Facts, order: ins.SetQuoteTerms) -> Transaction:
    """Bound the fee of quotes, and say from when on two keys sign."""
    return Transaction(order.by, "market", MARKET, "setTerms", (order.max_fee_bps, order.second_from))


@TRANSACTIONS.of(ins.PauseMarket)
def pause_market(_facts: Facts, order: ins.PauseMarket) -> Transaction:
    """Stop mints and redemptions of all stocks."""
    return Transaction(order.by, "market", MARKET, "pause")


@TRANSACTIONS.of(ins.UnpauseMarket)
def unpause_market(_facts: Facts, order: ins.UnpauseMarket) -> Transaction:
    """Open mints and redemptions of all stocks again."""
    return Transaction(order.by, "market", MARKET, "unpause")


@TRANSACTIONS.of(ins.FundStablecoin)
def fund(_facts: Facts, order: ins.FundStablecoin) -> Transaction:
    """Give settlement currency out of nothing, which a local chain's mock gives to anyone."""
    args = (Address(order.account), coins(order.amount))
    return Transaction(order.account or ins.ISSUER, STABLECOIN, mocks.STABLECOIN, "mint", args)


TRANSACTIONS.lacks(
    ins.SetCustodian, ins.WithdrawTreasury, reason="the treasury is an account there, which pays by itself"
)

# --- read back -------------------------------------------------------------------------------------------------------


def read_paused(chain: Chain, market: Contract) -> bool:
    """Ask whether mints and redemptions are stopped."""
    return bool(chain.call(market, "paused"))


def check_decimals(chain: Chain, coin: Contract, field: str) -> None:
    """InputError for a settlement coin that counts in other decimals than amounts are stated in here.

    Taken for one of six, a coin of eighteen would sell a share for a millionth of a millionth of its price.
    """
    if (found := read_decimals(chain, coin)) != STABLECOIN_DECIMALS:
        has = "does not say its decimals" if found is None else f"has {found} decimals"
        reason = f"{has}, and settlement is counted in {STABLECOIN_DECIMALS} here"
        raise InputError(reason, field=field, value=coin.address)


def read_decimals(chain: Chain, coin: Contract) -> int | None:
    """What a stablecoin says of its decimals; None for one that says nothing."""
    try:
        return int(chain.call(coin, "decimals"))
    except (ScripError, DecodingError):
        return None


def read_domain(chain: Chain, coin: Contract) -> CoinDomain:
    """The domain for which a stablecoin takes signatures, held to the hash that it shows of it.

    By its name and version, which is 1 where it says none. InputError where no such domain has that hash.
    """
    shown = _asked(chain, coin, "DOMAIN_SEPARATOR", lacks="takes no signatures: pay under an allowance")
    name = str(_asked(chain, coin, "name", lacks="does not say its name"))
    try:
        version = str(chain.call(coin, "version"))
    except (ScripError, DecodingError):
        version = "1"
    domain = CoinDomain(name, version, chain.chain_id(), coin.address)
    if domain.hash() != shown:
        reason = f"takes signatures for another domain than {name!r}, version {version!r}: pay under an allowance"
        raise InputError(reason, field="stablecoin", value=coin.address)
    return domain


def _asked(chain: Chain, coin: Contract, view: str, *args: object, lacks: str) -> Any:
    """What a stablecoin's view answers; InputError saying what it lacks where it does not."""
    try:
        return chain.call(coin, view, *args)
    except (ScripError, DecodingError):
        raise InputError(lacks, field="stablecoin", value=coin.address) from None


def read_listed(chain: Chain, market: Contract, assets: Sequence[str]) -> frozenset[str]:
    """Read which of the named assets settle quotes."""
    listed = ask_all(chain, [Call(market, "assetListed", (chain.address(name),)) for name in assets])
    return frozenset(name for name, is_listed in zip(assets, listed, strict=True) if is_listed)


def read_nonces(chain: Chain, market: Contract, asked: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of these signers' numbers are those of quotes that were carried out or revoked."""
    pairs = sorted(asked)
    words = sorted({(signer, nonce >> 8) for signer, nonce in pairs})
    calls = [Call(market, "quoteBitmap", (chain.address(signer), word)) for signer, word in words]
    bits = dict(zip(words, ask_all(chain, calls), strict=True))
    return {(signer, nonce) for signer, nonce in pairs if bits[signer, nonce >> 8] >> (nonce & 255) & 1}


def read_epochs(chain: Chain, market: Contract, signers: Iterable[str]) -> dict[str, int]:
    """The epochs of these signers, of those whose quotes were ever revoked."""
    asked = sorted(signers)
    found = ask_all(chain, [Call(market, "quoteEpoch", (chain.address(one),)) for one in asked])
    return {one: epoch for one, epoch in zip(asked, found, strict=True) if epoch}


def read_limits(chain: Chain, market: Contract, asked: Iterable[tuple[LimitScope, str]]) -> list[MarketLimits]:
    """The limits of scopes: the issuer's, those of the stock at an address, every investor's."""
    calls = [Call(market, "limitOf", (SCOPES.index(scope), token)) for scope, token in asked]
    return [MarketLimits(*found) for found in ask_all(chain, calls)]


def read_bands(chain: Chain, market: Contract, tokens: Mapping[str, Contract]) -> dict[str, int]:
    """Basis points within which quotes of these stocks are bounded by their price; of those that are."""
    found = ask_all(chain, [Call(market, "bandOf", (one.address,)) for one in tokens.values()])
    return {stock: band for stock, (_, band) in zip(tokens, found, strict=True) if band}


def read_pegs(
    chain: Chain, market: Contract, coins: Mapping[str, str], name_of: Callable[[str], str]
) -> dict[str, Peg]:
    """What guards these settlement coins, addresses by name; of those that have a guard."""
    found = ask_all(chain, [Call(market, "pegOf", (address,)) for address in coins.values()])
    return {
        name: Peg(name_of(feed), band, age, until)
        for name, (feed, band, age, until) in zip(coins, found, strict=True)
        if feed != ZERO_ADDRESS
    }


def read_level(
    chain: Chain, market: Contract, scope: LimitScope, token: str = ZERO_ADDRESS, investor: int = 0
) -> Level:
    """What counts against them now; of an investor by its number, or that of an account which has none."""
    net, gross = chain.call(market, "levelOf", SCOPES.index(scope), token, investor)
    return Level(net, gross, chain.now())


def read_coins(chain: Chain, market: Contract, stablecoin: Contract, addresses: Mapping[str, str]) -> dict[str, int]:
    """Read the stablecoin of each account.

    Accounts are addresses by name, and the treasury, which has one name in instructions.
    """
    treasury = str(chain.call(market, "treasury"))
    owners = {name: address for name, address in addresses.items() if address != treasury} | {TREASURY: treasury}
    calls = [Call(stablecoin, "balanceOf", (address,)) for address in owners.values()]
    return dict(zip(owners, ask_all(chain, calls), strict=True))
