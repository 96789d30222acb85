"""The parts of a deployment by which holders ask to leave and investors subscribe: vaults, and their roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scrip.evm import outside
from scrip.evm.chain import Chain, Contract
from scrip.evm.deploy import design as parts
from scrip.evm.deploy.design import Look, Part, call, deployment
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import Transaction, coins
from scrip.evm.labels import UNLIMITED
from scrip.evm.vaults import FACTORY, KINDS, LEAVING, Kind, VaultDesign, designs
from scrip.labels import DEPLOYER, vault_label
from scrip.manifest.model import EvmManifest
from scrip.plan import Address, Change
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin


def wanted_parts(manifest: EvmManifest, look: Look, assets: Iterable[str], admin: str, treasury: str) -> Iterator[Part]:
    """All parts of the vaults that a manifest asks for; none where it asks for none.

    A vault that the timelock makes is given its role in the next plan: it has no address before. `treasury` is "" where
    no key here signs for it.
    """
    found, labels = list(designs(manifest)), list(assets)
    for kind in KINDS:
        if any(one.kind is kind for one in found):
            yield from contracts(kind)
    for wanted in found:
        for asset in labels:
            making = admin == DEPLOYER or vault_at(look, wanted.stock, asset, wanted.kind)
            made = list(vaults(wanted, [asset], admin))
            yield from made if making else made[:1]
            if treasury and making and wanted.kind.pays:
                yield from allowances(wanted.stock, [asset], treasury)


def contracts(kind: Kind = LEAVING) -> Iterator[Part]:
    """The parts that deploy what makes vaults of a kind."""
    yield deployment(kind.blueprint, kind.contract, blueprint=True)
    made_with = (Address("roles"), Address("registry"), Address("market"), Address(kind.blueprint))
    yield deployment(kind.factory, FACTORY, *made_with)


def vaults(wanted: VaultDesign, assets: Iterable[str], admin: str) -> Iterator[Part]:
    """The parts that make a stock's vaults, one for each asset, and give them their roles. ADMIN signs them."""
    for asset in assets:
        label = wanted.label(asset)
        yield _making(wanted, asset, label, admin)
        for role in wanted.kind.roles:
            yield parts.grant(role, label, admin)
        yield _terms(wanted, label, admin)
        if wanted.kind is LEAVING:
            yield _in_kind(wanted, label, admin)


def allowances(stock: str, assets: Iterable[str], treasury: str) -> Iterator[Part]:
    """The parts by which the treasury lets a stock's vaults bring the money for fills in."""
    for asset in assets:
        label = vault_label(stock, asset)
        one = Transaction(treasury, asset, outside.STABLECOIN, "approve", (Address(label), UNLIMITED))
        title = f"{treasury} lets {label} pay in {asset}"

        def allowed(look: Look, asset: str = asset, label: str = label) -> bool:
            found = look.ask(asset, "allowance", Address(treasury), Address(label))
            return isinstance(found, int) and found > UNLIMITED // 2

        yield Part(call(f"approve-{label}", title, one), allowed, parts.fixed(Change(title, "no", "without limit")))


def vault_at(look: Look, stock: str, asset: str, kind: Kind = LEAVING) -> str:
    """The address of a stock's vault of a kind for an asset; "" where there is none."""
    found = look.ask(kind.factory, "vaultOf", Address(stock), Address(asset))
    return found if isinstance(found, str) and found != ZERO_ADDRESS else ""


def _making(wanted: VaultDesign, asset: str, label: str, admin: str) -> Part:
    kind = wanted.kind
    terms = (wanted.least, wanted.patience, wanted.band_bps, coins(wanted.reference))
    one = Transaction(admin, kind.factory, FACTORY, "createVault", (Address(wanted.stock), Address(asset), *terms))
    title = f"a vault takes {kind.purpose} {wanted.stock} for {asset}, prices held to {wanted.reference} at first"
    step = call(f"create-{label}", title, one, label=label)
    change = Change(label, "none", f"{_told(kind, *terms[:3])}, first prices held to {wanted.reference}")
    return Part(step, lambda look: bool(vault_at(look, wanted.stock, asset, kind)), parts.fixed(change))


def _terms(wanted: VaultDesign, label: str, admin: str) -> Part:
    """What a vault was born with it needs no step for; what was changed since is set again."""
    kind, terms = wanted.kind, (wanted.least, wanted.patience, wanted.band_bps)
    one = Transaction(admin, label, kind.contract, "setTerms", terms)

    def found(look: Look) -> tuple[object, ...]:
        return tuple(look.ask(label, view) for view in ("minimum", "patience", "band"))

    def change(look: Look) -> Change:
        return Change(f"{label}'s terms", _told(kind, *found(look)), _told(kind, *terms))

    step = call(f"terms-{label}-{'-'.join(map(str, terms))}", f"{label}: {_told(kind, *terms)}", one)
    return Part(step, lambda look: not look.deployed(label) or found(look) == terms, change)


def _in_kind(wanted: VaultDesign, label: str, admin: str) -> Part:
    """Whether holders may ask for the shares themselves; a vault is born taking requests for money alone."""
    what = "the shares themselves may be asked for" if wanted.in_kind else "requests are for money alone"
    one = Transaction(admin, label, wanted.kind.contract, "setInKind", (wanted.in_kind,))

    def stands(look: Look) -> bool:
        return look.ask(label, "inKind") == wanted.in_kind if look.deployed(label) else not wanted.in_kind

    step = call(f"in-kind-{label}-{'yes' if wanted.in_kind else 'no'}", f"{label}: {what}", one)
    change = Change(f"{label} in kind", "no" if wanted.in_kind else "yes", "yes" if wanted.in_kind else "no")
    return Part(step, stands, parts.fixed(change))


def _told(kind: Kind, minimum: object, patience: object, band_bps: object) -> str:
    least = minimum
    if isinstance(minimum, int):
        least = RawUnits(minimum, EVM_DECIMALS) if kind is LEAVING else Stablecoin(minimum)
    waits = "wait" if kind is LEAVING else "are taken, and wait"
    return f"requests of {least} and more {waits} {patience} s at most, prices move {band_bps} bps a day"


def open_vault(chain: Chain, wanted: VaultDesign, asset: str, admin: str, treasury: str) -> Contract:
    """Make what makes vaults, where it is not there yet, and a vault, on a chain of tests or demonstrations.

    Nothing is recorded. `admin` still administers.
    """
    from scrip.evm.deploy.suite import carry_out

    made: dict[str, Contract] = {}
    kind, label = wanted.kind, wanted.label(asset)
    for part in contracts(kind):
        carry_out(chain, replace(part.step, sender=admin), made)
    step = _making(wanted, asset, label, admin).step
    at = {name: chain.address(name) for name in (wanted.stock, asset)}
    carry_out(chain, replace(step, label=""), made)
    found = Contract(kind.contract, str(chain.call(made[kind.factory], "vaultOf", at[wanted.stock], at[asset])))
    chain.label(label, found)
    allowed = allowances(wanted.stock, [asset], treasury) if kind.pays else ()
    for part in (*(parts.grant(role, label, admin) for role in kind.roles), *allowed):
        step = part.step
        to = Contract(step.contract, chain.address(step.to))
        carry_out(chain, step, {step.to: to})
    return found
