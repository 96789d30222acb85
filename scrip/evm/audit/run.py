"""The whole audit of a network, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from eth_abi.exceptions import DecodingError

from scrip.errors import ScripError
from scrip.evm.audit import (
    dividends,
    elections,
    fleet,
    holder_limits,
    kinds,
    multisig,
    offers,
    prices,
    region_exit,
    settings,
    vaults,
    voting,
    wind_up,
)
from scrip.evm.audit.authority import authority
from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Contract
from scrip.evm.compiled.release import Release
from scrip.evm.connection import EvmConnection
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.suite import token_at
from scrip.evm.tx.history import nowhere_told
from scrip.evm.tx.verify import verify
from scrip.labels import SAFE
from scrip.reports.findings import Finding, answered, in_order

CUT_SHORT = (ScripError, DecodingError)
"""What cuts a part of an audit short: a node that does not answer, and wrong code at an address."""


def audit(network: EvmConnection, release: Release | None = None) -> list[Finding]:
    """Everything that the chain does not prove to be as the manifest says, the worst first; nothing where all is.

    Nothing is sent. A part that the node leaves unanswered is a finding of its own. `release` is what the
    stocks are to run, where it is not the project's build. InputError when there is no suite to audit.
    """
    evidence = evidence_of(network)
    parts: dict[str, Callable[[], Iterable[Finding]]] = {
        "code": lambda: fleet.code(evidence, release or Release.of()),
        "wiring": lambda: fleet.wiring(evidence),
        "authority": lambda: authority(evidence),
        "safe": lambda: multisig.multisig(evidence),
        "stocks": lambda: fleet.stocks(evidence),
        "rules": lambda: holder_limits.holder_limits(evidence, _tokens(network)),
        "register": lambda: settings.register(evidence),
        "corporate_actions": lambda: settings.corporate_actions(evidence),
        "settlement": lambda: settings.settlement(evidence),
        "trades": lambda: settings.trades(evidence, _tokens(network)),
        "bands": lambda: settings.bands(evidence, _tokens(network)),
        "pegs": lambda: settings.pegs(evidence),
        "reserves": lambda: settings.reserves(evidence, _tokens(network)),
        "prices": lambda: prices.prices(evidence, _tokens(network)),
        "vaults": lambda: vaults.vaults(evidence, _tokens(network)),
        "powers": lambda: vaults.powerless(network),
        "kinds": lambda: kinds.misfits(network),
        "dividends": lambda: dividends.dividends(evidence, _tokens(network)),
        "voting": lambda: voting.voting(evidence),
        "offers": lambda: offers.offers(evidence),
        "wind_up": lambda: wind_up.wind_up(evidence, _tokens(network)),
        "region_exit": lambda: region_exit.region_exit(evidence, _tokens(network)),
        "elections": lambda: elections.elections(evidence),
        "records": lambda: verify(network.records, network.node),
    }
    return in_order(finding for name, part in parts.items() for finding in answered(name, part, CUT_SHORT))


def records(network: EvmConnection) -> list[Finding]:
    """What is wrong with the records in themselves, where the chain says otherwise, and what none of them tells."""
    return [*verify(network.records, network.node), *answered("history", lambda: nowhere_told(network), CUT_SHORT)]


def evidence_of(network: EvmConnection) -> Evidence:
    """What an audit of a network reads; InputError when the suite is not deployed."""
    suite = network.suite()
    # What stands in the place of the vaults' factory may not answer: the audit's own part says so.
    with suppress(ScripError, DecodingError):
        network.find_vaults()
    safe = network.book.contract(SAFE) if SAFE in network.book else None
    roles = next((one for one in network.records.all() if one.done and one.action.address == suite.roles.address), None)
    return Evidence(network.manifest, network.chain, suite, safe, dict(network.book), since=roles.block if roles else 0)


def _tokens(network: EvmConnection) -> dict[str, Contract]:
    """The manifest's stocks that the factory knows, by ticker; the others are reported as missing."""
    factory = network.suite().factory
    found = {name: token_at(network.chain.call, factory, stock) for name, stock in network.manifest.stocks.items()}
    return {name: Contract("StockToken", at) for name, at in found.items() if at != ZERO_ADDRESS}
