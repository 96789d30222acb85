"""A copy of a cluster does what the cluster would, with its own programs, and the cluster never hears of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from manifest_world import Standing
from solders.account import Account
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError, ScripError
from scrip.solana.addresses import SYSTEM, TOKEN_2022, local_address, local_keypair
from scrip.solana.chain import Failed
from scrip.solana.ledger import SolanaLedger
from scrip.solana.rehearse.clone import Clone
from scrip.units import Shares


@pytest.fixture(scope="module")
def cluster() -> Standing:
    return Standing()


@pytest.fixture
def standing(cluster: Standing) -> Iterator[Standing]:
    with cluster.kept():
        for name in ("duty-officer", "compliance-desk", "timelock"):
            cluster.chain.rich(local_keypair(name))
        yield cluster


def ledger_over(standing: Standing) -> SolanaLedger:
    """The ledger on a fresh copy."""
    return SolanaLedger(Clone(standing), standing.ledger.suite, stocks=dict(standing.ledger.stocks))


def test_it_shows_what_the_cluster_shows(standing: Standing) -> None:
    copy = ledger_over(standing)
    assert copy.multiplier("MSFT") == standing.ledger.multiplier("MSFT")
    assert copy.coverage("MSFT") == standing.ledger.coverage("MSFT")
    assert copy.now() == standing.chain.now()
    assert copy.chain.genesis == standing.chain.genesis


def test_what_is_done_there_is_done_nowhere_else(standing: Standing) -> None:
    before = {address: standing.chain.svm.get_account(address) for address in standing._known}
    copy = ledger_over(standing)
    copy.apply(ins.SetCeiling("MSFT", Shares.of(7), by="timelock"))
    copy.apply(ins.Pause("MSFT", by="duty-officer"))
    assert copy.coverage("MSFT").ceiling == Shares.of(7).to_wad()
    assert standing.ledger.coverage("MSFT").ceiling == Shares.of(1_000_000).to_wad()
    assert {address: standing.chain.svm.get_account(address) for address in standing._known} == before


def test_what_the_cluster_would_refuse_is_refused(standing: Standing) -> None:
    with pytest.raises(Exception, match="roles: not authorised"):
        ledger_over(standing).apply(ins.Pause("MSFT", by="compliance-desk"))


def test_it_runs_the_programs_of_the_cluster(standing: Standing) -> None:
    """Another Token-2022 there is another one here: as an ELF that is none, it refuses."""
    origin = Changed(standing, {TOKEN_2022: Account(10**9, b"\0" * 64, SYSTEM, False, 0)})
    copy = Clone(origin)
    call = standing.ledger.signed("pause", "duty-officer", listing=standing.ledger.listing("MSFT"))
    with pytest.raises(Failed):
        copy.carry_out([call], local_address("duty-officer"))


def test_a_payer_without_lamports_is_noticed(standing: Standing) -> None:
    poor = local_keypair("pauper")
    call = standing.ledger.signed("apply_multiplier", "pauper", listing=standing.ledger.listing("MSFT"))
    with pytest.raises(Failed):
        Clone(standing).send([call], [poor])


def test_accounts_that_are_made_there_are_found_there(standing: Standing) -> None:
    clone = Clone(standing)
    discriminator = next(
        bytes(one["discriminator"]) for one in standing.program.idl["accounts"] if one["name"] == "Investor"
    )
    assert clone.owned(standing.program.id, 0, discriminator) == []
    copy = SolanaLedger(clone, standing.ledger.suite, stocks=dict(standing.ledger.stocks))
    copy.apply(ins.Onboard("alice", "alice", 840, "retail", copy.now() + 9, by="compliance-desk"))
    assert len(clone.owned(standing.program.id, 0, discriminator)) == 1
    assert standing.owned(standing.program.id, 0, discriminator) == []


def test_its_clock_stands(standing: Standing) -> None:
    clone = Clone(standing)
    clone.advance_to(clone.now())
    with pytest.raises(InputError, match="the copy's clock stands"):
        clone.advance_to(clone.now() + 1)


def test_each_account_is_asked_for_once(standing: Standing) -> None:
    origin = Changed(standing)
    clone = Clone(origin)
    for _ in range(3):
        clone.account(standing.ledger.listing("MSFT").mint)
    assert len(origin.asked) == len(set(origin.asked))


def test_a_cluster_without_a_clock_is_none(standing: Standing) -> None:
    with pytest.raises(ScripError, match="has no clock"):
        Clone(Changed(standing, silent=True))


@dataclass
class Changed:
    """The cluster, with other accounts in it, or none at all."""

    standing: Standing
    changes: dict[Pubkey, Account] = field(default_factory=dict)
    silent: bool = False
    asked: list[Pubkey] = field(default_factory=list)

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        if self.silent:
            return [None for _ in addresses]
        self.asked += addresses
        found = zip(addresses, self.standing.accounts(addresses), strict=True)
        return [self.changes.get(address, account) for address, account in found]

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        return self.standing.owned(program, at, data)

    def genesis(self) -> bytes:
        return self.standing.genesis()
