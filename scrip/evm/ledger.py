"""The ledger protocol on an EVM chain: every instruction as the transaction that carries it out."""

from __future__ import annotations

from dataclasses import dataclass, field

from eth_utils import keccak

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm import quotes, rounds
from scrip.evm.abi import ZERO_ADDRESS
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.suite import UNLIMITED, Suite
from scrip.instructions import Instruction
from scrip.ledger import EVM, ChainTraits, Coverage, MultiplierState, Receipt
from scrip.units import STABLECOIN_DECIMALS, WAD_DECIMALS, RawUnits, Stablecoin

POLICIES = {"ALLOWLIST": 0, "BLOCKLIST": 1}
CLASSES = {"retail": 1, "professional": 2, "institutional": 3, "venue": 4}
ZERO_WORD = bytes(32)


@dataclass(frozen=True, slots=True)
class Listing:
    """A stock on the chain: its token and the mock oracle that the feed reads for it."""

    token: Contract
    oracle: Contract
    isin: str


def document_hash(text: str) -> bytes:
    """The hash that a document's name stands for; zero for none."""
    return keccak(text=text) if text else ZERO_WORD


def reference_word(text: str) -> bytes:
    """A reference as the chain keeps it: its UTF-8 bytes when 32 hold them, else their hash."""
    raw = text.encode()
    return raw.ljust(32, b"\0") if len(raw) <= 32 else keccak(raw)


def investor_number(name: str) -> int:
    """The registry's number of an investor's name; 0, which it refuses, for none."""
    return int.from_bytes(keccak(text=f"investor {name}")[:8]) if name else 0


@dataclass
class EvmLedger:
    """The ledger. The suite is deployed and the issuer holds the roles; stocks are created through it."""

    chain: Chain
    suite: Suite
    traits: ChainTraits = EVM
    stocks: dict[str, Listing] = field(default_factory=dict)
    _approved: set[str] = field(default_factory=set)
    _serial: int = 0

    # --- the protocol ---

    def now(self) -> int:
        """The chain's clock, UTC seconds."""
        return self.chain.now()

    def advance_to(self, t: int) -> None:
        """Move the chain's clock to `t`; ValueError when that is in the past."""
        self.chain.advance_to(t)

    def balance(self, stock: str, account: str) -> RawUnits:
        """Raw units of an account."""
        value = self.chain.call(self._token(stock), "balanceOf", self.chain.address(account))
        return RawUnits(value, self.traits.decimals)

    def supply(self, stock: str) -> RawUnits:
        """Raw units of all accounts together."""
        return RawUnits(self.chain.call(self._token(stock), "totalSupply"), self.traits.decimals)

    def multiplier(self, stock: str) -> MultiplierState:
        """The multiplier as the chain's views show it now."""
        token = self._token(stock)
        views = ("multiplierTerms", "uiMultiplier", "newUIMultiplier", "effectiveAt", "multiplierGeneration")
        terms, ui, pending, effective, generation = self.chain.call_many([Call(token, view) for view in views])
        return MultiplierState(*terms[:3], ui, pending, effective, generation)

    def stablecoin(self, account: str) -> Stablecoin:
        """Settlement currency of an account."""
        address = self.chain.address(account)
        return Stablecoin(self.chain.call(self.suite.stablecoin, "balanceOf", address), STABLECOIN_DECIMALS)

    def coverage(self, stock: str) -> Coverage:
        """The backing as the feed shows it now."""
        return Coverage(*self.chain.call(self.suite.feed, "coverage", self._token(stock).address))

    def apply(self, instruction: Instruction) -> Receipt:
        """Send the transaction that the instruction is; Refusal with the reason decoded from the chain."""
        match instruction:
            case ins.Mint() | ins.Redeem():
                return self._order(instruction)
            case ins.Transfer(stock, sender, to, amount):
                return self._send(self._token(stock), "transfer", self._at(to), self._raw(amount), sender=sender)
            case ins.TransferFrom(stock, spender, sender, to, amount):
                args = (self._at(sender), self._at(to), self._raw(amount))
                return self._send(self._token(stock), "transferFrom", *args, sender=spender)
            case ins.Approve(stock, owner, spender, amount):
                return self._send(self._token(stock), "approve", self._at(spender), self._raw(amount), sender=owner)
            case ins.FundStablecoin(account, amount):
                return self._send(
                    self.suite.stablecoin, "mint", self._at(account), _coins(amount), sender=account or ins.ISSUER
                )
            case ins.Announce() | ins.Schedule() | ins.Cancel():
                return self._action(instruction)
            case ins.ConfigureReserve() | ins.SetCeiling() | ins.SetBasis() | ins.AttestReserve() | ins.ConfirmBasis():
                return self._reserve(instruction)
            case ins.CreateStock():
                return self._create(instruction)
            case ins.Halt(by=by):
                return self._send(self.suite.beacon, "halt", sender=by)
            case ins.Unhalt(by=by):
                return self._send(self.suite.beacon, "unhalt", sender=by)
            case ins.PauseMarket(by=by):
                return self._send(self.suite.market, "pause", sender=by)
            case ins.UnpauseMarket(by=by):
                return self._send(self.suite.market, "unpause", sender=by)
            case ins.Pause(stock, by=by):
                return self._send(self._token(stock), "pause", sender=by)
            case ins.Unpause(stock, by=by):
                return self._send(self._token(stock), "unpause", sender=by)
            case ins.OpenCase() | ins.CloseCase() | ins.Freeze() | ins.SetFrozenTokens() | ins.ForcedTransfer():
                return self._enforce(instruction)
            case _:
                return self._register(instruction)

    # --- beyond the protocol ---

    def balance_ui(self, stock: str, account: str) -> int:
        """The token's own conversion of a balance into shares, 18 decimals."""
        return self.chain.call(self._token(stock), "balanceOfUI", self.chain.address(account))

    def may_hold(self, stock: str, account: str) -> bool:
        """Whether the token's own views say that the account may send and receive now."""
        token, address = self._token(stock), self.chain.address(account)
        return all(self.chain.call_many([Call(token, "canSend", (address,)), Call(token, "canReceive", (address,))]))

    def token(self, stock: str) -> Contract:
        """A stock's token; InputError for an unknown one."""
        return self._token(stock)

    def action_id(self, stock: str, code: str, reference: str) -> bytes:
        """The id under which the chain keeps an action; of an unknown stock one that it does not know."""
        isin = self.stocks[stock].isin if stock in self.stocks else ""
        return keccak(isin.encode().ljust(12, b"\0") + code.encode().ljust(4, b"\0") + reference_word(reference))

    # --- instructions ---

    def _order(self, order: ins.Mint | ins.Redeem) -> Receipt:
        if not order.account:
            raise InputError("nobody signs for the zero address", field="account")
        sender = order.by or order.account
        asset = self.suite.stablecoin.address if order.quote.asset == "stablecoin" else self._at(order.quote.asset)
        # The holder lets the market take the settlement, once and for all.
        if isinstance(order, ins.Mint) and order.account not in self._approved:
            self._send(self.suite.stablecoin, "approve", self.suite.market.address, UNLIMITED, sender=order.account)
            self._approved.add(order.account)
        quote = quotes.Quote(
            token=self._address_of(order.stock),
            side=quotes.SIDES[order.quote.side or ("mint" if isinstance(order, ins.Mint) else "redeem")],
            account=self._at(order.account),
            stablecoin=asset,
            amount=self._raw(order.amount),
            settlement=_coins(order.settlement),
            generation=order.quote.generation,
            id=keccak(text=order.quote.id),
            expiry=order.quote.expiry,
        )
        typed = quotes.typed_message(quote, self.chain.chain_id(), self.suite.market.address)
        signature = self.chain.sign("forger" if order.quote.forged else order.quote.signer, typed)
        name = "mint" if isinstance(order, ins.Mint) else "redeem"
        return self._send(
            self.suite.market, name, quote.values(), self._at(order.quote.signer), signature, sender=sender
        )

    def _action(self, order: ins.Announce | ins.Schedule | ins.Cancel) -> Receipt:
        actions = self.suite.actions
        if isinstance(order, ins.Announce):
            return self._send(
                actions,
                "announce",
                self._address_of(order.stock),
                order.code,
                reference_word(order.reference),
                order.ex.year * 10_000 + order.ex.month * 100 + order.ex.day,
                order.pay,
                order.effective_at,
                order.num,
                order.den,
                order.gross,
                sender=order.by,
            )
        identity = self.action_id(order.stock, order.code, order.reference)
        if isinstance(order, ins.Schedule):
            return self._send(actions, "schedule", identity, order.price, sender=order.by)
        return self._send(actions, "cancel", identity, order.reason, document_hash(order.document), sender=order.by)

    def _reserve(
        self,
        order: ins.ConfigureReserve | ins.SetCeiling | ins.SetBasis | ins.AttestReserve | ins.ConfirmBasis,
    ) -> Receipt:
        feed, token = self.suite.feed, self._address_of(order.stock)
        match order:
            case ins.AttestReserve(shares=shares, updated_at=at):
                oracle, answer = self._listing(order.stock).oracle, shares.to_fixed(WAD_DECIMALS)
                name, args = ("push", (answer,)) if at is None else ("pushAt", (answer, at))
                # The oracle is not ours: its operator is nobody with a role.
                return self._send(oracle, name, *args, sender="custodian")
            case ins.ConfigureReserve(max_age=age, margin_bps=margin, ceiling=ceiling):
                oracle = self.stocks[order.stock].oracle.address if order.stock in self.stocks else ZERO_ADDRESS
                return self._send(feed, "configure", token, oracle, age, margin, ceiling.to_wad(), sender=order.by)
            case ins.SetCeiling(ceiling=ceiling):
                return self._send(feed, "setCeiling", token, ceiling.to_wad(), sender=order.by)
            case ins.SetBasis():
                return self._send(feed, "setBasis", token, sender=order.by)
            case ins.ConfirmBasis(old_round=old, new_round=new):
                if order.stock in self.stocks:
                    listing = self.stocks[order.stock]
                    chosen = rounds.choose(self.chain, self.suite, listing.token, listing.oracle)
                else:
                    chosen = (0, 0)
                old, new = chosen[0] if old is None else old, chosen[1] if new is None else new
                return self._send(feed, "confirmBasis", token, old, new, sender="custodian")

    def _create(self, order: ins.CreateStock) -> Receipt:
        taken = self.chain.call(self.suite.factory, "tokenOf", order.isin) if len(order.isin) == 12 else ZERO_ADDRESS
        if order.stock in self.stocks and len(order.isin) == 12 and taken == ZERO_ADDRESS:
            raise InputError("names another stock already", field="stock", value=order.stock)
        args = (order.name, order.stock, order.isin, order.series, POLICIES[order.policy])
        receipt = self._send(self.suite.factory, "createStock", *args, sender=order.by)
        token = Contract("StockToken", str(self.chain.call(self.suite.factory, "tokenOf", order.isin)))
        oracle = self.chain.deploy("MockReserveOracle", WAD_DECIMALS, sender="custodian")
        self.stocks[order.stock] = Listing(token, oracle, order.isin)
        self.chain.label(order.stock, token)
        return receipt

    def _enforce(
        self,
        order: ins.OpenCase | ins.CloseCase | ins.Freeze | ins.SetFrozenTokens | ins.ForcedTransfer,
    ) -> Receipt:
        token = self._token(order.stock)
        match order:
            case ins.OpenCase(account=account, reason=reason, document=document):
                return self._send(
                    token, "openCase", self._at(account), reason, document_hash(document), sender=order.by
                )
            case ins.CloseCase(account=account):
                return self._send(token, "closeCase", self._at(account), sender=order.by)
            case ins.Freeze(account=account, frozen=frozen):
                args = (self._at(account), frozen, order.reason, document_hash(order.document), self._key(order.key))
                return self._send(token, "setFrozen", *args, sender=order.by)
            case ins.SetFrozenTokens(account=account, amount=amount):
                args = (self._at(account), self._raw(amount), *self._grounds(order))
                return self._send(token, "setFrozenTokens", *args, sender=order.by)
            case ins.ForcedTransfer(sender=sender, to=to, amount=amount):
                args = (self._at(sender), self._at(to), self._raw(amount), *self._grounds(order))
                return self._send(token, "forcedTransfer", *args, sender=order.by)

    def _grounds(self, order: ins.SetFrozenTokens | ins.ForcedTransfer) -> tuple:
        """Reason, document and key of the long form; nothing for the standard's own form."""
        if order.reason == 0 and not order.document and not order.key:
            return ()
        return order.reason, document_hash(order.document), self._key(order.key)

    def _register(self, order: Instruction) -> Receipt:
        match order:
            case ins.Onboard(investor, wallet, country, investor_class, expiry):
                entry = (investor_number(investor), self._at(wallet), country, CLASSES[investor_class], expiry)
                name, args = "onboard", ([entry],)
            case ins.LinkWallet(investor, wallet):
                name, args = "linkWallet", (investor_number(investor), self._at(wallet))
            case ins.UnlinkWallet(investor, wallet, reason, document):
                grounds = (reason, document_hash(document))
                name, args = "unlinkWallet", (investor_number(investor), self._at(wallet), *grounds)
            case ins.Renew(investor, expiry):
                name, args = "renew", (investor_number(investor), expiry)
            case ins.Block(investor, reason, document):
                name, args = "block", (investor_number(investor), reason, document_hash(document))
            case ins.Unblock(investor, reason, document):
                name, args = "unblock", (investor_number(investor), reason, document_hash(document))
            case ins.BlockWallet(wallet, reason, document):
                name, args = "blockWallet", (self._at(wallet), reason, document_hash(document))
            case ins.UnblockWallet(wallet, reason, document):
                name, args = "unblockWallet", (self._at(wallet), reason, document_hash(document))
            case _:
                raise TypeError(f"no instruction: {order!r}")
        return self._send(self.suite.registry, name, self._key(order.key), *args, sender=order.by)

    # --- parts ---

    def _send(self, contract: Contract, function: str, *args: object, sender: str) -> Receipt:
        return self.chain.send(contract, function, *args, sender=sender)

    def _listing(self, stock: str) -> Listing:
        if stock not in self.stocks:
            raise InputError("is not a known stock", field="stock", value=stock)
        return self.stocks[stock]

    def _token(self, stock: str) -> Contract:
        return self._listing(stock).token

    def _address_of(self, stock: str) -> str:
        """A stock's address; of an unknown stock that of an account, so that the chain itself says that it is none."""
        return self.stocks[stock].token.address if stock in self.stocks else self._at(f"no stock {stock}")

    def _at(self, account: str) -> str:
        return self.chain.address(account)

    def _key(self, key: str) -> bytes:
        """A key word: of the given key, or one that was never used."""
        if key:
            return keccak(text=f"key {key}")
        self._serial += 1
        return keccak(text=f"fresh key {self._serial}")

    def _raw(self, amount: RawUnits) -> int:
        if not isinstance(amount, RawUnits) or amount.decimals != self.traits.decimals:
            raise TypeError(f"{amount!r} are not raw units of {self.traits.name}, {self.traits.decimals} decimals")
        return amount.value


def _coins(amount: Stablecoin) -> int:
    if not isinstance(amount, Stablecoin) or amount.decimals != STABLECOIN_DECIMALS:
        raise TypeError(f"{amount!r} is not the stablecoin, {STABLECOIN_DECIMALS} decimals")
    return amount.value
