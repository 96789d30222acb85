"""Signed choices on bytecode: what an account signs anybody hands in, once, for one offer and one amount."""

from __future__ import annotations

from eth_utils import keccak
from support.contract_calls import now, refuses
from support.issuance_world import ALICE, COMPLIANCE, WAD, YEAR, deploy_stub
from support.offer_world import DEADLINE, KEEPER, SIGNED, Offers
from support.redemption_world import fresh


def test_a_choice_that_is_signed_is_handed_in_by_anybody_once(world: Offers) -> None:
    signer = SIGNED.address.lower()
    world.stock.transfer(signer, 50 * WAD, sender=ALICE)
    offer = world.opened()
    good = world.sign(offer, 10 * WAD)
    args = (offer, 10 * WAD, 0, signer, DEADLINE)
    for changed in (
        (offer, 11 * WAD, 0, signer, DEADLINE),
        (offer, 10 * WAD, 1, signer, DEADLINE),
        (offer, 10 * WAD, 0, ALICE, DEADLINE),
        (offer, 10 * WAD, 0, signer, DEADLINE - 1),
        (offer + 1, 10 * WAD, 0, signer, DEADLINE),
    ):
        with refuses("offer: bad signature"):
            world.offers.chooseBySig(*changed, good, sender=KEEPER)
    for bad in (b"", good[:64], good + b"\0", world.sign(offer, 10 * WAD, nonce=1)):
        with refuses("offer: bad signature"):
            world.offers.chooseBySig(*args, bad, sender=KEEPER)
    old = world.sign(offer, WAD, expiry=now() - 1)
    with refuses("offer: signature expired"):
        world.offers.chooseBySig(offer, WAD, 0, signer, now() - 1, old, sender=KEEPER)
    assert world.offers.nextNonce(signer) == 0
    world.offers.chooseBySig(*args, good, sender=KEEPER)
    assert (world.offers.choiceOf(offer, signer), world.offers.nextNonce(signer)) == ((10 * WAD, 0, False), 1)
    with refuses("offer: bad signature"):
        world.offers.chooseBySig(*args, good, sender=KEEPER)
    world.check(offer)


def test_a_contract_signs_by_erc_1271(world: Offers) -> None:
    wallet = deploy_stub("StubSigner")
    world.registry.onboard(fresh(), [(9, wallet.address, 840, 1, now() + YEAR)], sender=COMPLIANCE)
    world.stock.transfer(wallet, 50 * WAD, sender=ALICE)
    offer = world.opened()
    args = (offer, WAD, 0, wallet, DEADLINE)
    with refuses("offer: bad signature"):
        world.offers.chooseBySig(*args, b"no", sender=KEEPER)
    wallet.set(0, keccak(b"yes"))
    world.offers.chooseBySig(*args, b"yes", sender=KEEPER)
    assert (world.offers.choiceOf(offer, wallet), world.offers.nextNonce(wallet)) == ((WAD, 0, False), 1)
