"""Owners' signatures, gathered offline: who may add one, what is refused, how copies come together."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_utils import keccak
from safe_world import ANNOUNCE, OWNERS, World

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.accounts import local_account
from scrip.evm.encoding.calldata import MessageCall
from scrip.evm.labels import role
from scrip.evm.rpc.signers import LocalSigner
from scrip.evm.safe import signing
from scrip.evm.safe.describe import lines
from scrip.evm.safe.file import read, write
from scrip.evm.safe.method import Method
from scrip.evm.safe.proposal import Proposal
from scrip.evm.safe.signing import add, joined, merge, merge_file, sign, sign_file
from scrip.evm.safe.transaction import recovered, safe_tx
from scrip.plan import Address, Step


@pytest.fixture
def proposal(world: World) -> Proposal:
    return world.propose(world.split("safe"))


def refused(call: object, *args: object) -> InputError:
    with pytest.raises(InputError) as caught:
        call(*args)
    return caught.value


def raw_signature(account: str, digest: bytes) -> bytes:
    """A key's signature over any hash."""
    return bytes(local_account(account).unsafe_sign_hash(digest).signature)


def test_two_owners_sign_and_the_signatures_are_in_the_owners_order(world: World, proposal: Proposal) -> None:
    assert proposal.missing == 2
    signed = world.sign(proposal, *sorted(OWNERS, key=world.chain.address, reverse=True))
    assert proposal.signatures == {}
    assert signed.missing == 0
    word = joined(signed.signatures)
    found = [recovered(proposal.tx.digest(), word[at : at + 65]) for at in range(0, len(word), 65)]
    assert found == sorted(proposal.owners)


def test_a_stranger_does_not_sign(world: World, proposal: Proposal) -> None:
    error = refused(world.sign, proposal, "mallory")
    assert (error.field, error.value) == ("signer", world.chain.address("mallory"))


def test_an_owner_signs_once(world: World, proposal: Proposal) -> None:
    assert "signed this proposal before" in refused(world.sign, proposal, "owner-a", "owner-a").message


def test_an_owner_that_is_a_contract_is_told_so(world: World, proposal: Proposal) -> None:
    one = replace(proposal, contracts=(world.chain.address("owner-a"),))
    assert "ERC-1271" in refused(world.sign, one, "owner-a").message


def test_a_signature_made_elsewhere_is_added(world: World, proposal: Proposal) -> None:
    signature = raw_signature("owner-c", proposal.tx.digest())
    assert list(add(proposal, signature).signatures) == [world.chain.address("owner-c")]
    assert refused(add, add(proposal, signature), signature).field == "signer"


def test_signatures_of_other_kinds_are_refused(world: World, proposal: Proposal) -> None:
    good = raw_signature("owner-a", proposal.tx.digest())
    contract = bytes(12) + bytes.fromhex(world.chain.address("owner-a")[2:]) + (65).to_bytes(32) + b"\0"
    approval = bytes(12) + bytes.fromhex(world.chain.address("owner-a")[2:]) + bytes(32) + b"\1"
    prefixed = raw_signature("owner-a", keccak(b"\x19Ethereum Signed Message:\n32" + proposal.tx.digest()))
    for bad in (contract, approval, prefixed[:64] + bytes([prefixed[64] + 4]), good + bytes(32)):
        assert "not taken" in refused(add, proposal, bad).message
    other = raw_signature("owner-a", b"\1" * 32)
    for bad in (other, prefixed, good[:64], good[:64] + bytes([29]), bytes(64) + b"\x1b", b""):
        assert "no owner's signature" in refused(add, proposal, bad).message


def test_a_signer_that_signs_something_else_is_noticed(proposal: Proposal) -> None:
    class Confused(LocalSigner):
        def sign_typed(self, typed: object) -> bytes:
            return raw_signature("owner-a", b"\1" * 32)

    known = [proposal.tx.to]
    assert "no owner's signature" in refused(sign, proposal, Confused("owner-a"), known).message


def test_an_unknown_batch_contract_is_not_signed(proposal: Proposal) -> None:
    """It would run as the Safe's own code, and could take the Safe over."""
    assert refused(sign, proposal, LocalSigner("owner-a")).field == "scrip.tx.to"
    assert refused(sign, proposal, LocalSigner("owner-a"), ["0x" + "11" * 20]).field == "scrip.tx.to"


def test_a_call_under_a_false_name_is_not_signed(world: World, proposal: Proposal) -> None:
    """Another function's name with the same selector can be found in seconds; the words would mislead."""
    one = world.propose(world.plan(world.step(ANNOUNCE, "safe")))
    honest = one.calls[0].method
    swapped = [*honest.inputs]
    swapped[6], swapped[7] = ({**swapped[6], "name": "den"}, {**swapped[7], "name": "num"})
    lie = replace(one.calls[0], method=replace(honest, inputs=tuple(swapped)))
    assert refused(world.sign, replace(one, calls=(lie,)), "owner-a").field == "contractMethod"
    unknown = Method("sweep", (), False)
    call = replace(one.calls[0], call=MessageCall(one.tx.to, 0, unknown.selector()), method=unknown)
    tx = safe_tx(one.tx.chain_id, one.tx.safe, 0, [call.call], "")
    assert refused(world.sign, replace(one, calls=(call,), tx=tx), "owner-a").value == "sweep"


def test_a_scheduled_call_under_a_false_name_is_not_signed(world: World) -> None:
    one = world.propose(world.split("timelock"))
    (delayed,) = one.delayed
    lie = replace(delayed.calls[0], method=replace(delayed.calls[0].method, name="harmless"))
    error = refused(world.sign, replace(one, delayed=(replace(delayed, calls=(lie, delayed.calls[1])),)), "owner-a")
    assert error.value == "harmless"


def test_a_refusal_leaves_the_file_as_it_was(world: World, proposal: Proposal, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    write(proposal, path)
    known = [world.chain.address("multisend")]
    sign_file(path, LocalSigner("owner-a"), known)
    before = path.read_bytes()
    for signer in ("owner-a", "mallory"):
        refused(sign_file, path, LocalSigner(signer), known)
        assert path.read_bytes() == before
    assert sign_file(path, LocalSigner("owner-b"), known) == read(path)
    assert read(path).missing == 0


def test_owners_who_sign_at_once_lose_no_signature(world: World, proposal: Proposal, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    write(proposal, path)
    known = [world.chain.address("multisend")]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda owner: sign_file(path, LocalSigner(owner), known), OWNERS))
    assert len(read(path).signatures) == 3


def test_a_file_that_was_exchanged_since_it_was_shown_is_not_signed(
    world: World, proposal: Proposal, tmp_path: Path
) -> None:
    path = tmp_path / "p.json"
    other = world.propose(world.plan(world.step(ANNOUNCE, "safe")))
    write(other, path)
    known = [world.chain.address("multisend")]
    assert refused(sign_file, path, LocalSigner("owner-a"), known, proposal).field == "scrip.hash"
    assert read(path) == other
    assert sign_file(path, LocalSigner("owner-a"), known, other).missing == 1


def test_two_signed_copies_are_merged(world: World, proposal: Proposal, tmp_path: Path) -> None:
    one, other = world.sign(proposal, "owner-a"), world.sign(proposal, "owner-b", "owner-a")
    assert set(merge(one, other).signatures) == {world.chain.address(name) for name in ("owner-a", "owner-b")}
    assert merge(one, other) == merge(other, one)
    for copy, content in (("a", one), ("b", other)):
        write(content, tmp_path / copy)
    assert merge_file(tmp_path / "a", tmp_path / "b") == read(tmp_path / "a") == merge(one, other)


def test_copies_of_other_proposals_are_not_merged(world: World, proposal: Proposal) -> None:
    other = world.propose(world.plan(world.step(ins.Halt(by="safe"), "safe")))
    assert refused(merge, proposal, other).field == "scrip.hash"
    assert refused(merge, proposal, replace(proposal, reference="another")).field == "scrip"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refused(signing.sign_file, tmp_path / "none" / "p.json", LocalSigner("owner-a")).message


def test_ether_is_not_sent(world: World) -> None:
    one = world.propose(world.plan(world.step(ANNOUNCE, "safe")))
    call = replace(one.calls[0], call=replace(one.calls[0].call, value=1))
    tx = safe_tx(one.tx.chain_id, one.tx.safe, 0, [call.call], "")
    assert refused(world.sign, replace(one, calls=(call,), tx=tx), "owner-a").field == "value"


def test_what_is_signed_is_said_in_words(world: World) -> None:
    """Arguments come from the calldata, addresses with their names, the timelock's calls one by one."""
    split = world.split("timelock").steps
    world.chain.label("actions", world.ledger.suite.actions)
    proposal = world.sign(world.propose(world.plan(world.step(ANNOUNCE, "safe", "first"), *split)), "owner-b")
    said = list(lines(proposal, world.chain.name))
    actions, token = world.ledger.suite.actions.address, world.ledger.token("MSFT").address
    assert f"  announce of actions {actions} ('Announce actions')" in said
    assert f"    token = MSFT {token}" in said
    assert said.count("    num = 2") == 2
    assert any(line.startswith("after 172800 s (2 d), by the timelock") for line in said)
    assert not any("schedule_batch" in line for line in said)
    assert said[-1] == "signed by owner-b; 2 of 3 owners needed"


def test_roles_are_said_by_name(world: World) -> None:
    world.chain.label("roles", world.ledger.suite.roles)
    args = (role("PAUSER"), Address("owner-a"))
    grant = Step("grant", "grant", "safe", "Roles", "grantRole", args, "roles")
    hand_over = Step("admin", "admin", "safe", "Roles", "grantRole", (bytes(32), Address("owner-a")), "roles")
    said = list(lines(world.propose(world.plan(grant, hand_over)), world.chain.name))
    assert f"    role = PAUSER 0x{role('PAUSER').hex()}" in said
    assert f"    role = ADMIN 0x{'00' * 32}" in said


def test_a_wallet_that_leaves_out_the_27_signs_too(world: World, proposal: Proposal) -> None:
    class Wallet(LocalSigner):
        def sign_typed(self, typed: Mapping[str, Any]) -> bytes:
            whole = super().sign_typed(typed)
            return whole[:64] + bytes([whole[64] - 27])

    signed = sign(proposal, Wallet("owner-a"), [proposal.tx.to])
    assert signed == world.sign(proposal, "owner-a")
