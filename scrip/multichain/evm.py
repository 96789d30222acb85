"""An Ethereum-family network as a side of an operation over several chains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eth_abi import decode
from eth_utils import keccak

from scrip.evm.network import EvmNetwork
from scrip.evm.operations import actions
from scrip.evm.operations.common import step_of
from scrip.evm.rpc.logs import in_spans
from scrip.instructions.subjects import reference_text
from scrip.multichain.networks import NetworkSide
from scrip.multichain.side import Booked
from scrip.multichain.standing import Standing
from scrip.plan import Step
from scrip.units import Shares

ANNOUNCED = keccak(
    text="ActionAnnounced(bytes32,address,string,bytes32,address,uint256,uint256,uint256,uint256,uint256,uint256)"
)
HEAD = ("string", "bytes32")
"""Of the event's data: code and reference. What follows, the action itself is asked for."""


@dataclass
class EvmSide(NetworkSide):
    """A network on an Ethereum-family chain."""

    network: EvmNetwork

    def standing(self, stock: str, code: str, reference: str) -> Standing:
        """An action by what names it."""
        ledger = self.ledger
        found = actions.find(ledger, stock, code, reference)
        return _standing(ledger.action_id(stock, code, reference), code, reference, found)

    def standings(self, stock: str) -> Iterator[Standing]:
        """Every action that was ever announced for a stock: the contract says each in an event."""
        network, ledger = self.network, self.ledger
        contract, token = network.suite().actions, ledger.token(stock).address
        topics = ["0x" + ANNOUNCED.hex(), None, "0x" + token[2:].rjust(64, "0")]
        first = next(
            (one.block for one in network.records.all() if one.done and one.action.address == contract.address), 0
        )
        for event in in_spans(network.node, contract.address, topics, first, network.node.block().number):
            identity = bytes.fromhex(str(event["topics"][1]).removeprefix("0x"))
            code, word = decode(HEAD, bytes.fromhex(str(event["data"]).removeprefix("0x")))
            yield _standing(identity, code, reference_text(word), actions.read(ledger, identity))

    def ceiling(self, stock: str) -> Shares:
        """What this chain may issue of a stock."""
        ledger = self.ledger
        configuration = ledger.chain.call(ledger.suite.feed, "configuration", ledger.token(stock).address)
        return Shares.from_wad(configuration[4])

    def step_of(self, name: str, order: Booked) -> Step:
        """The step that carries an order out here."""
        return step_of(self.ledger, name, name, order)


def _standing(identity: bytes, code: str, reference: str, found: actions.Action) -> Standing:
    return Standing(
        identity,
        code,
        reference,
        found.status,  # type: ignore[arg-type]
        effective_at=found.effective_at,
        ex=found.ex,
        pay=found.pay,
        num=found.num,
        den=found.den,
        gross=found.gross,
        withheld=found.withheld,
        net=found.net,
        price=found.price,
    )
