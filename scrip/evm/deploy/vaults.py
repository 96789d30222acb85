"""The parts of a deployment by which holders can ask to leave: a vault for each stock and stablecoin, and its role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scrip.evm import outside
from scrip.evm.chain import Chain, Contract
from scrip.evm.deploy import design as parts
from scrip.evm.deploy.design import Look, Part, call, deployment
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import Transaction, coins, raw
from scrip.evm.handlers.redemption import VAULT as VAULT_CONTRACT
from scrip.evm.labels import UNLIMITED, VAULT
from scrip.evm.vaults import FACTORY, VaultDesign, designs
from scrip.labels import DEPLOYER, VAULT_BLUEPRINT, VAULTS, vault_label
from scrip.manifest.model import EvmManifest
from scrip.plan import Address, Change
from scrip.units import EVM_DECIMALS, RawUnits


def wanted_parts(manifest: EvmManifest, look: Look, assets: Iterable[str], admin: str, treasury: str) -> Iterator[Part]:
    """All parts of the vaults that a manifest asks for; none where it asks for none.

    A vault that the timelock makes is given its role in the next plan: it has no address before. `treasury` is "" where
    no key here signs for it.
    """
    found, labels = list(designs(manifest)), list(assets)
    if found:
        yield from contracts()
    for wanted in found:
        for asset in labels:
            making = admin == DEPLOYER or vault_at(look, wanted.stock, asset)
            made = list(vaults(wanted, [asset], admin))
            yield from made if making else made[:1]
            if treasury and making:
                yield from allowances(wanted.stock, [asset], treasury)


def contracts() -> Iterator[Part]:
    """The parts that deploy what makes vaults."""
    yield deployment(VAULT_BLUEPRINT, VAULT_CONTRACT, blueprint=True)
    made_with = (Address("roles"), Address("registry"), Address("market"), Address(VAULT_BLUEPRINT))
    yield deployment(VAULTS, FACTORY, *made_with)


def vaults(wanted: VaultDesign, assets: Iterable[str], admin: str) -> Iterator[Part]:
    """The parts that make a stock's vaults, one for each asset, and let them take units. ADMIN signs them."""
    for asset in assets:
        label = vault_label(wanted.stock, asset)
        yield _making(wanted, asset, label, admin)
        yield parts.grant(VAULT, label, admin)
        yield _terms(wanted, label, admin)


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


def vault_at(look: Look, stock: str, asset: str) -> str:
    """The address of a stock's vault for an asset; "" where there is none."""
    found = look.ask(VAULTS, "vaultOf", Address(stock), Address(asset))
    return found if isinstance(found, str) and found != ZERO_ADDRESS else ""


def _making(wanted: VaultDesign, asset: str, label: str, admin: str) -> Part:
    terms = (raw(wanted.minimum), wanted.patience, wanted.band_bps, coins(wanted.reference))
    one = Transaction(admin, VAULTS, FACTORY, "createVault", (Address(wanted.stock), Address(asset), *terms))
    title = f"a vault takes requests to redeem {wanted.stock} for {asset}, prices held to {wanted.reference} at first"
    step = call(f"create-{label}", title, one, label=label)
    change = Change(label, "none", f"{_told(*terms[:3])}, first prices held to {wanted.reference}")
    return Part(step, lambda look: bool(vault_at(look, wanted.stock, asset)), parts.fixed(change))


def _terms(wanted: VaultDesign, label: str, admin: str) -> Part:
    """What a vault was born with it needs no step for; what was changed since is set again."""
    terms = (raw(wanted.minimum), wanted.patience, wanted.band_bps)
    one = Transaction(admin, label, VAULT_CONTRACT, "setTerms", terms)

    def found(look: Look) -> tuple[object, ...]:
        return tuple(look.ask(label, view) for view in ("minimum", "patience", "band"))

    def change(look: Look) -> Change:
        return Change(f"{label}'s terms", _told(*found(look)), _told(*terms))

    step = call(f"terms-{label}-{'-'.join(map(str, terms))}", f"{label}: {_told(*terms)}", one)
    return Part(step, lambda look: not look.deployed(label) or found(look) == terms, change)


def _told(minimum: object, patience: object, band_bps: object) -> str:
    units = RawUnits(minimum, EVM_DECIMALS) if isinstance(minimum, int) else minimum
    return f"requests of {units} and more wait {patience} s at most, prices move {band_bps} bps a day"


def open_vault(chain: Chain, wanted: VaultDesign, asset: str, admin: str, treasury: str) -> Contract:
    """Make what makes vaults, where it is not there yet, and a vault, on a chain of tests or demonstrations.

    Nothing is recorded. `admin` still administers.
    """
    from scrip.evm.deploy.suite import carry_out

    made: dict[str, Contract] = {}
    label = vault_label(wanted.stock, asset)
    for part in contracts():
        carry_out(chain, replace(part.step, sender=admin), made)
    step = _making(wanted, asset, label, admin).step
    at = {name: chain.address(name) for name in (wanted.stock, asset)}
    carry_out(chain, replace(step, label=""), made)
    found = Contract(VAULT_CONTRACT, str(chain.call(made[VAULTS], "vaultOf", at[wanted.stock], at[asset])))
    chain.label(label, found)
    for part in (parts.grant(VAULT, label, admin), *allowances(wanted.stock, [asset], treasury)):
        step = part.step
        to = Contract(step.contract, chain.address(step.to))
        carry_out(chain, step, {step.to: to})
    return found
