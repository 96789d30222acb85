"""The creation of the issuer's Safe, as steps of a deployment's plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.chain import Chain, Contract
from scrip.evm.compiled.safe import CANONICAL, FACTORY, HANDLER, MULTISEND, PACKAGED, SAFE, VERSION, hash_of, initcode
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.calldata import concrete
from scrip.manifest.model import EvmManifest
from scrip.plan import Address, Payload, Step

LABEL = "safe"
SINGLETON_LABEL, FACTORY_LABEL, MULTISEND_LABEL, HANDLER_LABEL = (
    CANONICAL[name].label for name in (SAFE, FACTORY, MULTISEND, HANDLER)
)


def standing_contracts(code_at: Callable[[str], bytes]) -> dict[str, Contract]:
    """The canonical contracts that a chain has, by label. Other code at such an address counts as nothing there."""
    return {
        one.label: Contract(name, one.address)
        for name, one in CANONICAL.items()
        if hash_of(code_at(one.address)) == one.code_hash
    }


def creation_steps(manifest: EvmManifest, deployer: str, standing: Mapping[str, Contract]) -> list[Step]:
    """The steps that give the manifest its Safe; none when it names one by address.

    `standing` are contracts that the chain has already, by label: `standing_contracts` finds the canonical ones, and
    the address book knows those that an earlier run deployed. The caller makes their labels known before it resolves
    the steps. For each of "safe-singleton", "safe-factory" and "multisend" that is missing there is one step that
    deploys raw code (`initcode`, no arguments, `label`), signed by the account `deployer`. The last step calls the
    factory's `createProxyWithNonce` and has the label "safe"; the new contract's ABI is SafeL2's, and its address is
    what `address` computes, before the step or after it, so code at that address means that the step is done.

    InputError on a public network without the canonical contracts: its people and their wallets could not tell a Safe
    of other code from a false one. InputError too for a threshold that the owners cannot meet.
    """
    if manifest.safe.address:
        return []
    _check(manifest, standing)
    steps = [
        Step(
            name=CANONICAL[name].label,
            title=f"deploy {name} of Safe {VERSION}",
            sender=deployer,
            contract=name,
            label=CANONICAL[name].label,
            initcode=initcode(name),
        )
        for name in PACKAGED
        if CANONICAL[name].label not in standing
    ]
    owners = manifest.safe.owners
    created = Step(
        name=LABEL,
        title=f"create the Safe: {manifest.safe.threshold} of {', '.join(owners)}",
        sender=deployer,
        contract=FACTORY,
        function="createProxyWithNonce",
        args=(Address(SINGLETON_LABEL), setup(manifest, standing), salt(manifest)),
        to=FACTORY_LABEL,
        label=LABEL,
    )
    return [*steps, created]


def setup(manifest: EvmManifest, standing: Mapping[str, Contract]) -> Payload:
    """The Safe's first call: its owners and threshold, no module, no payment.

    The fallback handler is the canonical one where the chain has it; elsewhere there is none, and the Safe answers
    neither ERC-1271 nor the receipt of ERC-721 and ERC-1155 tokens.
    """
    handler = standing[HANDLER_LABEL].address if HANDLER_LABEL in standing else ZERO_ADDRESS
    owners = [Address(owner) for owner in manifest.safe.owners]
    nobody = ZERO_ADDRESS
    args = (owners, manifest.safe.threshold, nobody, b"", handler, nobody, 0, nobody)
    return Payload(Address(SINGLETON_LABEL), SAFE, "setup", args)


def salt(manifest: EvmManifest) -> int:
    """The factory's salt: of the deployment's name, so that the same deployment has the same Safe."""
    return int.from_bytes(keccak(text=f"scrip safe {manifest.deployment}"))


def address(chain: Chain, manifest: EvmManifest, known: Mapping[str, Contract]) -> str:
    """Where the Safe is or will be, in lower case. `known` holds the factory and the singleton by label."""
    factory, singleton = known[FACTORY_LABEL], known[SINGLETON_LABEL]
    code = bytes(chain.call(factory, "proxyCreationCode")) + bytes(12) + bytes.fromhex(singleton.address[2:])
    initializer = concrete(setup(manifest, known), chain, b"")
    salted = keccak(keccak(initializer) + salt(manifest).to_bytes(32))
    return "0x" + keccak(b"\xff" + bytes.fromhex(factory.address[2:]) + salted + keccak(code))[12:].hex()


def found(chain: Chain, manifest: EvmManifest, known: Mapping[str, Contract], code_at: Callable[[str], bytes]) -> str:
    """The Safe's address if it stands there already; "" if not, or while its factory does not stand.

    Anyone may send what the last step sends, before us, and the Safe is the same: its address follows from its owners.
    """
    if not {FACTORY_LABEL, SINGLETON_LABEL} <= set(known):
        return ""
    where = address(chain, manifest, known)
    return where if code_at(where) else ""


def _check(manifest: EvmManifest, standing: Mapping[str, Contract]) -> None:
    safe = manifest.safe
    if not 1 <= safe.threshold <= len(set(safe.owners)):
        raise InputError("must be 1 to the number of owners", field="safe.threshold", value=safe.threshold)
    missing = [name for name in PACKAGED if CANONICAL[name].label not in standing]
    if manifest.chain.public and missing:
        reason = f"the chain lacks the canonical {', '.join(missing)} of Safe {VERSION}: create the Safe elsewhere"
        raise InputError(f"{reason}, and name it", field="safe.address")
