"""An Ethereum-family network as operations read it: the answers of its contracts, and orders as transactions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from eth_utils import keccak

from scrip import instructions as ins
from scrip.errors import InputError, ScripError
from scrip.evm import outside
from scrip.evm.chain import Call, Contract, ask_all
from scrip.evm.connection.connection import EvmConnection
from scrip.evm.deploy import design as parts
from scrip.evm.deploy.deployment import administrator, survey
from scrip.evm.deploy.design import call
from scrip.evm.encoding import quotes as messages
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.calldata import step_data
from scrip.evm.encoding.payments import Payment
from scrip.evm.encoding.values import CLASSES, SignedQuote, Transaction, coins, investor_number
from scrip.evm.handlers import transaction
from scrip.evm.handlers.actions import read_rules as read_notices
from scrip.evm.handlers.investors import onboarding
from scrip.evm.handlers.market import check_decimals, read_level, read_pegs
from scrip.evm.handlers.market import read_limits as read_trading
from scrip.evm.labels import UNLIMITED, is_frozen, role
from scrip.evm.ledger import EvmLedger
from scrip.evm.rpc.node import GAS_CAP
from scrip.evm.rpc.signers import Signer
from scrip.evm.safe.transaction import recovered
from scrip.evm.views import quotes
from scrip.evm.views.bonds import EvmBonds
from scrip.evm.views.payments import PaymentFile, Payments, approvals
from scrip.evm.views.quotes import EvmQuote, Fee, Trade
from scrip.evm.views.sheet import sheet
from scrip.evm.views.succession import EvmSuccession
from scrip.inputs.batch import Link, Newcomer
from scrip.inputs.quotes import QuoteFile, QuoteState
from scrip.instructions.base import Instruction, KeyedInstruction
from scrip.labels import SAFE, STABLECOIN, TIMELOCK, asset_label
from scrip.ledger.clearance import Clearance, Owner
from scrip.ledger.trading import PegNow, TradedAt, TradingLimit
from scrip.manifest.model import EvmManifest
from scrip.market_limits import SCOPES
from scrip.model.state.reserve import Feed
from scrip.plan import Address, Change, Step
from scrip.records import Records
from scrip.roles import EVM_ROLES
from scrip.units import RawUnits, Stablecoin

HALTED = 2
"""The fleet's mode in which all stands still, as token_config.vy numbers it."""
ALWAYS_FIT, ASKED_ABOUT = 100, 10
"""Newcomers that fit into a transaction whatever they cost, and of how many a node is asked where there are more."""
LAST_PRECOMPILED = 0xFFFF
"""Addresses up to this one are the chain's own contracts, or will be."""
_CLASS_NAMES = {number: name for name, number in CLASSES.items()}


@dataclass
class EvmViews:
    """The views of one opened network; see scrip.chains.views.Views for what each answers."""

    network: EvmConnection

    # --- what a draft needs ---

    @cached_property
    def ledger(self) -> EvmLedger:
        """The chain's ledger, with the manifest's stocks that stand."""
        return self.network.ledger()

    @property
    def manifest(self) -> EvmManifest:
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
        """The role itself: the contracts know every role by its own name."""
        return role

    def keyed(self, order: KeyedInstruction, key: str) -> KeyedInstruction:  # noqa: ARG002
        """The order, unchanged: its transaction carries the step's own id."""
        return order

    def step(self, name: str, title: str, orders: Sequence[Instruction], what: str = "") -> Step:  # noqa: ARG002
        """The transaction that carries orders out. Several orders can only be onboardings."""
        entering = [one for one in orders if isinstance(one, ins.Onboard)]
        if entering:
            return call(name, title, onboarding(tuple(entering), entering[0].by), *entering)
        (order,) = orders
        return call(name, title, transaction(order, self.ledger), order)

    def now(self) -> int:
        """The chain's clock, UTC seconds."""
        return self.network.chain.now()

    def address(self, account: str) -> str:
        """An account's address."""
        return self.network.chain.address(account)

    def name(self, address: str) -> str:
        """What the manifest calls the account of an address; the address where it has no name."""
        return self.network.chain.name(address)

    # --- investors ---

    def clearances(self, investors: Sequence[str]) -> dict[str, Clearance]:
        """What the registry says of investors, by name."""
        calls = [Call(self._registry, "investorRecord", (investor_number(one),)) for one in investors]
        found = zip(investors, ask_all(self.network.chain, calls), strict=True)
        return {name: self.clearance(*answer) for name, answer in found}

    def clearance(self, known: bool, blocked: bool, country: int, kind: int, expiry: int) -> Clearance:
        """What the registry's `investorRecord` answers."""
        return Clearance(known, blocked, country, _CLASS_NAMES.get(kind, ""), expiry)

    def owners(self, wallets: Sequence[str]) -> dict[str, Owner]:
        """The registry's number of the investor that each wallet belongs to; None for nobody's."""
        calls = [Call(self._registry, "investorOf", (self.address(one),)) for one in wallets]
        found = zip(wallets, ask_all(self.network.chain, calls), strict=True)
        return {name: number or None for name, number in found}

    def entries(self, rows: Sequence[Newcomer | Link]) -> tuple[dict[str, Clearance], dict[str, Owner]]:
        """The clearances and the owners of a file's rows, asked for one after the other."""
        return self.clearances([row.investor for row in rows]), self.owners([row.wallet for row in rows])

    def owner(self, investor: str) -> Owner:
        """The registry's number of an investor, by which `owners` names it."""
        return investor_number(investor)

    def unsignable(self, wallets: Sequence[str], venues: Collection[str] = ()) -> dict[str, str]:  # noqa: ARG002
        """Those that are contracts of the suite (but for Safe and timelock, which act), stocks, or precompiled."""
        ours = {one.address: label for label, one in self.network.book if label not in (SAFE, TIMELOCK)}
        addresses = [self.address(one) for one in wallets]
        stocks = ask_all(self.network.chain, [Call(self._registry, "tokenNumber", (one,)) for one in addresses])
        found = {}
        for wallet, address, number in zip(wallets, addresses, stocks, strict=True):
            if address == ZERO_ADDRESS:
                found[wallet] = "the zero address"
            elif int(address, 16) <= LAST_PRECOMPILED:
                found[wallet] = "a precompiled contract"
            elif address in ours:
                found[wallet] = f"the deployment's own contract {ours[address]}"
            elif number:
                found[wallet] = "a stock of the registry"
        return found

    def fits(self, orders: Sequence[ins.RoleInstruction]) -> int:
        """How many orders one transaction carries: of newcomers as many as have the gas, one of anything else.

        Each newcomer is looked for in every stock whose holders are counted: 64 of them past the registry's first 128
        stocks cost two and a half times as much as none. A few are asked about, and the others counted like them.
        """
        entering = [one for one in orders if isinstance(one, ins.Onboard)]
        if not entering or len(entering) <= ALWAYS_FIT:
            return max(len(entering), 1)
        step = self.step("rows", "newcomers", entering[:ASKED_ABOUT])
        data = step_data(self.network.chain, step, keccak(text="a key that no step has"))
        try:
            needed = self.network.node.estimate(self.address(entering[0].by), self._registry.address, data)
        except ScripError:
            return ALWAYS_FIT  # they stand already, or the sender may not: whoever sends them is told
        return min(len(entering), max(GAS_CAP * ASKED_ABOUT // needed, ALWAYS_FIT))

    def consequences(
        self,
        order: ins.Block | ins.Unblock | ins.UnlinkWallet | ins.Freeze,  # noqa: ARG002
        by: str,  # noqa: ARG002
    ) -> list[Step]:
        """No step: the registry tells every stock in the same transaction, or the fleet runs STRICT."""
        return []

    def unlisted(self, investor: str) -> str:  # noqa: ARG002
        """Nothing: the registry knows every wallet."""
        return ""

    def sweep(self, by: str) -> list[Step]:  # noqa: ARG002
        """InputError: a wallet has one balance of a stock here, and nothing of it is left open."""
        raise InputError("has no equivalent on this kind of chain", field="command")

    def thaw(self, stock: str, account: str, units: str, by: str) -> list[Step]:  # noqa: ARG002
        """InputError: nothing has to be opened here before it receives."""
        raise InputError("has no equivalent on this kind of chain", field="command")

    def resynced(self, stock: str, by: str) -> list[Step]:  # noqa: ARG002
        """InputError: a token shows what it keeps here, and nothing else."""
        raise InputError("has no equivalent on this kind of chain", field="command")

    def push(self, investor: str, by: str) -> list[Step]:
        """The steps that send the next page of news that was too long for one transaction, one a wallet."""
        wallets = self.network.chain.call(self._registry, "walletsOf", investor_number(investor))
        cursors = ask_all(self.network.chain, [Call(self._registry, "unfinishedPush", (one,)) for one in wallets])
        return [
            call(
                f"{wallet} from stock {cursor}",
                f"tell the stocks of {wallet}, from number {cursor}",
                Transaction(by, "registry", "ComplianceRegistry", "continuePush", (Address(wallet),)),
            )
            for wallet, cursor in zip(wallets, cursors, strict=True)
            if cursor
        ]

    # --- market ---

    def market_paused(self) -> bool:
        """Whether mints and redemptions on quotes are stopped."""
        return bool(self.network.chain.call(self.ledger.suite.market, "paused"))

    @property
    def quotes(self) -> type[EvmQuote]:
        """The class that reads and writes a quote's file on this kind of chain."""
        return EvmQuote

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
        fee_bps: int = 0,
        payer: str = "",
    ) -> EvmQuote:
        """Draft a quote that is good for `life` seconds of the chain's clock at the present multiplier.

        InputError where the settlement coin counts in other decimals, where another desk signs by the key, and for a
        stock of which none are signed.
        """
        if stock in self.network.manifest.stocks and not self.network.manifest.stocks[stock].quotes:
            reason = "is bought and sold by request alone: the manifest says quotes: false"
            raise InputError(reason, field="stock", value=stock)
        check_decimals(self.network.chain, self.ledger.suite.stablecoin, "settlement")
        market, key = self.ledger.suite.market, self.address(signer)
        epoch, nonce = quotes.numbering(self.network, market, key, reference)
        return EvmQuote(
            stock=stock,
            side=side,
            account=self.address(account),
            amount=str(amount),
            settlement=str(settlement),
            generation=self.ledger.multiplier(stock).generation,
            id=reference,
            expiry=self.ledger.now() + life,
            chain_id=self.network.chain.chain_id(),
            market=market.address,
            signer=key,
            epoch=epoch,
            nonce=nonce,
            fee_bps=fee_bps,
            payer=self.address(payer) if payer and self.address(payer) != self.address(account) else "",
        )

    def typed_quote(self, quote: EvmQuote) -> dict[str, object]:
        """The EIP-712 message that the quote's signer signs."""
        return messages.typed_message(self._quote(quote), quote.chain_id, quote.market, quote.payer)

    def payments(self, quote: QuoteFile) -> Payments:
        """What a payer of a quote signs, and has signed."""
        ours = self._ours(quote)
        return Payments(self.network, self.ledger.suite, ours, self._quote(ours))

    def signed_quote(self, quote: QuoteFile) -> EvmQuote:
        """The quote with its signature; InputError where its signer's key is not on this machine."""
        return self.signed_by(quote, self.network.chain.signer(self.network.chain.name(quote.signer)))

    def signed_by(self, quote: QuoteFile, signer: Signer) -> EvmQuote:
        """The quote with a signer's signature; InputError for another signer than the quote names."""
        ours = self._ours(quote)
        if signer.address != ours.signer:
            raise InputError(f"is not the quote's, {ours.signer}", field="signer", value=signer.address)
        return replace(ours, signature="0x" + signer.sign_typed(self.typed_quote(ours)).hex())

    def countersigned_by(self, quote: QuoteFile, signer: Signer) -> EvmQuote:
        """The quote with a second signer's signature, good while its epoch stays; InputError for the first signer."""
        ours, market = self._ours(quote), self.ledger.suite.market
        if signer.address == ours.signer:
            raise InputError("is who signed it first: another key countersigns", field="as", value=signer.address)
        epoch = int(self.network.chain.call(market, "quoteEpoch", signer.address))
        if (desk := epoch & quotes.DESK_MASK) and desk == int(ours.epoch, 16) & quotes.DESK_MASK:
            reason = "is of the desk that signed it first, by its epoch: two desks sign"
            raise InputError(reason, field="as", value=signer.address)
        here = (ours.chain_id, ours.market)
        typed = messages.countersigned_message(self._quote(ours), epoch, *here, ours.payer)
        signature = "0x" + signer.sign_typed(typed).hex()
        return replace(ours, second=signer.address, second_epoch=f"{epoch:#x}", second_signature=signature)

    def for_wallets(self, quote: QuoteFile) -> dict[str, object]:
        """A signed quote as wallets take it: the EIP-712 message, its signature, and the transaction (EIP-1193).

        Who pays a mint lets the market take the settlement first: `approval` is that transaction, and a payer that is
        not the account sends both.
        """
        ours, payments = self._ours(quote), self.payments(quote)
        market, coin = self.ledger.suite.market, self.ledger.suite.stablecoin
        made: dict[str, object] = {"typed_data": self.typed_quote(ours), "signature": ours.signature}
        if ours.side == "mint":
            made["approval"] = self._sent(payments.payer, coin, "approve", market.address, payments.due)
        sent = self._signed(ours, Payment(ours.payer, "allowance") if ours.payer else None)
        function = "mintPaid" if ours.payer else ours.side
        return made | {"transaction": self._sent(payments.payer, market, function, *sent.args)}

    def payment_for_wallets(self, quote: QuoteFile, payment: PaymentFile) -> dict[str, object]:
        """A payment as wallets take it: what the payer signed, and the transaction that the quote's account sends."""
        ours = self._ours(quote)
        args = self._signed(ours, payment.values).args
        made = self.payments(quote).for_wallets(payment)
        return made | {"transaction": self._sent(ours.account, self.ledger.suite.market, "mintPaid", *args)}

    def _sent(self, sender: str, contract: Contract, function: str, *given: object) -> dict[str, object]:
        data = self.network.chain.abi(contract.name).function(function, len(given)).calldata(given)
        place: dict[str, object] = {"from": sender, "to": contract.address}
        return place | {"chainId": hex(self.network.chain.chain_id()), "data": data, "value": "0x0"}

    def trading_limits(self, stock: str, account: str) -> list[TradingLimit]:
        """What limits the trades of a stock by an account, and what counts against it; only what is limited."""
        chain, market, address = self.network.chain, self.ledger.suite.market, self.address(account)
        token = self.ledger.token(stock).address
        asked = [(scope, token if scope == "stock" else ZERO_ADDRESS) for scope in SCOPES]
        number = int(chain.call(self._registry, "investorOf", address)) or int(address, 16)
        return [
            TradingLimit(scope, limits, read_level(chain, market, scope, token, number))
            for (scope, _), limits in zip(asked, read_trading(chain, market, asked), strict=True)
            if limits
        ]

    def most_tradable(self, stock: str, account: str) -> tuple[Stablecoin | None, Stablecoin | None]:
        """The most that one quote may settle to mint and to redeem now, in the settlement coin; None for no limit."""
        suite, asked = self.ledger.suite, (self.ledger.token(stock).address, self.address(account))
        found = [
            int(self.network.chain.call(suite.market, view, *asked, suite.stablecoin.address))
            for view in ("maxMint", "maxRedeem")
        ]
        mint, redeem = (None if one == UNLIMITED else Stablecoin(one) for one in found)
        return mint, redeem

    def trading_fees(self, first: int = 0) -> list[Fee]:
        """The fees of every trade on a quote since block `first`, as the market's events tell them."""
        return quotes.fees(self.network, self.ledger.suite.market, max(first, self.ledger.since))

    def trades(self, stock: str, first: int = 0) -> list[Trade]:
        """Every trade of a stock on a quote since block `first`, in the order of the blocks."""
        suite, token = self.ledger.suite, self.ledger.token(stock).address
        return quotes.trades(self.network, suite.market, token, max(first, self.ledger.since))

    def traded_at(self, stock: str) -> TradedAt | None:
        """What bounds the price of a stock's quotes: the price agreed last, and the narrower of the two bands."""
        suite, token, terms = self.ledger.suite, self.ledger.token(stock).address, self.manifest.stocks[stock].price
        _, on_chain = self.network.chain.call(suite.market, "bandOf", token)
        named = [one for one in (on_chain, terms.trade_band_bps if terms else 0) if one]
        if not named:
            return None
        kept = self.network.chain.call(suite.prices, "keptOf", token)[0] if suite.prices is not None else 0
        return TradedAt(kept, min(named))

    def pegs(self) -> list[PegNow]:
        """What guards each settlement coin that has a guard, and until when quotes in it are taken."""
        chain, now = self.network.chain, self.now()
        labels = {
            symbol: asset_label(place, symbol)
            for place, symbol in enumerate(self.manifest.settlement.assets)
            if asset_label(place, symbol) in self.network.book
        }
        coins = {symbol: chain.address(label) for symbol, label in labels.items()}
        found = read_pegs(chain, self.ledger.suite.market, coins, chain.name)
        return [PegNow(coin, one.band_bps, one.max_age, one.until, now <= one.until) for coin, one in found.items()]

    def quote_used(self, reference: str) -> bool:
        """Whether a quote of a reference was carried out, whoever signed it."""
        return quotes.is_carried_out(self.network, self.ledger.suite.market, reference, self.ledger.since)

    def quote_state(self, quote: QuoteFile) -> QuoteState:
        """Whether a quote can still be used, whatever the time and the multiplier."""
        ours, market = self._ours(quote), self.ledger.suite.market
        return quotes.state_of(self.network, market, self._quote(ours), ours.signer, self.ledger.since)

    def check_quote(self, quote: QuoteFile) -> None:
        """InputError as check_first, and where two keys must have signed a quote and no second one has."""
        self.check_first(quote)
        ours, token = self._ours(quote), self.ledger.token(quote.stock).address
        if wrong := quotes.wrong_second(self.network, self.ledger.suite.market, token, ours, self._quote(ours)):
            raise InputError(wrong, field="second_signature", value=quote.id)

    def check_first(self, quote: QuoteFile) -> None:
        """InputError for a quote of another chain or market, or without its signer's signature of these very terms.

        And where the settlement coin counts in other decimals than the quote.
        """
        ours = self._ours(quote)
        here = (self.network.chain.chain_id(), self.ledger.suite.market.address)
        if (ours.chain_id, ours.market) != here:
            raise InputError(f"is of chain {ours.chain_id}, market {ours.market}", field="quote", value=quote.id)
        check_decimals(self.network.chain, self.ledger.suite.stablecoin, "settlement")
        if not quote.signature:
            raise InputError("is missing", field="signature", value=quote.id)
        # A contract that is a signer reads its own.
        if not self.network.node.code(quote.signer) and not self._is_signed(ours):
            reason = "is not the signer's, of this quote: it was altered, or signed by another"
            raise InputError(reason, field="signature", value=quote.signature)

    def _is_signed(self, quote: EvmQuote) -> bool:
        digest = messages.digest_of(self.typed_quote(quote))
        try:
            return recovered(digest, bytes.fromhex(quote.signature[2:])) == quote.signer
        except ValueError:
            return False

    def quote_steps(self, quote: QuoteFile, sender: str, title: str, payment: PaymentFile | None = None) -> list[Step]:
        """The steps that carry a quote out. For a mint the market is let take the settlement first.

        With a `payment` it is paid as that says; without one, of a quote that names a payer, by it: `sender` is who.
        """
        ours, order = self._ours(quote), quote.order()
        if isinstance(order, ins.Mint) and (payment is not None or ours.payer):
            payments, by = self.payments(ours), self.address(sender)
            way: ins.Way = payment.way if payment is not None else "allowance"
            one = self._signed(ours, payment.values if payment is not None else Payment(ours.payer, way))
            steps = payments.approval(sender) if way == "allowance" and by == payments.payer else []
            paid = replace(order, by=by, way=way, consent=order.payer)
            return [*steps, call(title, title, payments.transaction(sender, one.args), paid)]
        steps = [] if quote.side == "redeem" else self._allowance(quote, sender)
        args = self._signed(ours).args
        return [*steps, call(title, title, Transaction(sender, "market", "PrimaryMarket", quote.side, args), order)]

    def _allowance(self, quote: QuoteFile, sender: str) -> list[Step]:
        market, coin = self.ledger.suite.market.address, self.ledger.suite.stablecoin
        allowed = self.network.chain.call(coin, "allowance", quote.account, market)
        due = quote.order().settlement.value + quote.fee.value
        title = "let the market take the settlement"
        return approvals("approve the market", title, sender, STABLECOIN, "market", UNLIMITED, allowed, due)

    def let_take(self, label: str, asset: str, owner: str, amount: Stablecoin) -> list[Step]:
        """The step by which an owner lets a contract of ours take so much of a stablecoin; none where it does."""
        chain = self.network.chain
        coin, value = Contract(outside.STABLECOIN, chain.address(asset)), coins(amount)
        allowed = chain.call(coin, "allowance", self.address(owner), chain.address(label))
        title = f"let {label} take {amount} of {owner}"
        return approvals(f"let {label} take", title, owner, asset, label, value, allowed, value)

    def _signed(self, quote: EvmQuote, payment: Payment | None = None) -> SignedQuote:
        first, second = (bytes.fromhex(one.removeprefix("0x")) for one in (quote.signature, quote.second_signature))
        return SignedQuote(self._quote(quote), quote.signer, first, quote.second, second, payment)

    def _ours(self, quote: QuoteFile) -> EvmQuote:
        if not isinstance(quote, EvmQuote):
            raise TypeError(f"{quote!r} is a quote of another kind of chain")
        return quote

    def _quote(self, quote: QuoteFile) -> messages.Quote:
        order = quote.order()
        return messages.Quote(
            token=self.ledger.token(quote.stock).address,
            side=messages.SIDES[quote.side],
            account=quote.account,
            stablecoin=self.ledger.suite.stablecoin.address,
            amount=order.amount.value,
            settlement=order.settlement.value,
            fee=order.quote.fee_bps,
            generation=quote.generation,
            ref=messages.ref_of(quote.id),
            nonce=order.quote.nonce,
            epoch=order.quote.epoch,
            expiry=quote.expiry,
        )

    # --- actions ---

    def notice(self, code: str) -> int:
        """How long before its effect an action of this code must be announced, in seconds, as the contracts say."""
        return read_notices(self.network.chain, self.ledger.suite.actions).notice(code)

    # --- reserve ---

    def backing(self, stock: str) -> Feed:
        """How a stock's reserve is judged: its source, split basis, ceilings and nonce."""
        self.ledger.token(stock)
        return self.ledger.backing(stock)

    def confirm_basis(self, stock: str, sender: str) -> Step:
        """Have the feed count in the basis after a split that the source shows."""
        one = Transaction(sender, "feed", "ReserveFeed", "confirmBasis", (Address(stock),))
        title = f"confirm {stock}'s split basis"
        return call(title, title, one, ins.ConfirmBasis(stock))

    def attestation(self, title: str, order: ins.AttestReserve, attestor: str) -> Step:
        """The paper with its signature, in one transaction."""
        paper, signature = self.ledger.paper(order, attestor)
        args = (Address(order.stock), paper.values(), signature)
        return call(title, title, Transaction(attestor, "feed", "ReserveFeed", "attest", args), order)

    # --- fleet ---

    def paused(self, stock: str) -> bool:
        """Whether a stock is paused."""
        return bool(self.network.chain.call(self.ledger.token(stock), "paused"))

    def halted(self) -> bool:
        """Whether the fleet is halted."""
        return bool(self.network.chain.call(self.ledger.suite.beacon, "mode") == HALTED)

    def left_running(self, by: str) -> tuple[list[Step], str]:  # noqa: ARG002
        """Nothing: a halt stops every stock at once here."""
        return [], ""

    def holds(self, name: str, account: str) -> bool:
        """Whether an account holds a role."""
        if name not in EVM_ROLES:
            raise InputError(f"is none of {', '.join(EVM_ROLES)}", field="role", value=name)
        return bool(self.network.chain.call(self.ledger.suite.roles, "hasRole", role(name), self.address(account)))

    def taking(self, name: str, account: str, by: str) -> tuple[list[Step], list[Change]]:
        """The steps and changes by which the timelock takes a role, or its holder gives it up at once."""
        if by:
            return [parts.renounce(name, account).step], []
        return [parts.revoke(name, account, TIMELOCK, "roles", "Roles").step], []

    def carrying(self, stock: str, before: str) -> list[Step]:
        """The step by which the factory knows a stock by the manifest's ISIN instead of `before`."""
        isin, factory, chain = self.manifest.stocks[stock].isin, self.network.suite().factory, self.network.chain
        old, new = (str(chain.call(factory, "tokenOf", one)) for one in (before, isin))
        if new != ZERO_ADDRESS:
            if (holder := chain.call(Contract("StockToken", new), "symbol")) != stock:
                raise InputError(f"is {holder}'s already", field=f"stocks.{stock}.isin", value=isin)
            return []
        if old == ZERO_ADDRESS:
            raise InputError("is no stock's on this network", field="before", value=before)
        symbol = chain.call(Contract("StockToken", old), "symbol")
        if symbol != stock:
            raise InputError(f"is {symbol}'s, not {stock}'s", field="before", value=before)
        birth, said = chain.call(Contract("StockToken", old), "isin"), self.manifest.stocks[stock].born
        if birth != said:
            reason = f"is {birth} for ever, and names it on other networks: say so in the manifest first"
            raise InputError(reason, field=f"stocks.{stock}.birth_isin", value=said)
        by = administrator(survey(self.network))
        one = Transaction(by, "factory", "StockFactory", "setIsin", (before, isin))
        return [call(f"isin {stock} {isin}", f"{stock} carries {isin} instead of {before}", one)]

    def describing(self, stock: str) -> tuple[list[Step], list[Change]]:
        """A token keeps its name and its ticker for ever, as holders' signatures rest on them: InputError."""
        reason = "keeps the name and the ticker that it was created with: say others in a CHAN, and `action publish` it"
        raise InputError(reason, field="stock", value=stock)

    def sheet(self, stock: str) -> dict[str, str]:
        """How a stock stands on the chain beside what every chain shows."""
        return sheet(self.ledger, self.manifest, stock)

    # --- enforcement ---

    def frozen(self, stock: str, account: str) -> bool:
        """Whether an account of a stock is frozen as a whole."""
        word = self.network.chain.call(self.ledger.token(stock), "accountWord", self.address(account))
        return is_frozen(word)

    def opening(self, stock: str, account: str, by: str) -> list[Step]:  # noqa: ARG002
        """No step: a wallet needs no account of a stock here."""
        return []

    def bonds(self) -> EvmBonds:
        """What of accounts' units is frozen or locked."""
        return EvmBonds(self.ledger)

    def succession(self) -> EvmSuccession:
        """Lost wallets, and who has taken their places."""
        return EvmSuccession(self.ledger, self.step)

    @property
    def _registry(self) -> Contract:
        return self.ledger.suite.registry
