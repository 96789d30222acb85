"""A stock on an Ethereum-family chain, as the register reads it: transfers in pages, the registry's events, vaults."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_utils import keccak

from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError
from scrip.evm.chain import Chain, Contract
from scrip.evm.encoding.values import CLASSES
from scrip.evm.handlers.dividends import FUNDED, PaidLeaf, paid_leaves, read_distribution
from scrip.evm.handlers.offers import choosers_of, offers_of, read_due, read_offer, read_positions
from scrip.evm.handlers.redemption import controllers_of, read_requests, read_strike
from scrip.evm.handlers.subscriptions import read_subscriptions, subscribers_of
from scrip.evm.rpc.logs import in_spans
from scrip.holders.engines import connected
from scrip.holders.hypersync import Hypersync
from scrip.holders.instant import At, block_before
from scrip.holders.look_through import Weights
from scrip.holders.pages import Asked, Pages
from scrip.holders.register import Kind, Owner, Reallocation, shares_of
from scrip.holders.sources import Tell
from scrip.labels import entry_label, vault_label
from scrip.model.state.redemption import Struck
from scrip.units import EVM_DECIMALS

ONBOARDED = keccak(text="InvestorOnboarded(uint64,address,uint16,uint8,uint256)")
UPDATED = keccak(text="InvestorUpdated(uint64,uint16,uint8,uint256)")
LINKED = keccak(text="WalletLinked(uint64,address)")
UNLINKED = keccak(text="WalletUnlinked(uint64,address,uint16,bytes32)")
RECOVERED = keccak(text="WalletRecovered(uint64,address,address,uint16,bytes32)")
STRUCK = keccak(text="Struck(bytes32,uint256,uint256,uint256,address)")
ROOT_POSTED = keccak(
    text="RootPosted(bytes32,bytes32,address,address,(bytes32,uint256,uint256,uint256,uint256,uint256,bytes32)"
    ",uint256,address,address)"
)
PARKED, UNDELIVERED = "parked", "undelivered"
"""Why the distributor holds units for somebody: whom the stock refused, and who did not fetch them yet."""
_CLASS_NAMES = {number: name for name, number in CLASSES.items()}
SHARE = "StockToken"
"""Whose ABI a venue's own shares are asked by: any token's `totalSupply` is the same."""
FINAL = "finalized"
"""How JSON-RPC names the newest block that cannot change."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """A root whose units the distributor holds: its id, and the leaves that were paid or parked, by place."""

    distributor: str
    identity: str
    leaves: Mapping[int, PaidLeaf]


@dataclass
class ToldInvestor:
    """An investor as the registry's events tell of it: its number, its class, and its wallets in lower case.

    A wallet that was recovered stays among them, with its successor in `lost`. `country` is ISO 3166 numeric, `expiry`
    in UTC seconds.
    """

    number: int
    country: int = 0
    investor_class: str = ""
    expiry: int = 0
    wallets: list[str] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)


def registry_events(network: EvmNetwork, last: int, investor: int | None = None) -> Iterator[dict[str, Any]]:
    """What the registry said of investors, or of one, up to a block, oldest first."""
    suite, kinds = network.suite(), ["0x" + one.hex() for one in (ONBOARDED, UPDATED, LINKED, UNLINKED, RECOVERED)]
    topics = [kinds] if investor is None else [kinds, [f"0x{investor:064x}"]]
    return in_spans(network.node, suite.registry.address, topics, network.ledger().since, last)


def told_investors(events: Iterable[Mapping[str, Any]]) -> list[ToldInvestor]:
    """The investors that events of the registry tell of, in the order in which they came."""
    found: dict[int, ToldInvestor] = {}
    for event in events:
        kind, *words = (bytes.fromhex(str(topic).removeprefix("0x")) for topic in event["topics"])
        number, data = int.from_bytes(words[0], "big"), bytes.fromhex(event["data"][2:])
        one = found.setdefault(number, ToldInvestor(number))
        if kind in (ONBOARDED, UPDATED):
            country, kind_of, one.expiry = (int.from_bytes(data[at : at + 32], "big") for at in (0, 32, 64))
            one.country, one.investor_class = country, _CLASS_NAMES.get(kind_of, "")
        if kind in (ONBOARDED, LINKED):
            one.wallets.append(_address(words[1]))
        elif kind == UNLINKED:
            one.wallets = [wallet for wallet in one.wallets if wallet != _address(words[1])]
        elif kind == RECOVERED:
            one.lost[_address(words[1])] = _address(words[2])
            one.wallets = [wallet for wallet in one.wallets if wallet != _address(words[2])] + [_address(words[2])]
    return list(found.values())


@dataclass
class EvmSource:
    """See scrip.holders.sources.Source for what each method answers."""

    network: EvmNetwork
    ticker: str
    hypersync: str = ""
    """The URL of a HyperSync server that tells transfers; "" for the node."""

    def __post_init__(self) -> None:
        ledger = self.network.ledger()
        if self.ticker not in ledger.stocks:
            raise InputError("is no stock of this network", field="stock", value=self.ticker)
        self._since = ledger.since
        self._token = ledger.stocks[self.ticker].token
        self.redemptions = {label: one for label, one in ledger.vaults.items() if self._is_mine(label, vault_label)}
        self.entries = {label: one for label, one in ledger.vaults.items() if self._is_mine(label, entry_label)}
        self._escrow = self.network.suite().offers
        self.token = self._token.address
        self.decimals = EVM_DECIMALS
        self.chain_id = self.network.node.chain_id()
        self._events: Asked | None = None

    def _is_mine(self, label: str, label_of: Callable[[str], str]) -> bool:
        mine = label_of(self.ticker)
        return label == mine or label.startswith(f"{mine}-")

    # --- the block ---

    def record(self, instant: int) -> At:
        """The last block before an instant."""
        return block_before(self._look, self.final(), instant, self._since)

    def _look(self, number: int | str) -> At:
        block = self.network.node.block(number)
        return At(block.number, block.hash, block.timestamp)

    def final(self) -> At:
        """The newest final block: as many blocks down as the manifest says, and what a public network calls final."""
        chain, head = self.network.manifest.chain, self.network.node.block().number
        number = max(0, head - chain.finality)
        if chain.public:
            number = min(number, self.network.node.block(FINAL).number)
        return self._look(number)

    # --- what happened ---

    def movements(self, at: At, folder: Path, tell: Tell) -> Sequence[Path]:
        """Transfers up to a block."""
        return self._pages(self.token, folder).read(at.number, tell)

    def _pages(self, token: str, folder: Path) -> Pages:
        if self._events is None:
            node = self.network.node
            self._events = Hypersync(node, self.hypersync, self.chain_id) if self.hypersync else node
        return Pages(folder / token, self._events, self.network.genesis, token, self._since)

    def supply(self, at: At) -> int:
        """The token's supply at a block; NodeError from a node that no longer has that state."""
        return self._supply(self._token, at)

    def _supply(self, token: Contract, at: At) -> int:
        return int(self.network.at(at.number).chain.call(token, "totalSupply"))

    def owners(self, at: At) -> Mapping[str, Owner]:
        """Whose wallets are, from what the registry said up to a block. A recovered wallet stays its investor's."""
        found = told_investors(registry_events(self.network, at.number))
        return {wallet: Owner(str(one.number), one.investor_class) for one in found for wallet in one.wallets}

    def vaults(self, at: At, instant: int) -> tuple[Mapping[str, Kind], Sequence[Reallocation]]:
        """What waits and what was called back is the controller's, until a price is struck for what waits.

        A strike counts that was made after the request and can still be filled at the instant: what it is for is sold
        at a price with the dividend in it. What waits to be delivered in kind has no price, and is the controller's
        until it is burnt. What is filled is burnt, and money is due for it. Units that a subscription was filled with
        and that nobody has fetched are the subscriber's; one that waits to be filled has none yet.
        """
        seen, moved, marked = self.network.at(at.number), [], dict[str, Kind]()
        for vault in self.redemptions.values():
            if not seen.node.code(vault.address):
                continue  # made later
            marked[vault.address] = "vault"
            struck = max((one.at for one in self._strikes(seen.chain, vault, instant)), default=0)
            everybody = controllers_of(seen.chain, vault, self._since)
            for controller, found in read_requests(seen.chain, vault, everybody).items():
                # A strike is for money: it sells nothing of what is asked for in kind.
                waiting = found.waiting if found.since >= struck or found.delivery else 0
                if units := waiting + found.called_back:
                    moved.append(Reallocation(vault.address, controller.lower(), units, "queue"))
        for entry in self.entries.values():
            if not seen.node.code(entry.address):
                continue
            marked[entry.address] = "vault"
            everybody = subscribers_of(seen.chain, entry, self._since)
            for controller, bought in read_subscriptions(seen.chain, entry, everybody).items():
                if bought.units:
                    moved.append(Reallocation(entry.address, controller.lower(), bought.units, "subscribed"))
        if (escrow := self._escrow) is not None and seen.node.code(escrow.address):
            marked[escrow.address] = "vault"
            moved += self._offered(seen.chain, escrow)
        distributor = self.network.suite().distributor
        if distributor is not None and seen.node.code(distributor.address):
            marked[distributor.address] = "vault"
            for one in self.delivering(at):
                moved += [
                    Reallocation(distributor.address, leaf.account, leaf.net, PARKED)
                    for leaf in one.leaves.values()
                    if leaf.parked
                ]
        return marked, moved

    def delivering(self, at: At) -> list[Delivering]:
        """The roots that give units of this stock and were funded and not ended at a block."""
        distributor, chain = self.network.suite().distributor, self.network.at(at.number).chain
        if distributor is None:
            return []
        found = []
        for event in chain.logs(distributor, [ROOT_POSTED], self._since):
            if _address(event.data[:32]) == self.token.lower():
                identity = "0x" + event.topics[1].hex()
                one = read_distribution(chain, distributor, identity)
                if one is not None and one["in_units"] and one["status"] == FUNDED:
                    leaves = paid_leaves(chain, distributor, identity, self._since)
                    found.append(Delivering(distributor.address, identity, leaves))
        # A root that was voided and posted again was posted twice.
        return list({one.identity: one for one in found}.values())

    def _offered(self, chain: Chain, escrow: Contract) -> Iterator[Reallocation]:
        """What an offer's positions hold of the stock: all that was put in, until it is funded, then what is due of it.

        What is taken by then is sold, and nobody's but the escrow's.
        """
        for offer in offers_of(chain, escrow, self._since):
            shown = read_offer(chain, escrow, offer)
            if shown is None or self.token.lower() not in (shown.token.lower(), shown.given.lower()):
                continue
            who = choosers_of(chain, escrow, offer, self._since)
            carried_out = shown.status in ("FUNDED", "SWEPT")
            held = read_positions(chain, escrow, offer, who)
            due = dict(zip(held, read_due(chain, escrow, offer, held), strict=True))
            for account, position in held.items():
                backs = shown.agreed.code == "TEND" or not carried_out
                if self.token.lower() != (shown.token if backs else shown.given).lower():
                    continue
                put_in = position.first + (position.second if shown.agreed.code == "MRGR" else 0)
                units = put_in if shown.status == "OPEN" else due[account].units
                if units:
                    yield Reallocation(escrow.address, account.lower(), units, "offered")

    def _strikes(self, chain: Chain, vault: Contract, instant: int) -> Iterator[Struck]:
        """The strikes of a vault that can still be filled at an instant."""
        for event in chain.logs(vault, [STRUCK], self._since):
            if int.from_bytes(event.data[32:64], "big") > instant:
                found = read_strike(chain, vault, "0x" + event.topics[1].hex())
                if found is not None:
                    yield found

    def account(self, name: str) -> str:
        """The address of an account."""
        return self.network.chain.address(name).lower()

    def shares(self, contract: str, at: At, folder: Path, tell: Tell) -> Weights:
        """The holders of a venue's own token, out of its supply."""
        files = self._pages(contract, folder).read(at.number, tell)
        with connected("duckdb") as engine:
            held = shares_of(engine, files, at.number)
        return Weights(held, self._supply(Contract(SHARE, contract), at))


def _address(word: bytes) -> str:
    return "0x" + word[-20:].hex()
