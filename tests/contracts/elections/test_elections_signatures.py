"""Elections: choices that a holder signs; a signature counts once, and no longer once anything else was said."""

from __future__ import annotations

import boa
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from support.contract_calls import ZERO, named, refuses
from support.contract_stubs import deploy_stub
from support.elections_world import HELD, HOLDER, TYPES, Electing, place_of, usual
from support.issuance_world import ALICE, BOB, MALLORY, WAD
from support.voting_world import register

from scrip.evm.encoding.choices import typed_message
from scrip.holders.tree import Tree

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""Of secp256k1: a signature's twin has this less its s."""
BAD = "elections: bad signature"
ME = HOLDER.address.lower()
MINE = HELD[ME] * WAD


@pytest.fixture
def tree() -> Tree:
    return usual()


@pytest.fixture
def election(world: Electing, tree: Tree) -> bytes:
    return world.opened(tree)


def test_a_signed_choice_counts_once(world: Electing, tree: Tree, election: bytes) -> None:
    signature = world.sign(election, tree, ME, 1, MINE - 1)
    world.relay(election, tree, ME, 1, MINE - 1, ME, signature, MALLORY)
    assert world.chosen(election, tree, ME) == (1, MINE - 1)
    with refuses(BAD):
        world.relay(election, tree, ME, 1, MINE - 1, ME, signature, MALLORY)
    assert world.elections.nextNonce(election, place_of(tree, ME)) == 1


def test_a_signature_that_was_not_handed_in_cannot_replace_a_later_choice(
    world: Electing, tree: Tree, election: bytes
) -> None:
    """Signed, then chosen otherwise by transaction, then back: the signature is worth nothing from the first on."""
    for cash, secu in ((0, MINE), (MINE, 0), (0, 0), (0, MINE)):
        signature = world.sign(election, tree, ME, MINE, 0)
        world.elect(election, tree, ME, cash, secu)
        with refuses(BAD):
            world.relay(election, tree, ME, MINE, 0, ME, signature, MALLORY)
        assert world.chosen(election, tree, ME) == (cash, secu)
    # Two signed at once: whichever is handed in, the other is worth nothing.
    one, other = world.sign(election, tree, ME, MINE, 0), world.sign(election, tree, ME, 0, MINE)
    world.relay(election, tree, ME, MINE, 0, ME, one, MALLORY)
    with refuses(BAD):
        world.relay(election, tree, ME, 0, MINE, ME, other, MALLORY)


def test_a_signature_is_good_for_what_was_signed_alone(world: Electing, tree: Tree, election: bytes) -> None:
    good = world.sign(election, tree, ME, 0, MINE)
    twin = good[:32] + (ORDER - int.from_bytes(good[32:64], "big")).to_bytes(32, "big") + bytes([55 - good[64]])
    other = world.opened(tree, "SECU")
    for at, cash, secu, signer, signature in (
        (other, 0, MINE, ME, good),
        (election, 1, MINE - 1, ME, good),
        (election, 0, MINE - 1, ME, good),
        (election, 0, MINE, ALICE, good),
        (election, 0, MINE, ZERO, good),
        (election, 0, MINE, ME, good[:64]),
        (election, 0, MINE, ME, b""),
        (election, 0, MINE, ME, twin),
        (election, 0, MINE, ME, world.sign(election, tree, ME, 0, MINE, nonce=1)),
        (election, 0, MINE, ME, world.sign(election, tree, ME, 0, MINE, index=9)),
        (election, 0, MINE, ME, world.sign(election, tree, ME, 0, MINE, account=ALICE)),
        (election, 0, MINE, ME, world.sign(election, tree, ME, 0, MINE, signer=Account.from_key(b"\1" * 32))),
        (election, 0, MINE, ME, world.sign(election, tree, ME, 0, MINE, chainId=5)),
        (election, 0, MINE, ME, world.sign(election, tree, ME, 0, MINE, name="Scrip Ballot")),
    ):
        with refuses(BAD):
            world.relay(at, tree, ME, cash, secu, signer, signature, MALLORY)
    world.relay(election, tree, ME, 0, MINE, ME, good, MALLORY)


def test_a_voided_election_s_signature_is_not_good_for_the_next(world: Electing, tree: Tree) -> None:
    action = world.dividend()
    boa.env.evm.patch.timestamp += 10**6
    world.dividend(action, deadline=boa.env.evm.patch.timestamp)
    first = world.open(action, tree)
    signature = world.sign(first, tree, ME, 0, MINE)
    world.elections.voidElection(first, 1, b"\1" * 32, sender=named("desk"))
    second = world.open(action, tree, 1)
    with refuses(BAD):
        world.relay(second, tree, ME, 0, MINE, ME, signature, MALLORY)
    with refuses("elections: voided"):
        world.relay(first, tree, ME, 0, MINE, ME, signature, MALLORY)


def test_who_signs_for_another_s_leaf_chooses_nothing(world: Electing, tree: Tree, election: bytes) -> None:
    signature = world.sign(election, tree, ALICE, 0, 1)
    with refuses("elections: not the account"):
        world.relay(election, tree, ALICE, 0, 1, ME, signature, MALLORY)
    assert world.elections.nextNonce(election, place_of(tree, ALICE)) == 0


def test_a_successor_signs_and_the_lost_wallet_s_signature_ends(world: Electing, tree: Tree, election: bytes) -> None:
    world.recover(new=ME)
    signature = world.sign(election, tree, ALICE, 0, 5)
    world.relay(election, tree, ALICE, 0, 5, ME, signature, MALLORY)
    assert world.chosen(election, tree, ALICE) == (0, 5)


def test_a_lost_wallet_s_signature_is_worth_nothing_after_its_recovery(world: Electing, tree: Tree) -> None:
    world.registry.onboard(b"\3" * 32, [(9, ME, 840, 1, 2**40 - 1)], sender=named("compliance"))
    election = world.opened(tree)
    signature = world.sign(election, tree, ME, 0, MINE)
    new = world.recover(ME, named("my new"), 9)
    with refuses("elections: not the account"):
        world.relay(election, tree, ME, 0, MINE, ME, signature, MALLORY)
    world.elect(election, tree, ME, MINE, 0, sender=new)


def test_a_blocked_holder_s_signature_chooses_nothing(world: Electing, tree: Tree, election: bytes) -> None:
    signature = world.sign(election, tree, ME, 0, MINE)
    world.registry.onboard(b"\3" * 32, [(9, ME, 840, 1, 2**40 - 1)], sender=named("compliance"))
    world.block(9)
    with refuses("elections: held"):
        world.relay(election, tree, ME, 0, MINE, ME, signature, MALLORY)


def test_an_account_with_delegated_code_signs_with_its_key(world: Electing, tree: Tree, election: bytes) -> None:
    """EIP-7702: the account holds code that knows nothing of ERC-1271."""
    delegate = deploy_stub("caller")
    boa.env.set_code(HOLDER.address, b"\xef\x01\x00" + bytes.fromhex(delegate.address[2:]))
    world.relay(election, tree, ME, 0, MINE, ME, world.sign(election, tree, ME, 0, MINE), MALLORY)
    assert world.chosen(election, tree, ME) == (0, MINE)
    with refuses(BAD):
        world.relay(election, tree, ME, 0, MINE, ME, b"\1" * 65, MALLORY)


def test_a_contract_signs_by_erc_1271(world: Electing) -> None:
    wallet = deploy_stub("wallet")
    tree = register((wallet.address, 9), (BOB, 1))
    election = world.opened(tree)
    types = {"Election": [{"name": name, "type": kind} for name, kind in TYPES]}
    message = world.message(election, tree, wallet.address, 4, 5, wallet.address)
    found = encode_typed_data(world.domain(), types, message)
    digest = keccak(b"\x19" + found.version + found.header + found.body)
    for mode in (1, 2, 3, 4):
        wallet.approve_digest(digest, mode)
        with refuses(BAD):
            world.relay(election, tree, wallet.address, 4, 5, wallet.address, b"\1" * 65, MALLORY)
    wallet.approve_digest(digest, 0)
    world.relay(election, tree, wallet.address, 4, 5, wallet.address, b"\1" * 65, MALLORY)
    assert world.totals(election) == (5, 5)
    with refuses(BAD):
        world.relay(election, tree, wallet.address, 4, 5, wallet.address, b"\1" * 65, MALLORY)


def test_the_package_signs_what_the_contract_takes(world: Electing, tree: Tree, election: bytes) -> None:
    """The typed message that commands show, signed by a library that knows no code of ours."""
    index, chain_id = place_of(tree, ME), boa.env.evm.patch.chain_id
    identity = "0x" + election.hex()
    typed = typed_message(chain_id, world.elections.address, identity, index, ME, 2, 3, ME, 0)
    signature = bytes(HOLDER.sign_message(encode_typed_data(full_message=typed)).signature)
    world.relay(election, tree, ME, 2, 3, ME, signature, MALLORY)
    assert world.chosen(election, tree, ME) == (2, 3)
    fields = ",".join(f"{kind} {name}" for name, kind in TYPES)
    assert world.elections.ELECTION_TYPEHASH() == keccak(text=f"Election({fields})")
