"""A KYC provider's attestation for Solana: signed by the key of a provider, carried in a file, shown by the wallet.

The wallet of the file sends the transaction itself: nobody links one whose key was not shown.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Annotated

from eth_utils import keccak
from pydantic import Field, TypeAdapter, ValidationError
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey
from solders.signature import Signature

from scrip import instructions as ins
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.holder_limits import InvestorClass
from scrip.inputs.reading.refused import LONGEST, said, unknown
from scrip.inputs.reading.text import seen, text_of_file
from scrip.manifest.addresses import is_pubkey
from scrip.parameters import EARLIEST_TIME, LATEST_TIME
from scrip.plan import Plan
from scrip.plan.draft import Draft, Reason
from scrip.records import files
from scrip.solana.addresses import investor_id
from scrip.solana.encoding import messages
from scrip.solana.handlers import attestations
from scrip.solana.handlers.clearance import CLASSES
from scrip.solana.views import step

SCHEMA = 1
MAX_BYTES = 10_000
KIND = "scrip attestation on solana"

Second = Annotated[int, Field(ge=EARLIEST_TIME.value, le=LATEST_TIME.value)]
Hash = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
Signed = Annotated[str, Field(pattern=r"^(|0x[0-9a-f]{128})$")]
Case = Annotated[str, Field(min_length=1, max_length=64)]


@dataclass(frozen=True, slots=True)
class SolanaAttested:
    """What a provider says of an investor, as its file holds it. `country` is ISO 3166 numeric, times are UTC seconds.

    `reference` is the provider's own number of the case, of which the nonce is made: the same one serves once.
    `provider`, `wallet` and `program` are addresses in base58; `genesis` and `signature` are 0x-prefixed hex.
    """

    investor: Case
    wallet: str
    country: Annotated[int, Field(ge=1, le=999)]
    investor_class: InvestorClass
    expiry: Second
    reference: Case
    deadline: Second
    provider: str
    genesis: Hash
    program: str
    signature: Signed = ""

    def order(self) -> ins.OnboardAttested:
        """The instruction that the attestation allows."""
        terms = ins.AttestationTerms(nonce_of(self.reference), self.deadline, self.provider)
        return ins.OnboardAttested(
            self.investor, self.wallet, self.country, self.investor_class, self.expiry, terms, by=self.wallet
        )

    def message(self) -> messages.KycAttestation:
        """What is signed."""
        return messages.KycAttestation(
            Pubkey.from_string(self.provider),
            investor_id(self.investor),
            Pubkey.from_string(self.wallet),
            self.country,
            CLASSES.index(self.investor_class.capitalize()),
            self.expiry,
            attestations.nonce_word(nonce_of(self.reference)),
            self.deadline,
        )

    def digest(self) -> bytes:
        """The 32 bytes that the provider signs."""
        program = Pubkey.from_string(self.program)
        issuer = Pubkey.find_program_address([b"issuer"], program)[0]
        return self.message().digest(bytes.fromhex(self.genesis[2:]), program, issuer)

    def is_signed_by_its_provider(self) -> bool:
        """Whether the signature is the provider's key's."""
        if not self.signature:
            return False
        signature = Signature.from_bytes(bytes.fromhex(self.signature[2:]))
        return bool(signature.verify(Pubkey.from_string(self.provider), self.digest()))


@dataclass(frozen=True)
class Drafted:
    """An attestation that is not signed yet, by the provider's name on this network."""

    provider: str
    attested: SolanaAttested
    network: SolanaNetwork

    def sign_into(self, path: Path) -> None:
        """Write the attestation, signed; InputError where the provider's key is not on this machine."""
        signer = self.network.keys.signer(self.provider)
        signature = "0x" + bytes(signer.sign_message(self.attested.digest())).hex()
        write(replace(self.attested, signature=signature), path)


def nonce_of(reference: str) -> int:
    """The nonce of a provider's case."""
    return int.from_bytes(keccak(text=f"attestation {reference}"))


def draft(
    network: SolanaNetwork,
    who: tuple[str, str, int, InvestorClass, int],
    reference: str,
    deadline: int,
    sender: str = "",
) -> Drafted:
    """Draft an attestation by a provider of the manifest, the first unless `sender` names another.

    `who` is the investor, its wallet, country, class and expiry. InputError as `check`, and for a `sender` that is no
    provider.
    """
    provider = provider_of(network, sender)
    investor, wallet, country, investor_class, expiry = who
    at, program = network.keys.address, str(network.program.id)
    made = SolanaAttested(
        investor,
        str(at(wallet)),
        country,
        investor_class,
        expiry,
        reference,
        deadline,
        str(at(provider)),
        network.genesis,
        program,
    )
    check(made)
    return Drafted(provider, made, network)


def provider_of(network: SolanaNetwork, sender: str = "") -> str:
    """The provider that is meant: the first of the manifest, or `sender`; InputError where it is none."""
    known = list(network.manifest.providers)
    if not known:
        raise InputError("names nobody who attests to investors", field="providers")
    if sender and sender not in known:
        raise InputError(f"is no KYC provider of the manifest ({', '.join(known)} are)", field="as", value=sender)
    return sender or known[0]


def check(attested: SolanaAttested) -> None:
    """InputError without a reference, for a venue, and for a clearance that ends before the attestation does."""
    if not attested.reference:
        raise InputError("is missing: an attestation is told from any other by it", field="reference")
    seen(attested.investor)
    if attested.investor_class == "venue":
        raise InputError("is for the issuer to record: no attestation makes a venue", field="class", value="venue")
    if attested.expiry <= attested.deadline:
        raise InputError("is not after the deadline", field="expiry", value=attested.expiry)


def write(attested: SolanaAttested, path: Path) -> None:
    """Write an attestation's file, whole or not at all; InputError where one stands already."""
    files.create_new(path, files.text_of({"schema": SCHEMA, "kind": KIND, **asdict(attested)}))


def read(path: Path) -> SolanaAttested:
    """Read an attestation from its file; InputError for what is none."""
    try:
        found = json.loads(text_of_file(path, MAX_BYTES)[0])
        if not isinstance(found, dict) or (found.pop("schema", None), found.pop("kind", None)) != (SCHEMA, KIND):
            raise InputError("is no attestation for Solana that this version reads", file=str(path))
        known = [one.name for one in fields(SolanaAttested)]
        for name in found:
            if name not in known:
                wrong = f"is no attestation: {unknown(name, known)}"
                raise InputError(wrong, file=str(path), field=name, value=str(found[name])[:LONGEST])
        attested = TypeAdapter(SolanaAttested).validate_json(json.dumps(found), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        field, value = ".".join(map(str, first["loc"])), first["input"]
        shown = "" if isinstance(value, dict | list) else value
        raise InputError(f"is no attestation: {said(first)}", file=str(path), field=field, value=shown) from None
    except ValueError as error:
        raise InputError(f"is no attestation: {error}", file=str(path)) from None
    for field in ("wallet", "provider", "program"):
        if not is_pubkey(getattr(attested, field)):
            raise InputError("is no address in base58", file=str(path), field=field, value=getattr(attested, field))
    return attested


def enter(network: SolanaNetwork, attested: SolanaAttested, sender: str) -> Plan:
    """Put an investor on the register with its attestation, by its own wallet, which `sender` is.

    InputError for another cluster, program or sender, for a signature that is not the provider's, and for a case that
    has served as something else.
    """
    if (attested.genesis, attested.program) != (network.genesis, str(network.program.id)):
        found = f"is of genesis {attested.genesis}, program {attested.program}"
        raise InputError(found, field="attestation", value=attested.reference)
    if str(network.keys.address(sender)) != attested.wallet:
        raise InputError(f"is not the attestation's wallet, {attested.wallet}", field="as", value=sender)
    if not attested.is_signed_by_its_provider():
        raise InputError("is not the provider's", field="signature", value=attested.signature)
    views, message = network.views(), attested.message()
    made = Draft(views, "compliance enter", attested.reference, natural=True)
    if _served(network, attested.provider, attested.reference):
        record = views.ledger.record(network.program.at.wallet(message.wallet), "Wallet")
        if record is None or record.investor != network.program.at.investor(message.investor):
            raise InputError("has served, or was cancelled", field="reference", value=attested.reference)
        return made.nothing(f"{attested.investor} is on the register")
    calls = attestations.shown(views.ledger, message, bytes.fromhex(attested.signature[2:]), sender)
    title = f"{attested.investor} enters with {attested.wallet}"
    made.add(step(title, title, sender, calls, replace(attested.order(), by=sender), what="enter"))
    return made.plan()


def cancel(network: SolanaNetwork, reference: str, sender: str = "") -> Plan:
    """Take back what a provider signed for a case, if nobody has used it yet; the first provider unless told."""
    provider = provider_of(network, sender)
    made = Draft(network.views(), "compliance cancel-attestation", reference, single=reference)
    if _served(network, provider, reference):
        return made.nothing(f"{reference} of {provider} has served, or was cancelled")
    title = f"{provider} takes back its attestation {reference}"
    made.add(step(title, title, provider, *_cancelling(network, provider, reference), what="cancel"))
    return made.plan()


def _cancelling(network: SolanaNetwork, provider: str, reference: str) -> tuple[list[Call], ins.CancelAttestation]:
    order = ins.CancelAttestation(provider, nonce_of(reference))
    return network.views().ledger.calls(order), order


def drop(network: SolanaNetwork, provider: str, reason: Reason) -> Plan:
    """Believe a provider no longer (COMPLIANCE). Whom it has attested stays."""
    made = Draft(network.views(), "compliance drop-provider", reason.told, single=reason.reference)
    record = made.views.ledger.record(network.program.at.provider(network.keys.address(provider)), "Provider")
    if record is not None and record.dropped:
        return made.nothing(f"{provider} is dropped")
    order = ins.DropProvider(provider, reason.code, reason.document)
    made.order(f"drop the KYC provider {provider}", order, reason.sender)
    return made.plan()


def readmit(network: SolanaNetwork, provider: str, reference: str = "") -> Plan:
    """Name a dropped provider again with the manifest's limit (the timelock)."""
    made = Draft(network.views(), "compliance readmit-provider", reference, single=reference)
    record = made.views.ledger.record(network.program.at.provider(network.keys.address(provider)), "Provider")
    if record is None or not record.dropped:
        return made.nothing(f"{provider} is not dropped")
    limit = network.manifest.providers.get(provider)
    if limit is None:
        raise InputError("is no KYC provider of the manifest", field="provider", value=provider)
    made.order(f"readmit the KYC provider {provider}", ins.SetProvider(provider, limit))
    return made.plan()


def _served(network: SolanaNetwork, provider: str, reference: str) -> bool:
    key = network.keys.address(provider)
    place = network.program.at.attested(key, attestations.nonce_word(nonce_of(reference)))
    return network.program.record(network.chain, place, "UsedKey") is not None
