"""What is planted in offers (see mutants.py), each found by the tests that it names."""

from __future__ import annotations

from mutants_planted import Mutant, place

TENDER, RIGHTS, SIGNED = (
    (f"tests/contracts/offers/test_offers_{name}.py",) for name in ("tender", "rights", "signatures")
)
GIVEN = ("tests/incidents/test_rights_given_before_their_offer.py",)
KEPT = ("tests/incidents/test_what_is_kept_for_others_was_swept.py",)


def offer(name: str, stem: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of the OfferEscrow or one of its modules."""
    return Mutant(f"offer: {name}", place(stem), before, after, tests=tests)


OFFERS = (
    offer(
        "an offer is funded before its deadline",
        "OfferEscrow",
        '    assert offer & book.U40 < block.timestamp, "offer: not over"\n',
        "",
        TENDER,
    ),
    offer("another sum funds it", "OfferEscrow", '    assert amount == due, "offer: sum differs"\n', "", TENDER),
    offer(
        "units go back after the deadline",
        "OfferEscrow",
        '    assert block.timestamp <= offer & book.U40, "offer: over"\n    word: uint256',
        "    word: uint256",
        TENDER,
    ),
    offer(
        "what is withdrawn stays in the position",
        "OfferEscrow",
        "    book.positions[offer][account] = 0\n    self._reduce(",
        "    self._reduce(",
        TENDER,
    ),
    offer(
        "it is paid before its pay",
        "OfferEscrow",
        '    assert not is_given or (record.coin >> 160) & book.U40 <= block.timestamp, "offer: before pay"\n',
        "",
        TENDER,
    ),
    offer(
        "anybody fetches for another",
        "OfferEscrow",
        'assert msg.sender == payee or self.isOperator[payee][msg.sender], "offer: not the account"',
        'assert payee != empty(address), "offer: not the account"',
        TENDER,
    ),
    offer("a signature serves twice", "OfferEscrow", "    self.nextNonce[owner] = nonce + 1\n", "", SIGNED),
    offer(
        "what is taken is not counted", "offer_outcomes", "    book.records[offer].units += outcome.taken\n", "", TENDER
    ),
    offer(
        "rights are never opened once they are given out",
        "OfferTerms",
        "assert found.status == _ANNOUNCED or given_out,",
        "assert found.status == _ANNOUNCED,",
        GIVEN,
    ),
    offer(
        "a sweep takes what the escrow keeps for others",
        "WindUp",
        "            if not roles._has(roles.VAULT, account):\n                units = self._free(token, account)\n",
        "            units = self._free(token, account)\n",
        KEPT,
    ),
)
