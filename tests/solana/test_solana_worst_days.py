"""The runbook's worst days on Solana: its commands are run as they stand there, and the harm that they end is over."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from another_build import another_build, buffer, extend, put
from solana_network_world import SolanaNetworkWorld, deployed_solana_world
from support.network_cli import Cli, fresh
from support.runbook import follow

from scrip import flows
from scrip import instructions as ins
from scrip.errors import ScripError
from scrip.solana.addresses import local_address
from scrip.solana.build import Build
from scrip.units import SOLANA_DECIMALS, RawUnits, Stablecoin

DAY = 86_400
HERE = "--network solana-local"


class OnDuty(Cli):
    """The commands as the runbook has them, and what nobody's command would send."""

    world: SolanaNetworkWorld  # type: ignore[assignment]

    def pass_time(self, seconds: int) -> None:
        """Move the cluster's clock on."""
        self.world.pass_time(seconds)

    def did(self, line: str) -> dict:
        """Carry out a command, which must go well."""
        return self.done(f"{line} {HERE} --apply")

    def quote(self, side: str, name: str, amount: str, price: str, by: str = "quote-key") -> Path:
        """A quote's file: MSFT for that account, good for a day."""
        file = self.folder / f"{side}-{name}-{amount}-{by}-{self.world.open().now()}.json"
        for one in (file, file.with_suffix(".wallet.json")):
            one.unlink(missing_ok=True)  # of a chain that was wound back since
        terms = f"MSFT {name} {amount} {price} --life {DAY}s --as {by}"
        self.did(f"market quote {side} {terms} --out {file} --reference {file.stem}")
        return file

    def submit(self, side: str, file: Path, name: str) -> None:
        """Send a quote past the model's preview; the cluster's own refusal where it says no."""
        on_duty = self.world.open()
        self.world.run(flows.market.submit_file(on_duty, file, side, name))

    def transfer(self, sender: str, to: str, amount: int) -> None:
        """Send units, past every command."""
        self.world.open().ledger().apply(ins.Transfer("MSFT", sender, to, RawUnits(amount, SOLANA_DECIMALS)))

    def held(self) -> list[int]:
        """What the two owners hold of MSFT, in whole tokens."""
        ledger = self.world.open().ledger()
        return [ledger.balance("MSFT", name).value // 10**SOLANA_DECIMALS for name in ("owner-1", "owner-2")]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("worst")) as found:
        yield found


@pytest.fixture(scope="module")
def traded(world: SolanaNetworkWorld) -> OnDuty:
    """An owner, as an investor, holds 100 MSFT of 200 shares attested; another may hold, and has money."""
    with pytest.MonkeyPatch.context() as patch:
        on_duty = begin_duty(world, patch)
        rows = [f"{name},{local_address(name)},CH,professional,2029-12-31" for name in ("owner-1", "owner-2")]
        file = on_duty.folder / "owners.csv"
        file.write_text("\n".join(["investor,wallet,country,class,expiry", *rows, ""]))
        on_duty.did(f"compliance onboard {file}")
        on_duty.did("market attest MSFT 200")
        for name in ("owner-1", "owner-2"):
            world.open().ledger().apply(ins.FundStablecoin(name, Stablecoin.parse("20000")))
        on_duty.did(f"market mint {on_duty.quote('mint', 'owner-1', '99', '8910.00')} --as owner-1")
        on_duty.did(f"market mint {on_duty.quote('mint', 'owner-2', '1', '90.00')} --as owner-2")
        world.mark()
        return on_duty


@pytest.fixture
def on_duty(world: SolanaNetworkWorld, traded: OnDuty, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnDuty]:
    yield begin_duty(world, monkeypatch)
    world.back()


def begin_duty(world: SolanaNetworkWorld, patch: pytest.MonkeyPatch) -> OnDuty:
    """Commands in a folder with the project's manifests and the deployment's records."""
    fresh(world.records.parent)
    patch.chdir(world.records.parent)
    patch.setenv("SCRIP_SOLANA_LOCAL_RPC", world.served.url)
    return OnDuty(world)  # type: ignore[arg-type]


def test_the_quote_signers_key_leaked(on_duty: OnDuty) -> None:
    cheap = on_duty.quote("mint", "owner-2", "50", "0.01")
    cheaper = on_duty.quote("mint", "owner-2", "40", "0.01")
    on_duty.submit("mint", cheap, "owner-2")
    assert on_duty.held() == [99, 51]
    said = follow(on_duty, "The quote signer's key leaked, on Solana")
    assert "roles.QUOTE_SIGNER" in said[1]
    with pytest.raises(ScripError, match="market: not a quote signer"):
        on_duty.submit("mint", cheaper, "owner-2")
    assert on_duty.held() == [99, 51]
    on_duty.submit("mint", on_duty.quote("mint", "owner-1", "1", "90.00", "quote-key-2"), "owner-1")
    assert on_duty.held() == [100, 51]


def test_the_attestor_is_down(on_duty: OnDuty) -> None:
    on_duty.pass_time(5 * DAY)
    with pytest.raises(ScripError, match="reserve: stale answer"):
        on_duty.submit("mint", on_duty.quote("mint", "owner-1", "1", "90.00"), "owner-1")
    on_duty.transfer("owner-1", "owner-2", 10**SOLANA_DECIMALS)
    on_duty.submit("redeem", on_duty.quote("redeem", "owner-2", "1", "90.00"), "owner-2")
    said = follow(on_duty, "The attestor is down, on Solana")
    assert re.search(r"attestation .* TOO OLD: mints are refused", said[0])
    assert re.search(r"attestation .* fresh", said[2])
    assert on_duty.held() == [98, 1]
    on_duty.submit("mint", on_duty.quote("mint", "owner-1", "1", "90.00"), "owner-1")
    assert on_duty.held() == [99, 1]


def test_redeemed_shares_are_sold(on_duty: OnDuty) -> None:
    on_duty.submit("redeem", on_duty.quote("redeem", "owner-1", "60", "5400.00"), "owner-1")
    said = follow(on_duty, "Redeemed shares are sold, on Solana")
    assert re.search(r"there +199\nfree +159\n", said[0])
    assert "3. ape run market attest MSFT SHARES --apply" in said[0]
    assert re.search(r"there +159.2\nfree +119.2\n", said[-1])
    with pytest.raises(ScripError, match="reserve: insufficient"):
        on_duty.submit("mint", on_duty.quote("mint", "owner-1", "120", "10800.00"), "owner-1")


def test_a_wrong_multiplier_is_scheduled(on_duty: OnDuty) -> None:
    wrong = "MSFT SPLF split-2027"
    on_duty.did(f"action announce {wrong} --ex 2027-02-16 --effective 2027-02-16T14:30:00Z --new 20 --old 1")
    on_duty.did(f"action schedule {wrong}")
    said = follow(on_duty, "A wrong multiplier is scheduled, on Solana", between=33 * DAY)
    assert "20" in said[0]
    assert re.search(r"pending +2\.000000000 at 2027-02-16 14:30:00 UTC", said[5])
    assert "reserve from basis 1:1#0 to 2:1#1" in said[7]
    assert re.search(r"multiplier +1\n", said[13])
    assert on_duty.held() == [99, 1]


def test_the_custodian_holds_less_than_it_should(on_duty: OnDuty) -> None:
    first = on_duty.quote("redeem", "owner-2", "1", "90.00")
    on_duty.pass_time(1)
    on_duty.did("market attest MSFT 91")
    with pytest.raises(ScripError, match="reserve: insufficient"):
        on_duty.submit("mint", on_duty.quote("mint", "owner-1", "1", "90.00"), "owner-1")
    said = follow(on_duty, "The custodian holds less than it should, on Solana")
    assert re.search(r"covered +NO", said[0])
    assert re.search(r"supply +90 tokens", said[-2])
    assert re.search(r"covered +yes", said[-2])
    assert "ceiling" in said[-1]
    with pytest.raises(ScripError, match="market: quote expired"):
        on_duty.submit("redeem", first, "owner-2")
    on_duty.did("market attest MSFT 200")
    with pytest.raises(ScripError, match="reserve: insufficient"):
        on_duty.submit("mint", on_duty.quote("mint", "owner-1", "1", "90.00"), "owner-1")
    assert on_duty.held() == [89, 1]


def test_there_is_a_bug_in_the_program(on_duty: OnDuty, tmp_path: Path) -> None:
    (on_duty.folder / "fixed").symlink_to(another_build(tmp_path / "fixed"))
    extend(on_duty.world, 64)
    open_quote = on_duty.quote("redeem", "owner-2", "1", "90.00")

    def write_buffer(line: str) -> None:
        """Solana's own tool: somebody else's buffer and half of one do not count, nor does anything move meanwhile."""
        *command, path, _, authority = shlex.split(line)
        assert command == ["solana", "program", "write-buffer"]
        code = Path(path).read_bytes()
        put(on_duty.world, local_address("of another"), buffer("thief") + code)
        put(on_duty.world, local_address("half written"), buffer(authority) + code[:-1])
        assert "program.buffer" in on_duty.run(f"upgrade check --sources fixed {HERE}").out
        put(on_duty.world, local_address("written"), buffer(authority) + code)
        with pytest.raises(ScripError, match="token: paused"):
            on_duty.transfer("owner-1", "owner-2", 1)
        with pytest.raises(ScripError, match="token: halted"):
            on_duty.submit("redeem", open_quote, "owner-2")

    said = follow(on_duty, "There is a bug in the program, on Solana", tool=write_buffer)
    assert "program.buffer" in said[2]
    assert "all the same" in said[4]
    assert said[-1].startswith("solana-local-1 on solana-local: as the manifest says")
    assert "program.code" in on_duty.run(f"audit chain {HERE}").out
    assert "nothing to do" in on_duty.run(f"upgrade apply --sources fixed {HERE} --apply").out
    assert on_duty.held() == [99, 1]
    on_duty.submit("redeem", open_quote, "owner-2")
    assert on_duty.held() == [99, 0]


def test_a_build_that_misreads_what_stands_is_refused(on_duty: OnDuty, tmp_path: Path) -> None:
    folder = another_build(tmp_path / "other")
    idl = json.loads(Build(folder).idl.read_text())
    fields = next(one for one in idl["types"] if one["name"] == "Multiplier")["type"]["fields"]
    fields[0], fields[1] = fields[1], fields[0]
    Build(folder).idl.write_text(json.dumps(idl))
    put(on_duty.world, local_address("written"), buffer("timelock") + Build(folder).elf.read_bytes())
    refused = on_duty.run(f"upgrade apply --sources {folder} {HERE} --apply --yes --json")
    assert refused.code == 1
    message = refused.object["error"]["message"]
    assert "accounts.Stock.Multiplier" in message
    assert "program.room" in message
    assert "program.buffer" not in message
    found = json.loads(Build(folder).note.read_text()) | {"sha256": "0" * 64}
    Build(folder).note.write_text(json.dumps(found))
    assert "is not what" in on_duty.run(f"upgrade check --sources {folder} {HERE} --json").object["error"]["message"]
