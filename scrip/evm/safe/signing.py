"""The owners' signatures of a proposal, gathered one by one without a network."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from scrip.errors import InputError
from scrip.evm import outside
from scrip.evm.compiled import artifacts
from scrip.evm.compiled.safe import MULTISEND, PACKAGED, VERSION, abi_entries
from scrip.evm.encoding.abi import Abi
from scrip.evm.rpc.signers import Signer
from scrip.evm.safe.file import read, write
from scrip.evm.safe.method import Method
from scrip.evm.safe.proposal import Proposal, trusted_delegate
from scrip.evm.safe.transaction import recovered


def sign_file(path: Path, signer: Signer, multisend: Collection[str] = (), shown: Proposal | None = None) -> Proposal:
    """Add an owner's signature to a proposal's file; what it holds then. Others may be signing the same file.

    `shown` is what the owner read and agreed to. InputError as `read` and `sign` give it, and when the file holds
    another transaction by now; the file stays as it is.
    """
    with _alone(path.parent):
        found = read(path)
        if shown is not None and found.tx != shown.tx:
            raise InputError("is another transaction than the one that was shown", field="scrip.hash", file=str(path))
        signed = sign(found, signer, multisend)
        write(signed, path)
    return signed


def merge_file(path: Path, other: Path) -> Proposal:
    """Take the signatures of another copy of a proposal into its file; what it holds then. InputError as `merge`."""
    with _alone(path.parent):
        both = merge(read(path), read(other))
        write(both, path)
    return both


def sign(proposal: Proposal, signer: Signer, multisend: Collection[str] = ()) -> Proposal:
    """The proposal with one more owner's EIP-712 signature.

    `multisend` are addresses, in lower case, that the caller knows to be MultiSendCallOnly beside the canonical one.
    InputError for a signer who is no owner, for an owner who signed, for a call that no contract of Scrip's has under
    that name, and for a batch that would run unknown code as the Safe's own.
    """
    _check_signer(proposal, signer.address)
    check_readable(proposal)
    if not trusted_delegate(proposal.tx, multisend):
        reason = f"would run as the Safe's own code, and is not known as {MULTISEND} of Safe {VERSION}"
        raise InputError(reason, field="scrip.tx.to", value=proposal.tx.to)
    signature = signer.sign_typed(proposal.tx.typed_message())
    if len(signature) == 65 and signature[64] in (0, 1):
        # Some hardware wallets leave out the 27.
        signature = signature[:64] + bytes([signature[64] + 27])
    return add(proposal, signature)


def add(proposal: Proposal, signature: bytes) -> Proposal:
    """The proposal with a signature that an owner made elsewhere: 65 bytes r, s, v over the transaction's hash.

    InputError for a signature of another kind, of another transaction, or of nobody who may sign.
    """
    if (len(signature) == 65 and signature[64] in (0, 1, 31, 32)) or len(signature) > 65:
        reason = "is not an EIP-712 signature (v 27 or 28): contracts' (ERC-1271), approvals and eth_sign are not taken"
        raise InputError(reason, field="signature", value="0x" + signature.hex())
    owner = recovered(proposal.tx.digest(), signature)
    if owner not in proposal.owners:
        raise InputError("is no owner's signature of this transaction", field="signature", value="0x" + signature.hex())
    _check_signer(proposal, owner)
    return replace(proposal, signatures={**proposal.signatures, owner: signature})


def merge(one: Proposal, other: Proposal) -> Proposal:
    """The signatures of two copies of one proposal together; InputError where they are not copies of one."""
    if one.tx.digest() != other.tx.digest():
        raise InputError("is another transaction: its hash is another", field="scrip.hash")
    if replace(one, signatures={}) != replace(other, signatures={}):
        raise InputError("tells the same transaction in other words", field="scrip")
    return replace(one, signatures={**one.signatures, **other.signatures})


def joined(signatures: Mapping[str, bytes]) -> bytes:
    """Signatures as `execTransaction` takes them: in the order of their owners' addresses."""
    return b"".join(signatures[owner] for owner in sorted(signatures))


def check_readable(proposal: Proposal) -> None:
    """InputError unless each call is shown as the function that one of Scrip's contracts has under its selector.

    Names that hash to the selector of another function can be searched for, and arguments renamed.
    """
    for one in (*proposal.calls, *(call for part in proposal.delayed for call in part.calls)):
        if one.method not in _known().get(one.call.data[:4], ()):
            reason = "is shown as a function that no contract of Scrip's has"
            raise InputError(reason, field="contractMethod", value=one.method.name)
        if one.call.value:
            raise InputError("would send ether, which no step of Scrip's does", field="value", value=one.call.value)


def _check_signer(proposal: Proposal, owner: str) -> None:
    if owner not in proposal.owners:
        raise InputError(f"is no owner of the Safe {proposal.tx.safe}", field="signer", value=owner)
    if owner in proposal.contracts:
        reason = "is a contract: its ERC-1271 signature is not gathered here, so that the other owners must sign"
        raise InputError(reason, field="signer", value=owner)
    if owner in proposal.signatures:
        raise InputError("signed this proposal before", field="signer", value=owner)


@cache
def _known() -> Mapping[bytes, list[Method]]:
    """Every function of Scrip's contracts, of a stablecoin and of the Safe that changes something, by selector."""
    found: dict[bytes, list[Method]] = {}
    contracts = {name: artifacts.abi(name) for name in (*artifacts.deployables(), *outside.ALL)}
    contracts |= {name: abi_entries(name) for name in PACKAGED}
    for name, entries in contracts.items():
        abi = Abi(name, entries)
        for entry in entries:
            if entry["type"] == "function" and entry["stateMutability"] in ("nonpayable", "payable"):
                selector = abi.function(entry["name"], len(entry["inputs"])).selector
                found.setdefault(selector, []).append(Method.of(entry))
    return found


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from the folder's proposals meanwhile; a process that dies lets go."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}", file=str(folder)) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
