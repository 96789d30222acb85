"""A step made concrete on a network: what a transaction would carry, and what an entry of the records says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import rlp
from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.compiled.layout import layout_of, parse_layout
from scrip.evm.compiled.safe import PACKAGED
from scrip.evm.connection import EvmConnection
from scrip.evm.encoding.abi import ZERO_ADDRESS, encode_arguments
from scrip.evm.encoding.blueprint import blueprint_initcode
from scrip.evm.encoding.calldata import concrete, step_data
from scrip.evm.encoding.quotes import EVENTS, Quote, mark_of
from scrip.evm.rpc.logs import everywhere
from scrip.evm.rpc.node import Reverted
from scrip.plan import Plan, Step, StepKey, step_id
from scrip.records.files import plain
from scrip.records.record import Action

KEY_VIEW = "keyUsed"
"""The view that a contract which honours each key once is asked (contracts/shared/keys.vy)."""
KEY_EVENT = "0x" + keccak(text="KeyUsed(bytes32)").hex()
MARKET, BITMAP = "PrimaryMarket", "quoteBitmap"
"""The contract whose quotes are good for one order, and its view that is asked whether a quote still is."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A step with every name resolved: its entry, and the calldata or creation code of its transaction."""

    action: Action
    data: bytes

    @property
    def to(self) -> str | None:
        """The address that the transaction is sent to; None for a deployment."""
        return self.action.to or None


def prepare(network: EvmConnection, plan: Plan, step: Step) -> Prepared:
    """Resolve a step; InputError for a name that nobody knows, or an argument that its type cannot carry."""
    key = step_id(network.genesis, plan, step)
    arguments = concrete(step.args, network.chain, key)
    deploys = not step.function
    data = _creation(network, step, arguments) if deploys else step_data(network.chain, step, key)
    action = Action(
        operation=plan.name,
        reference=plan.reference,
        step=step.name,
        title=step.title,
        step_id="0x" + key.hex(),
        network=network.records.network,
        genesis=network.genesis,
        sender_name=step.sender,
        sender=network.chain.address(step.sender),
        contract=step.contract,
        function=step.function,
        arguments=plain(arguments),
        to_name=step.to,
        to="" if deploys else network.chain.address(step.to),
        label=step.label,
        blueprint=step.blueprint,
        layout_hash=_layout_hash(step) if deploys else "",
        data_hash="0x" + keccak(data).hex(),
    )
    return Prepared(action, data)


def _creation(network: EvmConnection, step: Step, arguments: tuple[object, ...]) -> bytes:
    if not step.label:
        raise InputError("deploys a contract that it does not name", field="step", value=step.name)
    if step.initcode and not step.args:
        return step.initcode
    if step.initcode:
        return step.initcode + encode_arguments(step.contract, network.chain.abi(step.contract).constructor, arguments)
    if step.blueprint:
        return blueprint_initcode(artifact(step.contract).initcode)
    return network.chain.initcode(step.contract, arguments)


def layout_text(step: Step) -> str:
    """The storage layout of what a step deploys, as JSON; "" where it is not a build of the project's own."""
    if step.function or step.layout or step.contract in PACKAGED:
        return step.layout
    made = artifact(step.contract)
    known = step.initcode in (b"", made.initcode)
    # A contract that only reads keeps nothing.
    return layout_of(made.layout.get("storage_layout", {}), made.sources).text() if known else ""


def _layout_hash(step: Step) -> str:
    text = layout_text(step)
    return parse_layout(text).hash() if text else ""


def created_by(sender: str, nonce: int) -> str:
    """The address of the contract that a sender's transaction with that nonce creates, in lower case."""
    return "0x" + keccak(rlp.encode([bytes.fromhex(sender[2:]), nonce]))[12:].hex()


def with_address(network: EvmConnection, prepared: Prepared, nonce: int) -> Prepared:
    """The action with the address that a deployment, or a labelled call, is going to make.

    A call that makes a contract returns its address, so it is asked what it would return; a labelled call that would
    fail, or that returns no address, has none.
    """
    action = prepared.action
    if not action.function:
        return replace(prepared, action=replace(action, address=created_by(action.sender, nonce)))
    if not action.label:
        return prepared
    entry = network.chain.abi(action.contract).function(action.function, len(action.arguments))
    try:
        made = entry.result(network.node.call(action.to, prepared.data, sender=action.sender))
    except Reverted:
        return prepared  # the estimate, which comes next, says why
    if not isinstance(made, str) or not made.startswith("0x") or made == ZERO_ADDRESS:
        raise InputError(
            f"{action.function} returns no address to call {action.label!r}", field="step", value=action.step
        )
    return replace(prepared, action=replace(action, address=made.lower()))


@dataclass(frozen=True, slots=True)
class Once:
    """How a contract tells that it has carried a step out: a view's answer under `mask`, and a log.

    The log has `topics` and, of a quote, `data`: a quote's number is set in the view once it was revoked, too, so that
    nothing but its log says that it was carried out.
    """

    view: str
    args: tuple[object, ...]
    topics: tuple[str, ...]
    mask: int = 1
    data: str = ""


def once(network: EvmConnection, step: Step, prepared: Prepared) -> Once | None:
    """How a contract tells that it carried a step out: by the step's own id or a quote's. None for any other step."""
    if prepared.action.contract == MARKET and step.function in (*EVENTS, "mintPaid"):
        values, signer, *_ = prepared.action.arguments
        quote = Quote.of(values)
        mark = mark_of(quote, signer)
        args = (signer, quote.nonce >> 8)
        return Once(BITMAP, args, mark.topics, 1 << (quote.nonce & 255), mark.data)
    keyed = step.function and any(isinstance(arg, StepKey) for arg in step.args)
    if not keyed or not network.chain.abi(step.contract).has(KEY_VIEW, 1):
        return None
    key = prepared.action.step_id
    return Once(KEY_VIEW, (bytes.fromhex(key[2:]),), (KEY_EVENT, key))


def is_used(network: EvmConnection, prepared: Prepared, how: Once) -> bool:
    """Whether the contract has carried the step out."""
    view = network.chain.abi(prepared.action.contract).function(how.view, len(how.args))
    answer: Any = view.result(network.node.call(prepared.action.to, view.calldata(how.args)))
    return bool(int(answer) & how.mask) and (not how.data or bool(used_in(network, prepared, how)))


def used_in(network: EvmConnection, prepared: Prepared, how: Once) -> str:
    """The transaction that carried the step out, from the contract's log; "" where no log says."""
    to, node = prepared.action.to, network.node
    made = (one.block for one in network.records.readable_in_turn() if one.done and one.action.address == to)
    found = everywhere(node, to, how.topics, next(made, 0), node.block().number)
    return next((one["transactionHash"] for one in reversed(found) if how.data in ("", one["data"])), "")
