# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title MockSanctionsOracle
@license AGPL-3.0-only
@notice A sanctions oracle for tests and demonstrations, in the shape of Chainalysis's. Anyone may list any address: never
        name it where a stock has a value.
"""

from ..interfaces import ISanctionsOracle

implements: ISanctionsOracle


event AnswerSet:
    account: indexed(address)
    answer: uint256


CLEAN: constant(uint256) = 0
LISTED: constant(uint256) = 1
SILENT: constant(uint256) = 2

# @notice what it says of an account: 0 clean, 1 listed, 2 nothing
answers: public(HashMap[address, uint256])


@external
def setAnswer(account: address, answer: uint256):
    """
    @notice What is said of an account from now on. Anyone.
    @dev Error: "oracle: bad answer".
    @param answer 0 clean, 1 listed, 2 nothing: whoever asks is refused an answer.
    """
    assert answer <= SILENT, "oracle: bad answer"
    self.answers[account] = answer
    log AnswerSet(account=account, answer=answer)


@external
@view
def isSanctioned(account: address) -> bool:
    """
    @notice Whether the account is listed.
    @dev Error: "oracle: no answer".
    """
    answer: uint256 = self.answers[account]
    assert answer != SILENT, "oracle: no answer"
    return answer == LISTED
