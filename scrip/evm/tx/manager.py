"""The transaction manager of Ethereum-family chains: transactions ordered by nonce, found by their receipts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from eth_utils import keccak

from scrip.errors import Drift, InputError, Refusal, ScripError
from scrip.evm.chain import Contract
from scrip.evm.compiled.release import HALVES
from scrip.evm.connection import EvmConnection
from scrip.evm.connection.book import made_by
from scrip.evm.rpc.node import Hopeless, Receipt
from scrip.evm.rpc.signers import Impersonated, Signer, sender_of, transaction_hash
from scrip.evm.rpc.wire import RpcError
from scrip.evm.tx.nonces import NonceOrder, raised
from scrip.evm.tx.replacement import raised_offer, use_up
from scrip.evm.tx.steps import Once, Prepared, is_used, layout_text, once, prepare, used_in, with_address
from scrip.evm.tx.verify import disagreement
from scrip.executor.executor import NeverLands, StepFailed
from scrip.executor.witness import Nodes, demand_confirmed
from scrip.plan import Plan, Step
from scrip.records import Intent, Record, Records

ATTEMPTS = 16
"""How often a step is signed in one run, where emergencies of the same signer keep taking its nonce."""


@dataclass
class EvmTransactionManager:
    """Transactions of one network. Its nonces are good for one run of an executor, which takes a manager of its own."""

    network: EvmConnection
    signers: Mapping[str, Signer] = field(default_factory=dict)
    attempts: int = field(default=ATTEMPTS, init=False)
    _next: dict[str, int] = field(default_factory=dict, init=False)
    _order: NonceOrder = field(init=False)
    _refused: dict[str, str] = field(default_factory=dict, init=False)
    """Transactions that the node did not take while another of ours had their nonce, and what it said."""

    def __post_init__(self) -> None:
        self._order = NonceOrder(self.network.node, self.network.records)

    @property
    def records(self) -> Records:
        """The network's records."""
        return self.network.records

    @property
    def genesis(self) -> str:
        """The hash of the network's first block."""
        return self.network.genesis

    def begin(self, journal: Records) -> None:
        """Start a run that notes what it does in a journal: what an earlier one knew of nonces is forgotten."""
        self._next.clear()
        self._order = NonceOrder(self.network.node, journal)

    # --- before anything is sent ---

    def demand_signer(self, name: str) -> None:
        """InputError where nobody signs for a sender."""
        self._signer(name)

    def _signer(self, name: str) -> Signer:
        if name in self.signers:
            return self.signers[name]
        return self.network.chain.signer(name)

    def prepare(self, plan: Plan, step: Step) -> Prepared:
        """Resolve a step; InputError for a name that nobody knows."""
        return prepare(self.network, plan, step)

    def is_done(self, step: Step, ready: Prepared) -> bool:
        """Whether the contract says that it carried the step out."""
        how = once(self.network, step, ready)
        return how is not None and is_used(self.network, ready, how)

    def carried_out(self, step: Step, ready: Prepared) -> tuple[Intent, Receipt] | None:
        """The transaction that carried a step out, from the contract's log; None when no log is to be had."""
        how = once(self.network, step, ready)
        try:
            tx = used_in(self.network, ready, how) if isinstance(how, Once) else ""
            receipt = self.network.node.receipt(tx) if tx else None
        except RpcError:
            return None  # nodes bound the blocks that a search of logs may span
        if receipt is None:
            return None
        sender = receipt["from"].lower()
        action = replace(ready.action, sender=sender, sender_name=self.network.chain.name(sender), data_hash="")
        return Intent(action, tx, 0, ""), receipt

    def sign(self, step: Step, ready: Prepared, attempt: int) -> Intent:  # noqa: ARG002
        """Sign a step with its sender's next nonce; StepFailed when it would fail."""
        signer = self._signer(step.sender)
        if signer.address != ready.action.sender:
            raise InputError("signs for another address than the manifest's", field="sender", value=step.sender)
        if step.contract in HALVES and ready.action.layout_hash:
            self.network.records.keep_layout(ready.action.layout_hash, layout_text(step))
        nonce, least = self._order.take(signer.address, self._next.get(signer.address, 0))
        ready = with_address(self.network, ready, nonce)
        try:
            fields = self.network.chain.fields(signer.address, ready.to, ready.data, nonce)
        except Refusal as reason:
            raise StepFailed(step, reason) from reason
        fields |= raised(fields, least)
        if isinstance(signer, Impersonated):
            # A fork is thrown away: nothing is signed, so there is nothing to resume.
            return Intent(ready.action, signer.transmit(self.network.node, fields), nonce, "")
        signed = signer.sign_transaction(fields)
        if sender_of(signed) != signer.address:
            raise ScripError(f"{step.sender} signed as {sender_of(signed)}")
        return Intent(ready.action, transaction_hash(signed), nonce, "0x" + signed.hex())

    # --- on its way ---

    def send(self, intent: Intent) -> None:
        """Hand an intent's bytes to the node. Whoever waits for them learns where their nonce went to another's."""
        try:
            self.network.node.send_raw(bytes.fromhex(intent.signed[2:]))
        except RpcError as error:
            if not self._order.rivals(intent):
                raise
            self._refused[intent.tx] = str(error)

    def send_again(self, intent: Intent) -> None:
        """Hand bytes over that may have landed."""
        try:
            self.send(intent)
        except RpcError:
            # It may have been mined between the question and the sending.
            if self.find(intent) is None:
                raise

    def outbid(self, intent: Intent) -> Intent | None:
        """An emergency's intent once more with its nonce, at what is offered now, where that is more; else None."""
        if not self._order.journal.lane or not intent.signed:
            return None
        old, signer = bytes.fromhex(intent.signed[2:]), self._signer(intent.action.sender_name)
        signed = raised_offer(old, self.network.node.fees(), signer)
        if signed is None:
            return None
        return Intent(intent.action, transaction_hash(signed), intent.nonce, "0x" + signed.hex())

    def earlier(self, intent: Intent) -> tuple[Intent, Receipt] | None:
        """The transaction of an intent's step that was given up and landed all the same; None where none did."""
        return self._order.earlier(intent)

    def find(self, intent: Intent) -> Receipt | None:
        """The receipt of an intent's transaction; None when it is in no block."""
        return self.network.node.receipt(intent.tx)

    def can_land(self, intent: Intent) -> bool:
        """Whether an intent's nonce is still to be used, so that its bytes are valid."""
        return self.network.node.nonce(intent.action.sender) <= intent.nonce

    def lost(self, intent: Intent) -> str:
        """Say which operation of ours took the nonce; Drift where none did: whoever used it has to be known first."""
        action = intent.action
        if (before := self._order.earlier(intent)) is not None:
            return f"nonce {intent.nonce} went to the step's own {before[0].tx}, which had been given up"
        if (taker := self._order.taker(intent, intent.tx in self._refused)) is not None:
            return f"nonce {intent.nonce} went to {taker.action.operation!r} ({taker.action.reference}), {taker.tx}"
        raise Drift(
            f"{action.operation!r}, step {action.step!r}: nonce {intent.nonce} of {action.sender_name} was used by "
            f"another transaction than {intent.tx}, which was not mined (step id {action.step_id})"
        )

    def give_up(self, intent: Intent) -> None:
        """Have the sender use an intent's nonce up, so that it is never mined, or is mined now."""
        use_up(self.network, self._signer(intent.action.sender_name), intent)

    def wait(self, intent: Intent) -> Receipt:
        """Wait for the receipt of an intent's transaction; NeverLands where its nonce went to another of ours."""
        try:
            receipt = self.network.node.wait(intent.tx, lambda: self._is_lost(intent))
        except Hopeless as never:
            said = self._refused.get(intent.tx)
            raise NeverLands(f"{intent.action.title}: {never}{f': {said}' if said else ''}") from None
        self._next[intent.action.sender] = intent.nonce + 1
        return receipt

    def _is_lost(self, intent: Intent) -> bool:
        """Whether an intent never lands: its nonce was used by another operation of ours, or an emergency outbidden."""
        return bool(self._order.journal.lane and intent.tx in self._refused) or self._order.is_lost(intent)

    # --- in a block ---

    @property
    def _finality(self) -> int:
        return self.network.manifest.chain.finality

    def is_final(self, landing: Receipt) -> bool:
        """Whether as many blocks stand on a receipt's block as the manifest asks for."""
        return (
            not self._finality or self.network.node.block().number >= int(landing["blockNumber"], 16) + self._finality
        )

    def wait_final(self, intent: Intent, landing: Receipt) -> None:  # noqa: ARG002
        """Wait until as many blocks stand on a receipt's block as the manifest asks for."""
        self.network.node.wait_final(int(landing["blockNumber"], 16), self._finality)

    def recheck(self, intent: Intent, landing: Receipt) -> Receipt:
        """The receipt as it is now; sent again and awaited where the chain was reorganised."""
        if not self._finality:
            return landing
        receipt = self.find(intent)
        if receipt is not None and receipt["blockHash"] == landing["blockHash"]:
            return landing
        if receipt is None:
            if not self.can_land(intent):
                raise Drift(self.lost(intent))
            self.send_again(intent)
        again = self.network.node.wait(intent.tx)
        self.wait_final(intent, again)
        return again

    def succeeded(self, landing: Receipt) -> bool:
        """Whether a receipt's transaction did what it was to do."""
        return int(landing["status"], 16) == 1

    def outcome(self, intent: Intent, landing: Receipt) -> dict[str, object]:
        """Record's further fields. Drift for a deployment at another address than foreseen, or without code."""
        action, block = intent.action, int(landing["blockNumber"], 16)
        self._demand_witness(intent, landing)
        if succeeded := self.succeeded(landing):
            self._check_made(intent, landing)
        return {
            "block": block,
            "block_hash": landing["blockHash"],
            "gas": int(landing["gasUsed"], 16),
            "code_hash": self._code_hash(action.address or action.to),
            "reason": "" if succeeded else self._reason(intent, block),
        }

    def _demand_witness(self, intent: Intent, landing: Receipt) -> None:
        """Unconfirmed where a second node has the transaction in another block, ended otherwise, or not at all.

        What an emergency did is recorded as one node says.
        """
        if self.network.witness is None or self._order.journal.lane:
            return
        witness = self.network.witness()

        def told(receipt: Receipt | None) -> dict[str, object] | None:
            return {what: receipt[what] for what in ("blockHash", "status")} if receipt is not None else None

        nodes = Nodes(self.network.manifest.network, self.network.asked, witness.asked)
        said = told(landing) or {}
        demand_confirmed(intent.action.title, intent.tx, nodes, said, lambda: told(witness.node.receipt(intent.tx)))

    def _check_made(self, intent: Intent, receipt: Receipt) -> None:
        """Check that a deployment's address is the one foreseen, and that there is code; else Drift."""
        action = intent.action
        if not action.address:
            return
        made = (receipt.get("contractAddress") or "").lower()
        if not action.function and made != action.address:
            raise Drift(f"{action.title}: the chain says it created {made}, not {action.address}")
        if not self.network.node.code(action.address):
            raise Drift(f"{action.title}: there is no code at {action.address}")

    def _code_hash(self, address: str) -> str:
        code = self.network.node.code(address)
        return "0x" + keccak(code).hex() if code else ""

    def _reason(self, intent: Intent, block: int) -> str:
        mined = self.network.node.transaction(intent.tx)
        if mined is None:
            return "failed, and the node does not have the transaction"
        data = bytes.fromhex(mined["input"][2:])
        return str(self.network.chain.failure(intent.action.sender, intent.action.to or None, data, block))

    # --- records ---

    def disagreement(self, record: Record) -> str:
        """What the chain says otherwise than a record; "" for nothing."""
        return disagreement(record, self.network.node)

    def learn(self, record: Record) -> None:
        """Enter what a record says was made into the network's book."""
        if record.action.address:
            contract: Contract = made_by(record)
            self.network.learn(record.action.label, contract)
