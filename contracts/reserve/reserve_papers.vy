# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_papers
@license AGPL-3.0-only
@notice What ATTESTOR signs about a stock's reserve (EIP-712), and anyone publishes: shares, the split basis that they are
        counted in, the second that they are as of, and both ceilings.
@dev A paper is good for one nonce, which rises with each paper and with every change of ceiling, basis or configuration:
     none that was signed before such a change counts after it.
"""

from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import IReserveFeed
from ..shared import multiplier_math as mm
from ..shared import refusals
from ..shared import roles
from ..shared import signatures
from . import reserve_basis as split_basis
from . import reserve_book as book

uses: book
uses: domain
uses: roles

_TYPEHASH: constant(bytes32) = keccak256(
    # One line, as EIP-712 hashes it.
    "Paper(address token,address attestor,uint256 reserve,uint256 num,uint256 den,uint256 counter,uint256 asOf,uint256 ceiling,uint256 others,uint256 nonce,uint256 expiry)"
)


@external
def attest(token: address, paper: IReserveFeed.Paper, signature: Bytes[signatures.MAX_LENGTH]):
    """
    @notice Publishes what ATTESTOR signed. Anyone. An answer that no mint would accept, of zero shares, is recorded all
            the same: mints refuse it, and the next one replaces it.
    @dev Errors, in order: "reserve: not configured", "reserve: not attested" (an oracle says it),
         "reserve: wrong nonce", "reserve: paper expired" (after `expiry`), "reserve: wrong basis" (neither confirmed nor
         that after the open step), "reserve: bad config" (shares or a ceiling of 2**128 and more),
         "reserve: future answer", "reserve: not newer" (as of no later than the last one),
         "reserve: not an attestor" (it does not hold ATTESTOR, or did not sign).
    @param token the stock.
    @param paper what is said; see IReserveFeed.
    @param signature the attestor's; a contract that signs (ERC-1271) reads it as it likes.
    """
    book._check_configured(token)
    refusals._demand(book._attested(book.books[token].config), "reserve: not attested")
    said: book.Said = book._said(token)
    refusals._demand(paper.nonce == said.nonce, "reserve: wrong nonce")
    refusals._demand(block.timestamp <= paper.expiry, "reserve: paper expired")
    basis: book.Basis = book._basis(token)
    ahead: bool = split_basis._is_ahead(basis, paper.num, paper.den, paper.counter)
    within: bool = paper.ceiling <= mm.MAX_U128 and paper.others <= mm.MAX_U128
    refusals._demand(within and paper.reserve <= mm.MAX_U128, "reserve: bad config")
    refusals._demand(paper.asOf <= block.timestamp, "reserve: future answer")
    refusals._demand(paper.asOf > said.as_of, "reserve: not newer")
    signed: bool = signatures._is_valid(paper.attestor, self._digest(token, paper), signature)
    refusals._demand(signed and roles._has(roles.ATTESTOR, paper.attestor), "reserve: not an attestor")
    book._write_said(
        token,
        book.Said(shares=paper.reserve, as_of=paper.asOf, counter=paper.counter, nonce=said.nonce + 1),
    )
    book._write_ceilings(token, paper.ceiling, paper.others, ahead)
    log IReserveFeed.Attested(
        token=token,
        attestor=paper.attestor,
        reserve=paper.reserve,
        counter=paper.counter,
        asOf=paper.asOf,
        ceiling=paper.ceiling,
        others=paper.others,
        nonce=paper.nonce,
    )


@external
@view
def attestation(token: address) -> (uint256, uint256, uint256, uint256):
    """
    @notice What ATTESTOR said last.
    @param token the stock.
    @return (shares with 18 decimals, the UTC second that they are as of, the split counter of their basis, the nonce of
            the next paper).
    """
    said: book.Said = book._said(token)
    return said.shares, said.as_of, said.counter, said.nonce


@external
@view
def hashPaper(token: address, paper: IReserveFeed.Paper) -> bytes32:
    """
    @notice The EIP-712 digest that the attestor signs.
    """
    return self._digest(token, paper)


@internal
@view
def _digest(token: address, paper: IReserveFeed.Paper) -> bytes32:
    return domain._hash_typed_data_v4(keccak256(abi_encode(_TYPEHASH, token, paper)))
