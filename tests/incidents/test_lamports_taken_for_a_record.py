"""Lamports at a derived address were taken for the record that belongs there, so that anyone could skip a step.

The address of a step's used key follows from public words. 890,880 lamports sent there made a block of an investor
count as done: it was recorded as carried out by the outsider's transfer, never sent, and the audit of the records was
content. Likewise for a hold, a quote, an investor, a mint and the issuer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from base58 import b58encode
from solders.instruction import AccountMeta
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.system_program import TransferParams, transfer

from scrip import flows
from scrip.chains.solana import SolanaNetwork
from scrip.errors import Drift
from scrip.executor import Executor
from scrip.plan import Plan
from scrip.plan.draft import Reason
from scrip.solana.addresses import document_hash, investor_id, local_address
from scrip.solana.encoding.places import Misplaced
from scrip.solana.rpc.cluster import Landed
from scrip.solana.tx.steps import digest, holds, marks, runs
from scrip.solana.tx.verify import verify

sys.path.append(str(Path(__file__).resolve().parents[1] / "solana"))
from every_operation import attested, onboard, prepared, quoted
from solana_network_world import SolanaNetworkWorld, deployed_solana_world, empty_solana_world

LAMPORTS = 890_880
"""For which an account of no bytes stays."""
OUTSIDER = "owner-3"


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("lamports")) as found:
        prepared(found)
        found.mark()
        yield found


@pytest.fixture
def world(standing: SolanaNetworkWorld) -> Iterator[SolanaNetworkWorld]:
    yield standing
    standing.back()


def pay(network: SolanaNetwork, *places: Pubkey) -> str:
    """An outsider sends lamports to addresses, in one transaction; its signature."""
    key = network.chain.rich(network.keys.signer(OUTSIDER))
    calls = [transfer(TransferParams(from_pubkey=key.pubkey(), to_pubkey=one, lamports=LAMPORTS)) for one in places]
    return replace(network.chain, payer=key).send(calls, [key]).signature


def block(network: SolanaNetwork) -> Plan:
    return flows.investors.block(network, "alice", Reason(3, "court order"))


def keys_of(network: SolanaNetwork, plan: Plan) -> list[Pubkey]:
    return [one for step in plan.steps for one in marks(network.program, step.calls)]


def test_a_block_is_sent_whoever_paid_its_key(world: SolanaNetworkWorld) -> None:
    network = world.open()
    plan = block(network)
    tx = pay(network, *keys_of(network, plan))
    outcomes = Executor(world.open().transactions()).run(block(world.open())).outcomes
    assert [one.status for one in outcomes] == ["done"] * len(plan.steps)
    assert not [one for one in world.open().records.all() if one.tx == tx or one.found]
    assert world.open().views().clearances(["alice"])["alice"].blocked
    assert verify(world.open().records, network.chain) == []


def test_a_wallet_is_not_held_by_lamports(world: SolanaNetworkWorld) -> None:
    network = world.open()
    listing = network.listing("MSFT")
    pay(network, network.program.at.hold(listing.stock, local_address("owner-1")))
    assert not network.views().frozen("MSFT", "owner-1")
    plan = flows.enforcement.freeze(network, "MSFT", "owner-1", True, Reason(4, "order"))
    world.run(plan)
    assert world.open().views().frozen("MSFT", "owner-1")


def test_a_quote_is_not_used_by_lamports(world: SolanaNetworkWorld) -> None:
    network = world.open()
    pay(network, network.program.at.quote(document_hash("q-7")))
    assert not network.views().quote_used("q-7")
    world.run(quoted("mint", "owner-1", "q-7")(world.open()))
    assert world.open().views().quote_used("q-7")


def test_an_investor_and_a_wallet_are_not_known_by_lamports(world: SolanaNetworkWorld) -> None:
    network = world.open()
    pay(
        network,
        network.program.at.investor(investor_id("carol")),
        network.program.at.wallet(local_address("custodian")),
    )
    plan = onboard(("carol", "custodian"))
    world.run(plan(world.open()))
    assert world.open().views().clearances(["carol"])["carol"].known
    assert not plan(world.open()).steps


def test_a_deployment_is_whole_whoever_paid_its_addresses(tmp_path: Path) -> None:
    with empty_solana_world(tmp_path) as world:
        network = world.open()
        listings = [network.listing(ticker) for ticker in network.manifest.stocks]
        stocks = [place for one in listings for place in (one.mint, one.stock, one.calendar, one.reserve)]
        assets = [place for mint in network.assets().values() for place in (mint, network.treasury(mint))]
        pay(network, network.program.at.issuer, *stocks, *assets)
        assert not network.initialised
        assert network.stocks() == {}
        world.run(network.deployment())
        assert set(world.open().stocks()) == set(network.manifest.stocks)
        assert not world.open().deployment().steps
        assert verify(world.open().records, network.chain) == []


def test_what_another_operator_did_is_told_from_what_names_the_same_key(
    world: SolanaNetworkWorld, tmp_path: Path
) -> None:
    """Before the operator's transaction and after it somebody else's, which succeed."""
    network = world.open()
    plan = block(network)
    (key, *_) = keys_of(network, plan)
    pay(network, key)
    other = SolanaNetwork.open(world.manifest, world.served.url, tmp_path)
    sent = [one.record.tx for one in Executor(other.transactions()).run(plan).outcomes if one.record]
    pay(network, key)
    crank = network.views().ledger.investors.control(network.listing("MSFT"), "owner-1", OUTSIDER, bytes(32))
    named = [AccountMeta(key, False, True)]
    freeze = network.program.build("freeze", accounts=crank, listing=network.listing("MSFT"), rest=named)
    assert key not in marks(network.program, [freeze])
    outcomes = Executor(world.open().transactions()).run(plan).outcomes
    assert [one.record.tx for one in outcomes if one.record] == sent
    assert all(one.record.found and one.record.action.data_hash for one in outcomes if one.record)
    assert verify(world.open().records, network.chain) == []


def test_a_record_of_an_outsiders_transfer_is_found_by_the_audit(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    network = world.open()
    plan = block(network)
    other = SolanaNetwork.open(world.manifest, world.served.url, tmp_path)
    Executor(other.transactions()).run(plan)
    world.run(plan)
    tx = pay(network, keys_of(network, plan)[0])
    path = world.open().records.paths()[-1]
    record = world.open().records.all()[-1]
    landed = network.chain.landed(Signature.from_string(tx))
    assert landed is not None
    action = replace(record.action, sender=str(local_address(OUTSIDER)))
    path.write_text(replace(record, tx=tx, block=landed.slot, action=action).text())
    assert any("carries other instructions" in one.found for one in verify(world.open().records, network.chain))


def test_a_key_that_was_used_for_other_instructions_did_not_carry_out_these(
    world: SolanaNetworkWorld, tmp_path: Path
) -> None:
    """Two quotes were signed under one id, and one of them was carried out by another operator."""
    world.pass_time(1)
    world.run(attested(5_000)(world.open()))
    network = world.open()
    planned = quoted("redeem", "owner-1", "twice")(network)
    other = SolanaNetwork.open(world.manifest, world.served.url, tmp_path)
    Executor(other.transactions()).run(quoted("mint", "owner-1", "twice")(other))
    with pytest.raises(Drift, match="for other instructions"):
        Executor(network.transactions()).run(planned)
    assert not [one for one in network.records.all() if one.action.reference == "twice"]


def test_another_account_where_a_record_belongs_is_refused_by_name(world: SolanaNetworkWorld) -> None:
    network = world.open()
    plan = block(network)
    for data, owner in (("AQEB", str(local_address("stranger"))), ("AQEBAQEBAQEB", str(network.program.id))):
        account = {"lamports": 10**9, "data": data, "owner": owner}
        world.served.ask("endpoint_setAccount", str(keys_of(network, plan)[0]), account)
        with pytest.raises(Misplaced, match=r"is an account of"):
            Executor(world.open().transactions()).run(plan)


def test_instructions_are_found_that_a_multisig_called_and_by_keys_of_lookup_tables(world: SolanaNetworkWorld) -> None:
    """A transaction names accounts beyond its message's own, and what it carried out stands below its instructions."""
    network = world.open()
    landed = network.chain.landed(Signature.from_string(pay(network, network.program.at.key(b"\1" * 32))))
    assert landed is not None
    wanted, *_pages = block(network).steps[0].calls
    own, (tables, direct, deeper) = len(landed.message.account_keys), ([], [], [])
    for meta in (*wanted.accounts, AccountMeta(wanted.program_id, False, False)):
        tables.append(meta.pubkey)
    places = bytes(range(own, own + len(wanted.accounts)))
    for height, run in ((2, direct), (3, deeper)):
        data = b58encode(bytes(wanted.data)).decode()
        program = own + len(wanted.accounts)
        run.append(SimpleNamespace(program_id_index=program, accounts=places, data=data, stack_height=height))
    for run, held in ((direct, True), (deeper, False), ([], False)):
        loaded = SimpleNamespace(writable=tables[:3], readonly=tables[3:])
        meta = SimpleNamespace(loaded_addresses=loaded, inner_instructions=[SimpleNamespace(instructions=run)])
        found = Landed(landed.signature, landed.slot, landed.message, meta)
        assert holds(found, digest([wanted])) is held
        assert any(marks(network.program, one) for one in runs(found)) is held
