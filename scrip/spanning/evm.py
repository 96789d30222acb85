"""An Ethereum-family desk as a side of an operation over several chains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eth_abi import decode
from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm.audit.logs import in_spans
from scrip.evm.desk import Desk
from scrip.evm.operations import actions, market
from scrip.evm.operations.forecast import preview_plan
from scrip.execute import Executor, Watcher, silent
from scrip.ledger import Coverage, MultiplierState
from scrip.manifest.model import Manifest
from scrip.plan import Plan
from scrip.preview import Preview
from scrip.spanning.side import Order
from scrip.spanning.standing import Standing
from scrip.subjects import reference_text
from scrip.units import Shares

ANNOUNCED = keccak(
    text="ActionAnnounced(bytes32,address,string,bytes32,address,uint256,uint256,uint256,uint256,uint256,uint256)"
)
HEAD = ("string", "bytes32")
"""Of the event's data: code and reference. What follows, the action itself is asked for."""


@dataclass
class EvmSide:
    """A desk. `watch` is told of what becomes of each step."""

    desk: Desk
    watch: Watcher = silent

    @property
    def manifest(self) -> Manifest:
        """The desired state of this chain."""
        return self.desk.manifest

    @property
    def genesis(self) -> str:
        """The chain's genesis hash."""
        return self.desk.genesis

    def now(self) -> int:
        """The chain's clock, UTC seconds."""
        return self.desk.chain.now()

    # --- what stands ---

    def standing(self, stock: str, code: str, reference: str) -> Standing:
        """An action by what names it."""
        ledger = self.desk.ledger()
        found = actions.find(ledger, stock, code, reference)
        return _standing(ledger.action_id(stock, code, reference), code, reference, found)

    def standings(self, stock: str) -> Iterator[Standing]:
        """Every action that was ever announced for a stock: the contract says each in an event."""
        desk, ledger = self.desk, self.desk.ledger()
        contract, token = desk.suite().actions, ledger.token(stock).address
        topics = ["0x" + ANNOUNCED.hex(), None, "0x" + token[2:].rjust(64, "0")]
        first = next(
            (one.block for one in desk.records.all() if one.done and one.action.address == contract.address), 0
        )
        for event in in_spans(desk.node, contract.address, topics, first, desk.node.block().number):
            identity = bytes.fromhex(str(event["topics"][1]).removeprefix("0x"))
            code, word = decode(HEAD, bytes.fromhex(str(event["data"]).removeprefix("0x")))
            yield _standing(identity, code, reference_text(word), actions.read(ledger, identity))

    def multiplier(self, stock: str) -> MultiplierState:
        """A stock's multiplier now."""
        return self.desk.ledger().multiplier(stock)

    def coverage(self, stock: str) -> Coverage:
        """A stock's backing now."""
        return self.desk.ledger().coverage(stock)

    def ceiling(self, stock: str) -> Shares:
        """What this chain may issue of a stock."""
        ledger = self.desk.ledger()
        configuration = ledger.chain.call(ledger.suite.feed, "configuration", ledger.token(stock).address)
        return Shares.from_wad(configuration[4])

    # --- what is to be done ---

    def plan(self, order: Order, sender: str = "") -> Plan:
        """The order as a plan."""
        match order:
            case ins.Announce():
                return actions.announce(self.desk, order, sender)
            case ins.Schedule():
                return actions.schedule(self.desk, order, sender)
            case ins.Cancel():
                return actions.cancel(self.desk, order, sender)

    def plan_ceiling(self, stock: str, shares: Shares, reference: str) -> Plan:
        """A new ceiling as a plan."""
        return market.ceiling(self.desk, stock, shares, reference)

    def preview(self, plan: Plan) -> Preview:
        """What the model says that a plan changes."""
        return preview_plan(self.desk, plan)

    def signs(self, name: str) -> bool:
        """Whether an account signs on this machine."""
        return self.desk.chain.signs(name)

    def run(self, plan: Plan) -> None:
        """Carry a plan out until it is final."""
        Executor(self.desk, watch=self.watch).run(plan)


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
