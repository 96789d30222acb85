"""Records that were lost, made again from the manifest and the chain: what was deployed, what was sent, which keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from eth_utils import keccak

from scrip.errors import Drift, InputError
from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.compiled.release import HALVES
from scrip.evm.connection import EvmConnection
from scrip.evm.connection.book import made_by
from scrip.evm.rpc.node import Receipt, result
from scrip.evm.suite import token_at
from scrip.evm.tx.history import done, senders
from scrip.evm.tx.steps import KEY_EVENT, created_by, layout_text, prepare
from scrip.labels import DEPLOYER
from scrip.plan import Plan, Step
from scrip.records.rebuilt import Called, Found, unexplained, unheld, write
from scrip.records.record import Action, Record

MOST = 256
"""How many contracts of the deployer are looked at: a deployment creates its first ones at once."""
AT_ONCE = 50
"""Blocks that one request asks for."""


def standing(network: EvmConnection) -> list[str]:
    """The addresses of the deployer's contracts that give out roles, as a suite's does, recorded or not."""
    if DEPLOYER not in network.manifest.accounts:
        return []
    try:
        sender = network.chain.address(DEPLOYER)
    except InputError:
        return []  # a keystore of another machine, whose address nobody here knows
    count = min(network.node.nonce(sender), MOST)
    places = [created_by(sender, nonce) for nonce in range(count)]
    answers = network.node.batch(("eth_getCode", [one, "latest"]) for one in places)
    wanted = "0x" + artifact("Roles").runtime.hex()
    codes = [result("eth_getCode", answer) for answer in answers]
    return [at for at, code in zip(places, codes, strict=True) if str(code).startswith(wanted)]


def stands_unrecorded(network: EvmConnection) -> str:
    """What of a suite of the deployer's stands that no record holds, nor an intent that is open; "" for nothing."""
    if "roles" in network.book or not (found := standing(network)):
        return ""
    if any(one.action.label == "roles" for one in network.records.open_intents()):
        return ""  # the deployment was stopped before it was recorded, and goes on
    return f"a suite of the deployer's stands (its roles at {found[-1]})"


def demand_recorded(network: EvmConnection) -> None:
    """Drift where the deployer has deployed a suite that no record holds: it is never planned a second time."""
    if what := stands_unrecorded(network):
        raise unheld(network.records, what)


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction as the node has it, and its receipt."""

    body: Mapping[str, Any]
    receipt: Receipt

    @property
    def place(self) -> tuple[int, int]:
        """Where it is in the chain: block, and place in the block."""
        return int(self.receipt["blockNumber"], 16), int(self.receipt["transactionIndex"], 16)

    @property
    def succeeded(self) -> bool:
        """Whether it did what it was to do."""
        return int(self.receipt["status"], 16) == 1


def rebuild(network: EvmConnection, plan: Plan, since: int = 0) -> list[Record]:
    """Write the records anew: those of a deployment's whole `plan`, of whatever else the manifest's accounts sent, and
    of what was done under a key, whoever sent that.

    Blocks are read from `since` on. InputError where there are records: what is broken is moved away first. Drift, and
    nothing is written, where these blocks do not hold the deployment, or the node does not have all of them.
    """
    return write(network.records, lambda: _all(network, plan, since))


def _all(network: EvmConnection, plan: Plan, since: int) -> Iterator[Found]:
    sent = list(_sent(network, since))
    deployed = list(_deployed(network, plan, sent))
    if not any(action.label == "roles" for _, action in deployed):
        reason = "hold no deployment of this manifest's by this build: give its first block with --since"
        raise Drift(f"the blocks from {since} on {reason}; nothing is written")
    explained = {one.body["hash"] for one, _ in deployed}
    sent += _of_others(network, since, {one.body["hash"] for one in sent})
    others = _others(network, [one for one in sent if one.body["hash"] not in explained])
    for number, (one, action) in enumerate((*deployed, *others)):
        yield Found((*one.place, number), action, one.body["hash"], _outcome(network, one, action))


def _sent(network: EvmConnection, since: int) -> Iterator[Sent]:
    """What the manifest's accounts sent, in the chain's order."""
    ours = set(senders(network).values())
    last = network.node.block().number
    for start in range(since, last + 1, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, last + 1))
        answers = network.node.batch(("eth_getBlockByNumber", [hex(one), True]) for one in numbers)
        for number, answer in zip(numbers, answers, strict=True):
            block = result("eth_getBlockByNumber", answer)
            if block is None:
                raise _lacks(f"block {number}")
            for body in block.get("transactions", ()):
                if body["from"].lower() in ours:
                    yield _received(network, body)


def _received(network: EvmConnection, body: Mapping[str, Any]) -> Sent:
    receipt = network.node.receipt(body["hash"])
    if receipt is None:
        raise _lacks(f"the receipt of {body['hash']}")
    return Sent(body, receipt)


def _lacks(what: str) -> Drift:
    return Drift(f"the node does not have {what}, so what it says is not whole: ask one that has; nothing is written")


def _of_others(network: EvmConnection, since: int, known: Iterable[str]) -> Iterator[Sent]:
    """What was done under a key and sent by somebody else, as an owner who is no account of the manifest may."""
    for one in done(network, since):
        if one.keys and one.tx not in known:
            body = network.node.transaction(one.tx)
            if body is None:
                raise _lacks(one.tx)
            yield _received(network, body)


def _deployed(network: EvmConnection, plan: Plan, sent: list[Sent]) -> Iterator[tuple[Sent, Action]]:
    """The steps of a deployment that were carried out, by their very calldata; what each made is learnt."""
    # Two contracts may be made of the same bytes: the first step's is the first that was sent.
    pool: dict[tuple[str, str, str], list[Sent]] = {}
    for one in sent:
        if one.succeeded:
            key = (one.body["from"].lower(), (one.body["to"] or "").lower(), one.body["input"])
            pool.setdefault(key, []).append(one)
    for step in plan.steps:
        try:
            ready = prepare(network, plan, step)
        except InputError:
            continue  # it names a contract that was never made
        same = pool.get((ready.action.sender, ready.action.to, "0x" + ready.data.hex()))
        if not same:
            continue
        found = same.pop(0)
        action = replace(ready.action, address=_made(network, step, found))
        if step.contract in HALVES and action.layout_hash:
            network.records.keep_layout(action.layout_hash, layout_text(step))
        if action.label and action.address:
            network.learn(action.label, made_by(Record(0, "", "done", action, "")))
        yield found, action


def _made(network: EvmConnection, step: Step, found: Sent) -> str:
    """The address of the contract that a step made; "" for none."""
    if not step.function:
        return str(found.receipt["contractAddress"]).lower()
    if not step.label:
        return ""
    if step.label in network.manifest.stocks:
        return token_at(network.chain.call, network.book.contract("factory"), network.manifest.stocks[step.label])
    network.find_safe()
    network.find_vaults()
    return network.book.contract(step.label).address if step.label in network.book else ""


def _others(network: EvmConnection, sent: list[Sent]) -> Iterator[tuple[Sent, Action]]:
    """What else was sent to the suite's contracts, each under the keys that a contract honoured, if it has any."""
    known = {contract.address: (label, contract) for label, contract in network.book}
    for one in sent:
        keys = _keys(one, known)
        to = (one.body["to"] or "").lower()
        label, contract = known.get(to, ("", Contract("", to)))
        if not one.succeeded or not (label or keys):
            continue
        data = bytes.fromhex(one.body["input"][2:])
        sender, tx = one.body["from"].lower(), one.body["hash"]
        called = _function(network, contract, data) if label else "0x" + data[:4].hex()
        for key in keys or ["0x" + keccak(hexstr=tx).hex()]:
            digest = "0x" + keccak(data).hex()
            named = (network.chain.name(sender), sender, contract.name, called, label or to, to)
            yield one, unexplained(network.records, Called(tx, key, *named, digest))


def _keys(one: Sent, ours: Collection[str]) -> list[str]:
    """The keys that a transaction used up at contracts of ours, each the id of a step."""
    logs = [log for log in one.receipt["logs"] if log["topics"][:1] == [KEY_EVENT]]
    return [str(log["topics"][1]) for log in logs if log["address"].lower() in ours]


def _function(network: EvmConnection, contract: Contract, data: bytes) -> str:
    abi = network.chain.abi(contract.name)
    named = {abi.function(one["name"], len(one["inputs"])).selector: one["name"] for one in abi.entries()}
    return str(named.get(data[:4], "0x" + data[:4].hex()))


def _outcome(network: EvmConnection, one: Sent, action: Action) -> dict[str, object]:
    code = network.node.code(action.address or action.to)
    return {
        "block": one.place[0],
        "block_hash": one.receipt["blockHash"],
        "gas": int(one.receipt["gasUsed"], 16),
        "code_hash": "0x" + keccak(code).hex() if code else "",
    }
