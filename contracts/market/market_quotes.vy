# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title market_quotes
@license AGPL-3.0-only
@notice Which quotes are good: what of them is signed, by whom, and which are used or revoked.
@dev A quote that another account pays is signed with that account in it, under a type of its own, so that neither kind
     passes for the other; and so is what the payer itself signs, which names the signer of the quote, too: numbers are
     each signer's own, and one consent pays once.
"""

from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import IPrimaryMarket
from ..shared import refusals
from ..shared import roles

uses: roles
uses: domain

# @dev the lower part of an epoch, which names the signer's desk
DESK_BITS: constant(uint256) = 160
_QUOTE_TYPEHASH: constant(bytes32) = keccak256(
    # One line, as EIP-712 hashes it.
    "Quote(address token,uint8 side,address account,address stablecoin,uint256 amount,uint256 settlement,uint256 fee,uint256 generation,bytes32 ref,uint256 nonce,uint256 epoch,uint256 expiry)"
)
_PAID_BY_TYPEHASH: constant(bytes32) = keccak256(
    "QuotePaidBy(Quote quote,address payer)Quote(address token,uint8 side,address account,address stablecoin,uint256 amount,uint256 settlement,uint256 fee,uint256 generation,bytes32 ref,uint256 nonce,uint256 epoch,uint256 expiry)"
)
_PAYMENT_TYPEHASH: constant(bytes32) = keccak256(
    "Payment(Quote quote,address signer,address payer)Quote(address token,uint8 side,address account,address stablecoin,uint256 amount,uint256 settlement,uint256 fee,uint256 generation,bytes32 ref,uint256 nonce,uint256 epoch,uint256 expiry)"
)
_SECOND_TYPEHASH: constant(bytes32) = keccak256("Countersignature(bytes32 quote,uint256 epoch)")
_DESK_MASK: constant(uint256) = 2**160 - 1

# @notice 256 nonces of a signer in a word, from 256 * word on: a set bit is that of a quote carried out or revoked
quoteBitmap: public(HashMap[address, HashMap[uint256, uint256]])
# @notice what a signer's quotes must name: how often all were revoked, above the 160 bits of the desk that signs them
quoteEpoch: public(HashMap[address, uint256])


@external
def revokeQuote(signer: address, nonce: uint256):
    """
    @notice Voids one quote before it is used, for good. Its signer, whether or not it may still sign, or the admin.
    @dev Errors, in order: "market: not your quotes", "market: quote used" (or revoked before).
    @param signer who signed it.
    @param nonce its number among the signer's.
    """
    self._check_signs_for(signer)
    self._use(signer, nonce)
    log IPrimaryMarket.QuoteRevoked(signer=signer, nonce=nonce, account=msg.sender)


@external
def revokeQuotes(signer: address, desk: uint160):
    """
    @notice Voids every quote that a signer has signed and that is not used, and names the desk that signs its next
            ones. The signer, whether or not it may still sign, or the admin.
    @dev Errors: "market: not your quotes". An epoch never comes back: its count rises each time.
    @param signer whose quotes are void.
    @param desk any number by which one desk knows that it alone signs by this key; 0 for none.
    """
    self._check_signs_for(signer)
    epoch: uint256 = (((self.quoteEpoch[signer] >> DESK_BITS) + 1) << DESK_BITS) | convert(desk, uint256)
    self.quoteEpoch[signer] = epoch
    log IPrimaryMarket.QuotesRevoked(signer=signer, epoch=epoch, account=msg.sender)


@external
@view
def hashQuote(quote: IPrimaryMarket.Quote, payer: address = empty(address)) -> bytes32:
    """
    @notice The EIP-712 digest that a QUOTE_SIGNER signs.
    @param quote the terms.
    @param payer who pays a mint, where that is not its account.
    @return bytes32 The digest, bound to this chain and this contract.
    """
    return self._digest(quote, payer)


@external
@view
def hashCountersignature(
    quote: IPrimaryMarket.Quote, second: address, payer: address = empty(address)
) -> bytes32:
    """
    @notice The EIP-712 digest that a second QUOTE_SIGNER signs, bound to its epoch now: revoking all of its quotes voids it.
    @param quote the terms.
    @param second who signs it.
    @param payer as hashQuote.
    @return bytes32 The digest.
    """
    return self._countersigned(self._digest(quote, payer), self.quoteEpoch[second])


@external
@view
def hashPayment(quote: IPrimaryMarket.Quote, signer: address, payer: address) -> bytes32:
    """
    @notice The EIP-712 digest by which a payer consents to pay a mint; the nonce of its ERC-3009 authorization, too.
    @param quote the terms.
    @param signer who signed the quote.
    @param payer who pays: another, or the quote's account, which authorizes its own payment by the same nonce.
    @return bytes32 The digest.
    """
    return self._payment(quote, signer, payer)


@internal
@view
def _digest(quote: IPrimaryMarket.Quote, payer: address) -> bytes32:
    """
    @dev What the signer signs; without a payer, or with the account itself, the bare quote.
    """
    made: bytes32 = keccak256(abi_encode(_QUOTE_TYPEHASH, quote))
    if payer != empty(address) and payer != quote.account:
        made = keccak256(abi_encode(_PAID_BY_TYPEHASH, made, payer))
    return domain._hash_typed_data_v4(made)


@internal
@view
def _payment(quote: IPrimaryMarket.Quote, signer: address, payer: address) -> bytes32:
    made: bytes32 = keccak256(abi_encode(_QUOTE_TYPEHASH, quote))
    return domain._hash_typed_data_v4(keccak256(abi_encode(_PAYMENT_TYPEHASH, made, signer, payer)))


@internal
@view
def _to_countersign(digest: bytes32, first: uint256, signer: address, second: address) -> bytes32:
    """
    @dev What another QUOTE_SIGNER, of another desk, signs of a quote within its present epoch; zero where `second` is none.
         `first` is the signer's epoch.
    """
    if second == signer or not roles._has(roles.QUOTE_SIGNER, second):
        return empty(bytes32)
    epoch: uint256 = self.quoteEpoch[second]
    desk: uint256 = epoch & _DESK_MASK
    # One desk that holds both keys is one pair of eyes.
    if desk != 0 and desk == first & _DESK_MASK:
        return empty(bytes32)
    return self._countersigned(digest, epoch)


@internal
@view
def _countersigned(quote: bytes32, epoch: uint256) -> bytes32:
    return domain._hash_typed_data_v4(keccak256(abi_encode(_SECOND_TYPEHASH, quote, epoch)))


@internal
def _use(signer: address, nonce: uint256):
    """
    @dev Sets the bit of a signer's nonce; "market: quote used" where it is set.
    """
    word: uint256 = self.quoteBitmap[signer][nonce >> 8]
    bit: uint256 = 1 << (nonce & 255)
    if word & bit != 0:
        refusals._refuse("market: quote used")
    self.quoteBitmap[signer][nonce >> 8] = word | bit


@internal
@view
def _check_signs_for(signer: address):
    """
    @dev "market: not your quotes" for anyone but the signer and the admin.
    """
    refusals._demand(msg.sender == signer or roles._has(roles.ADMIN, msg.sender), "market: not your quotes")
