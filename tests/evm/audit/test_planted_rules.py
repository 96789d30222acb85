"""Rules and limits other than the manifest's are found: the looser ones are the worse."""

from __future__ import annotations

from planting import as_timelock, found, only
from support.deployed_desk import INVESTORS, call_as

from scrip.chains.evm import EvmNetwork
from scrip.evm.audit import audit
from scrip.evm.chain import Contract
from scrip.evm.encoding.values import class_bits, country_words
from scrip.holder_limits import Countries, StockRules
from scrip.manifest.rules import resolve
from scrip.reports.findings import Finding
from scrip.units import WAD

NONE = Countries.only(())


def token(desk: EvmNetwork, ticker: str) -> Contract:
    return desk.ledger().token(ticker)


def set_rules(desk: EvmNetwork, ticker: str, rules: StockRules) -> None:
    as_timelock(desk, "registry", "setStockRules", token(desk, ticker).address, class_bits(rules), country_words(rules))


def set_limits(desk: EvmNetwork, ticker: str, most: int, maximum: int = 0, minimum: int = 0) -> None:
    as_timelock(desk, "registry", "setHolderLimits", token(desk, ticker).address, most, maximum, minimum)


def pause(desk: EvmNetwork, ticker: str) -> None:
    call_as(desk, desk.chain.address("duty-officer"), token(desk, ticker), "pause")


def test_rules_that_admit_more(desk: EvmNetwork) -> None:
    set_rules(desk, "MSFT", StockRules())
    finding = only(desk)
    assert (finding.field, finding.severity) == ("stocks.MSFT.rules", "critical")
    assert finding.expected == "every class; every country but AS, GU, MP, PR, UM, US, VI"
    assert finding.found == "every class; every country"


def test_rules_that_admit_fewer(desk: EvmNetwork) -> None:
    """COMPLIANCE did that at once, and the manifest has yet to follow."""
    rules = resolve(desk.manifest, "AAPL").stock_rules
    set_rules(desk, "AAPL", StockRules(rules.classes, Countries.all_but([643])))
    finding = only(desk)
    assert (finding.field, finding.severity) == ("stocks.AAPL.rules", "drift")
    assert finding.found == "institutional, professional, venue; every country but RU"


def test_rules_that_admit_others(desk: EvmNetwork) -> None:
    set_rules(desk, "AAPL", StockRules(frozenset({"retail"}), Countries.only([276])))
    assert found(desk) == [("stocks.AAPL.rules", "critical")]
    set_rules(desk, "AAPL", StockRules(frozenset({"venue"}), NONE))
    assert only(desk).found == "venue; no country"


def test_limits_that_were_ended_raised_or_lowered(desk: EvmNetwork) -> None:
    place, wanted = "stocks.AAPL.limits", "500 holders, each of any amount"
    set_limits(desk, "AAPL", 501)
    assert only(desk) == Finding(place, wanted, "501 holders, each of any amount", "critical")
    set_limits(desk, "AAPL", 500, 2 * WAD, WAD)
    assert only(desk) == Finding(place, wanted, "500 holders, each of at least 1 tokens, at most 2 tokens", "drift")
    as_timelock(desk, "registry", "removeHolderLimits", token(desk, "AAPL").address)
    assert only(desk) == Finding(place, wanted, "none", "critical")


def test_limits_that_no_manifest_names(desk: EvmNetwork) -> None:
    pause(desk, "MSFT")
    set_limits(desk, "MSFT", 9)
    assert Finding("stocks.MSFT.limits", "none", "9 holders, each of any amount") in audit(desk)


def test_holders_who_are_not_counted_yet(desk: EvmNetwork) -> None:
    registry, stock = desk.book.contract("registry"), token(desk, "AAPL")
    as_timelock(desk, "registry", "removeHolderLimits", stock.address)
    pause(desk, "AAPL")
    set_limits(desk, "AAPL", 500)
    assert found(desk) == [("stocks.AAPL.limits.seeding", "drift"), ("stocks.AAPL.paused", "drift")]
    wallets = [desk.chain.address(name) for name in INVESTORS]
    desk.chain.send(registry, "seedHolders", stock.address, wallets, sender="deployer")
    assert found(desk) == [("stocks.AAPL.paused", "drift")]


def test_a_stock_that_does_not_report_its_transfers(desk: EvmNetwork) -> None:
    """Only the registry can tell it so; its limits would bind nobody."""
    call_as(desk, desk.book.contract("registry").address, token(desk, "AAPL"), "setCapped", False)
    finding = only(desk)
    assert (finding.field, finding.found, finding.severity) == (
        "stocks.AAPL.limits.reports",
        "it does not report",
        "critical",
    )
