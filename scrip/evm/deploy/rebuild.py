"""Records that were lost, made again from the manifest and the chain: what was deployed, what was sent, which keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from scrip.evm.tx.steps import KEY_EVENT, created_by, layout_text, prepare
from scrip.labels import DEPLOYER
from scrip.plan import Plan, Step
from scrip.records.record import Action, Record

REBUILT = "rebuilt"
"""What a record says as its reason that was made from the chain, and the operation of one that no plan explains."""
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


def demand_recorded(network: EvmConnection) -> None:
    """Drift where the deployer has deployed a suite that no record holds: it is never planned a second time."""
    if "roles" in network.book or not (found := standing(network)):
        return
    folder = network.records.folder
    raise Drift(
        f"a suite of the deployer's stands (its roles at {found[-1]}), and no record in {folder} holds it: take the "
        "folder back from the backup, or give `ape run records rebuild`"
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction as the node has it, and its receipt."""

    body: Mapping[str, Any]
    receipt: Receipt

    @property
    def place(self) -> tuple[int, int]:
        """Where it is in the chain: block, and place in the block."""
        return int(self.receipt["blockNumber"], 16), int(self.receipt["transactionIndex"], 16)


def rebuild(network: EvmConnection, plan: Plan, since: int = 0) -> list[Record]:
    """Write the records anew: those of a deployment's whole `plan`, and of whatever else the manifest's accounts sent.

    Blocks are read from `since` on. InputError where there are records: what is broken is moved away first.
    """
    records = network.records
    if records.paths():
        raise InputError("holds records: move it away first, and keep it", field="records", value=records.folder)
    with records.locked("records rebuild"):
        sent = list(_sent(network, since))
        found = [*_deployed(network, plan, sent)]
        explained = {one.body["hash"] for one, _ in found}
        found += _others(network, [one for one in sent if one.body["hash"] not in explained])
        return [_record(network, one, action) for one, action in sorted(found, key=lambda pair: pair[0].place)]


def _sent(network: EvmConnection, since: int) -> Iterator[Sent]:
    """What the manifest's accounts sent, in the chain's order."""
    ours = {network.chain.address(name) for name in network.manifest.accounts if _is_known(network, name)}
    last = network.node.block().number
    for start in range(since, last + 1, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, last + 1))
        answers = network.node.batch(("eth_getBlockByNumber", [hex(one), True]) for one in numbers)
        for answer in answers:
            for body in (result("eth_getBlockByNumber", answer) or {}).get("transactions", ()):
                receipt = network.node.receipt(body["hash"]) if body["from"].lower() in ours else None
                if receipt is not None:
                    yield Sent(body, receipt)


def _is_known(network: EvmConnection, name: str) -> bool:
    try:
        network.chain.address(name)
    except InputError:
        return False
    return True


def _deployed(network: EvmConnection, plan: Plan, sent: list[Sent]) -> Iterator[tuple[Sent, Action]]:
    """The steps of a deployment that were carried out, by their very calldata; what each made is learnt."""
    # Two contracts may be made of the same bytes: the first step's is the first that was sent.
    pool: dict[tuple[str, str, str], list[Sent]] = {}
    for one in sent:
        if int(one.receipt["status"], 16) == 1:
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
        factory = network.book.contract("factory")
        return str(network.chain.call(factory, "tokenOf", network.manifest.stocks[step.label].isin))
    network.find_safe()
    network.find_vaults()
    return network.book.contract(step.label).address if step.label in network.book else ""


def _others(network: EvmConnection, sent: list[Sent]) -> Iterator[tuple[Sent, Action]]:
    """What else was sent to the suite's contracts, each under the key that its contract honoured, if it has one."""
    known = {contract.address: (label, contract) for label, contract in network.book}
    for one in sent:
        label, contract = known.get((one.body["to"] or "").lower(), ("", Contract("", "")))
        if not label or int(one.receipt["status"], 16) != 1:
            continue
        data = bytes.fromhex(one.body["input"][2:])
        called = _function(network, contract, data)
        sender = one.body["from"].lower()
        yield (
            one,
            Action(
                operation=REBUILT,
                reference=one.body["hash"],
                step=called,
                title=f"{called} of {label}, found on the chain",
                step_id=_key(one),
                network=network.records.network,
                genesis=network.genesis,
                sender_name=network.chain.name(sender),
                sender=sender,
                contract=contract.name,
                function=called,
                arguments=[],
                to_name=label,
                to=contract.address,
                data_hash="0x" + keccak(data).hex(),
            ),
        )


def _key(one: Sent) -> str:
    """The key that a transaction used up, which is its step's id; one of its hash where it used none."""
    used = [str(log["topics"][1]) for log in one.receipt["logs"] if log["topics"][:1] == [KEY_EVENT]]
    return next(iter(used), "0x" + keccak(hexstr=one.body["hash"]).hex())


def _function(network: EvmConnection, contract: Contract, data: bytes) -> str:
    entries = network.chain.abi(contract.name).entries()
    named = {keccak(text=_signature(entry))[:4]: entry["name"] for entry in entries if entry.get("type") == "function"}
    return str(named.get(data[:4], "0x" + data[:4].hex()))


def _signature(entry: Mapping[str, Any]) -> str:
    return f"{entry['name']}({','.join(_type(one) for one in entry['inputs'])})"


def _type(value: Mapping[str, Any]) -> str:
    kind = str(value["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(_type(one) for one in value['components'])}){kind.removeprefix('tuple')}"


def _record(network: EvmConnection, one: Sent, action: Action) -> Record:
    code = network.node.code(action.address or action.to)
    return network.records.append(
        "done",
        action,
        one.body["hash"],
        found=True,
        reason=REBUILT,
        block=one.place[0],
        block_hash=one.receipt["blockHash"],
        gas=int(one.receipt["gasUsed"], 16),
        code_hash="0x" + keccak(code).hex() if code else "",
    )
