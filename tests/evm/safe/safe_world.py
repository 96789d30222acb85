"""An issuer's network with a real Safe: the suite, a 2-of-3 Safe that proposes to a timelock, a stock, signers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from scrip import instructions as ins
from scrip.evm.chain import Contract
from scrip.evm.compiled.codec import CodecChain
from scrip.evm.compiled.safe import SAFE
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.encoding.calldata import concrete
from scrip.evm.handlers import transaction
from scrip.evm.labels import role
from scrip.evm.ledger import EvmLedger
from scrip.evm.proposals.execution import execute_step
from scrip.evm.rpc.signers import LocalSigner
from scrip.evm.safe import creation
from scrip.evm.safe.proposal import Proposal, propose
from scrip.evm.safe.signing import sign
from scrip.ledger import Receipt
from scrip.manifest.model import EvmManifest
from scrip.plan import Plan, Step

START = 1_900_000_000
DAY = 86_400
DELAY = 2 * DAY
GENESIS = "0x" + "5c" * 32
OWNERS = ("owner-a", "owner-b", "owner-c")
ZERO = "0x" + "00" * 20
SPLIT_AT = START + 5 * DAY
ANNOUNCE = ins.Announce("MSFT", "SPLF", "split-2030", date(2030, 3, 22), SPLIT_AT, num=2, den=1, by="safe")
SCHEDULE = ins.Schedule("MSFT", "SPLF", "split-2030", by="safe")


def manifest(public: bool = False, owners: tuple[str, ...] = OWNERS, threshold: int = 2) -> EvmManifest:
    """A manifest with a Safe that is yet to be created."""
    return EvmManifest.model_validate(
        {
            "schema": 1,
            "network": "local",
            "deployment": "safe-tests",
            "chain": {"kind": "evm", "chain_id": 1, "ape": "ethereum:local:foundry", "public": public},
            "issuer": "issuer",
            "accounts": {},
            "safe": {"owners": owners, "threshold": threshold},
            "timelock": {"delay": f"{DELAY}s", "proposers": ("safe",)},
            "roles": {},
            "settlement": {"treasury": "treasury", "assets": {}},
            "calendar": "XNYS",
        }
    )


@dataclass
class World:
    """The network. `deploy_raw` runs creation code and `code_at` reads code, which chains do each in their own way."""

    chain: CodecChain
    deploy_raw: Callable[[bytes], str]
    code_at: Callable[[str], bytes]
    genesis: str = GENESIS

    def __post_init__(self) -> None:
        self.manifest = manifest()
        self.known = creation.standing_contracts(self.code_at)
        for label, contract in self.known.items():
            self.chain.label(label, contract)
        for step in creation.creation_steps(self.manifest, "deployer", self.known):
            self.create(step)
        self.safe = self.known["safe"]
        suite = deploy_suite(self.chain)
        self.ledger = EvmLedger(self.chain, suite)
        proposers = [self.safe.address]
        self.timelock = self.chain.deploy("Timelock", DELAY, proposers, [ZERO], ZERO, sender="deployer")
        self.chain.label("timelock", self.timelock)
        self.ledger.apply(ins.CreateStock("MSFT", "Microsoft", "US5949181045"))

    def create(self, step: Step) -> None:
        """Carry out a step of the Safe's creation."""
        if step.initcode:
            self.known[step.label] = Contract(step.contract, self.deploy_raw(step.initcode).lower())
        else:
            where = creation.address(self.chain, self.manifest, self.known)
            assert not self.code_at(where)
            self.carry_out(step)
            assert self.code_at(where)
            self.known[step.label] = Contract(SAFE, where)
        self.chain.label(step.label, self.known[step.label])

    def carry_out(self, step: Step) -> Receipt:
        """Send a step from its sender."""
        args = [concrete(value, self.chain, bytes(32)) for value in step.args]
        return self.chain.send(
            Contract(step.contract, self.chain.address(step.to)), step.function, *args, sender=step.sender
        )

    def give(self, name: str, holder: str) -> None:
        """Grant a role; the issuer is the administrator here."""
        self.chain.send(self.ledger.suite.roles, "grantRole", role(name), self.chain.address(holder), sender="issuer")

    def plan(self, *steps: Step, reference: str = "split-2030") -> Plan:
        """A plan of these steps."""
        return Plan("action split", reference, steps)

    def step(self, order: ins.Instruction, sender: str, name: str = "") -> Step:
        """An instruction as a step of the Safe's or the timelock's."""
        one = transaction(order, self.ledger)
        title = f"{type(order).__name__} {one.to}"
        return Step(
            name or title, title, sender, one.contract, one.function, one.args, to=one.to, instructions=(order,)
        )

    def split(self, sender: str) -> Plan:
        """Announce and schedule a split of two for one."""
        return self.plan(self.step(ANNOUNCE, sender), self.step(SCHEDULE, sender))

    def propose(self, plan: Plan, **how: object) -> Proposal:
        """A proposal on this chain."""
        return propose(self.chain, plan, self.genesis, self.code_at, **how)

    def sign(self, proposal: Proposal, *owners: str) -> Proposal:
        """Signed by these accounts, who know this network's MultiSend."""
        for owner in owners:
            proposal = sign(proposal, LocalSigner(owner), [self.chain.address("multisend")])
        return proposal

    def execute_step(self, proposal: Proposal) -> Step:
        """The step that executes a proposal."""
        return execute_step(self.chain, proposal, self.genesis, self.code_at, "anyone")

    def execute(self, proposal: Proposal) -> Receipt:
        """Have the Safe carry out a proposal."""
        return self.carry_out(self.execute_step(proposal))

    def exec_transaction(self, proposal: Proposal, signatures: bytes) -> Receipt:
        """Send what our own checks would not: any signatures."""
        arguments = proposal.tx.arguments()
        return self.chain.send(self.safe, "execTransaction", *arguments, signatures, sender="anyone")
