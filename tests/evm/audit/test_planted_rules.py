"""Rules and limits other than the manifest's are found: the looser ones are the worse."""

from __future__ import annotations

from planting import as_timelock, found, only
from support.deployed_network import INVESTORS, call_as

from scrip.chains.evm import EvmNetwork
from scrip.evm.audit import audit
from scrip.evm.chain import Contract
from scrip.evm.encoding.values import class_bits, country_words
from scrip.holder_limits import Countries, StockRules
from scrip.manifest.rules import resolve
from scrip.reports.findings import Finding
from scrip.units import WAD

NONE = Countries.only(())


def token(network: EvmNetwork, ticker: str) -> Contract:
    return network.ledger().token(ticker)


def set_rules(network: EvmNetwork, ticker: str, rules: StockRules) -> None:
    as_timelock(
        network, "registry", "setStockRules", token(network, ticker).address, class_bits(rules), country_words(rules)
    )


def set_limits(network: EvmNetwork, ticker: str, most: int, maximum: int = 0, minimum: int = 0) -> None:
    as_timelock(network, "registry", "setHolderLimits", token(network, ticker).address, most, maximum, minimum)


def pause(network: EvmNetwork, ticker: str) -> None:
    call_as(network, network.chain.address("duty-officer"), token(network, ticker), "pause")


def test_rules_that_admit_more(network: EvmNetwork) -> None:
    set_rules(network, "MSFT", StockRules())
    finding = only(network)
    assert (finding.field, finding.severity) == ("stocks.MSFT.rules", "critical")
    assert finding.expected == "every class; every country but AS, GU, MP, PR, UM, US, VI"
    assert finding.found == "every class; every country"


def test_rules_that_admit_fewer(network: EvmNetwork) -> None:
    """COMPLIANCE did that at once, and the manifest has yet to follow."""
    rules = resolve(network.manifest, "AAPL").stock_rules
    set_rules(network, "AAPL", StockRules(rules.classes, Countries.all_but([643])))
    finding = only(network)
    assert (finding.field, finding.severity) == ("stocks.AAPL.rules", "drift")
    assert finding.found == "institutional, professional, venue; every country but RU"


def test_rules_that_admit_others(network: EvmNetwork) -> None:
    set_rules(network, "AAPL", StockRules(frozenset({"retail"}), Countries.only([276])))
    assert found(network) == [("stocks.AAPL.rules", "critical")]
    set_rules(network, "AAPL", StockRules(frozenset({"venue"}), NONE))
    assert only(network).found == "venue; no country"


def test_limits_that_were_ended_raised_or_lowered(network: EvmNetwork) -> None:
    place, wanted = "stocks.AAPL.limits", "500 holders, each of any amount"
    set_limits(network, "AAPL", 501)
    assert only(network) == Finding(place, wanted, "501 holders, each of any amount", "critical")
    set_limits(network, "AAPL", 500, 2 * WAD, WAD)
    assert only(network) == Finding(place, wanted, "500 holders, each of at least 1 tokens, at most 2 tokens", "drift")
    as_timelock(network, "registry", "removeHolderLimits", token(network, "AAPL").address)
    assert only(network) == Finding(place, wanted, "none", "critical")


def test_limits_that_no_manifest_names(network: EvmNetwork) -> None:
    pause(network, "MSFT")
    set_limits(network, "MSFT", 9)
    assert Finding("stocks.MSFT.limits", "none", "9 holders, each of any amount") in audit(network)


def test_holders_who_are_not_counted_yet(network: EvmNetwork) -> None:
    registry, stock = network.book.contract("registry"), token(network, "AAPL")
    as_timelock(network, "registry", "removeHolderLimits", stock.address)
    pause(network, "AAPL")
    set_limits(network, "AAPL", 500)
    assert found(network) == [("stocks.AAPL.limits.seeding", "drift"), ("stocks.AAPL.paused", "drift")]
    wallets = [network.chain.address(name) for name in INVESTORS]
    network.chain.send(registry, "seedHolders", stock.address, wallets, sender="deployer")
    assert found(network) == [("stocks.AAPL.paused", "drift")]


def test_a_stock_that_does_not_report_its_transfers(network: EvmNetwork) -> None:
    """Only the registry can tell it so; its limits would bind nobody."""
    call_as(network, network.book.contract("registry").address, token(network, "AAPL"), "setCapped", False)
    finding = only(network)
    assert (finding.field, finding.found, finding.severity) == (
        "stocks.AAPL.limits.reports",
        "it does not report",
        "critical",
    )
