"""With a lookup table a halt pauses 50 mints in a transaction, and a block freezes 20 accounts in its own.

Fifty-two stocks are made over the endpoint, once for the module, which is where its 6 CPU-seconds go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from solana_network_world import START, SolanaNetworkWorld, deployed_solana_world
from solana_world import LATER, World
from solders.message import MessageV0

from scrip import flows
from scrip import instructions as ins
from scrip.errors import InputError
from scrip.plan.draft import Reason
from scrip.solana.addresses import local_address, local_keypair
from scrip.solana.audit import audit
from scrip.solana.encoding.lookup import tables_of
from scrip.solana.encoding.program import Listing
from scrip.solana.encoding.tokens import create_account, holding_at
from scrip.solana.rpc.chain import LOCKS
from scrip.solana.views.pages import pages

STOCKS = 52
DAY = 86_400


def isin(number: int) -> str:
    """An ISIN of nobody's."""
    return f"XS{number:09d}0"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    """Every stock stands, and alice has an account in each, thawed: in a block-list stock they are born so."""
    with deployed_solana_world(tmp_path_factory.mktemp("tables")) as found:
        ledger = found.open().ledger()
        chain, at = ledger.chain, found.open().program.at
        ledger.apply(ins.Onboard("alice", "owner-1", 756, "professional", START + 365 * DAY, by="compliance-desk"))
        owner = local_address("owner-1")
        for number in range(STOCKS - 2):
            ledger.apply(ins.CreateStock(f"S{number}", "Some stock", isin(number), "BLOCKLIST", by="safe"))
            mint = at.mint(isin(number), 1)
            chain.send([create_account(chain.payer.pubkey(), owner, mint)], [])
        yield found


def listings(world: SolanaNetworkWorld) -> list[Listing]:
    """The stocks that are in no manifest."""
    return [world.open().program.listing(isin(number), 1) for number in range(STOCKS - 2)]


def made(world: SolanaNetworkWorld) -> None:
    """The table, and a block later: what was added in a block is named from the next one on."""
    world.run(flows.fleet.tables(world.open()))
    world.pass_time(1)


def test_without_a_table_a_halt_takes_two_transactions_and_with_one_it_takes_one(world: SolanaNetworkWorld) -> None:
    world.mark()
    try:
        assert tables_of(world.open().chain, local_address("deployer")) == []
        without = flows.fleet.halt(world.open(), True)
        assert [len(step.title.split(",")) for step in without.steps] == [1, 26, 26]
        plan = flows.fleet.tables(world.open())
        assert sum(len(step.calls) for step in plan.steps) == len(plan.steps) + 1
        made(world)
        assert flows.fleet.tables(world.open()).same == ("the lookup tables have all that instructions name",)
        (table,) = tables_of(world.open().chain, local_address("deployer"))
        assert len(table.addresses) == len(set(table.addresses)) == 7 + 2 * STOCKS
        halted = flows.fleet.halt(world.open(), True)
        assert [len(step.title.split(",")) for step in halted.steps] == [1, STOCKS]
        assert world.run(halted).changed
        landed = world.open().records.all()
        assert landed
        assert "52 of 52 stocks are paused" in flows.fleet.halt(world.open(), True).same[0]
        (last,) = (one for one in world.open().cluster.signatures(world.open().program.at.issuer)[:1])
        found = world.open().chain.landed(last)
        assert found is not None
        assert isinstance(found.message, MessageV0)
        assert (found.meta.compute_units_consumed or 0) < 400_000
        assert len(found.keys) == len(set(found.keys)) <= LOCKS
    finally:
        world.back()


def test_a_block_freezes_twenty_accounts_in_its_own_transaction(world: SolanaNetworkWorld) -> None:
    world.mark()
    try:
        made(world)
        network = world.open()
        ledger = network.ledger()
        ledger.stocks.update({one.isin: one for one in listings(world)})
        rows = list(ledger.investors.thawed([str(local_address("owner-1"))]))
        assert len(rows) == STOCKS - 2
        order = ins.Block("alice", 7, "order", key="block", by="compliance-desk")
        calls = ledger.calls(order)
        assert [network.program.name_of(call) for call in calls] == ["block_investor", "freeze_page"]
        at_once = (len(calls[1].accounts) - 7) // 2
        assert at_once >= 20
        desk = local_keypair("compliance-desk")
        replace(network.chain, payer=desk).send(calls, [desk])
        frozen = [holding_at(network.chain, at) for _, _, at in rows]
        assert [one is not None and one.frozen for one in frozen].count(True) == at_once
        # A keeper does the rest, a page at a time.
        network = world.open()
        left = [row for row, one in zip(rows, frozen, strict=True) if not one.frozen]
        steps = pages(network, ledger, left, "deployer", " now", True)
        sizes = [(len(step.calls[0].accounts) - 7) // 2 for step in steps]
        assert sizes[0] >= 21
        assert sum(sizes) == len(left)
        for step in steps:
            ledger.chain.send(step.calls, [])
        assert all(one is not None and one.frozen for one in (holding_at(network.chain, at) for _, _, at in rows))
    finally:
        world.back()


def test_an_audit_says_what_a_table_lacks_and_nothing_where_there_is_none(world: SolanaNetworkWorld) -> None:
    world.mark()
    try:
        assert not [one for one in audit(world.open()) if one.field == "program.tables"]
        made(world)
        assert not [one for one in audit(world.open()) if one.field == "program.tables"]
        world.open().ledger().apply(ins.CreateStock("NEW", "New", isin(99), "BLOCKLIST", by="safe"))
        (found,) = [one for one in audit(world.open()) if one.field == "program.tables"]
        assert "2 addresses" in found.found
        again = flows.fleet.tables(world.open())
        assert len(again.steps) == 1
        world.run(again)
        assert not [one for one in audit(world.open()) if one.field == "program.tables"]
    finally:
        world.back()


def test_a_page_of_a_lapsed_wallet_names_the_stocks_and_leaves_open_ones_alone() -> None:
    world = World.with_holders()
    world.apply(ins.CreateStock("OPEN", "Open", isin(1), "BLOCKLIST"))
    world.back()
    world.mint("alice", 3)
    strict, free = world.listing, world.ledger.listing("OPEN")
    world.ledger.investors.open(free, "alice")
    world.apply(ins.Renew("alice", world.now()))
    one, other = ((each, "alice", world.ledger.units(each, "alice")) for each in (strict, free))
    page = world.ledger.investors.page_call
    world.fails("StillCleared", [page([one, other], False)])
    for wrong in ([one], [other]):
        world.fails("NotAStock", [page(wrong, True)])
    world.send([page([one], False)])
    world.send([page([one], False)])
    assert world.ledger.holding(strict, "alice").frozen
    assert not world.ledger.holding(free, "alice").frozen
    bobs = (strict, "alice", world.ledger.units(strict, "bob"))
    world.ledger.investors.open(strict, "bob")
    world.fails("NotTheWalletsAccount", [page([bobs], False)])
    world.apply(ins.Renew("alice", LATER))
    world.fails("StillCleared", [page([one], False)])


def test_no_other_kind_of_chain_has_tables() -> None:
    class Elsewhere:
        """A network that is none of Solana's."""

    with pytest.raises(InputError, match="no equivalent"):
        flows.fleet.tables(Elsewhere())  # type: ignore[arg-type]
    assert Reason(7, "x").told == "x"
