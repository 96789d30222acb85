"""A step made concrete on a network: what a transaction would carry, and what an entry of the records says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
from scrip.evm.rpc.node import Reverted
from scrip.plan import Plan, Step, StepKey, step_id
from scrip.records.files import plain
from scrip.records.record import Action

KEY_VIEW = "keyUsed"
"""The view that a contract which honours each key once is asked (contracts/shared/keys.vy)."""
KEY_EVENT = "0x" + keccak(text="KeyUsed(bytes32)").hex()
MARKET, QUOTE_ID = "PrimaryMarket", 7
"""The contract whose quotes are good for one order, and the place of the id among a quote's values."""
QUOTED = {
    function: "0x" + keccak(text=f"{event}(address,address,bytes32,address,uint256,uint256,address)").hex()
    for function, event in (("mint", "Minted"), ("redeem", "Redeemed"))
}


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
    """How a contract tells that it has carried a step out: the view to ask, the key, the log's topics."""

    view: str
    key: str
    topics: tuple[str | None, ...]


def once(network: EvmConnection, step: Step, prepared: Prepared) -> Once | None:
    """How a contract tells that it carried a step out: by the step's own id or a quote's. None for any other step."""
    if prepared.action.contract == MARKET and step.function in QUOTED:
        identifier = prepared.action.arguments[0][QUOTE_ID]
        return Once("quoteUsed", identifier, (QUOTED[step.function], None, None, identifier))
    keyed = step.function and any(isinstance(arg, StepKey) for arg in step.args)
    if not keyed or not network.chain.abi(step.contract).has(KEY_VIEW, 1):
        return None
    return Once(KEY_VIEW, prepared.action.step_id, (KEY_EVENT, prepared.action.step_id))


def is_used(network: EvmConnection, prepared: Prepared, how: Once) -> bool:
    """Whether the contract has carried the step out."""
    view = network.chain.abi(prepared.action.contract).function(how.view, 1)
    data = view.calldata([bytes.fromhex(how.key[2:])])
    return bool(view.result(network.node.call(prepared.action.to, data)))


def used_in(network: EvmConnection, prepared: Prepared, how: Once) -> str:
    """The transaction that carried the step out, from the contract's log; "" where no log says."""
    found = network.node.logs(prepared.action.to, how.topics)
    return found[-1]["transactionHash"] if found else ""
