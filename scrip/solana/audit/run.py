"""The whole audit of a network, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from scrip.reports.findings import Finding, answered, in_order
from scrip.solana.audit.accounts import accounts
from scrip.solana.audit.evidence import Evidence
from scrip.solana.audit.issuer import issuer, sanctions_list
from scrip.solana.audit.program import Built, program
from scrip.solana.audit.settlement import settlement
from scrip.solana.audit.stocks import stocks
from scrip.solana.build import Build
from scrip.solana.connection import SolanaConnection
from scrip.solana.views.tables import missing

Part = Callable[[], Iterable[Finding]]


def audit(network: SolanaConnection, build: Build | None = None) -> list[Finding]:
    """Everything about a network's deployment that is not as its manifest says, the worst first; nothing where all is.

    Nothing is sent. `build` is what the program is to be, where it is not the project's own. InputError when the
    program has no issuer yet.
    """
    network.suite()
    evidence = evidence_of(network)
    investors, now = network.ledger().investors, network.chain.now()
    left = [*answered("accounts", lambda: accounts(evidence, investors, now))]
    left += answered("sanctions_list", lambda: sanctions_list(evidence, now))
    left += answered("program.tables", lambda: _tables(network))
    return in_order([*examine(evidence, Built.of(build or Build())), *left])


def _tables(network: SolanaConnection) -> Iterator[Finding]:
    """What a deployment's lookup tables lack, where it has any: a halt takes more transactions without."""
    # A copy of a cluster has what a rehearsal touches, and no table.
    tables = getattr(network.chain, "tables", tuple)
    if tables() and (lacking := missing(network)):
        expected = "all that instructions name in the deployment's lookup tables"
        yield Finding("program.tables", expected, f"{len(lacking)} addresses are not there: `deploy table` adds them")


def evidence_of(network: SolanaConnection) -> Evidence:
    """What an audit of a network reads."""
    keys = network.keys
    return Evidence(
        network.manifest,
        network.program,
        network.cluster,
        network.chain.genesis,
        keys.address,
        keys.name,
        network.assets(),
    )


def examine(evidence: Evidence, built: Built) -> list[Finding]:
    """What the evidence does not prove. A part that the node leaves unanswered is a finding of its own."""
    parts: dict[str, Part] = {
        "program": lambda: program(evidence, built),
        "issuer": lambda: issuer(evidence),
        "settlement": lambda: settlement(evidence),
        "stocks": lambda: stocks(evidence),
    }
    return in_order(finding for name, part in parts.items() for finding in answered(name, part))
