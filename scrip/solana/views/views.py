"""A Solana network as operations read it: the program's accounts, and orders as transactions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey
from solders.signature import Signature

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.inputs.batch import Link, Newcomer
from scrip.inputs.quotes import QuoteFile, QuoteState
from scrip.instructions.base import Instruction, KeyedInstruction
from scrip.ledger.clearance import Clearance, Owner
from scrip.ledger.trading import PegNow, TradedAt, TradingLimit
from scrip.manifest.addresses import is_pubkey
from scrip.manifest.model import SolanaManifest
from scrip.model.state.reserve import Feed
from scrip.plan import Change, Step
from scrip.plan.draft import sender_of
from scrip.preview import admitted, limited, moment
from scrip.records import Records
from scrip.roles import ADMIN, SOLANA_ROLES
from scrip.solana.addresses import SYSTEM, TOKEN, document_hash, investor_id, token_account
from scrip.solana.connection.connection import SolanaConnection
from scrip.solana.encoding import messages, places, tokens
from scrip.solana.encoding.coins import check_coin, coin_at
from scrip.solana.encoding.mint import Mint
from scrip.solana.encoding.unsigned import unsigned
from scrip.solana.encoding.values import AMOUNT_BITS
from scrip.solana.handlers import fleet, holder_limits, market, reserve
from scrip.solana.handlers.actions import rules_of
from scrip.solana.handlers.clearance import SHUT_OUT, Row
from scrip.solana.ledger import SolanaLedger
from scrip.solana.views.bonds import SolanaBonds
from scrip.solana.views.halting import left_running
from scrip.solana.views.labels import describing, shows_kept
from scrip.solana.views.pages import freezing, pages
from scrip.solana.views.stepping import step
from scrip.solana.views.succession import SolanaSuccession
from scrip.solana.views.wallets import unfit
from scrip.units import SOLANA_DECIMALS, RawUnits, Stablecoin

NAMED_AT_ONCE = ("quote_signer", "attestor")
"""Fields of roles whose holders only sign papers: nobody accepts such a role."""
HERE = {"CEILING": ADMIN}
"""Roles that another holds on Solana: the administrator's instruction sets the ceiling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolanaQuote(QuoteFile):
    """A quote of a program on Solana. `genesis` is 0x-prefixed hex, `program` an address."""

    decimals = SOLANA_DECIMALS
    kind = "solana"
    bits = generation_bits = AMOUNT_BITS
    signature_bytes = range(64, 65)
    called = "quote of Solana's"

    genesis: str
    program: str

    def _check_values(self) -> None:
        QuoteFile._check_values(self)
        self._check_address("program")
        self._check_hex("genesis", range(32, 33))


@dataclass
class SolanaViews:
    """The views of one opened network; see scrip.chains.views.Views for what each answers."""

    network: SolanaConnection

    # --- what a draft needs ---

    @cached_property
    def ledger(self) -> SolanaLedger:
        """The program as a ledger, with the manifest's stocks that stand."""
        return self.network.ledger()

    @property
    def manifest(self) -> SolanaManifest:
        """The desired state of the network."""
        return self.network.manifest

    @property
    def records(self) -> Records:
        """The network's records."""
        return self.network.records

    @property
    def genesis(self) -> str:
        """The hash of the network's first block."""
        return self.network.genesis

    def role_here(self, role: str) -> str:
        """The role that gives an order here: ADMIN sets ceilings."""
        return HERE.get(role, role)

    def keyed(self, order: KeyedInstruction, key: str) -> KeyedInstruction:
        """The order with the key of its step, of which the program keeps an account."""
        return replace(order, key=key)

    def step(self, name: str, title: str, orders: Sequence[Instruction], what: str = "") -> Step:
        """The transaction that carries orders out."""
        by = str(getattr(orders[0], "by", ""))
        calls = [call for order in orders for call in self.ledger.calls(order)]
        return step(name, title, by, calls, *orders, what=what)

    def now(self) -> int:
        """The cluster's clock, UTC seconds."""
        return self.network.chain.now()

    def address(self, account: str) -> str:
        """An account's address, in base58."""
        return str(self.network.keys.address(account))

    def name(self, address: str) -> str:
        """What the manifest calls the account of an address; the address where it has no name."""
        return self.network.keys.name(Pubkey.from_string(address)) if is_pubkey(address) else address

    # --- investors ---

    def clearances(self, investors: Sequence[str]) -> dict[str, Clearance]:
        """What the register says of investors, by name."""
        found = self.ledger.records([self._record(one) for one in investors], "Investor")
        return {one: self._clearance(record) for one, record in zip(investors, found, strict=True)}

    def owners(self, wallets: Sequence[str]) -> dict[str, Owner]:
        """The record of the investor that each wallet belongs to; None for nobody's."""
        found = self.ledger.records([self._wallet(one) for one in wallets], "Wallet")
        return {one: self._owner(record) for one, record in zip(wallets, found, strict=True)}

    def entries(self, rows: Sequence[Newcomer | Link]) -> tuple[dict[str, Clearance], dict[str, Owner]]:
        """Both of a file's rows. A row's investor and wallet are read in one request, AT_ONCE being even: what lands
        meanwhile shows in both or in neither."""
        pairs = [((self._record(row.investor), "Investor"), (self._wallet(row.wallet), "Wallet")) for row in rows]
        records = iter(self.network.program.each(self.network.chain, [one for pair in pairs for one in pair]))
        known: dict[str, Clearance] = {}
        held: dict[str, Owner] = {}
        for row in rows:
            known[row.investor] = self._clearance(next(records))
            held[row.wallet] = self._owner(next(records))
        return known, held

    def owner(self, investor: str) -> Owner:
        """The address of an investor's record, by which `owners` names it."""
        return self._record(investor)

    def _record(self, investor: str) -> Pubkey:
        return self.network.program.at.investor(investor_id(investor))

    def _wallet(self, name: str) -> Pubkey:
        return self.network.program.at.wallet(self.network.keys.address(name))

    def _clearance(self, found: Any) -> Clearance:
        if found is None:
            return Clearance()
        kind = type(found.class_).__name__.lower()
        return Clearance(True, found.blocked, found.country, kind, found.expiry)

    def _owner(self, found: Any) -> Owner:
        return None if found is None else found.investor

    def unsignable(self, wallets: Sequence[str], venues: Collection[str] = ()) -> dict[str, str]:
        """Those that no key signs for, or that are somebody's token account, a mint, a program or what one keeps.

        Of `venues` a program signs for what it derives and keeps, where the manifest names the address.
        """
        places = [self.network.keys.address(one) for one in wallets]
        found: dict[str, str] = {}
        for wallet, address, account in zip(wallets, places, self.network.chain.read(places), strict=True):
            named = self.network.keys.name(address) != str(address)
            if what := unfit(self.network.program, address, account, wallet in venues and named):
                found[wallet] = what
        return found

    def fits(self, orders: Sequence[ins.RoleInstruction]) -> int:
        """How many of these orders have room in a transaction of 1,232 bytes: all are of one length."""
        calls = [call for one in orders for call in self.ledger.calls(one)]
        payer = self.network.keys.address(orders[0].by)
        return next((size for size in range(len(calls), 1, -1) if self.network.chain.fits(calls[:size], payer)), 1)

    def consequences(self, order: ins.Block | ins.Unblock | ins.UnlinkWallet | ins.Freeze, by: str) -> list[Step]:
        """The steps that freeze what a transaction had no room to name: anyone may, and who signed the change does."""
        investors = self.ledger.investors
        if not isinstance(order, ins.Freeze):
            named = {meta.pubkey for call in self.ledger.calls(replace(order, by=by)) for meta in call.accounts}
            left = [one for one in investors.thawed(investors.touched(order)) if one[2] not in named]
            return pages(self.network, self.ledger, left, by, "", isinstance(order, ins.Block))
        if not order.frozen:
            return []
        held = self.ledger.listing(order.stock)
        canonical = self.ledger.units(held, order.account)
        return [
            freezing(self.ledger, listing, wallet, at, by)
            for listing, wallet, at in investors.thawed([order.account])
            if listing == held and at != canonical
        ]

    def resynced(self, stock: str, by: str) -> list[Step]:
        """The step that makes a mint show the multiplier that the program keeps; none where it does."""
        listing = self.ledger.listing(stock)
        if shows_kept(self.ledger, stock):
            return []
        call = self.ledger.signed("resync_multiplier", by, listing=listing)
        return [step(f"resync {stock} at {self.now()}", f"resync {stock}'s mint", by, [call], what="resync_multiplier")]

    def unlisted(self, investor: str) -> str:
        """How many wallets of an investor the node does not list; "" for none."""
        return self.ledger.investors.unlisted(investor)

    def push(self, investor: str, by: str) -> list[Step]:
        """The steps that freeze what is left thawed of an investor that is not cleared."""
        found = self.clearances([investor])[investor]
        if not found.known:
            raise InputError("is not in the registry", field="investor", value=investor)
        if found.good(self.now()):
            return []
        investors, now = self.ledger.investors, self.now()
        if missed := self.unlisted(investor):
            raise InputError(f"may hold more: {missed}; ask again, or another", field="investor", value=investor)
        # What was frozen, thawed and lapsed again is another freeze.
        left = list(investors.thawed(investors.wallets_of(investor)))
        return pages(self.network, self.ledger, left, by, f" at {now}", found.blocked)

    def sweep(self, by: str) -> list[Step]:
        """The steps that freeze what anyone may freeze: thawed accounts of the blocked, the held and the lapsed."""
        now, name = self.now(), self.network.keys.name
        found: dict[str, list[Row]] = {"blocked": [], "lapsed": [], "held": []}
        for listing, wallet, at, why in self.ledger.investors.left_open(now):
            found[why if why in found else "lapsed"].append((listing, name(wallet), at))
        held = [freezing(self.ledger, *one, by, f" at {now}") for one in found.pop("held")]
        paged = (
            pages(self.network, self.ledger, rows, by, f" at {now}", why == "blocked") for why, rows in found.items()
        )
        return [*(step for steps in paged for step in steps), *held]

    def thaw(self, stock: str, account: str, units: str, by: str) -> list[Step]:
        """The step that opens and thaws a wallet's token account, the canonical one or that at `units`; none where that
        was done. InputError where `account` is nobody's wallet, as a pool's vault is none, or where `units` is no
        account of the wallet's in the stock."""
        ledger = self.ledger
        listing, wallet = ledger.listing(stock), self.network.keys.address(account)
        (found,) = self.network.chain.read([wallet])
        if what := unfit(self.network.program, wallet, found, venue=True):
            raise InputError(f"is {what}: name whose account is to be opened", field="account", value=account)
        canonical = ledger.units(listing, account)
        at = self.network.keys.address(units) if units else canonical
        held = tokens.holding_at(self.network.chain, at)
        if at != canonical and (held is None or (held.mint, held.owner) != (listing.mint, wallet)):
            raise InputError(f"is no account of {account} in {stock}", field="token_account", value=str(at))
        calls = [tokens.create_account(self.network.keys.address(by), wallet, listing.mint)] if held is None else []
        if fleet.starts_frozen(ledger, listing) if held is None else held.frozen:
            calls.append(ledger.investors.crank_call("thaw", listing, account, at))
        title = f"{'open' if held is None else 'thaw'} {account}'s {at} in {stock}"
        return [step(title, title, by, calls, what="thaw")] if calls else []

    # --- market ---

    def market_paused(self) -> bool:
        """Whether mints and redemptions on quotes are stopped."""
        self.network.suite()
        return bool(self.issuer().market_paused)

    @property
    def quotes(self) -> type[SolanaQuote]:
        """The class that reads and writes a quote's file on this kind of chain."""
        return SolanaQuote

    def new_quote(
        self,
        side: ins.Side,
        stock: str,
        account: str,
        amount: RawUnits,
        settlement: Stablecoin,
        reference: str,
        life: int,
        signer: str,
        fee_bps: int = 0,  # noqa: ARG002
        payer: str = "",
    ) -> SolanaQuote:
        """Draft a quote that is good for `life` seconds of the cluster's clock at the present multiplier.

        InputError where the settlement coin counts in other decimals, or does not arrive whole, and for a payer.
        """
        if payer:
            raise InputError("is not on Solana: a quote is paid there by its account", field="payer", value=payer)
        self._check_coin()
        return SolanaQuote(
            stock=stock,
            side=side,
            account=self.address(account),
            amount=str(amount),
            settlement=str(settlement),
            generation=self.ledger.multiplier(stock).generation,
            id=reference,
            expiry=self.ledger.now() + life,
            genesis=self.network.genesis,
            program=str(self.network.program.id),
            signer=self.address(signer),
        )

    def signed_quote(self, quote: QuoteFile) -> QuoteFile:
        """The quote with its signature; InputError where its signer's key is not on this machine."""
        signer = self.network.keys.signer(self.network.name(quote.signer))
        return replace(quote, signature="0x" + bytes(signer.sign_message(self._digest(quote))).hex())

    def for_wallets(self, quote: QuoteFile) -> dict[str, object]:
        """A signed quote as wallets take it (Solana Pay, Actions): an unsigned transaction in base64, and its message.

        The quote's signature stands within it, so that the account alone signs, and pays. A wallet puts a newer
        blockhash into what nobody has signed; one that does not signs up to block `last_height`. What has to be opened
        or thawed first is part of it, or where it has no room there, of `opening`, which goes before.
        """
        recent, payer = self.network.cluster.recent(), self.ledger.address(quote.account)
        opening, calls = self._opening(quote, quote.account), self._quote_calls(quote, quote.account)
        parts = {"transaction": [*opening, *calls]}
        if not self.network.chain.fits(parts["transaction"], payer):
            parts = {"opening": opening, "transaction": calls}
        order = quote.order()
        made: dict[str, object] = {
            "account": quote.account,
            "message": f"{quote.side} {order.amount} {quote.stock} for {quote.settlement}",
            "blockhash": str(recent.blockhash),
            "last_height": recent.last_height,
            "expiry": quote.expiry,
        }
        return made | {name: unsigned(part, payer, recent.blockhash) for name, part in parts.items()}

    def quote_used(self, reference: str) -> bool:
        """Whether a quote was carried out."""
        return self.ledger.record(self.network.program.at.quote(document_hash(reference)), "UsedQuote") is not None

    def trading_limits(self, stock: str, account: str) -> tuple[TradingLimit, ...]:  # noqa: ARG002
        """None: the program limits no trades over time."""
        return ()

    def traded_at(self, stock: str) -> TradedAt | None:  # noqa: ARG002
        """None: no contract there knows the price of a share."""
        return None

    def pegs(self) -> list[PegNow]:
        """None: the program asks no feed what a coin is worth."""
        return []

    def most_tradable(self, stock: str, account: str) -> None:  # noqa: ARG002
        """None: the program limits no trades over time."""
        return

    def quote_state(self, quote: QuoteFile) -> QuoteState:
        """Whether a quote can still be used, whatever the time; none is revoked here."""
        return "used" if self.quote_used(quote.id) else "open"

    def _check_coin(self) -> None:
        coin = self.ledger.suite.stablecoin
        check_coin(coin_at(self.network.chain, coin), "settlement", coin)

    def check_quote(self, quote: QuoteFile) -> None:
        """InputError for a quote of another cluster or program, without a good signature, or in an unfit coin."""
        self._check_coin()
        if not isinstance(quote, SolanaQuote):
            raise TypeError(f"{quote!r} is a quote of another kind of chain")
        if (quote.genesis, quote.program) != (self.network.genesis, str(self.network.program.id)):
            raise InputError(f"is of genesis {quote.genesis}, program {quote.program}", field="quote", value=quote.id)
        if not quote.signature:
            raise InputError("is missing", field="signature", value=quote.id)
        try:
            signature = Signature.from_bytes(bytes.fromhex(quote.signature.removeprefix("0x")))
            good = signature.verify(self.ledger.address(quote.signer), self._digest(quote))
        except ValueError:
            good = False
        if not good:
            raise InputError("is not the signer's, of this quote", field="signature", value=quote.signature)

    def quote_steps(self, quote: QuoteFile, sender: str, title: str) -> list[Step]:
        """The steps that carry a quote out: accounts that are missing are opened first, and what receives is thawed."""
        calls = self._quote_calls(quote, sender)
        return [
            *self._preparing(quote, sender),
            step(title, title, sender, calls, quote.order(), what=quote.side),
        ]

    def _quote_calls(self, quote: QuoteFile, sender: str) -> list[Call]:
        message = self._message(quote)
        return market.signed_quote(self.ledger, quote.side, quote.stock, sender, message, quote.signer, quote.signature)

    def _preparing(self, quote: QuoteFile, sender: str) -> list[Step]:
        calls = self._opening(quote, sender)
        if not calls:
            return []
        name = f"accounts of {sender} for {quote.stock}"
        return [step(f"{name} at {self.ledger.now()}", f"open or thaw the {name}", sender, calls, what="accounts")]

    def _opening(self, quote: QuoteFile, sender: str) -> list[Call]:
        """What opens the accounts that a quote needs and the sender has not, and thaws the one that receives."""
        ledger, network = self.ledger, self.network
        listing, holder = ledger.listing(quote.stock), network.keys.address(sender)
        calls: list[Call] = []
        units = ledger.holding(listing, sender)
        if units is None:
            calls.append(tokens.create_account(holder, holder, listing.mint))
        coins = token_account(holder, ledger.suite.stablecoin, TOKEN)
        if tokens.holding_at(network.chain, coins, tokens.COINS) is None:
            calls.append(tokens.create_account(holder, holder, ledger.suite.stablecoin, TOKEN))
        born_frozen = units is None and fleet.starts_frozen(ledger, listing)
        if quote.side == "mint" and (born_frozen or (units is not None and units.frozen)):
            calls.append(ledger.investors.crank_call("thaw", listing, sender))
        return calls

    def _message(self, quote: QuoteFile) -> messages.Quote:
        order = quote.order()
        return messages.Quote(
            id=document_hash(quote.id),
            side=messages.SIDES[quote.side],
            account=self.ledger.address(quote.account),
            amount=order.amount.value,
            settlement=order.settlement.value,
            generation=quote.generation,
            expiry=quote.expiry,
        )

    def _digest(self, quote: QuoteFile) -> bytes:
        ledger = self.ledger
        listing = ledger.listing(quote.stock)
        units = ledger.units(listing, quote.account)
        said = self._message(quote)
        return said.digest(ledger.chain.genesis, ledger.program.id, listing.mint, units, ledger.suite.stablecoin)

    # --- actions ---

    def notice(self, code: str) -> int:
        """How long before its effect an action of this code must be announced, in seconds, as the program says."""
        return rules_of(self.issuer().settings).notice(code)

    # --- reserve ---

    def reserve(self, stock: str) -> Any:
        """A stock's reserve, decoded; None where the stock does not exist."""
        program, chain = self.network.program, self.network.chain
        return program.record(chain, self.network.listing(stock).reserve, "Reserve")

    def backing(self, stock: str) -> Feed:
        """How a stock's attestations are judged: its split basis, ceilings and nonce."""
        return reserve.backing_of(reserve.state_of(self.ledger, self.network.listing(stock)))

    def confirm_basis(self, stock: str, sender: str) -> Step:
        """The step that has the program count in the basis after a split that the latest attestation shows."""
        title = f"confirm {stock}'s split basis"
        call = self.ledger.signed("confirm_basis", sender, listing=self.ledger.listing(stock))
        return step(title, title, sender, [call], ins.ConfirmBasis(stock), what="confirm_basis")

    def attestation(self, title: str, order: ins.AttestReserve, attestor: str) -> Step:  # noqa: ARG002
        """The step of the signature and the attestation, in one transaction; the role has one holder here."""
        return step(title, title, self.ledger.custodian, self.ledger.calls(order), order, what="attest_reserve")

    # --- fleet ---

    def issuer(self) -> Any:
        """The issuer's account, decoded; InputError before there is one."""
        return self.ledger.demanded(self.network.program.at.issuer, "Issuer")

    def paused(self, stock: str) -> bool:
        """Whether a stock's mint is paused."""
        return tokens.is_paused(self.ledger.mint_data(self.ledger.listing(stock)))

    def halted(self) -> bool:
        """Whether all stocks are halted, though each is paused apart."""
        return bool(self.issuer().halted)

    def left_running(self, by: str) -> tuple[list[Step], str]:
        """The steps that pause every mint of the program's which is not paused; see scrip.solana.views.halting."""
        return left_running(self.network, self.ledger.stocks, by)

    def role_holder(self, role: str) -> Pubkey:
        """The holder of a role on the chain; the system program's address where it was taken away and nobody has it."""
        return getattr(self.issuer().roles, SOLANA_ROLES.get(role, role.lower()))  # type: ignore[no-any-return]

    def holds(self, name: str, account: str) -> bool:
        """Whether an account holds a role."""
        if name not in SOLANA_ROLES:
            raise InputError(f"is none of {', '.join(SOLANA_ROLES)}", field="role", value=name)
        self.network.suite()
        return self.role_holder(name) == self.network.keys.address(account)

    def taking(self, name: str, account: str, by: str) -> tuple[list[Step], list[Change]]:
        """The step that takes a role from its holder, by ADMIN or `by` the holder itself; nobody has it then."""
        field = SOLANA_ROLES[name]
        sender = by or sender_of(self.manifest, ADMIN)
        call = self.ledger.signed("revoke_role", sender, self._role(field), self.network.keys.address(account))
        title = f"{account} gives up {field}" if by else f"take {field} from {account}"
        return [step(title, title, sender, [call], what="revoke_role")], [Change(f"role {field}", account, "nobody")]

    def giving(self, role: str, to: str) -> tuple[list[Step], list[Change]]:
        """The two steps of a hand-over: the administrator offers a role, and its new holder accepts, by a key here.

        Who signs quotes and attestations sends no transaction, and is named at once.
        """
        admin = sender_of(self.manifest, ADMIN)
        offer = self.ledger.signed("offer_role", admin, self._role(role), self.network.keys.address(to))
        held = self.role_holder(role)
        change = Change(f"role {role}", "nobody" if held == SYSTEM else self.network.keys.name(held), to)
        if role in NAMED_AT_ONCE:
            return [step(f"name {to} as {role}", f"{to} is {role}", admin, [offer], what="offer_role")], [change]
        accept = self.ledger.signed("accept_role", to, self._role(role))
        steps = [
            step(f"offer {role} to {to}", f"offer {role} to {to}", admin, [offer], what="offer_role"),
            step(f"accept {role} as {to}", f"{to} accepts {role}", to, [accept], what="accept_role"),
        ]
        return steps, [change]

    def _role(self, field: str) -> Any:
        """A role as the program's instructions take it, by its field of `Roles`."""
        return getattr(self.network.program.type["Role"], "".join(word.capitalize() for word in field.split("_")))()

    def carrying(self, stock: str, before: str) -> list[Step]:
        """The step by which a mint's metadata says the manifest's ISIN instead of `before`; its address stays."""
        isin, listing = self.manifest.stocks[stock].isin, self.network.listing(stock)
        data = places.stored(self.network.chain, [listing.mint], tokens.STOCK)[0]
        if data is None:
            reason = "is no stock's on this network: an ISIN that a mint was created under is its birth_isin for ever"
            raise InputError(reason, field="before", value=before)
        shown = Mint(data).metadata.more.get("isin", "")
        if shown == isin:
            return []
        if shown != before:
            raise InputError(f"is not what {stock} carries: that is {shown or 'none'}", field="before", value=before)
        by = sender_of(self.manifest, ADMIN)
        one = self.ledger.signed("set_isin", by, list(isin.encode()), listing=listing)
        title = f"{stock} carries {isin} instead of {before}"
        return [step(f"isin {stock} {isin}", title, by, [one], what="set_isin")]

    def describing(self, stock: str) -> tuple[list[Step], list[Change]]:
        """The steps by which a mint's metadata say what the manifest does, a text a step; see .labels."""
        return describing(self.network, self.ledger, stock)

    def sheet(self, stock: str) -> dict[str, str]:
        """How a stock stands on the chain beside what every chain shows."""
        ledger, listing = self.ledger, self.ledger.listing(stock)
        carried = Mint(ledger.mint_data(listing)).metadata.more
        stored = ledger.demanded(listing.stock, "Stock")
        shown = tokens.shown_multiplier(ledger.mint_data(listing), ledger.now())
        return {
            "address": str(listing.mint),
            "ISIN": carried.get("isin", listing.isin),
            "shown by wallets": repr(shown),
            "may be held by": admitted(holder_limits.rules_of(stored)),
            "limits": limited(holder_limits.limits_of(stored)),
            "seats taken": str(stored.seats),
            "reserve source": "attested",
            "attestation": self._attested(stock),
        }

    def _attested(self, stock: str) -> str:
        """When the custodian attested last, and whether mints take that."""
        found = reserve.state_of(self.ledger, self.network.listing(stock))
        if not found.latest.as_of:
            return "none yet: mints are refused"
        age = self.now() - found.latest.as_of
        fresh = "fresh" if 0 <= age <= found.max_age else "TOO OLD: mints are refused"
        return f"{moment(found.latest.as_of)}, {fresh}"

    # --- enforcement ---

    def frozen(self, stock: str, account: str) -> bool:
        """Whether a wallet's units of a stock are held."""
        listing, holder = self.ledger.listing(stock), self.network.keys.address(account)
        return self.ledger.record(self.network.program.at.hold(listing.stock, holder), "Hold") is not None

    def opening(self, stock: str, account: str, by: str) -> list[Step]:
        """The step that makes a wallet's canonical token account of a stock; none where it stands."""
        listing, wallet = self.ledger.listing(stock), self.network.keys.address(account)
        if self.ledger.holding(listing, account) is not None:
            return []
        title = f"open {account}'s account in {stock}"
        call = tokens.create_account(self.network.keys.address(by), wallet, listing.mint)
        return [step(title, title, by, [call], what="open")]

    def bonds(self) -> SolanaBonds:
        """What of accounts' units is frozen or locked."""
        return SolanaBonds(self.ledger)

    def succession(self) -> SolanaSuccession:
        """Lost wallets, and who has taken their places."""
        return SolanaSuccession(self.ledger, self.step)

    def unseated(self, stock: str) -> list[str]:
        """The wallets with an open account of a stock whose investor has no seat, where holders are limited."""
        listing = self.ledger.listing(stock)
        found = self.ledger.investors.left_open(self.now())
        return [self.name(str(wallet)) for one, wallet, at, why in found if one == listing and why == SHUT_OUT]
