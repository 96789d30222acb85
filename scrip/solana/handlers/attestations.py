"""KYC providers: who may attest to investors, and investors who put themselves on the register with what one signed.

A provider's signature stands in the instruction just before; the wallet that is to be the investor's signs, and pays.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.ledger import Receipt
from scrip.model.state.attestations import Attestations
from scrip.parameters import MAX_COUNTRY
from scrip.solana.addresses import Derived, document_hash, investor_id
from scrip.solana.chain import Chain
from scrip.solana.encoding import messages
from scrip.solana.encoding.program import StockProgram
from scrip.solana.handlers.clearance import CLASSES
from scrip.solana.handlers.table import APPLIED, CALLS, Context, lacks, send_signed

lacks(ins.ReadmitProvider, reason="naming a provider again, with a limit, readmits it there")


@CALLS.of(ins.SetProvider)
def set_provider(context: Context, order: ins.SetProvider) -> list[Call]:
    """Name a provider and how many investors it lets in."""
    if not 0 <= order.limit < 2**32:
        raise InputError("is not from 0 to 2^32 - 1", field="limit", value=order.limit)
    key = context.address(order.provider)
    return [context.signed("set_provider", order.by, key, order.limit, accounts=places(context.program.at, key))]


@CALLS.of(ins.DropProvider)
def drop_provider(context: Context, order: ins.DropProvider) -> list[Call]:
    """Believe a provider no longer."""
    key, why = context.address(order.provider), (order.reason, list(document_hash(order.document)))
    return [context.signed("drop_provider", order.by, key, *why, accounts=places(context.program.at, key))]


@CALLS.of(ins.CancelAttestation)
def cancel(context: Context, order: ins.CancelAttestation) -> list[Call]:
    """Take back what a provider signed."""
    key, nonce = context.address(order.provider), nonce_word(order.nonce)
    accounts = places(context.program.at, key, nonce=nonce)
    return [context.signed("cancel_attestation", order.provider, list(nonce), accounts=accounts)]


@CALLS.of(ins.OnboardAttested)
def onboard_attested(context: Context, order: ins.OnboardAttested) -> list[Call]:
    """Show the provider's signature, with whatever fault its terms describe, and enter the register on it."""
    said = attestation_of(context, order)
    signer = context.keys.signer("forger" if order.attestation.forged else order.attestation.provider)
    digest = said.digest(context.chain.genesis, context.program.id, context.program.at.issuer)
    return [messages.signed_by(signer, digest), entering(context, said, order.by or order.wallet)]


APPLIED.of(ins.SetProvider, ins.DropProvider)(send_signed)


@APPLIED.of(ins.CancelAttestation)
def apply_cancel(context: Context, order: ins.CancelAttestation) -> Receipt:
    """Sent by the provider itself."""
    return context.send(CALLS(context, order), [order.provider])


@APPLIED.of(ins.OnboardAttested)
def apply_onboard(context: Context, order: ins.OnboardAttested) -> Receipt:
    """Sent by the wallet itself."""
    return context.send(CALLS(context, order), [order.by or order.wallet])


def nonce_word(nonce: int) -> bytes:
    """A nonce as the program takes it."""
    return nonce.to_bytes(32, "big")


def attestation_of(context: Context, order: ins.OnboardAttested) -> messages.KycAttestation:
    """What the provider is to sign."""
    if not 0 < order.country <= MAX_COUNTRY.value:
        # The program takes any number of two bytes.
        raise Refusal("registry: bad country", str(order.country))
    return messages.KycAttestation(
        context.address(order.attestation.provider),
        investor_id(order.investor),
        context.address(order.wallet),
        order.country,
        CLASSES.index(order.investor_class.capitalize()),
        order.expiry,
        nonce_word(order.attestation.nonce),
        order.attestation.deadline,
    )


def shown(context: Context, said: messages.KycAttestation, signature: bytes, sender: str) -> list[Call]:
    """The calls of an attestation that was signed elsewhere: the signature, and the entry on it."""
    digest = said.digest(context.chain.genesis, context.program.id, context.program.at.issuer)
    return [
        messages.signature_instruction([(said.provider, signature, digest)]),
        entering(context, said, sender),
    ]


def entering(context: Context, said: messages.KycAttestation, sender: str) -> Call:
    """The instruction that enters the register on what the one just before it has signed."""
    args = {
        "provider": said.provider,
        "investor": list(said.investor),
        "wallet": said.wallet,
        "country": said.country,
        "class": getattr(context.program.type["InvestorClass"], CLASSES[said.investor_class])(),
        "expiry": said.expiry,
        "nonce": list(said.nonce),
        "deadline": said.deadline,
    }
    accounts = places(context.program.at, said.provider, said.investor, said.wallet, said.nonce)
    return context.signed("onboard_attested", sender, args, accounts=accounts)


def places(
    at: Derived, key: Pubkey, investor: bytes = b"", wallet: Pubkey | None = None, nonce: bytes = b""
) -> dict[str, Pubkey]:
    """The accounts of an instruction about a provider; the provider's record stands for what it is not about."""
    record = at.provider(key)
    return {
        "provider": record,
        "investor": at.investor(investor) if investor else record,
        "wallet": at.wallet(wallet) if wallet else record,
        "used_nonce": at.attested(key, nonce) if nonce else record,
    }


# --- read back -------------------------------------------------------------------------------------------------------


def read_attestations(context: Context, nonces: Iterable[tuple[str, int]], providers: Iterable[str]) -> Attestations:
    """Read which of these nonces have served, and of these providers the limits and who was dropped."""
    pairs, at = sorted(nonces), context.program.at
    names = sorted({*providers, *(name for name, _ in pairs)})
    records = context.records([at.provider(context.address(one)) for one in names], "Provider")
    used = context.records([at.attested(context.address(one), nonce_word(nonce)) for one, nonce in pairs], "UsedKey")
    found = {name: record for name, record in zip(names, records, strict=True) if record is not None}
    return Attestations(
        {pair for pair, record in zip(pairs, used, strict=True) if record is not None},
        {name for name, record in found.items() if record.dropped},
        {name: record.limit for name, record in found.items()},
        {name: record.entered for name, record in found.items()},
    )


def named_providers(chain: Chain, program: StockProgram, keys: Iterable[Pubkey]) -> dict[Pubkey, Any]:
    """The record of every provider that was ever named, by its key; those of `keys` though a node's list lacks them."""
    kind = program.discriminator("Provider")
    listed = [program.decode(data) for _, data in chain.owned(program.id, 0, kind)]
    asked = program.records(chain, [program.at.provider(one) for one in keys], "Provider")
    return {one.key: one for one in [*listed, *asked] if one is not None}
