"""What was done to the suite's contracts, as their events say, whoever keeps a record of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import abi, artifact
from scrip.evm.compiled.codec import EXTENSIONS
from scrip.evm.connection import EvmConnection
from scrip.evm.encoding.abi import canonical_signature
from scrip.evm.handlers.redemption import ENTRY, VAULT
from scrip.evm.rpc.logs import in_spans
from scrip.evm.rpc.wire import RpcError
from scrip.evm.tx.steps import KEY_EVENT
from scrip.evm.vaults import FACTORY
from scrip.labels import ENTRIES, LABELS, PRICES, VAULTS
from scrip.records import Record
from scrip.reports.findings import Finding
from scrip.reports.records import last_block, transactions, unknown, untold

MOST_BEYOND = 20
"""How many transactions that no record tells of are looked at before a plan, the newest: keepers may send many."""
HOLDERS = frozenset(
    {
        *("Transfer", "Approval", "AuthorizationUsed", "AuthorizationCanceled", "Minted", "Redeemed"),
        *("RedeemRequest", "CancelRedeemRequest", "CancelRedeemClaim", "Withdraw", "Parked", "OperatorSet"),
        *("DepositRequest", "CancelDepositRequest", "CancelDepositClaim", "Deposit", "Withheld"),
        *("Agreed", "WindowOpened", "Reported"),
    }
)
"""Events of what holders do by themselves, with whatever wallet they have, and of what anyone does all day, as asking
the sources of prices: no desk keeps a record of it."""
PRICE_FEED = "SharePriceFeed"
BESIDE = (VAULT, ENTRY, FACTORY, PRICE_FEED, "DataStream")
"""Kinds of contract that may stand beside a suite's own, under whatever label: what a manifest asks for besides."""
BEGINNINGS = ((FACTORY, "VaultCreated", 2), (PRICE_FEED, "Configured", 1))
"""By which event, with a stock at which topic, a contract of the kind shows that the suite's officers put it in use."""


@dataclass(frozen=True, slots=True)
class Done:
    """A transaction that did something: its hash and block, and the names of its events and the keys that it used."""

    tx: str
    block: int
    events: tuple[str, ...]
    keys: tuple[str, ...]


def done(network: EvmConnection, since: int) -> list[Done]:
    """What the events of the suite's contracts and of its stocks say was done from a block on, in the chain's order.

    RpcError where the node does not serve them.
    """
    network.find_vaults()
    contracts = _watched(network)
    names = {topic: name for one in contracts for topic, name in _topics(one).items()}
    last = network.node.block().number
    found: dict[str, Done] = {}
    if not contracts:
        return []
    for log in in_spans(network.node, [one.address for one in contracts], [sorted(names)], since, last):
        tx, topic = str(log["transactionHash"]), str(log["topics"][0])
        before = found.get(tx, Done(tx, int(log["blockNumber"], 16), (), ()))
        keys = (str(log["topics"][1]),) if topic == KEY_EVENT else ()
        found[tx] = Done(tx, before.block, (*before.events, names[topic]), (*before.keys, *keys))
    return list(found.values())


def _watched(network: EvmConnection) -> list[Contract]:
    """The contracts that are known here and whose events a record should tell of."""
    ours = {*LABELS, *network.manifest.stocks}
    return [one for label, one in network.book if label in ours or one.name in BESIDE]


def _topics(contract: Contract) -> Mapping[str, str]:
    """The names of a contract's events by their topics, both of its halves', but for those of holders."""
    halves = [contract.name, *([EXTENSIONS[contract.name]] if contract.name in EXTENSIONS else [])]
    entries = [entry for name in halves for entry in abi(name) if entry["type"] == "event"]
    others = (entry for entry in entries if entry["name"] not in HOLDERS)
    return {"0x" + keccak(text=canonical_signature(entry)).hex(): str(entry["name"]) for entry in others}


def nowhere_told(network: EvmConnection) -> Iterator[Finding]:
    """Findings about what the chain says was done, and no record tells: sent by an account of the manifest, or under a
    key that a contract honours once."""
    told = [one for journal in network.records.journals() for one in journal.readable()]
    known = {one.tx for one in told} | {one.action.step_id for one in told if one.done}
    first = next((one.block for one in told if one.done and one.action.label == "roles"), 0)
    ours = set(senders(network).values())
    for place in _unbooked(network, told, first):
        yield unknown(place.address, place.name)
        network.learn(PRICES if place.name == PRICE_FEED else _makes(network, place), place)
    for one in done(network, first):
        if one.tx in known or (one.keys and known.issuperset(one.keys)):
            continue
        body = network.node.transaction(one.tx)
        sender = str(body["from"]).lower() if body is not None else ""
        if one.keys or sender in ours:
            what = ", ".join(dict.fromkeys(one.events))
            yield untold(one.tx, what, f"block {one.block}", network.chain.name(sender) if sender else "nobody known")


def beyond(network: EvmConnection) -> list[Finding]:
    """What was done by an account of the manifest since the last thing on record, and no record tells: one question.

    So a last record is missed that is gone together with its intent and the count of records. Nothing where the node
    does not serve so many blocks at once: then `nowhere_told` finds it, in parts.
    """
    since = last_block(network.records)
    contracts = _watched(network)
    if since is None or not contracts:
        return []
    names = {topic: name for one in contracts for topic, name in _topics(one).items()}
    try:
        logs = network.node.logs([one.address for one in contracts], [sorted(names)], since)
    except RpcError:
        return []
    known = transactions(network.records)
    events: dict[str, dict[str, None]] = {}
    for log in logs:
        if (tx := str(log["transactionHash"])) not in known:
            events.setdefault(tx, {})[names[str(log["topics"][0])]] = None
    found, ours = [], set(senders(network).values())
    for tx in [*events][-MOST_BEYOND:]:
        body = network.node.transaction(tx)
        if body is not None and (sender := str(body["from"]).lower()) in ours:
            where = f"block {int(body['blockNumber'], 16)}"
            found.append(untold(tx, ", ".join(events[tx]), where, network.chain.name(sender)))
    return found


def _unbooked(network: EvmConnection, told: Sequence[Record], since: int) -> Iterator[Contract]:
    """What makes vaults or keeps prices of the suite's stocks, and no record says that it was made.

    It runs the project's code and asks the suite's roles, so that nobody but the suite's officers can have had it say
    what it says of a stock.
    """
    known = {one.action.address for one in told if one.action.address}
    stocks = ["0x" + one.address[2:].rjust(64, "0") for label, one in network.book if label in network.manifest.stocks]
    if not stocks or "roles" not in network.book:
        return
    roles, last = network.book.contract("roles").address, network.node.block().number
    for name, event, place in BEGINNINGS:
        topic = next(topic for topic, one in _topics(Contract(name, "")).items() if one == event)
        wanted = [[topic], *[None] * (place - 1), stocks]
        logs = in_spans(network.node, [], wanted, since, last)
        for at in dict.fromkeys(str(log["address"]).lower() for log in logs):
            found = Contract(name, at)
            if at in known or not network.node.code(at).startswith(artifact(name).runtime):
                continue
            if str(network.chain.call(found, "accessControl")) == roles:
                yield found


def _makes(network: EvmConnection, factory: Contract) -> str:
    """The label of what makes vaults, by the code of those that it makes."""
    code = network.node.code(str(network.chain.call(factory, "IMPLEMENTATION")))
    return ENTRIES if code.startswith(artifact(ENTRY).runtime) else VAULTS


def senders(network: EvmConnection) -> dict[str, str]:
    """The addresses of the manifest's accounts that are known on this machine, by name."""
    return {name: network.chain.address(name) for name in network.manifest.accounts if _is_known(network, name)}


def _is_known(network: EvmConnection, name: str) -> bool:
    try:
        network.chain.address(name)
    except InputError:
        return False  # a keystore of another machine
    return True
