"""The issuer's account: every role against the manifest, what is offered to whom, and the settings of all stocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from base58 import b58encode
from solders.pubkey import Pubkey

from scrip.errors import InputError
from scrip.labels import SAFE, TIMELOCK
from scrip.reports.findings import Finding
from scrip.roles import ADMIN, SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana.audit.evidence import ZERO, Evidence, differs

SETTINGS = {
    "split_notice": "split_notice",
    "dividend_announce_notice": "dividend_announce",
    "dividend_strike_notice": "dividend_strike",
    "grace": "grace",
    "withholding_bps": "withholding_bps",
}
"""The manifest's field of each of the program's settings."""
ALONE = (SAFE, TIMELOCK)
"""Names of the manifest behind which a multisig stands."""


def issuer(evidence: Evidence) -> Iterator[Finding]:
    """Findings about roles, offers, settings and the market's stop."""
    state = evidence.stored(evidence.program.at.issuer, "Issuer")
    if state is None:
        yield Finding("issuer", "an initialised issuer", f"none at {evidence.program.at.issuer}", "critical")
        return
    genesis, bound = (b58encode(bytes(one)).decode() for one in (evidence.genesis, state.genesis))
    yield from differs("issuer.genesis", genesis, bound, "critical")
    yield from _roles(evidence, state)
    yield from _offer(evidence, state)
    yield from _timelock(evidence, state)
    yield from _settings(evidence, state.settings)
    yield from _providers(evidence)
    yield from _sanctions(evidence)
    yield from differs("market.paused", "no", "yes" if state.market_paused else "no")
    yield from differs("fleet.halted", "no", "yes" if state.halted else "no")


def _holders(evidence: Evidence) -> dict[str, str]:
    """Who holds each of the program's roles, by the manifest: name by field of `Roles`."""
    manifest = evidence.manifest
    return {SOLANA_ADMIN: TIMELOCK} | {
        place: holders[0] for role, place in SOLANA_ROLES.items() if (holders := manifest.role_holders(role))
    }


def _roles(evidence: Evidence, state: Any) -> Iterator[Finding]:
    holders = _holders(evidence)
    for role, place in {ADMIN: SOLANA_ADMIN, **SOLANA_ROLES}.items():
        try:
            yield from _role(evidence, f"roles.{role}", holders.get(place, ""), getattr(state.roles, place))
        except InputError as error:
            # A keypair that is on no machine of ours proves nothing; the other roles are proven all the same.
            yield Finding(f"roles.{role}", holders[place], str(error), "unproven")


def _role(evidence: Evidence, field: str, name: str, found: Pubkey) -> Iterator[Finding]:
    expected = evidence.address_of(name) if name else ZERO
    yield from evidence.held_by(field, expected, found)
    if evidence.manifest.chain.public and name in ALONE and found == expected and found.is_on_curve():
        yield Finding(field, "a multisig's vault, which no key signs for", evidence.shown(found), "critical")


def _timelock(evidence: Evidence, state: Any) -> Iterator[Finding]:
    """Findings about the program's own timelock, where ADMIN is its: its delay, who proposes and who cancels."""
    at, wished = evidence.program.at, evidence.manifest.timelock
    if state.roles.admin != at.admin:
        return
    found = evidence.stored(at.timelock, "Timelock")
    if found is None:
        yield Finding("timelock", "who proposes and cancels", f"nobody, at {at.timelock}", "critical")
        return
    yield from differs("timelock.delay", f"{wished.delay} s", f"{found.delay} s", "critical")
    for field, name, holder in (
        ("timelock.proposers", wished.proposers[0], found.proposer),
        ("timelock.canceller", wished.canceller, found.canceller),
    ):
        try:
            yield from evidence.held_by(field, evidence.address_of(name) if name else ZERO, holder)
        except InputError as error:
            yield Finding(field, name, str(error), "unproven")


def _offer(evidence: Evidence, state: Any) -> Iterator[Finding]:
    """Findings about a role that somebody may take at any moment. To whom the manifest gives it, it is unfinished."""
    if state.offered_to == ZERO:
        return
    name = type(state.offered).__name__
    place = next(one for one in (SOLANA_ADMIN, *SOLANA_ROLES.values()) if one.replace("_", "") == name.lower())
    found = f"{place} is offered to {evidence.shown(state.offered_to)}"
    foreseen = evidence.name_of(state.offered_to) == _holders(evidence)[place]
    yield Finding("roles.offered", "no open offer", found, "drift" if foreseen else "critical")


def _providers(evidence: Evidence) -> Iterator[Finding]:
    """Findings about who attests to investors, and how many each lets in."""
    wished, found = evidence.manifest.providers, {record.key: record for _, record in evidence.every("Provider")}
    for name, limit in wished.items():
        try:
            record = found.pop(evidence.address_of(name), None)
        except InputError as error:
            yield Finding(f"providers.{name}", f"lets {limit} in", str(error), "unproven")
            continue
        shown = "is not named" if record is None else f"lets {record.limit} in"
        more = record is not None and record.limit > limit
        yield from differs(f"providers.{name}", f"lets {limit} in", shown, "critical" if more else "drift")
        if record is not None and record.dropped:
            yield Finding(f"providers.{name}.dropped", "believed", f"dropped, after {record.entered} entries")
    for key, record in sorted(found.items(), key=lambda one: bytes(one[0])):
        if not record.dropped and record.entered < record.limit:
            shown = f"{evidence.shown(key)}, who lets {record.limit - record.entered} more in"
            yield Finding("providers", "none that the manifest does not name", shown, "critical")


def _sanctions(evidence: Evidence) -> Iterator[Finding]:
    """Findings about whose sanctions lists count, and of a strict issuer about a list that lets nobody in any more."""
    wished, at = evidence.manifest.sanctions_oracle, evidence.program.at
    found = evidence.stored(at.sanctions_list, "SanctionsList")
    try:
        expected = evidence.address_of(wished) if wished else ZERO
    except InputError as error:
        yield Finding("sanctions_oracle", wished, str(error), "unproven")
        return
    yield from evidence.held_by("sanctions_oracle", expected, found.oracle if found is not None else ZERO)
    if found is not None and found.suspended:
        yield Finding("sanctions_oracle", "believed", "suspended")


def sanctions_list(evidence: Evidence, now: int) -> Iterator[Finding]:
    """The finding that a strict issuer lets nobody new in: no list proves anybody absent at `now`."""
    found = evidence.stored(evidence.program.at.sanctions_list, "SanctionsList")
    if evidence.manifest.strict_list and (found is None or now >= found.expiry):
        stands = f"expired at {found.expiry}" if found is not None and found.serial else "none"
        yield Finding("sanctions_list", "a list that has not expired", stands)


def _settings(evidence: Evidence, settings: Any) -> Iterator[Finding]:
    for ours, theirs in SETTINGS.items():
        unit = "bps" if ours.endswith("bps") else "s"
        expected = getattr(evidence.manifest.corporate_actions, ours)
        yield from differs(f"corporate_actions.{ours}", f"{expected} {unit}", f"{getattr(settings, theirs)} {unit}")
    strict, stands = ("yes" if one else "no" for one in (evidence.manifest.strict_list, settings.strict_list))
    yield from differs("strict_list", strict, stands, "critical" if strict == "yes" else "drift")
