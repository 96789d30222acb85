# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title sanctions_screening
@license AGPL-3.0-only
@notice Anyone may have addresses looked up with the sanctions oracle; a hit blocks its investor, or the address that has
        none, in every stock.
@dev A clean answer unblocks nobody, whoever blocked; a missing answer blocks nobody and says so. The issuer may unblock, and
     suspend an oracle that it does not believe.
"""

from ..interfaces import IComplianceRegistry
from ..token import account_word as aw
from . import enrolments
from . import investor_records as records
from . import sanctions
from . import wallet_word as ww

uses: enrolments
uses: records
uses: sanctions

# @dev the reason code of such a block; its document is the oracle's address
SANCTIONED_REASON: constant(uint16) = 65535
# @dev lookups in one call; a hit costs a push, so a caller that meets many sends fewer
MAX_SCREENED: constant(uint256) = 50


@external
def screen(wallets: DynArray[address, MAX_SCREENED]):
    """
    @notice Looks the addresses up and blocks those that are listed. Anyone.
    @dev Errors: "sanctions: no oracle", "sanctions: suspended", "sanctions: no answer" (about one of them: nothing is done
         about any).
    """
    assert sanctions._is_set(), "sanctions: no oracle"
    assert not sanctions._is_suspended(), "sanctions: suspended"
    document: bytes32 = convert(sanctions._oracle, bytes32)
    for wallet: address in wallets:
        answer: uint256 = sanctions._ask(wallet)
        assert answer != sanctions.NO_ANSWER, "sanctions: no answer"
        # Read after the call that it follows from.
        word: uint256 = enrolments.wallets[wallet]
        if answer == sanctions.SANCTIONED and word & aw.BLOCKED == 0 and wallet != empty(address):
            log IComplianceRegistry.SanctionsHit(wallet=wallet)
            investor: uint64 = convert(word >> ww.INVESTOR_SHIFT, uint64)
            if investor != 0:
                records._block(investor, SANCTIONED_REASON, document)
            else:
                records._block_stranger(wallet, SANCTIONED_REASON, document)
