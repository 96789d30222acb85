"""Whose turn it is where one account signs an emergency and another operation: the emergency's, always.

A nonce is used once. An emergency takes the lowest that no other emergency has: if another operation of ours was signed
with it, or waits to be mined, it offers more, so that nodes and miners prefer it. The other operation finds out, and is
signed anew.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from scrip.evm.rpc.node import POLL, POLL_MAX, Fees, Node, Receipt
from scrip.evm.rpc.wire import RpcError
from scrip.evm.tx.replacement import fees_of, outbidding
from scrip.records import Intent, Records


def raised(fields: Mapping[str, int], least: Fees | None) -> dict[str, int]:
    """The fees of a transaction's fields, at least those given."""
    if least is None:
        return {}
    maximum, priority = fields["maxFeePerGas"], fields["maxPriorityFeePerGas"]
    return {"maxFeePerGas": max(maximum, least.maximum), "maxPriorityFeePerGas": max(priority, least.priority)}


@dataclass(frozen=True)
class NonceOrder:
    """Nonces for the transactions of one journal, beside those of the network's other journals."""

    node: Node
    journal: Records

    def take(self, address: str, known: int) -> tuple[int, Fees | None]:
        """The nonce of an address's next transaction, at least `known`, and what it has to offer at least.

        An operation that is no emergency waits for emergencies to be mined; ScripError where other transactions of the
        address wait, for one of them would be overtaken, or would overtake ours.
        """
        if self.journal.lane:
            return self._before_all(address, known)
        deadline, pause = time.monotonic() + self.node.patience, POLL
        while self._emergencies(address) and self._waiting(address) and time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(2 * pause, POLL_MAX)
        return self.node.next_nonce(address, known), None

    def _before_all(self, address: str, known: int) -> tuple[int, Fees | None]:
        nonce = first = max(self.node.nonce(address), known)
        emergencies = {one.nonce: one for one in self._emergencies(address) if one.nonce >= first}
        while nonce in emergencies and self._is_on_its_way(emergencies[nonce]):
            nonce += 1
        rivals = [one for one in self._others(address) if one.nonce == nonce]
        waits = nonce < self.node.nonce(address, "pending")
        if not rivals and not waits:
            return nonce, None
        offers = [fees_of(bytes.fromhex(one.signed[2:])) for one in rivals] or [self.node.fees()]
        best = Fees(max(one.maximum for one in offers), max(one.priority for one in offers))
        bid = outbidding(best, self.node.fees())
        # Nodes let nothing take the place of what waits without a higher offer.
        return nonce, Fees(max(bid.maximum, 1), max(bid.priority, 1)) if waits else bid

    def _is_on_its_way(self, intent: Intent) -> bool:
        """Whether a node has another emergency's bytes: they may never have been sent, so they are handed over."""
        with suppress(RpcError):
            self.node.send_raw(bytes.fromhex(intent.signed[2:]))
            return True
        return False

    def _waiting(self, address: str) -> int:
        return self.node.nonce(address, "pending") - self.node.nonce(address)

    def _emergencies(self, address: str) -> list[Intent]:
        """What emergencies signed for an address and no record has settled."""
        lanes = (one for one in self.journal.lanes() if one.lane != self.journal.lane)
        return [one for lane in lanes for one in lane.open_intents() if one.action.sender == address]

    def _others(self, address: str) -> list[Intent]:
        """What an operation that is no emergency signed for an address and no record has settled."""
        own = self.journal.journals()[0]
        return [one for one in own.open_intents() if one.action.sender == address]

    # --- what became of a nonce ---

    def rivals(self, intent: Intent) -> list[Intent]:
        """What else of ours was signed with an intent's nonce, in any other journal."""
        return [
            one
            for journal in self.journal.journals()
            if journal.lane != self.journal.lane
            for one in journal.intents()
            if (one.action.sender, one.nonce) == (intent.action.sender, intent.nonce) and one.signed
        ]

    def taker(self, intent: Intent, unmined: bool = False) -> Intent | None:
        """Which of ours landed with an intent's nonce in its place; None where none did.

        `unmined`, one that has not landed yet will do.
        """
        rivals = self.rivals(intent)
        mined = next((one for one in rivals if self.node.receipt(one.tx) is not None), None)
        return mined or (rivals[0] if rivals and unmined else None)

    def earlier(self, intent: Intent) -> tuple[Intent, Receipt] | None:
        """The transaction of an intent's own step that was given up for it and landed; None where none did."""
        for record in reversed(self.journal.all()):
            if record.action.step_id == intent.action.step_id and record.status == "abandoned":
                receipt = self.node.receipt(record.tx) if record.tx != intent.tx else None
                if receipt is not None:
                    return Intent(record.action, record.tx, intent.nonce, ""), receipt
        return None

    def is_lost(self, intent: Intent) -> bool:
        """Whether an intent can never land, because its nonce was used by another transaction of ours."""
        used = self.node.nonce(intent.action.sender) > intent.nonce
        taken = used and (self.taker(intent) is not None or self.earlier(intent) is not None)
        return taken and self.node.receipt(intent.tx) is None
