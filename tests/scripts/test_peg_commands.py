"""The guard of a settlement coin, from the desk: from the manifest to the chain, poked, shown, tightened, audited."""

from __future__ import annotations

from support.desk_people import onboard
from support.network_cli import Cli

from scrip.evm.chain import Contract

COIN = "  assets: {USDC: mock}\n"
PEGS = "  pegs: {{USDC: {{feed: mock, band_bps: {}, max_age: {}}}}}\n"
QUOTE = "market quote mint MSFT owner-1 1 90.00 --out q.json --reference q --apply"
POKE = "market poke USDC --as deployer --apply"


def guarded(cli: Cli, band: int, age: str) -> None:
    """The manifest's guard, whatever it was."""
    path = cli.folder / "manifests" / "local.yaml"
    kept = "".join(line for line in path.read_text().splitlines(keepends=True) if not line.startswith("  pegs: "))
    path.write_text(kept.replace(COIN, COIN + PEGS.format(band, age)))


def say(cli: Cli, answer: int) -> None:
    """What the coin's feed answers from now on."""
    network = cli.world.open()
    network.chain.send(
        Contract("MockReserveOracle", network.book.contract("peg-USDC").address), "push", answer, sender="deployer"
    )


def found(cli: Cli) -> set[str]:
    """What of the guard the audit finds otherwise."""
    said = cli.run("audit chain --json")
    return {one["what"] for one in said.object.get("drift", ()) if "pegs" in one["what"]}


def test_a_guard_from_the_manifest_to_the_audit(cli: Cli) -> None:
    assert cli.done("market limits MSFT owner-1")["pegs"] == []
    assert cli.run(POKE).code == 64
    guarded(cli, 50, "26h")
    assert found(cli) == {"settlement.pegs.USDC.feed"}
    first = cli.done("deploy settings --apply")
    assert [one["sender"] for one in first["steps"]] == ["deployer", "timelock"]
    cli.by_the_timelock("deploy settings")
    assert cli.done("deploy settings")["steps"] == []
    assert found(cli) == set()
    (peg,) = cli.done("market limits MSFT owner-1")["pegs"]
    assert peg == {"coin": "USDC", "band_bps": 50, "max_age": 93_600, "until": 0, "good": False}
    assert "USDC is off its peg, or not poked, within 50 bps of a dollar" in cli.run("market limits MSFT owner-1").out

    # No quote is signed that the chain would refuse, and the desk is told what to do.
    onboard(cli, {"owner-1": ("CH", "professional")})
    said = cli.run(f"{QUOTE} --yes")
    assert (said.code, said.err.count("market: off peg (USDC is off its peg or was not poked")) == (1, 1), said.err
    assert "`market poke USDC` asks its feed" in said.err
    assert not (cli.folder / "q.json").exists()

    # Anyone pokes; what it says is what the chain then says.
    assert cli.run("market poke").code == 64
    assert cli.run("market poke EURC --as deployer").code == 64
    say(cli, 10**8)
    cli.done(POKE)
    (peg,) = cli.done("market limits MSFT owner-1")["pegs"]
    assert (peg["good"], peg["until"] > cli.world.open().chain.now()) == (True, True)
    assert "USDC is on its peg until" in cli.run("market limits MSFT owner-1").out
    assert cli.done("market limits MSFT owner-1")["most"]["mint"] != "0"
    assert "off peg" not in cli.run(f"{QUOTE} --yes").err
    say(cli, 99 * 10**6)
    cli.done("market poke --as deployer --reference again --apply")
    assert cli.done("market limits MSFT owner-1")["most"]["mint"] == "0"

    # PAUSER tightens at once, the timelock loosens.
    guarded(cli, 40, "24h")
    assert found(cli) == {"settlement.pegs.USDC.band_bps", "settlement.pegs.USDC.max_age"}
    (step,) = cli.done("deploy settings --reference tight --apply")["steps"]
    assert step["sender"] != "timelock"
    assert found(cli) == set()
    guarded(cli, 60, "24h")
    (step,) = cli.done("deploy settings --reference loose")["steps"]
    assert step["sender"] == "timelock"

    # In an emergency PAUSER holds it off its peg, whatever its feed says.
    line = "market tighten --coin USDC --peg-band 0"
    assert "USDC is off its peg until somebody pokes" in cli.run("market tighten --coin USDC --peg-band 30").out
    (step,) = cli.done(f"{line} --apply")["steps"]
    assert step["sender"] == "duty-officer"
    assert cli.done(line)["steps"] == []
    say(cli, 10**8)
    cli.done("market poke USDC --as deployer --reference shut --apply")
    (peg,) = cli.done("market limits MSFT owner-1")["pegs"]
    assert (peg["band_bps"], peg["good"]) == (0, False)
    wider = cli.run("market tighten --coin USDC --peg-band 1 --apply --yes")
    assert (wider.code, "market: would loosen" in wider.err) == (1, True)
