"""The ledger protocol on an EVM chain: every instruction as the transaction that carries it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from eth_utils import keccak

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm import mocks
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.encoding import papers
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.calldata import concrete
from scrip.evm.encoding.papers import Paper
from scrip.evm.encoding.values import CUSTODIAN, SignedAttestation, SignedQuote, Transaction, action_id
from scrip.evm.handlers import actions, attestations, holder_limits, market, reserve, transaction
from scrip.evm.labels import UNLIMITED
from scrip.evm.suite import Listing, Suite
from scrip.instructions.base import Instruction
from scrip.labels import entry_label, oracle_label
from scrip.ledger import EVM, ActionState, ChainTraits, Coverage, MultiplierState, Receipt, Surplus
from scrip.model.state.reserve import Feed
from scrip.units import STABLECOIN_DECIMALS, WAD_DECIMALS, RawUnits, Stablecoin


@dataclass
class EvmLedger:
    """The suite's contracts as a ledger. The issuer holds the roles; stocks are created through it.

    `vaults` are those that take requests, to redeem or to subscribe, by label.

    `since` is a block from which the suite's events are looked for: none is older.
    """

    chain: Chain
    suite: Suite
    traits: ChainTraits = EVM
    stocks: dict[str, Listing] = field(default_factory=dict)
    vaults: dict[str, Contract] = field(default_factory=dict)
    since: int = 0
    _approved: set[tuple[str, str]] = field(default_factory=set)
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
        return actions.read_multiplier(self.chain, self._token(stock))

    def stablecoin(self, account: str) -> Stablecoin:
        """Settlement currency of an account."""
        address = self.chain.address(account)
        return Stablecoin(self.chain.call(self.suite.stablecoin, "balanceOf", address), STABLECOIN_DECIMALS)

    def coverage(self, stock: str) -> Coverage:
        """The backing as the feed shows it now."""
        return reserve.read_coverage(self.chain, self.suite.feed, self._token(stock))

    def surplus(self, stock: str) -> Surplus:
        """What a custodian may sell, as the feed shows it now."""
        return reserve.read_surplus(self.chain, self.suite.feed, self._token(stock))

    def action(self, stock: str, code: str, reference: str) -> ActionState:
        """An action by what names it; of status "unknown" where it was never announced."""
        self._token(stock)
        identity = self.action_id(stock, code, reference)
        return actions.read_action(self.chain, self.suite.actions, identity, stock, code, reference)

    def actions(self, stock: str) -> Iterator[ActionState]:
        """Every action that was ever announced for a stock, oldest first."""
        return actions.announced_actions(self.chain, self.suite.actions, self._token(stock), stock, self.since)

    def apply(self, instruction: Instruction) -> Receipt:
        """Send the transaction that the instruction is; Refusal with the reason decoded from the chain."""
        if isinstance(instruction, ins.CreateStock):
            return self._create(instruction)
        if isinstance(instruction, ins.Mint) and instruction.way == "allowance":
            self._let_take(instruction.payer, self.suite.market)
        if isinstance(instruction, ins.RequestSubscription):
            label = entry_label(instruction.stock, instruction.asset)
            if label in self.vaults:
                self._let_take(instruction.owner, self.vaults[label])
        if isinstance(instruction, ins.Mint) and instruction.way == "permit":
            # What it gives stands in place of what was approved.
            self._approved.discard((instruction.payer, self.suite.market.address))
        return self.send(transaction(instruction, self))

    # --- beyond the protocol ---

    def balance_ui(self, stock: str, account: str) -> int:
        """The token's own conversion of a balance into shares, 18 decimals."""
        return int(self.chain.call(self._token(stock), "balanceOfUI", self.chain.address(account)))

    def may_hold(self, stock: str, account: str) -> bool:
        """Whether the token's own views say that the account may send and receive now."""
        token, address = self._token(stock), self.chain.address(account)
        return all(self.chain.call_many([Call(token, "canSend", (address,)), Call(token, "canReceive", (address,))]))

    def holders(self, stock: str) -> tuple[int, int]:
        """How many hold a stock whose holders are counted, and raw units of those who are not counted yet."""
        return holder_limits.read_count(self.chain, self.suite.registry, self._token(stock))

    def held_with(self, stock: str, account: str) -> int:
        """Raw units of such a stock that the account's holder has with all its wallets."""
        args = (self._token(stock).address, self.chain.address(account))
        return int(self.chain.call(self.suite.registry, "heldWith", *args))

    def token(self, stock: str) -> Contract:
        """A stock's token; InputError for an unknown one."""
        return self._token(stock)

    def action_id(self, stock: str, code: str, reference: str) -> bytes:
        """The id under which the chain keeps an action; of an unknown stock one that it does not know."""
        listing = self.stocks.get(stock)
        return action_id(listing.isin if listing else "", listing.series if listing else 0, code, reference)

    def send(self, one: Transaction) -> Receipt:
        """Send a translated instruction. Its own key, where it takes one, was never used."""
        args = concrete(one.args, self.chain, self._fresh_key())
        return self.chain.send(self.contract(one.to, one.contract), one.function, *args, sender=one.sender)

    def contract(self, label: str, name: str) -> Contract:
        """The contract that a translation calls by this label; `name` gives the ABI."""
        if label in self.stocks:
            return self.stocks[label].token
        return getattr(self.suite, label) if hasattr(self.suite, label) else Contract(name, self.chain.address(label))

    # --- facts for the translation ---

    def isin(self, stock: str) -> str:
        """The ISIN that a stock was born with; "" for an unknown stock."""
        return self.stocks[stock].isin if stock in self.stocks else ""

    def oracle(self, stock: str) -> str:
        """The oracle of a stock's reserve; the zero address for an unknown stock."""
        return self.stocks[stock].oracle.address if stock in self.stocks else ZERO_ADDRESS

    def backing(self, stock: str) -> Feed:
        """How a stock's reserve is judged, its basis, ceilings and nonce; as at birth for an unknown stock."""
        if stock not in self.stocks:
            return Feed()
        return reserve.read_backing(self.chain, self.suite.feed, self.stocks[stock].token)

    def paper(self, order: ins.AttestReserve, attestor: str = reserve.ATTESTOR) -> tuple[Paper, bytes]:
        """What an attestor signs of a stock's reserve, and the signature."""
        token, signer = self._token(order.stock).address, self.chain.address(attestor)
        paper = reserve.paper_of(order, self.backing(order.stock), token, signer, self.now())
        typed = papers.typed_message(paper, self.chain.chain_id(), self.suite.feed.address)
        return paper, self.chain.sign(attestor, typed)

    def signed(self, order: ins.Mint | ins.Redeem) -> SignedQuote:
        """The issuer's quote for an order, with whatever fault its terms describe."""
        token = self.chain.address(order.stock if order.stock in self.stocks else f"no stock {order.stock}")
        return market.sign_quote(self.chain, self.suite.market, order, token)

    def attested(self, order: ins.OnboardAttested) -> SignedAttestation:
        """The provider's attestation for an investor, with whatever fault its terms describe."""
        return attestations.sign_attestation(self.chain, self.suite.registry, order)

    # --- parts ---

    def _create(self, order: ins.CreateStock) -> Receipt:
        taken = self.chain.call(self.suite.factory, "tokenOf", order.isin) if len(order.isin) == 12 else ZERO_ADDRESS
        if order.stock in self.stocks and len(order.isin) == 12 and taken == ZERO_ADDRESS:
            raise InputError("names another stock already", field="stock", value=order.stock)
        receipt = self.send(transaction(order, self))
        token = Contract("StockToken", str(self.chain.call(self.suite.factory, "tokenOf", order.isin)))
        oracle = self.chain.deploy(mocks.RESERVE_ORACLE, WAD_DECIMALS, sender=CUSTODIAN)
        self.adopt(order.stock, Listing(token, oracle, order.isin, order.series))
        return receipt

    def adopt(self, stock: str, listing: Listing) -> None:
        """Know a stock that is on the chain."""
        self.stocks[stock] = listing
        self.chain.label(stock, listing.token)
        if listing.oracle.address != ZERO_ADDRESS:
            self.chain.label(oracle_label(stock), listing.oracle)

    def _let_take(self, account: str, taker: Contract) -> None:
        """The holder approves the market, or a vault, for its settlement currency, once and for all."""
        if account and (account, taker.address) not in self._approved:
            args = (taker.address, UNLIMITED)
            self.chain.send(self.suite.stablecoin, "approve", *args, sender=account)
            self._approved.add((account, taker.address))

    def _fresh_key(self) -> bytes:
        """A key word that was never used."""
        self._serial += 1
        return keccak(text=f"fresh key {self._serial}")

    def _listing(self, stock: str) -> Listing:
        if stock not in self.stocks:
            raise InputError("is not a known stock", field="stock", value=stock)
        return self.stocks[stock]

    def _token(self, stock: str) -> Contract:
        return self._listing(stock).token
