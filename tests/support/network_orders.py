"""What tests of the operations share: plans that are previewed, carried out and held against their preview."""

from __future__ import annotations

from pathlib import Path

from support.network_world import NetworkWorld, local_manifest

from scrip import flows
from scrip.chains.evm import EvmNetwork
from scrip.evm.accounts import local_account
from scrip.evm.rehearse.forecast import model_for, preview_plan
from scrip.evm.rpc.signers import LocalSigner
from scrip.inputs.batch import read_newcomers
from scrip.instructions.subjects import called_by_name, subjects_of
from scrip.labels import oracle_label
from scrip.manifest.model import Manifest
from scrip.plan import Plan
from scrip.preview import differences, facts
from scrip.units import WAD, RawUnits, Stablecoin

DOCUMENT = "0x" + "ab" * 32
"""The hash of an order that a forced action rests on."""


def keyed_manifest() -> Manifest:
    """The local manifest, with the Safe's roles given to a key so that every plan can be carried out at once."""
    manifest = local_manifest()
    roles = {
        name: tuple("compliance-desk" if one == "safe" else one for one in who) for name, who in manifest.roles.items()
    }
    return manifest.model_copy(update={"roles": {name: tuple(dict.fromkeys(who)) for name, who in roles.items()}})


def wallet(name: str) -> str:
    return local_account(name).address.lower()


def newcomers(folder: Path, *rows: str) -> Path:
    path = folder / "investors.csv"
    path.write_text("\n".join(["investor,wallet,country,class,expiry", *rows]) + "\n")
    return path


def carried_out(world: NetworkWorld, plan: Plan) -> EvmNetwork:
    """Preview the plan, carry it out, and hold what was previewed against the chain, fact by fact."""
    network = world.open()
    shown = preview_plan(network, plan)
    assert shown.ok, shown.refusal
    orders = [called_by_name(order, network.chain.name) for step in plan.steps for order in step.instructions]
    before = facts(model_for(network, subjects_of(orders)))
    expected = model_for(network, subjects_of(orders))
    assert world.run(plan).changed
    after = world.open()
    now = model_for(after, subjects_of(orders))
    for order in orders:
        expected.apply(order)
    expected.advance_to(now.now())
    assert facts(now) == facts(expected)
    assert [one for one in shown.changes if " from 20" not in one.what] == list(differences(before, facts(expected)))
    return after


def onboarded(world: NetworkWorld, folder: Path) -> None:
    """The investors alice and bob are on the register, each with the wallet of that name."""
    rows = [f"inv-{name},{wallet(name)},DE,professional,2030-01-01" for name in ("alice", "bob")]
    carried_out(world, flows.investors.onboard(world.open(), read_newcomers(newcomers(folder, *rows))))


def attest(network: EvmNetwork, shares: int, stock: str = "MSFT") -> None:
    """The custodian's oracle says how many shares of a stock it holds."""
    network.chain.send(network.book.contract(oracle_label(stock)), "push", shares * WAD, sender="deployer")


def house(world: NetworkWorld, folder: Path, account: str = "treasury") -> EvmNetwork:
    """An account of the manifest stands in for an investor who signs and has money; a million shares are attested."""
    network = world.open()
    address = network.chain.address(account)
    batch = read_newcomers(newcomers(folder, f"house,{address},DE,institutional,2030-01-01"))
    world.run(flows.investors.onboard(network, batch))
    network.chain.send(network.suite().stablecoin, "mint", address, 10**12, sender="deployer")
    attest(network, 10**6)
    return network


def claimed(world: NetworkWorld) -> None:
    """This desk is the one that signs by the quote signer's key."""
    carried_out(world, flows.market.revoke_all(world.open()))


def minted(world: NetworkWorld, tokens: int = 100) -> None:
    """The treasury stands in for an investor: it is an account of the manifest that signs."""
    network = world.open()
    ledger = network.ledger()
    coin, treasury = ledger.suite.stablecoin, network.chain.address("treasury")
    network.chain.send(coin, "mint", treasury, 10**12, sender="deployer")
    attest(network, 10**6)
    claimed(world)
    quote = flows.market.draft(
        network, "mint", "MSFT", "treasury", RawUnits(tokens * WAD, 18), Stablecoin(10**6), f"q-{tokens}", 3_600
    )
    signed = network.views().signed_by(quote, LocalSigner("quote-key"))
    carried_out(world, flows.market.submit(network, signed, "treasury"))
