"""A whole deployment on an anvil of its own: the local manifest with five stocks, and a register that has been used.

Thirty investors hold, one of them is blocked, one frozen in part, and one of their clearances has lapsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork
from scrip.evm.chain import Contract
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.handlers.investors import onboarding
from scrip.evm.ledger import EvmLedger
from scrip.evm.local import anvil
from scrip.evm.rpc.connect import connect
from scrip.evm.rpc.node import Node, call_fields
from scrip.evm.rpc.relay import relayed
from scrip.evm.rpc.signers import LocalSigner
from scrip.executor import Executor
from scrip.manifest.load import load
from scrip.manifest.model import Manifest, Stock
from scrip.units import RawUnits, Shares, Stablecoin

ROOT = Path(__file__).resolve().parents[2]
START = 1_900_000_000
DAY = 86_400
UNIT = 10**18
INVESTORS = tuple(f"investor-{number:02}" for number in range(1, 31))
BLOCKED, FROZEN, LAPSED = INVESTORS[7], INVESTORS[11], INVESTORS[23]
HELD = 100
"""Tokens of each stock that each investor holds."""
MORE_STOCKS = {"IBM": "US4592001014", "GOOG": "US02079K1079", "FB": "US30303M1027"}
COMPLIANCE, QUOTES, ENFORCER = "compliance-desk", "quote-key", "safe"


def manifest() -> Manifest:
    """The local network's, with three more stocks."""
    found = load(ROOT / "manifests" / "local.yaml")
    like: Stock = found.stocks["MSFT"]
    more = {name: like.model_copy(update={"name": f"{name} Inc", "isin": isin}) for name, isin in MORE_STOCKS.items()}
    return found.model_copy(update={"stocks": {**found.stocks, **more}})


@contextmanager
def populated(records: Path) -> Iterator[EvmNetwork]:
    """The manifest deployed on a chain of its own, and in use."""
    with anvil.running(START) as url:
        network = deployed(url, records)
        populate(network)
        yield network


@contextmanager
def on_top_of(url: str, records: Path) -> Iterator[EvmNetwork]:
    """The suite in use on a fork of the node at `url`: nothing of it reaches that node."""
    with relayed(connect(url)) as relay, anvil.forking(relay) as fork:
        network = deployed(fork, records)
        populate(network)
        yield network


def deployed(url: str, records: Path) -> EvmNetwork:
    """A network whose manifest stands on the anvil at `url`, deployed as an operator would."""
    wanted = manifest()
    chain = wanted.chain.model_copy(update={"chain_id": Node.at(url).chain_id()})
    network = EvmNetwork.open(wanted.model_copy(update={"chain": chain}), url, records)
    quiet(network.node)
    Executor(network.transactions()).run(plan_deployment(network))
    return network


def quiet(node: Node) -> None:
    """Let blocks come in the second that the clock stands at, and say nothing of them."""
    node.rpc("anvil_setLoggingEnabled", False)
    node.rpc("anvil_setBlockTimestampInterval", 0)


def advance(node: Node, t: int) -> None:
    """An empty block of that second."""
    node.rpc("evm_mine", {"timestamp": t})


@contextmanager
def planted(network: EvmNetwork) -> Iterator[None]:
    """Whatever happens to the chain in here is undone."""
    mark = network.node.rpc("evm_snapshot")
    try:
        yield
    finally:
        assert network.node.rpc("evm_revert", mark) is True


def send_as(node: Node, sender: str, to: str, data: bytes) -> None:
    """A transaction of any address; AssertionError when it fails."""
    node.rpc("anvil_impersonateAccount", sender)
    identity = node.rpc(
        "eth_sendTransaction", call_fields(sender, to, data) | {"gas": hex(15_000_000), "gasPrice": "0x0"}
    )
    assert int(node.wait(identity)["status"], 16) == 1, data[:4].hex()


def call_as(network: EvmNetwork, sender: str, contract: Contract, function: str, *args: object) -> None:
    """A call of a contract by any address."""
    send_as(
        network.node,
        sender,
        contract.address,
        network.chain.abi(contract.name).function(function, len(args)).calldata(args),
    )


def populate(network: EvmNetwork) -> EvmLedger:
    """Fill the register and the stocks."""
    chain, ledger = network.chain, network.ledger()
    for name in (*INVESTORS, "custodian"):
        chain.add_signer(name, LocalSigner(name))
    start = network.chain.now()
    orders = tuple(
        ins.Onboard(name, name, 276, "professional", start + (1 if name == LAPSED else 300) * DAY) for name in INVESTORS
    )
    ledger.send(onboarding(orders, COMPLIANCE))
    for stock in network.manifest.stocks:
        _fill(network, ledger, stock)
    ledger.apply(ins.Block(BLOCKED, 3, "court order", by=COMPLIANCE))
    token = ledger.token("MSFT")
    held = (chain.address(FROZEN), 40 * UNIT, 5, b"\1" * 32, b"freeze".ljust(32))
    call_as(network, chain.address(ENFORCER), token, "setFrozenTokens", *held)
    advance(network.node, start + 2 * DAY)
    for stock in network.manifest.stocks:
        ledger.apply(ins.AttestReserve(stock, Shares.of(20_000)))
    return ledger


def _fill(network: EvmNetwork, ledger: EvmLedger, stock: str) -> None:
    """One investor mints for all and hands out, in one request."""
    first, amount = INVESTORS[0], HELD * len(INVESTORS)
    ledger.apply(ins.AttestReserve(stock, Shares.of(20_000)))
    ledger.apply(ins.FundStablecoin(first, Stablecoin.parse("1000000")))
    terms = ins.QuoteTerms(f"fill {stock}", ledger.now() + DAY, ledger.multiplier(stock).generation, signer=QUOTES)
    ledger.apply(ins.Mint(stock, first, RawUnits(amount * UNIT, 18), Stablecoin.parse("1000000"), terms))
    entry, sender = network.chain.abi("StockToken").function("transfer", 2), network.chain.address(first)
    network.node.rpc("anvil_impersonateAccount", sender)
    token = ledger.token(stock).address
    calls = [entry.calldata((network.chain.address(name), HELD * UNIT)) for name in INVESTORS[1:]]
    nonce = network.node.nonce(sender)
    # The node answers a batch in any order.
    asked = [
        call_fields(sender, token, data) | {"gas": hex(300_000), "gasPrice": "0x0", "nonce": hex(nonce + place)}
        for place, data in enumerate(calls)
    ]
    answers = network.node.batch(("eth_sendTransaction", [one]) for one in asked)
    assert all(int(network.node.wait(answer["result"])["status"], 16) == 1 for answer in answers)
    assert ledger.balance(stock, first) == ledger.balance(stock, INVESTORS[-1]) == RawUnits(HELD * UNIT, 18)
