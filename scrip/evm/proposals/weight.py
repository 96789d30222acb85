"""What a Safe's transaction will need: weighed before its owners sign, not when nobody can carry it out."""

from __future__ import annotations

from collections.abc import Sequence

from scrip.errors import InputError
from scrip.evm.connection import EvmConnection
from scrip.evm.encoding.calldata import MessageCall
from scrip.evm.encoding.refusals import refusal
from scrip.evm.rpc.node import GAS_CAP, Reverted, call_fields, returned
from scrip.evm.rpc.wire import RpcError
from scrip.evm.safe.proposal import Proposal
from scrip.evm.safe.transaction import DELEGATECALL, safe_tx

PART = 20
"""A twentieth is added to the node's estimate: for the 64th that each call keeps back, and for storage that is cold
by then."""
WRAPPING = 60_000
"""Gas of the Safe's own part, without the signatures."""
SIGNATURE = 10_000
"""Gas of checking one signature, its bytes included."""


def weigh(network: EvmConnection, proposal: Proposal) -> str:
    """What a proposal's execution needs, for people; InputError where a transaction is not given so much.

    It is estimated as the Safe's own calls, in the present state. Where one of them fails in it, that is what is said:
    perhaps something has to be carried out first.
    """
    calls, total = [one.call for one in proposal.calls], len(proposal.calls)
    try:
        needed = _needed(network, proposal, calls)
    except (Reverted, RpcError) as error:
        fitting, needed = _longest(network, proposal, calls)
        # A batch that runs out of gas fails without a word, as one does of which a call is refused.
        if fitting and needed * total // fitting > GAS_CAP:
            raise _too_heavy(total, needed * total // fitting) from None
        title = proposal.calls[fitting].title if fitting < total else ""
        return f'its gas cannot be estimated now: "{title}" fails in the present state ({_name(network, error)})'
    if needed > GAS_CAP:
        raise _too_heavy(total, needed)
    return f"it needs about {needed:,} gas of the {GAS_CAP:,} that a transaction is given"


def _needed(network: EvmConnection, proposal: Proposal, calls: Sequence[MessageCall]) -> int:
    """Gas of an execution that makes these calls alone; Reverted or RpcError where the node gives none."""
    safe = proposal.tx.safe
    tx = safe_tx(proposal.tx.chain_id, safe, proposal.tx.nonce, calls, proposal.tx.to)
    if tx.operation == DELEGATECALL:
        # For the while of the question the batch's code stands at the Safe, which then makes the calls itself.
        code = {safe: {"code": "0x" + network.node.code(tx.to).hex()}}
        answer = network.node.ask("eth_estimateGas", call_fields(safe, safe, tx.data), "latest", code)
    else:
        answer = network.node.ask("eth_estimateGas", call_fields(safe, tx.to, tx.data))
    if "error" in answer:
        returned(answer, "eth_estimateGas")
    inner = int(answer["result"], 16)
    return inner + inner // PART + WRAPPING + SIGNATURE * proposal.threshold


def _longest(network: EvmConnection, proposal: Proposal, calls: Sequence[MessageCall]) -> tuple[int, int]:
    """How many calls, from the first on, the node can estimate, though not all; and what these need."""
    fitting, failing, needed = 0, len(calls), 0
    while failing - fitting > 1:
        middle = (fitting + failing) // 2
        try:
            fitting, needed = middle, _needed(network, proposal, calls[:middle])
        except (Reverted, RpcError):
            failing = middle
    return fitting, needed


def _too_heavy(total: int, needed: int) -> InputError:
    # Not to the last one: no two calls need quite the same.
    fitting = max(total * GAS_CAP * (PART - 1) // (needed * PART), 1)
    reason = f"needs about {needed:,} gas, and a transaction is given {GAS_CAP:,}: propose it in parts"
    return InputError(f"{reason}, about {fitting} of its {total} calls at a time", field="propose", value=total)


def _name(network: EvmConnection, error: Reverted | RpcError) -> str:
    return str(refusal(error.data, network.chain.name) if isinstance(error, Reverted) else error)
