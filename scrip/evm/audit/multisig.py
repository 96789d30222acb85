"""The issuer's Safe: its code, who owns it, and that nothing can go around its owners."""

from __future__ import annotations

from collections.abc import Iterator

from eth_utils import keccak

from scrip.evm.audit.code import described
from scrip.evm.audit.evidence import Evidence, code_hash
from scrip.evm.chain import Contract
from scrip.evm.compiled.safe import CANONICAL, HANDLER, SAFE, VERSION, code_hashes
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.reports.findings import Finding, Severity

PROXY_CODES = frozenset(
    {
        "0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c",
        "0x809cc0337736387e9e3a903062b22f6f31c3ac180ce5e7db56fa23f30522e867",
    }
)
"""The code of a proxy of Safe 1.4.1: of the canonical factory, and of ape-safe's."""
MAINNET_SINGLETON = "0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4"
"""The code of the canonical singleton that emits no event per transaction."""
SINGLETON_SLOT = 0
GUARD_SLOT = int.from_bytes(keccak(text="guard_manager.guard.address"))
HANDLER_SLOT = int.from_bytes(keccak(text="fallback_manager.handler.address"))
FIRST_MODULE = "0x" + "00" * 19 + "01"
MODULES = 20
"""How many modules the Safe is asked for; a Safe of ours has none."""


def multisig(evidence: Evidence) -> Iterator[Finding]:
    """Findings about the Safe. One whose code is not Safe's own proves nothing, so nothing more is asked of it."""
    safe = evidence.safe
    if safe is None:
        yield Finding("safe", "the issuer's Safe", "none that the records or the manifest know", "critical")
        return
    wrong = list(_code(evidence, safe))
    yield from wrong
    if not wrong:
        yield from _owners(evidence, safe)
        yield from _doors(evidence, safe)


def _at(word: bytes) -> str:
    return "0x" + word[-20:].hex()


def _code(evidence: Evidence, safe: Contract) -> Iterator[Finding]:
    if code_hash(code := evidence.code(safe.address)) not in PROXY_CODES:
        yield Finding("safe.code", "a Safe's proxy", described(code), "critical")
        return
    singleton = _at(evidence.word(safe.address, SINGLETON_SLOT))
    if code_hash(code := evidence.code(singleton)) not in code_hashes(SAFE) | {MAINNET_SINGLETON}:
        yield Finding("safe.singleton", f"a Safe {VERSION}", f"{described(code)}, at {singleton}", "critical")


def _owners(evidence: Evidence, safe: Contract) -> Iterator[Finding]:
    wanted = evidence.manifest.safe
    named = {evidence.address(owner) for owner in wanted.owners}
    owners, threshold = evidence.ask_all(safe, ("getOwners", "getThreshold"))
    for owner in sorted(set(owners) - named):
        yield Finding("safe.owners", "no owner that the manifest does not name", evidence.account(owner), "critical")
    for owner in sorted(named - set(owners)):
        yield Finding("safe.owners", evidence.account(owner), "not an owner")
    if threshold != wanted.threshold:
        worst: Severity = "critical" if threshold < wanted.threshold else "drift"
        yield Finding("safe.threshold", str(wanted.threshold), str(threshold), worst)


def _doors(evidence: Evidence, safe: Contract) -> Iterator[Finding]:
    """Findings about ways around the owners: modules send without them, a handler answers for them."""
    modules, _ = evidence.ask(safe, "getModulesPaginated", FIRST_MODULE, MODULES)
    for module in modules:
        yield Finding("safe.modules", "none", evidence.account(module), "critical")
    guard, handler = (_at(evidence.word(safe.address, slot)) for slot in (GUARD_SLOT, HANDLER_SLOT))
    if guard != ZERO_ADDRESS:
        yield Finding("safe.guard", "none", evidence.account(guard), "critical")
    if handler != ZERO_ADDRESS and code_hash(evidence.code(handler)) not in code_hashes(HANDLER):
        expected = f"none, or {HANDLER} at {CANONICAL[HANDLER].address}"
        yield Finding("safe.handler", expected, evidence.account(handler), "critical")
