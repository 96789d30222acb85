"""Corporate actions: how a chain shows them."""

from __future__ import annotations

from collections.abc import Iterator

from eth_abi import decode
from eth_utils import keccak

from scrip.evm.chain import Chain, Contract
from scrip.instructions.subjects import reference_text
from scrip.ledger import ActionState, ActionStatus

STATUS: tuple[ActionStatus, ...] = ("unknown", "announced", "scheduled", "cancelled", "effective")
"""By the chain's numbers."""
ANNOUNCED = keccak(
    text="ActionAnnounced(bytes32,address,string,bytes32,address,uint256,uint256,uint256,uint256,uint256,uint256)"
)
HEAD = ("string", "bytes32")
"""What the event's data begin with: code and reference. All that follows is asked for."""


def read_action(chain: Chain, actions: Contract, identity: bytes, stock: str, code: str, reference: str) -> ActionState:
    """An action by its id, as it stands now; the rest is what it is called."""
    _, _, status, _, ex, pay, effective_at, num, den, gross, withheld, net, price, _ = chain.call(
        actions, "action", identity
    )
    return ActionState(
        id=identity,
        stock=stock,
        code=code,
        reference=reference,
        status=STATUS[status],
        ex=ex,
        pay=pay,
        effective_at=effective_at,
        num=num,
        den=den,
        gross=gross,
        withheld=withheld,
        net=net,
        price=price,
    )


def announced_actions(
    chain: Chain, actions: Contract, token: Contract, stock: str, since: int
) -> Iterator[ActionState]:
    """Every action that was announced for a stock since a block, as it stands now: each is an event."""
    word = bytes.fromhex(token.address[2:]).rjust(32, b"\0")
    for event in chain.logs(actions, [ANNOUNCED, None, word], since):
        code, reference = decode(HEAD, event.data)
        yield read_action(chain, actions, event.topics[1], stock, code, reference_text(reference))
