"""Records of a Solana desk that are lost: found before anything is planned, and made again from the cluster."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from solana_cli import SolanaCli, fresh_cli, onboarded
from solana_network_world import SolanaNetworkWorld, deployed_solana_world
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.system_program import transfer
from support.record_samples import lose_the_last

from scrip import instructions as ins
from scrip.chains.solana import SolanaNetwork
from scrip.records import Record, Records
from scrip.solana.addresses import local_keypair
from scrip.solana.rpc.cluster import Cluster, Landed, Listed
from scrip.units import Stablecoin

REASON = "--reason 7 --document order-1"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    """A desk that has been used: investors, a freeze, a quote carried out, a market that was stopped."""
    with deployed_solana_world(tmp_path_factory.mktemp("lost")) as found, pytest.MonkeyPatch.context() as patch:
        use(fresh_cli(found, patch))
        found.mark()
        yield found


def use(cli: SolanaCli) -> None:
    onboarded(cli, "owner-1", "owner-2", "owner-3", "treasury")
    cli.world.open().ledger().apply(ins.FundStablecoin("owner-1", Stablecoin.parse("10000")))
    cli.done("market attest MSFT 200 --apply")
    file = cli.folder / "quote.json"
    cli.done(f"market quote mint MSFT owner-1 100 9000.00 --out {file} --reference q-1 --apply")
    cli.done(f"market mint {file} --as owner-1 --apply")
    cli.done(f"compliance freeze MSFT owner-3 {REASON} --apply")
    cli.done("market pause --apply")
    cli.done("market ceiling MSFT 400000 --apply")
    shutil.copy(file, cli.world.records / "quote.json")


@pytest.fixture
def cli(world: SolanaNetworkWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[SolanaCli]:
    yield fresh_cli(world, monkeypatch)
    world.back()


def records(cli: SolanaCli) -> Records:
    return cli.world.open().records


def everything(cli: SolanaCli) -> list[Record]:
    """The records of every journal: a freeze stands in the emergencies'."""
    return [one for journal in records(cli).journals() for one in journal.all()]


def lose_all(cli: SolanaCli) -> Path:
    home = records(cli).folder
    shutil.rmtree(home)
    return home


def test_a_deployment_that_stands_is_not_planned_a_second_time(cli: SolanaCli) -> None:
    """With an empty folder everything was planned on, as number 1 again."""
    lose_all(cli)
    for line in ("deploy suite", "market ceiling MSFT 1", "compliance unfreeze MSFT owner-3 --reason 1 --document d"):
        said = cli.run(line)
        assert said.code == 3, line
        assert "the program's issuer stands" in said.err
        assert "ape run records rebuild" in said.err
    (found,) = cli.run("audit records --json").object["drift"]
    assert (found["what"], found["severity"]) == ("records", "critical")
    assert cli.done("stock show MSFT")["stock"]["supply"] == "100 tokens"
    cli.done("emergency pause MSFT --apply")


def test_lost_records_are_made_again_from_the_cluster(cli: SolanaCli) -> None:
    before, drift = everything(cli), cli.run("audit chain --json").object["drift"]
    assert {one["what"] for one in drift} == {"market.paused", "stocks.MSFT.reserve.ceiling"}
    said = cli.run("records rebuild --apply --yes")
    assert (said.code, "holds records: move it away first" in said.err) == (64, True)
    home = lose_all(cli)
    assert cli.done("records rebuild")["roles"] == [str(cli.world.open().program.at.issuer)]
    assert not home.exists()
    written = cli.done("records rebuild --apply")["records"]
    found = records(cli).all()
    assert len(found) == written
    assert {one.reason for one in found} == {"rebuilt"}
    assert all(one.found for one in found)
    assert {one.tx for one in found} >= {one.tx for one in before if one.done}
    deployed = [one for one in before if one.action.operation == "deploy"]
    again = [one for one in found if one.action.operation == "deploy"]
    for one, two in zip(deployed, again, strict=True):
        assert (one.tx, one.block, one.gas, one.action) == (two.tx, two.block, two.gas, two.action)
    single = next(one for one in before if one.action.operation == "compliance freeze")
    assert single.action.step_id in {one.action.step_id for one in found}
    assert cli.run("audit chain --json").object["drift"] == drift
    assert cli.done("audit records")["drift"] == []


def test_what_was_done_is_not_done_again_on_rebuilt_records(cli: SolanaCli) -> None:
    lose_all(cli)
    cli.done("records rebuild --apply")
    assert cli.done("deploy suite")["steps"] == []
    shutil.copy(cli.world.records / "quote.json", cli.folder / "quote.json")
    assert cli.done("market mint quote.json --as owner-1")["steps"] == []
    cli.done(f"compliance unfreeze MSFT owner-3 {REASON} --apply")
    said = cli.run(f"compliance freeze MSFT owner-3 {REASON}")
    assert (said.code, "names an operation that did this before" in said.err) == (64, True)
    cli.done(f"compliance freeze MSFT owner-3 {REASON} --reference again --apply")
    assert cli.done("audit records")["drift"] == []


def test_records_are_made_again_after_roles_and_settings_changed_hands(cli: SolanaCli) -> None:
    """The deployment's first step is another by now, and is known by what it did."""
    path = cli.folder / "manifests/solana-local.yaml"
    text = path.read_text().replace("PAUSER: [duty-officer]", "PAUSER: [owner-3]")
    path.write_text(text.replace("withholding_bps: 1500", "withholding_bps: 1000"))
    cli.done("deploy settings --apply")
    lose_all(cli)
    cli.done("records rebuild --apply")
    (first,) = [one for one in records(cli).all() if one.action.function == "initialise"]
    assert first.action.operation == "rebuilt"
    assert cli.done("audit records")["drift"] == []
    assert cli.done("deploy suite")["steps"] == []


def edited(monkeypatch: pytest.MonkeyPatch, change: Callable[[Cluster, Pubkey, list[Listed]], list[Listed]]) -> None:
    """A node lists other transactions than there are."""
    real = Cluster.listed

    def listed(cluster: Cluster, address: Pubkey, since: int = 0) -> list[Listed]:
        return change(cluster, address, real(cluster, address, since))

    monkeypatch.setattr(Cluster, "listed", listed)


def refused(cli: SolanaCli, *said: str) -> None:
    """Nothing is rebuilt, and nothing is written that looks whole."""
    home = lose_all(cli)
    found = cli.run("records rebuild --apply --yes")
    assert found.code != 0, found
    for word in said:
        assert word in found.err, found.err
    assert not list(home.glob("*.json"))


def test_a_history_that_begins_after_the_deployment_makes_no_records(
    cli: SolanaCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = records(cli).all()[8]
    edited(monkeypatch, lambda _, __, all: [one for one in all if one.slot >= first.block])
    refused(cli, "does not reach back to the deployment", first.tx, f"slot {first.block}")
    cli.world.back()
    found = [one for one in cli.run("audit records --json").object["drift"] if one["what"] == "history"]
    assert [one["severity"] for one in found] == ["unproven"]
    assert f"slot {first.block}" in found[0]["found"]


def test_a_later_slot_than_the_deployments_makes_no_records(cli: SolanaCli) -> None:
    home, slot = records(cli).folder, records(cli).all()[8].block
    lose_all(cli)
    said = cli.run(f"records rebuild --since {slot} --apply --yes")
    assert (said.code, f"read from slot {slot} on (--since)" in said.err) == (3, True)
    assert not list(home.glob("*.json"))


def without(
    tx: str, at: Callable[[SolanaNetwork], Pubkey] | None, network: SolanaNetwork
) -> Callable[..., list[Listed]]:
    """Lists from which a transaction is missing: all, or the one of an address."""

    def change(_: Cluster, address: Pubkey, all: list[Listed]) -> list[Listed]:
        if at is not None and address != at(network):
            return all
        return [one for one in all if str(one.signature) != tx]

    return change


@pytest.mark.parametrize(
    ("operation", "at", "why"),
    [
        ("compliance freeze", None, "has UsedKey"),
        ("market pause", None, "has another market's stop than the events"),
        ("market ceiling", lambda network: network.program.id, "and not by the program's address"),
        ("market ceiling", lambda network: network.program.at.event_authority, "and not by"),
    ],
)
def test_a_list_that_is_not_whole_makes_no_records(
    cli: SolanaCli,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    at: Callable[[SolanaNetwork], Pubkey] | None,
    why: str,
) -> None:
    network = cli.world.open()
    tx = next(one.tx for one in everything(cli) if one.action.operation == operation)
    edited(monkeypatch, without(tx, at, network))
    refused(cli, why, "is not whole")


def test_a_transaction_that_is_listed_and_not_there_makes_no_records(
    cli: SolanaCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    tx, real = records(cli).all()[9].tx, Cluster.transaction
    monkeypatch.setattr(Cluster, "transaction", lambda it, one: None if str(one) == tx else real(it, one))
    refused(cli, tx, "does not have it there")


def test_anothers_account_in_the_place_of_a_key_makes_no_records(cli: SolanaCli) -> None:
    frozen = next(one for one in everything(cli) if one.action.operation == "compliance freeze")
    key = frozen.action.arguments[0]["accounts"]["used_key"]
    cli.world.served.ask("endpoint_setAccount", key, {"owner": str(Pubkey.new_unique()), "data": "", "lamports": 10**9})
    refused(cli, key, "belongs")


def test_a_deployment_that_was_signed_and_not_recorded_is_finished(cli: SolanaCli) -> None:
    """Stopped before its first record was written, it has to go on: what it signed is in its intents."""
    found = records(cli)
    before = found.all()
    for path in (*found.paths(), found.folder / "head"):
        path.unlink()
    assert "did not finish" in cli.run("audit records").out
    cli.done("market ceiling MSFT 300000 --apply")
    assert {one.tx for one in records(cli).all()} >= {one.tx for one in before}


def test_a_last_record_that_is_gone_with_its_intent_stops_every_plan(cli: SolanaCli) -> None:
    count = len(records(cli).all())
    lose_the_last(records(cli))
    for line in ("market ceiling MSFT 70", "deploy suite", "audit records"):
        said = cli.run(line)
        assert (said.code, f"record {count} is missing, and {count} were written" in said.out + said.err) == (3, True)


@pytest.mark.parametrize(
    "line", ["market ceiling MSFT 300000", "compliance profile owner-2 DE retail", "market unpause"]
)
def test_what_nothing_on_disk_tells_the_cluster_does(cli: SolanaCli, line: str) -> None:
    """The last record, its intent and the count of records were deleted: under a key or not, by a role all the same."""
    assert cli.done("audit records")["drift"] == []
    cli.done(f"{line} --apply")
    tx = lose_the_last(records(cli), "head")
    (found,) = cli.run("audit records --json").object["drift"]
    assert (found["what"], found["expected"]) == ("records", f"a record of {tx}")


def test_a_key_whose_transaction_the_node_has_forgotten_is_a_finding(
    cli: SolanaCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.done("compliance profile owner-2 DE retail --apply")
    key = records(cli).all()[-1].action.arguments[0]["accounts"]["used_key"]
    tx = lose_the_last(records(cli), "head")
    edited(monkeypatch, without(tx, None, cli.world.open()))
    (found,) = cli.run("audit records --json").object["drift"]
    assert found["expected"] == f"a record of what used the key at {key}"
    assert found["found"] == "none: a transaction that the node has forgotten used it"


def test_what_holders_did_is_not_asked_for_one_by_one(cli: SolanaCli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program has many more transactions than a desk has: those are asked for that name somebody of it."""
    network, stranger = cli.world.open(), local_keypair("stranger")
    named = [
        AccountMeta(network.program.id, False, False),
        AccountMeta(network.program.at.event_authority, False, False),
    ]
    call = transfer({"from_pubkey": stranger.pubkey(), "to_pubkey": stranger.pubkey(), "lamports": 1})
    call = Instruction(call.program_id, call.data, [*call.accounts, *named])
    replace(network.chain, payer=network.chain.rich(stranger)).send([call], [stranger])
    asked, real = [], Cluster.transaction
    lose_the_last(records(cli), "head")
    known = {one.tx for one in everything(cli)}

    def transaction(cluster: Cluster, signature: Signature) -> Landed | None:
        asked.append(str(signature))
        return real(cluster, signature)

    monkeypatch.setattr(Cluster, "transaction", transaction)
    assert len(cli.run("audit records --json").object["drift"]) == 1
    assert len(set(asked) - known) == 1


def test_a_long_list_is_asked_for_page_by_page(cli: SolanaCli, monkeypatch: pytest.MonkeyPatch) -> None:
    network = cli.world.open()
    whole = network.cluster.listed(network.program.id)
    monkeypatch.setattr("scrip.solana.rpc.cluster.PAGE", 3)
    assert network.cluster.listed(network.program.id) == whole
    assert len(whole) > 6
    later = network.cluster.listed(network.program.id, whole[4].slot)
    assert later == [one for one in whole if one.slot >= whole[4].slot]


def test_what_a_role_did_through_anothers_transaction_is_told(cli: SolanaCli) -> None:
    """Somebody else pays, as whoever executes a multisig's transaction does."""
    network, stranger, officer = cli.world.open(), local_keypair("stranger"), local_keypair("duty-officer")
    call = network.ledger().signed("pause", "duty-officer", listing=network.listing("MSFT"))
    replace(network.chain, payer=network.chain.rich(stranger)).send([call], [stranger, officer])
    (found,) = cli.run("audit records --json").object["drift"]
    assert "none: pause, done in slot" in found["found"]
    lose_all(cli)
    cli.done("records rebuild --apply")
    last = records(cli).all()[-1]
    assert (last.action.function, last.action.sender) == ("pause", str(stranger.pubkey()))
    assert cli.done("audit records")["drift"] == []
