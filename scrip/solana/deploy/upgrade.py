"""Upgrading the program: whether a build may take over the accounts that stand, and the transaction that lets it.

Solana's own tool uploads a build into a buffer of the upgrade authority's (`solana program write-buffer`). What is
checked here is that the buffer holds the build, byte by byte, and that the build reads what stands; then the upgrade
authority puts it in the program's place. From the next block on it runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

from solders.pubkey import Pubkey

from scrip.errors import InputError, ScripError
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft
from scrip.reports.findings import Finding, Incompatible, in_order
from scrip.solana.addresses import UPGRADEABLE_LOADER
from scrip.solana.audit.program import Built
from scrip.solana.build import Build
from scrip.solana.connection import SolanaConnection
from scrip.solana.deploy.interface import incompatible
from scrip.solana.encoding import loader
from scrip.solana.views import SolanaViews, step

NAME = "upgrade apply"


def check_upgrade(network: SolanaConnection, build: Build) -> list[Finding]:
    """Everything that forbids a build to take the program's place; nothing if it may.

    InputError where nothing stands at the program's address, or the build is not whole; ScripError where there is none.
    """
    found, code = loader.deployed(network.chain, network.program), code_of(build)
    after = json.loads(build.idl.read_text(encoding="utf-8"))
    findings = list(incompatible(network.program.idl, after))
    if len(code) > len(found.code):
        room = f"{len(found.code):,} bytes: solana program extend {network.program.id} {len(code) - len(found.code)}"
        findings.append(Finding("program.room", f"{len(code):,} bytes", room, "critical"))
    return in_order([*findings, *_buffered(network, found.authority, code)])


def plan_upgrade(network: SolanaConnection, build: Build) -> Plan:
    """One transaction of the upgrade authority's. No steps where the program is this build.

    Incompatible when `check_upgrade` finds anything.
    """
    built, found = Built.of(build), loader.deployed(network.chain, network.program)
    draft = Draft(SolanaViews(network), NAME, built.digest[:8], natural=True)
    standing = found.hash(built.size)
    if standing == built.digest:
        return draft.nothing(f"the program is {built.digest[:8]}")
    if findings := check_upgrade(network, build):
        raise Incompatible(findings)
    authority = found.authority or Pubkey.default()
    buffer = next(buffers(network, authority, code_of(build)))
    title = f"the program is {built.digest[:8]}, from buffer {buffer}"
    call = loader.upgrade(network.program, buffer, authority)
    draft.steps.append(step(f"upgrade-{buffer}", title, network.keys.name(authority), [call], what="upgrade"))
    draft.changes.append(Change("program.code", f"sha256 {standing}", f"sha256 {built.digest}"))
    return draft.plan()


def code_of(build: Build) -> bytes:
    """The bytes of a build's program; InputError where they are not what the build's own note says."""
    built = Built.of(build)
    for path in (build.elf, build.idl):
        if not path.is_file():
            raise ScripError(f"the Solana program is not built, {path} is missing: make program builds it")
    code = build.elf.read_bytes()
    if (digest := sha256(code).hexdigest()) != built.digest:
        raise InputError(f"is not what {build.note} describes", file=str(build.elf), value=digest)
    return code


def buffers(network: SolanaConnection, authority: Pubkey, code: bytes) -> Iterator[Pubkey]:
    """The buffers that hold these bytes and that the authority alone may write, by address."""
    head = loader.buffer_head(authority)
    found = network.chain.owned(UPGRADEABLE_LOADER, 0, head)
    yield from sorted((one for one, data in found if data[len(head) :] == code), key=bytes)


def _buffered(network: SolanaConnection, authority: Pubkey | None, code: bytes) -> Iterator[Finding]:
    if authority is None:
        yield Finding("program.upgrade_authority", "one", "none: nobody can replace the program", "critical")
    elif next(buffers(network, authority, code), None) is None:
        wanted = f"the build's {len(code):,} bytes in a buffer of {network.keys.name(authority)}'s"
        yield Finding("program.buffer", wanted, "none: solana program write-buffer", "critical")
