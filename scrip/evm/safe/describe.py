"""A proposal in words, for who is asked to sign it: what follows from the signed bytes, and who claims the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scrip.evm.labels import ADMIN, role
from scrip.evm.safe.proposal import Proposal, TitledCall
from scrip.evm.safe.timelock import SCHEDULE_BATCH
from scrip.evm.safe.words import in_words
from scrip.roles import EVM_ROLES

ROLES = {"0x" + role(name).hex(): name for name in (*EVM_ROLES, "MINTER", "FACTORY", "VAULT")} | {
    "0x" + ADMIN.hex(): "ADMIN"
}
"""Roles by their ids."""
LONGEST = 900
"""Most characters of a line in a proposal's file; a longer one stands in full among its values."""
ADDRESS = re.compile(r"0x[0-9a-f]{40}(?![0-9a-f])")


def lines(proposal: Proposal, name_of: Callable[[str], str]) -> Iterator[str]:
    """The proposal, a line each: where, what is called with which arguments, who signed. `name_of` names an address.

    The operation, its reference and the calls' titles are the proposer's words; all else is what is signed.
    """
    tx = proposal.tx
    yield f"{proposal.name} {proposal.reference}, as its proposer calls it"
    yield f"Safe {tx.safe} on chain {tx.chain_id}, nonce {tx.nonce}, hash 0x{tx.digest().hex()}"
    for one in proposal.calls:
        # A scheduled operation is shown call by call, not as the bytes that schedule it.
        if one.method.name != SCHEDULE_BATCH:
            yield from call_lines(one, name_of)
    for part in proposal.delayed:
        delay = f"after {part.delay} s ({in_words('', 'delay', str(part.delay))})"
        yield f"{delay}, by the timelock at {part.timelock}, operation 0x{part.operation.id.hex()}:"
        for one in part.calls:
            yield from call_lines(one, name_of)
    signed = ", ".join(name_of(owner) for owner in sorted(proposal.signatures)) or "nobody"
    yield f"signed by {signed}; {proposal.threshold} of {len(proposal.owners)} owners needed"


def words_of(proposal: Proposal) -> tuple[str, ...]:
    """What a proposal's calls say, a line each, as its file holds it: by address, whatever they are called here."""
    calls = [one for one in proposal.calls if one.method.name != SCHEDULE_BATCH]
    calls += [one for part in proposal.delayed for one in part.calls]
    told = (line for one in calls for line in (f"{one.method.name} of {one.call.to}", *_arguments(one, str)))
    return tuple(line if len(line) <= LONGEST else f"{line[:LONGEST]}…" for line in told)


def call_lines(one: TitledCall, name_of: Callable[[str], str]) -> Iterator[str]:
    """A call, a line for its function and one for each argument: its raw word, and that in units and dates."""
    yield f"  {one.method.name} of {_named(one.call.to, name_of)} ({one.title!r})"
    yield from (f"    {line}" for line in _arguments(one, name_of))


def _arguments(one: TitledCall, name_of: Callable[[str], str]) -> Iterator[str]:
    values = one.method.values(one.call.data)
    for name, value in values.items():
        known = f"{ROLES[value]} " if name == "role" and value in ROLES else ""
        words = in_words(one.method.name, name, value)
        raw = ADDRESS.sub(lambda found: _named(found[0], name_of), value)
        yield f"{name} = {known}{raw}" + (f"  ({words})" if words else "")
    if {"num", "den"} <= values.keys() and values["num"] != "0":
        yield f"which is {values['num']} new for {values['den']} old"


def _named(address: str, name_of: Callable[[str], str]) -> str:
    known = name_of(address)
    return address if known == address else f"{known} {address}"
