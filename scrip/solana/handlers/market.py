"""The primary market: mints and redemptions on quotes that the issuer has signed, and the settlement currency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.instructions.base import TREASURY
from scrip.labels import STABLECOIN
from scrip.ledger import Receipt
from scrip.model.state.market import Outlet
from scrip.solana.addresses import TOKEN, document_hash, local_keypair, token_account
from scrip.solana.encoding import messages, tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.encoding.values import coins, raw
from scrip.solana.handlers.client import receipt
from scrip.solana.handlers.table import APPLIED, CALLS, Context, lacks, send_signed
from scrip.solana.handlers.transfers import read_units
from scrip.solana.keys import FAUCET
from scrip.solana.signing import Signer
from scrip.units import STABLECOIN_DECIMALS, Stablecoin

# --- mints and redemptions -------------------------------------------------------------------------------------------


@CALLS.of(ins.Mint)
def mint(context: Context, order: ins.Mint) -> list[Call]:
    """Show the issuer's signature, and make new units on it."""
    return _on_quote(context, order, "mint")


@CALLS.of(ins.Redeem)
def redeem(context: Context, order: ins.Redeem) -> list[Call]:
    """Show the issuer's signature, and burn units on it."""
    return _on_quote(context, order, "redeem")


@APPLIED.of(ins.Mint, ins.Redeem)
def apply_on_quote(context: Context, order: ins.Mint | ins.Redeem) -> Receipt:
    """Open and thaw the holder's accounts as anyone may, then let the holder mint or redeem."""
    _demand_plain(order)
    raw(order.amount)
    coins(order.settlement)
    if not order.account:
        raise InputError("nobody signs for the zero address", field="account")
    if order.stock not in context.stocks:
        raise Refusal("market: unknown stock", order.stock)
    by = order.by or order.account
    context.investors.prepare(context.listing(order.stock), by)
    _open_coins(context, by)
    try:
        return context.send(CALLS(context, order), [by])
    except Refusal as refused:
        raise _as_elsewhere(context, order, by, refused) from None


def _as_elsewhere(context: Context, order: ins.Mint | ins.Redeem, by: str, refused: Refusal) -> Refusal:
    """The refusal as other chains name it: the program burns out of the wallet's own account, and calls a want of units
    what is bound in its vault."""
    listing = context.listing(order.stock)
    held = context.holding(listing, by)
    units = read_units(context, listing, context.address(by), held.amount if held else 0)
    if isinstance(order, ins.Redeem) and refused.name == "ERC20InsufficientBalance" and raw(order.amount) <= units:
        return Refusal("ERC7943InsufficientUnfrozenBalance", str(refused))
    return refused


def _on_quote(context: Context, order: ins.Mint | ins.Redeem, name: ins.Side) -> list[Call]:
    """The calls for a quote with whatever fault its terms describe."""
    _demand_plain(order)
    terms = order.quote
    quote = messages.Quote(
        id=document_hash(terms.id),
        side=messages.SIDES[terms.side or name],
        account=context.address(order.account),
        amount=raw(order.amount),
        settlement=coins(order.settlement),
        generation=terms.generation,
        expiry=terms.expiry,
    )
    asset = context.suite.stablecoin if terms.asset == "stablecoin" else context.address(terms.asset)
    signer = context.keys.signer("forger" if terms.forged else terms.signer)
    listing, by = context.listing(order.stock), order.by or order.account
    return quote_calls(context, name, listing, by, quote, signer, asset, terms.signer)


def _demand_plain(order: ins.Mint | ins.Redeem) -> None:
    """InputError for a mint that another pays, or that is paid by a signature to the stablecoin."""
    if isinstance(order, ins.Mint) and not order.is_plain:
        reason = "is not on Solana: an account pays there itself, and signs for its coins with the transaction"
        raise InputError(reason, field="payer", value=order.payer)


def quote_calls(
    context: Context,
    name: str,
    listing: Listing,
    by: str,
    quote: messages.Quote,
    signer: Signer,
    asset: Pubkey,
    claimed: str = "",
) -> list[Call]:
    """The signature and the mint or redemption that it is for. `claimed` is whose signature it is said to be."""
    digest = quote.digest(context.chain.genesis, context.program.id, listing.mint, context.units(listing, by), asset)
    signature = bytes(signer.sign_message(digest))
    key = context.address(claimed) if claimed else signer.pubkey()
    call = _quoted(context, name, listing, by, quote, asset)
    return [messages.signature_instruction([(key, signature, digest)]), call]


def signed_quote(
    context: Context, name: str, stock: str, by: str, quote: messages.Quote, signer: str, signature: str
) -> list[Call]:
    """The calls for a quote whose signature was made elsewhere, 0x-prefixed hex."""
    listing, asset = context.listing(stock), context.suite.stablecoin
    digest = quote.digest(context.chain.genesis, context.program.id, listing.mint, context.units(listing, by), asset)
    entry = (context.address(signer), bytes.fromhex(signature.removeprefix("0x")), digest)
    return [messages.signature_instruction([entry]), _quoted(context, name, listing, by, quote, asset)]


def _quoted(context: Context, name: str, listing: Listing, by: str, quote: messages.Quote, asset: Pubkey) -> Call:
    at, wallet = context.program.at, context.address(by)
    side = context.program.type["Side"]
    args = {
        "id": list(quote.id),
        "side": (side.Mint, side.Redeem)[quote.side](),
        "account": quote.account,
        "amount": quote.amount,
        "settlement": quote.settlement,
        "generation": quote.generation,
        "expiry": quote.expiry,
    }
    accounts = {
        "account": wallet,
        "wallet": at.wallet(wallet),
        "investor": context.investors.record_of(wallet),
        "hold": at.hold(listing.stock, wallet),
        "token_account": context.units(listing, by),
        "asset": at.asset(asset),
        "settlement_mint": asset,
        "account_settlement": token_account(wallet, context.suite.stablecoin, TOKEN),
        "treasury": context.suite.treasury,
        "used_quote": at.quote(quote.id),
        "settlement_program": TOKEN,
    }
    rest = _shown(context, listing, wallet) if name == "mint" else []
    return context.program.build(name, args, accounts=accounts, listing=listing, rest=rest)


def _shown(context: Context, listing: Listing, wallet: Pubkey) -> list[AccountMeta]:
    """What a mint names behind its other accounts: of a strict issuer the proof of the wallet's absence from the
    sanctions list, then of a stock with a maximum the record of what is bound of the wallet's, which counts, too."""
    stock, at = context.record(listing.stock, "Stock"), context.program.at
    limited = stock is not None and stock.limits.maximum
    locked = [AccountMeta(at.locked(listing.stock, wallet), False, False)] if limited else []
    return [*context.investors.proof_of(wallet), *locked]


# --- out of the treasury ---------------------------------------------------------------------------------------------


@CALLS.of(ins.SetCustodian)
def set_custodian(context: Context, order: ins.SetCustodian) -> list[Call]:
    """Name the account of the custodian's that an asset leaves to."""
    coin = asset_of(context, order.asset)
    accounts = {
        "settlement_mint": coin,
        "asset": context.program.at.asset(coin),
        "account": token_account(owner_of(context, order.account), coin, TOKEN),
        "custodian": context.program.at.custodian(coin),
    }
    return [context.signed("set_custodian", order.by, coins(order.daily), accounts=accounts)]


@CALLS.of(ins.WithdrawTreasury)
def withdraw(context: Context, order: ins.WithdrawTreasury) -> list[Call]:
    """Pay out of the treasury to whom the custodian's record names; to nobody where there is none, which is refused."""
    coin, at, key = asset_of(context, order.asset), context.program.at, context.key(order.key)
    named, listed = context.record(at.custodian(coin), "Custodian"), context.record(at.asset(coin), "Asset")
    accounts = {
        "settlement_mint": coin,
        "asset": at.asset(coin),
        "treasury": listed.treasury if listed else token_account(at.authority, coin, TOKEN),
        "custodian": at.custodian(coin),
        "account": named.account if named else coin,
        "used_key": at.key(key),
        "settlement_program": TOKEN,
    }
    return [context.signed("withdraw", order.by, list(key), coins(order.amount), accounts=accounts)]


APPLIED.of(ins.SetCustodian, ins.WithdrawTreasury)(send_signed)


def asset_of(context: Context, name: str) -> Pubkey:
    """The mint of a settlement asset: the first goes by one name everywhere, others by their mints."""
    return context.suite.stablecoin if name == STABLECOIN else context.address(name)


lacks(ins.SetQuoteTerms, reason="a quote there names no fee, and one key signs it")
lacks(ins.SetMarketBand, reason="no contract there knows the price of a share")
lacks(ins.SetPeg, ins.PokePeg, reason="the program asks no feed what a settlement coin is worth")
lacks(ins.SetMarketLimit, reason="mints are bounded by the reserve and its ceiling there, and a quote by its life")
lacks(ins.RevokeQuote, ins.RevokeQuotes, reason="a quote is known by its id there, and void when it expires")

# --- stops -----------------------------------------------------------------------------------------------------------


@CALLS.of(ins.PauseMarket)
def pause_market(context: Context, order: ins.PauseMarket) -> list[Call]:
    """Stop mints and redemptions of all stocks."""
    return [context.signed("pause_market", order.by)]


@CALLS.of(ins.UnpauseMarket)
def unpause_market(context: Context, order: ins.UnpauseMarket) -> list[Call]:
    """Open mints and redemptions of all stocks again."""
    return [context.signed("resume_market", order.by)]


APPLIED.of(ins.PauseMarket, ins.UnpauseMarket)(send_signed)


# --- the settlement currency -----------------------------------------------------------------------------------------


@CALLS.of(ins.FundStablecoin)
def fund(context: Context, order: ins.FundStablecoin) -> list[Call]:
    """Give settlement currency out of nothing, which a local cluster's faucet gives to anyone."""
    to, faucet = coins_of(context, order.account), local_keypair(FAUCET)
    return [tokens.mint_coins(context.suite.stablecoin, to, faucet.pubkey(), coins(order.amount))]


@APPLIED.of(ins.FundStablecoin)
def apply_fund(context: Context, order: ins.FundStablecoin) -> Receipt:
    """Open the account, then let the faucet fill it."""
    _open_coins(context, order.account)
    return receipt(context.chain.send(CALLS(context, order), [local_keypair(FAUCET)]))


def owner_of(context: Context, name: str) -> Pubkey:
    """The address that owns a name's token accounts: the treasury's are the program's."""
    return context.program.at.authority if name == TREASURY else context.address(name)


def coins_of(context: Context, account: str) -> Pubkey:
    """An account's canonical token account of settlement currency."""
    return token_account(owner_of(context, account), context.suite.stablecoin, TOKEN)


def _open_coins(context: Context, account: str) -> None:
    chain, owner = context.chain, owner_of(context, account)
    if tokens.holding_at(chain, coins_of(context, account), tokens.COINS) is None:
        chain.send([tokens.create_account(chain.payer.pubkey(), owner, context.suite.stablecoin, TOKEN)], [])


# --- read back -------------------------------------------------------------------------------------------------------


def read_stablecoin(context: Context, account: str) -> Stablecoin:
    """Settlement currency of an account."""
    held = tokens.holding_at(context.chain, coins_of(context, account), tokens.COINS)
    return Stablecoin(held.amount if held else 0, STABLECOIN_DECIMALS)


def read_listed(context: Context, assets: Mapping[str, Pubkey]) -> frozenset[str]:
    """Those of the named mints that settle quotes."""
    found = context.records([context.program.at.asset(mint) for mint in assets.values()], "Asset")
    return frozenset(name for name, one in zip(assets, found, strict=True) if one is not None and one.listed)


def read_outlets(context: Context, assets: Mapping[str, Pubkey], called: Callable[[Pubkey], str]) -> dict[str, Outlet]:
    """Where each of the named mints leaves the treasury to, its owner by what `called` says; of those that do."""
    found = context.records([context.program.at.custodian(mint) for mint in assets.values()], "Custodian")
    named = {name: one for name, one in zip(assets, found, strict=True) if one is not None}
    held = tokens.holdings(context.chain, [one.account for one in named.values()], tokens.COINS)
    return {
        name: Outlet(called(coins.owner) if coins else str(one.account), one.daily, one.level, one.since)
        for (name, one), coins in zip(named.items(), held, strict=True)
    }


def read_used_quotes(context: Context, names: Iterable[str]) -> set[str]:
    """Read which of the named quotes were carried out."""
    quotes = sorted(names)
    marks = context.records([context.program.at.quote(document_hash(name)) for name in quotes], "UsedQuote")
    return {name for name, mark in zip(quotes, marks, strict=True) if mark is not None}


def read_coins(context: Context, named: Mapping[Pubkey, str]) -> dict[str, int]:
    """Read the stablecoin of each account.

    Accounts are names by address, and the treasury, which has one name in instructions.
    """
    treasury = context.program.at.authority
    owners = {name: address for address, name in named.items() if address != treasury}
    owners[TREASURY] = treasury
    places = [token_account(address, context.suite.stablecoin, TOKEN) for address in owners.values()]
    held = tokens.holdings(context.chain, places, tokens.COINS)
    return {name: one.amount if one else 0 for name, one in zip(owners, held, strict=True)}
