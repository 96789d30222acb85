"""Plans that are carried out on an anvil, for tests and for the children that they kill. No Ape, no compiler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_utils import keccak

from scrip.chains.evm import EvmNetwork
from scrip.evm.accounts import local_account
from scrip.evm.local import anvil
from scrip.evm.rpc.node import Node
from scrip.executor import Executor
from scrip.manifest import Manifest, load
from scrip.plan import Address, Plan, Step, StepKey
from scrip.records import Records

ROOT = Path(__file__).resolve().parents[2]
START = 1_000_000_000
YEAR = 365 * 86_400
COMPLIANCE, ENFORCER = keccak(text="COMPLIANCE"), keccak(text="ENFORCER")


def manifest() -> Manifest:
    """The local network's."""
    return load(ROOT / "manifests" / "local.yaml")


@contextmanager
def running_anvil() -> Iterator[str]:
    """The URL of a fresh anvil in a process of its own, which outlives whoever is killed."""
    with anvil.running(START) as url:
        yield url


def opened_network(url: str, folder: Path) -> EvmNetwork:
    """The network as a new process opens it."""
    opened = EvmNetwork.open(manifest(), url, folder)
    opened.node.rpc("anvil_setBlockTimestampInterval", 1)
    return opened


def entries(first: int, count: int) -> list[tuple]:
    """Investors of an onboarding: number, wallet, country, class, expiry."""
    return [
        (n, "0x" + keccak(text=f"holder {n}")[12:].hex(), 276, 1 + n % 3, START + YEAR)
        for n in range(first, first + count)
    ]


def batch(number: int, size: int) -> Step:
    """One batch, as its desk sends it."""
    return Step(
        name=f"rows {number * size + 1}-{number * size + size}",
        title=f"onboard {size} investors",
        sender="compliance-desk",
        contract="ComplianceRegistry",
        function="onboard",
        args=(StepKey(), entries(1 + number * size, size)),
        to="registry",
    )


def onboarding(batches: int = 10, size: int = 50, reference: str = "investors.csv") -> Plan:
    """An onboarding in batches."""
    return Plan("compliance onboard", reference, tuple(batch(number, size) for number in range(batches)))


def _deploy(label: str, contract: str, *args: object, **more: object) -> Step:
    return Step(label, f"deploy {label}", "deployer", contract, args=args, label=label, **more)


def _grant(role: bytes, holder: str) -> Step:
    args = (role, Address(holder))
    return Step(f"grant {holder}", f"let {holder} in", "deployer", "Roles", "grantRole", args, to="roles")


def foundation() -> Plan:
    """A register and who may write it: six deployments, one of them a blueprint, and two roles."""
    parts = (0, *(Address(label) for label in ("roles", "registry", "stablecoin", "stablecoin")))
    return Plan(
        "deploy",
        "local-1",
        (
            _deploy("roles", "Roles"),
            _deploy("registry-extension", "RegistryExtension", Address("roles")),
            _deploy("registry", "ComplianceRegistry", Address("roles"), Address("registry-extension")),
            _grant(COMPLIANCE, "compliance-desk"),
            _deploy("proxy-blueprint", "StockProxy", blueprint=True),
            _deploy("stablecoin", "MockStablecoin"),
            _deploy("extension-normal", "StockExtension", *parts),
            _grant(ENFORCER, "owner-1"),
        ),
    )


def nonces(node: Node, *names: str) -> dict[str, int]:
    """How many transactions each name has sent."""
    return {name: node.nonce(local_account(name).address) for name in names}


# --- what tests of the executor do with networks ---------------------------------------------------------------------


class Stopped(BaseException):
    """Stands for the end of the process: no handler of the product catches it."""


def again(opened: EvmNetwork) -> EvmNetwork:
    """The network as another process opens it."""
    return opened_network(opened.node.wire.endpoint_uri, opened.records.folder.parent)


def reread(opened: EvmNetwork) -> Records:
    """Its records as another process finds them."""
    return Records(opened.records.folder.parent, opened.records.network, opened.records.genesis)


def run(opened: EvmNetwork, plan: Plan) -> list[str]:
    """What became of each step."""
    return [one.status for one in Executor(opened.transactions()).run(plan).outcomes]


def grant(name: str = "grant", role: bytes = COMPLIANCE) -> Step:
    """A step of the deployer's that could be taken twice."""
    return Step(name, name, "deployer", "Roles", "grantRole", (role, Address("owner-1")), to="roles")


def stopping(opened: EvmNetwork, monkeypatch, where: str, skip: int = 0) -> None:
    """Stop the next run in a method of the node or the records, after `skip` calls of it."""
    target = opened.node if hasattr(opened.node, where) else opened.records
    real, left = getattr(target, where), [skip]

    def stop(*args: object, **kwargs: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise Stopped
        return real(*args, **kwargs)

    monkeypatch.setattr(target, where, stop)


def take_nonce(opened: EvmNetwork, name: str) -> None:
    """The account's next nonce goes to something else."""
    opened.chain.transact(name, local_account("somebody").address, b"")
