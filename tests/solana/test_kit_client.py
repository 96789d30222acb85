"""A second client that no one here wrote, @solana/kit with @solana-program/token-2022: every state of a mint and of an
account as it decodes them, and what it builds, carried out or refused by the token program."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from served import Served, running
from served_ledgers import ledger_at, program
from solana_world import LATER, ROOT
from support.days import ex_of

from scrip import instructions as ins
from scrip.solana.addresses import local_address, local_keypair
from scrip.solana.encoding.tokens import create_account
from scrip.solana.ledger import SolanaLedger
from scrip.units import RawUnits, Shares, Stablecoin

DAY = 86_400
UNIT = 10**8
INITIALISED, FROZEN = 1, 2
"""States of an account, as Token-2022 numbers them."""
NONE = "11111111111111111111111111111111"
PAUSED, IS_FROZEN = "Transferring, minting, and burning is paused", "Account is frozen"


class Kit:
    """The client's process: one question, one answer."""

    def __init__(self, url: str, mint: str, seed: str) -> None:
        command = ["node", "tests/solana/kit_client.mjs", url, mint, seed]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __call__(self, command: str, **given: Any) -> Any:
        """What it says of a command; its own error fails the test."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"command": command, **given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            assert self.process.stderr is not None
            raise AssertionError(self.process.stderr.read())
        told = json.loads(line)
        assert told is None or "error" not in told, told
        return told


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running(block_ms=20) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def ledger(served: Served) -> SolanaLedger:
    """Alice holds ten units; bob may hold, and so may a pool of a venue; the outsider may not."""
    ledger = ledger_at(served)
    ledger.apply(ins.CreateStock("MSFT", "Microsoft", "US5949181045"))
    for name in ("alice", "bob"):
        ledger.apply(ins.Onboard(name, name, 840, "retail", LATER))
    ledger.apply(ins.Onboard("pool", "pool", 840, "venue", LATER))
    ledger.apply(ins.FundStablecoin("alice", Stablecoin(10**9)))
    ledger.apply(ins.ConfigureReserve("MSFT", 7 * DAY, 0, Shares(Fraction(10**6))))
    ledger.apply(ins.AttestReserve("MSFT", Shares(Fraction(10**6))))
    quote = ins.QuoteTerms("ten", ledger.now() + 600, 0)
    ledger.apply(ins.Mint("MSFT", "alice", RawUnits(10 * UNIT, 8), Stablecoin(10**7), quote))
    for name in ("bob", "pool"):
        ledger.investors.prepare(ledger.listing("MSFT"), name)
    ledger.chain.rich(local_keypair("alice"))
    return ledger


@pytest.fixture(scope="module")
def kit(served: Served, ledger: SolanaLedger) -> Iterator[Kit]:
    # Bytes of a key that anybody can derive from a name.
    seed = bytes(local_keypair("alice"))[:32].hex()
    client = Kit(served.url, str(ledger.listing("MSFT").mint), seed)
    yield client
    client.process.kill()
    client.process.wait()


def of(name: str) -> str:
    return str(local_address(name))


def test_it_decodes_every_extension_of_the_mint(kit: Kit) -> None:
    seen = kit("look")
    authority = str(program().at.authority)
    assert (seen["decimals"], seen["supply"], seen["freezer"]) == (8, str(10 * UNIT), authority)
    assert seen["kinds"] == [
        "DefaultAccountState", "MetadataPointer", "PausableConfig", "PermanentDelegate", "ScaledUiAmountConfig",
        "TokenMetadata", "TransferHook",
    ]  # fmt: skip
    assert (seen["delegate"], seen["paused"], seen["born"]) == (authority, False, FROZEN)
    assert seen["hook"]["programId"] == NONE
    assert (seen["name"], seen["symbol"], seen["more"]["isin"]) == ("Microsoft", "MSFT", "US5949181045")


def test_it_decodes_accounts_of_every_state(kit: Kit, ledger: SolanaLedger) -> None:
    """One that holds, an empty one, a venue's, one that a stranger opened and that is born frozen, and none at all."""
    assert kit("holding", owner=of("stranger")) is None
    kinds = ["ImmutableOwner", "PausableAccount", "TransferHookAccount"]
    for name, units in (("alice", 10 * UNIT), ("bob", 0), ("pool", 0)):
        seen = kit("holding", owner=of(name))
        assert (seen["raw"], seen["owner"], seen["state"], seen["kinds"]) == (str(units), of(name), INITIALISED, kinds)
    alice = local_keypair("alice")
    opened = create_account(alice.pubkey(), local_address("stranger"), ledger.listing("MSFT").mint)
    ledger.chain.send([opened], [alice])
    seen = kit("holding", owner=of("stranger"))
    assert (seen["raw"], seen["state"], seen["kinds"]) == ("0", FROZEN, kinds)


def test_it_transfers_into_an_investors_and_a_venues_account_and_into_no_outsiders(
    kit: Kit, ledger: SolanaLedger
) -> None:
    for name in ("bob", "pool"):
        assert kit("transfer", to=of(name), units=UNIT)["landed"]
        assert ledger.balance("MSFT", name) == RawUnits(UNIT, 8)
    refused = kit("transfer", to=of("outsider"), units=1)
    assert not refused["landed"]
    assert any(IS_FROZEN in line for line in refused["logs"]), refused
    assert kit("holding", owner=of("outsider")) is None, "what a refused transaction opened stayed"


def test_the_ui_amount_before_at_and_after_a_split_takes_effect(kit: Kit, served: Served, ledger: SolanaLedger) -> None:
    """Nobody sends anything at the second of effect, and every view has the new number from then on."""
    held = int(kit("holding", owner=of("alice"))["raw"])
    at = ledger.now() + 2 * DAY
    ledger.apply(ins.Announce("MSFT", "SPLF", "split", ex_of(at), at, 3, 2))
    ledger.apply(ins.Schedule("MSFT", "SPLF", "split"))
    scale = kit("look")["scale"]
    assert (scale["multiplier"], scale["newMultiplier"]) == (1, 1.5)
    assert scale["newMultiplierEffectiveTimestamp"] == str(at)
    for second, told in ((at - 60, Fraction(1)), (at, Fraction(3, 2)), (at + 60, Fraction(3, 2))):
        ledger.advance_to(second)
        seen = kit("holding", owner=of("alice"))
        shown = str(float(told * held / UNIT)).removesuffix(".0")
        assert (seen["raw"], seen["ui"], seen["uiComputed"]) == (str(held), shown, shown), second
    assert ledger.balance_ui("MSFT", "alice") == held * 3 // 2


def test_a_paused_stock_is_seen_as_paused_and_nothing_that_it_builds_moves(kit: Kit, ledger: SolanaLedger) -> None:
    before = kit("holding", owner=of("alice"))["raw"]
    ledger.apply(ins.Pause("MSFT"))
    assert kit("look")["paused"] is True
    for command in ({"command": "transfer", "to": of("bob"), "units": 1}, {"command": "burn", "units": 1}):
        refused = kit(**command)
        assert not refused["landed"]
        assert any(PAUSED in line for line in refused["logs"]), refused
    ledger.apply(ins.Unpause("MSFT"))
    assert kit("look")["paused"] is False
    assert kit("holding", owner=of("alice"))["raw"] == before


def test_a_frozen_account_is_seen_as_frozen_and_neither_sends_nor_receives(kit: Kit, ledger: SolanaLedger) -> None:
    for name in ("bob", "alice"):
        ledger.apply(ins.Freeze("MSFT", name, True, 7, "order-1"))
        assert kit("holding", owner=of(name))["state"] == FROZEN
        refused = kit("transfer", to=of("bob"), units=1)
        assert not refused["landed"]
        assert any(IS_FROZEN in line for line in refused["logs"]), refused
        ledger.apply(ins.Freeze("MSFT", name, False, 7, "order-2"))
        assert kit("holding", owner=of(name))["state"] == INITIALISED
    assert kit("transfer", to=of("bob"), units=1)["landed"]


def test_a_blocked_investors_account_is_seen_as_frozen(kit: Kit, ledger: SolanaLedger) -> None:
    ledger.apply(ins.Block("bob", 7, "order-3"))
    assert kit("holding", owner=of("bob"))["state"] == FROZEN


def test_what_it_burns_leaves_the_supply_and_what_it_approves_is_shown(kit: Kit) -> None:
    supply = int(kit("look")["supply"])
    assert kit("burn", units=UNIT // 2)["landed"]
    assert int(kit("look")["supply"]) == supply - UNIT // 2
    assert kit("holding", owner=of("alice"))["delegate"] is None
    assert kit("approve", to=of("bob"), units=UNIT)["landed"]
    seen = kit("holding", owner=of("alice"))
    assert (seen["delegate"], seen["delegated"]) == (of("bob"), str(UNIT))
