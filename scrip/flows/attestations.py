"""KYC providers at work: an investor is attested to by a signature, and puts itself on the register with it.

A provider signs without a node and gives the file to the investor, whose wallet sends what stands in it as
"transaction". COMPLIANCE drops a provider that it believes no longer; the timelock readmits it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork, evm_only
from scrip.chains.network import Network
from scrip.chains.offline import OfflineNetwork
from scrip.chains.opening import demand_evm
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.compiled.codec import EXTENSIONS
from scrip.evm.deploy.design import call
from scrip.evm.encoding import attestations
from scrip.evm.encoding.abi import Abi
from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers.attestations import attestation_of
from scrip.evm.handlers.investors import REGISTRY
from scrip.evm.rpc.signers import Signer
from scrip.evm.safe.transaction import recovered
from scrip.flows import provider_files
from scrip.holder_limits import InvestorClass
from scrip.inputs.reading.refused import LONGEST, said, unknown
from scrip.inputs.reading.text import seen, text_of_file
from scrip.manifest.countries import country_number
from scrip.parameters import EARLIEST_TIME, LATEST_TIME
from scrip.plan import Plan
from scrip.plan.draft import Draft, Reason, sender_of
from scrip.records import files

SCHEMA = 1
MAX_BYTES = 100_000
ENTER = "onboardWithAttestation"


FOR_WALLETS = ("typed_data", "transaction")
"""The parts of a file that wallets read."""
_ADDRESS = r"^0x[0-9a-f]{40}$"
_SIGNATURE = r"^(|0x([0-9a-f]{2})+)$"
FORMS = {
    _ADDRESS: "is no address: 0x and 40 hexadecimal digits, in lower case",
    _SIGNATURE: "is not hexadecimal: 0x and two digits for each byte, in lower case",
}
"""What is wrong with a text that a pattern refuses, by the pattern."""
Address = Annotated[str, Field(pattern=_ADDRESS)]
Second = Annotated[int, Field(ge=EARLIEST_TIME.value, le=LATEST_TIME.value)]
Case = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(seen)]
"""What people call an investor, or the case of one."""


@dataclass(frozen=True, slots=True)
class Attested:
    """What a provider says of an investor, as its file holds it. `country` is ISO 3166 numeric, times are UTC seconds.

    `reference` is the provider's own number of the case, of which the nonce is made: the same one serves once.
    `provider`, `wallet` and `registry` are addresses; `signature` is 0x-prefixed hex.
    """

    investor: Case
    wallet: Address
    country: Annotated[int, Field(ge=1, le=999)]
    investor_class: InvestorClass
    expiry: Second
    reference: Case
    deadline: Second
    provider: Address
    chain_id: Annotated[int, Field(ge=1)]
    registry: Address
    signature: Annotated[str, Field(pattern=_SIGNATURE)] = ""

    def order(self) -> ins.OnboardAttested:
        """The instruction that the attestation allows."""
        terms = ins.AttestationTerms(nonce_of(self.reference), self.deadline, self.provider)
        return ins.OnboardAttested(
            self.investor, self.wallet, self.country, self.investor_class, self.expiry, terms, by=self.wallet
        )

    def typed(self) -> dict[str, Any]:
        """The EIP-712 message that the provider signs."""
        return attestations.typed_message(attestation_of(self.order(), str), self.chain_id, self.registry)

    def transaction(self) -> dict[str, object]:
        """What the investor's wallet sends, in the form of the wallets' own interface (EIP-1193)."""
        entries = artifact(REGISTRY).abi, artifact(EXTENSIONS[REGISTRY]).abi
        entry = Abi(REGISTRY, *entries).function(ENTER, 2)
        data = entry.calldata((attestation_of(self.order(), str).values(), _bytes(self.signature)))
        return {"from": self.wallet, "to": self.registry, "data": data, "value": "0x0", "chainId": hex(self.chain_id)}

    def is_signed_by_its_provider(self) -> bool:
        """Whether the signature is the provider's key's. A contract that is a provider reads its own."""
        digest = attestations.digest(attestation_of(self.order(), str), self.chain_id, self.registry)
        return recovered(digest, _bytes(self.signature)) == self.provider


@dataclass(frozen=True)
class Drafted:
    """An attestation that is not signed yet, by the provider's name and its key on this machine."""

    provider: str
    attested: Attested
    key: Signer

    def sign_into(self, path: Path) -> None:
        """Write the attestation, signed."""
        write(sign(self.attested, self.key), path)


def draft(
    network: OfflineNetwork | SolanaNetwork,
    investor: str,
    wallet: str,
    country: str,
    investor_class: InvestorClass,
    expiry: int,
    reference: str,
    deadline: int,
    registry: str = "",
    sender: str = "",
) -> Drafted | provider_files.Drafted:
    """Draft an attestation by a provider, the first unless `sender` names another. No node is asked, but for Solana's
    genesis.

    `country` is ISO 3166 alpha-2, times are UTC seconds; `registry` is its address, "" for the one in the records.
    InputError as `check`, for a `sender` that is no provider or whose key is not on this machine, and for a
    wallet or a registry whose address is not known.
    """
    if isinstance(network, SolanaNetwork):
        who_there = investor, wallet, country_number(country), investor_class, expiry
        return provider_files.draft(network, who_there, reference, deadline, sender)
    chain = demand_evm(network.manifest).chain
    provider = sender_of(network.manifest, "KYC_PROVIDER", sender)
    key = network.signer(provider)
    who = investor, network.address(wallet), country_number(country), investor_class, expiry
    attested = Attested(*who, reference, deadline, key.address, chain.chain_id, registry or network.registry())
    check(attested)
    return Drafted(provider, attested, key)


def nonce_of(reference: str) -> int:
    """The nonce of a provider's case."""
    return provider_files.nonce_of(reference)


def check(attested: Attested) -> None:
    """InputError without a reference, for a venue, and for a clearance that ends before the attestation does."""
    if not attested.reference:
        raise InputError("is missing: an attestation is told from any other by it", field="reference")
    if attested.investor_class == "venue":
        raise InputError("is for the issuer to record: no attestation makes a venue", field="class", value="venue")
    if attested.expiry <= attested.deadline:
        raise InputError("is not after the deadline", field="expiry", value=attested.expiry)


def sign(attested: Attested, signer: Signer) -> Attested:
    """The attestation with its signature. No node is asked. InputError as check, and for another signer."""
    check(attested)
    if signer.address != attested.provider:
        raise InputError(f"is not the provider, {attested.provider}", field="as", value=signer.address)
    return replace(attested, signature="0x" + signer.sign_typed(attested.typed()).hex())


def write(attested: Attested, path: Path) -> None:
    """Write an attestation's file, whole or not at all; InputError where one stands already.

    It holds the EIP-712 message and the transaction as wallets take them.
    """
    made = {"schema": SCHEMA, **asdict(attested), **_for_wallets(attested)}
    files.create_new(path, files.text_of(made))


def _for_wallets(attested: Attested) -> dict[str, object]:
    return {"typed_data": attested.typed(), "transaction": attested.transaction()}


def read(path: Path) -> Attested:
    """Read an attestation from its file; InputError for what is none, and where it holds another for wallets."""
    try:
        found = json.loads(text_of_file(path, MAX_BYTES)[0])
        if not isinstance(found, dict):
            raise InputError("is no attestation: it is no JSON object", file=str(path))
        for name in ("schema", *FOR_WALLETS):
            if name not in found:
                raise InputError("is missing, and an attestation has it", file=str(path), field=name)
        schema, sent = found.pop("schema"), {name: found.pop(name) for name in FOR_WALLETS}
        known = [one.name for one in fields(Attested)]
        for name in found:
            if name not in known:
                wrong = f"is no attestation: {unknown(name, known)}"
                raise InputError(wrong, file=str(path), field=name, value=str(found[name])[:LONGEST])
        attested = TypeAdapter(Attested).validate_json(json.dumps(found), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        field, value = ".".join(map(str, first["loc"])), first["input"]
        shown = "" if isinstance(value, dict | list) else value
        raise InputError(f"is no attestation: {said(first, FORMS)}", file=str(path), field=field, value=shown) from None
    except ValueError as error:
        raise InputError(f"is no attestation: {error}", file=str(path)) from None
    if schema != SCHEMA:
        raise InputError("is no attestation that this version reads", file=str(path), field="schema", value=schema)
    for name, wanted in files.plain(_for_wallets(attested)).items():
        if wanted != sent[name]:
            raise InputError("is not what the attestation says", file=str(path), field=name)
    return attested


def enter_file(network: Network, path: Path, sender: str) -> Plan:
    """Put an investor on the register with the attestation in a file; see `enter`."""
    if isinstance(network, SolanaNetwork):
        return provider_files.enter(network, provider_files.read(path), sender)
    return enter(network, read(path), sender)


def enter(network: Network, attested: Attested, sender: str) -> Plan:
    """Put an investor on the register with its attestation, by its own wallet, which `sender` is.

    InputError for another chain, registry or sender, for a signature that is not the provider's, and for an investor or
    a case that is on the register already as something else.
    """
    evm = evm_only(network)
    views = evm.views()
    registry, at = views.ledger.suite.registry, evm.chain.address
    if (attested.chain_id, attested.registry) != (evm.chain.chain_id(), registry.address):
        found = f"is of chain {attested.chain_id}, registry {attested.registry}"
        raise InputError(found, field="attestation", value=attested.reference)
    if at(sender) != attested.wallet:
        raise InputError(f"is not the attestation's wallet, {attested.wallet}", field="as", value=sender)
    if not evm.node.code(attested.provider) and not attested.is_signed_by_its_provider():
        raise InputError("is not the provider's", field="signature", value=attested.signature)
    order = attested.order()
    draft = Draft(views, "compliance enter", attested.reference, natural=True)
    used = evm.chain.call(registry, "attestationUsed", attested.provider, order.attestation.nonce)
    if used and evm.chain.call(registry, "investorOf", attested.wallet) == attestation_of(order, at).investor:
        return draft.nothing(f"{attested.investor} is on the register")
    if used:
        raise InputError("has served, or was cancelled", field="reference", value=attested.reference)
    args = (attestation_of(order, at).values(), _bytes(attested.signature))
    one = Transaction(sender, "registry", REGISTRY, ENTER, args)
    title = f"{attested.investor} enters with {attested.wallet}"
    draft.add(call(title, title, one, replace(order, by=sender)))
    return draft.plan()


def cancel(network: Network, reference: str, sender: str = "") -> Plan:
    """Take back what a provider signed for a case, if nobody has used it yet; the first provider unless told."""
    if isinstance(network, SolanaNetwork):
        return provider_files.cancel(network, reference, sender)
    evm = evm_only(network)
    views = evm.views()
    draft = Draft(views, "compliance cancel-attestation", reference, single=reference)
    provider, nonce = draft.sender("KYC_PROVIDER", sender), nonce_of(reference)
    if evm.chain.call(views.ledger.suite.registry, "attestationUsed", views.address(provider), nonce):
        return draft.nothing(f"{reference} of {provider} has served, or was cancelled")
    title = f"{provider} takes back its attestation {reference}"
    draft.add(views.step(title, title, [ins.CancelAttestation(provider, nonce)]))
    return draft.plan()


def drop(network: Network, provider: str, reason: Reason) -> Plan:
    """Believe a provider no longer (COMPLIANCE). Whom it has attested stays."""
    if isinstance(network, SolanaNetwork):
        return provider_files.drop(network, provider, reason)
    evm = evm_only(network)
    draft = Draft(evm.views(), "compliance drop-provider", reason.told, single=reason.reference)
    if _is_dropped(evm, provider):
        return draft.nothing(f"{provider} is dropped")
    order = ins.DropProvider(provider, reason.code, reason.document)
    draft.order(f"drop the KYC provider {provider}", order, reason.sender)
    return draft.plan()


def readmit(network: Network, provider: str, reference: str = "") -> Plan:
    """Believe a dropped provider again (the timelock)."""
    if isinstance(network, SolanaNetwork):
        return provider_files.readmit(network, provider, reference)
    evm = evm_only(network)
    draft = Draft(evm.views(), "compliance readmit-provider", reference, single=reference)
    if not _is_dropped(evm, provider):
        return draft.nothing(f"{provider} is not dropped")
    draft.order(f"readmit the KYC provider {provider}", ins.ReadmitProvider(provider))
    return draft.plan()


def _is_dropped(network: EvmNetwork, provider: str) -> bool:
    return bool(network.chain.call(network.suite().registry, "providerDropped", network.chain.address(provider)))


def _bytes(signature: str) -> bytes:
    return bytes.fromhex(signature.removeprefix("0x"))
