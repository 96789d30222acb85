"""Investors of a desk whose commands are tested, by those commands: onboarded, given coins, sold units to."""

from __future__ import annotations

from collections.abc import Mapping

from support.network_cli import Cli

COINS = 10**12
"""Base units that an account is given: a million of a coin of six decimals."""


def onboard(cli: Cli, people: Mapping[str, tuple[str, str]], until: str = "2031-12-31", prefix: str = "inv-") -> None:
    """Put accounts on the register, each an investor of its own, its country and class by the account's name."""
    chain = cli.world.open().chain
    rows = [f"{prefix}{one},{chain.address(one)},{land},{kind},{until}\n" for one, (land, kind) in people.items()]
    file = cli.folder / "owners.csv"
    file.write_text("investor,wallet,country,class,expiry\n" + "".join(rows))
    cli.done(f"compliance onboard {file} --apply")


def give_coins(cli: Cli, *accounts: str) -> None:
    """Make the first stablecoin for accounts."""
    network = cli.world.open()
    for one in accounts:
        network.chain.send(network.suite().stablecoin, "mint", network.chain.address(one), COINS, sender="deployer")


def buy(cli: Cli, *accounts: str, stock: str = "MSFT", suffix: str = "") -> None:
    """Have accounts mint 50 tokens each for 20,000.00, on quotes under their names."""
    for one in accounts:
        name = f"{one}{suffix}"
        cli.done(f"market quote mint {stock} {one} 50 20000.00 --out {name}.json --reference {name} --apply")
        cli.done(f"market mint {name}.json --as {one} --apply")
