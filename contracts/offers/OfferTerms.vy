# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title OfferTerms
@custom:contract-name OfferTerms
@license AGPL-3.0-only
@notice What an announced offer comes to in raw units: the OfferEscrow asks it when an offer is opened, and again when it is funded.
        It reads the ActionBook, the stocks' multipliers and the CorporateActions' dividend indices, and keeps nothing.
        Who may call: anyone; it has views alone.
        How to stop it: nothing is to be stopped. Without it no offer is opened or funded; whatever stands is given back.
@custom:kill None: it has no state. OfferEscrow.cancel() ends an offer whose terms it cannot tell.
@custom:security It calls views alone. Its code is not upgradeable.
"""

from ..interfaces import IActionBook
from ..interfaces import IOfferEscrow
from ..shared import roles
from . import offer_book as book

initializes: roles

exports: roles.accessControl


interface IIndices:
    def indexAt(token: address, instant: uint256) -> uint256: view


interface IShown:
    def uiMultiplier() -> uint256: view


interface IDecimals:
    def decimals() -> uint8: view


_MAX_DECIMALS: constant(uint256) = 18
# @dev the book's status of an action that is announced
_ANNOUNCED: constant(uint256) = 1
_EFFECTIVE: constant(uint256) = 2

# @notice the ActionBook, whose terms they are
BOOK: public(immutable(IActionBook))
# @dev the CorporateActions, which remembers dividend indices
INDICES: immutable(IIndices)


@deploy
def __init__(access_control: address, action_book: address):
    """
    @dev Errors: "roles: zero address", "offer: bad book" (no code, or of another role table).
    @param access_control the role table.
    @param action_book the ActionBook.
    """
    roles.__init__(access_control)
    assert roles._is_ours(action_book), "offer: bad book"
    BOOK = IActionBook(action_book)
    INDICES = IIndices(staticcall BOOK.actions())


@external
@view
def agreed(action: bytes32, terms: IOfferEscrow.Terms) -> IOfferEscrow.Agreed:
    """
    @notice What an offer of an action is opened with, by the book's terms and the multipliers of now, each step rounded down.
    @dev Errors, in order: "book: not announced", "offer: other kind" (no TEND, RHTS, or MRGR with a deadline; one with a record
         is paid by a root, and not here too), "offer: over"
         (the deadline has come), "offer: no rate" (no coin, or no rate into it), "offer: bad terms" (no treasury; a taker or a
         most that the kind does not take; a rights issue without the stock that the rights are; stock of a merger that is not
         one of the issuer's; a price or a ratio that is nothing or beyond bounds; a coin of more than 18 decimals).
    @param action its id in the ActionBook.
    @param terms see IOfferEscrow.
    """
    found: IActionBook.Recorded = staticcall BOOK.action(action)
    # Rights are given out by a root, from which the book has them as effective, and are used until the deadline.
    given_out: bool = found.code == "RHTS" and found.status == _EFFECTIVE
    assert found.status == _ANNOUNCED or given_out, "book: not announced"
    kind: uint256 = 0
    if found.code == "TEND":
        kind = book.TEND
    elif found.code == "RHTS":
        kind = book.RHTS
    elif found.code == "MRGR" and found.terms.deadline != 0 and found.terms.recordAt == 0:
        kind = book.MRGR
    assert kind != 0, "offer: other kind"
    assert block.timestamp <= found.terms.deadline, "offer: over"
    each: uint256 = found.terms.gross if kind == book.MRGR else found.terms.price
    assert each == 0 or found.terms.rate != 0, "offer: no rate"
    is_tender: bool = kind == book.TEND
    most: uint256 = found.terms.most if is_tender else terms.most
    fits: bool = terms.treasury != empty(address) and most <= book.MAX_UNITS
    fits = fits and (terms.most == 0 if is_tender else terms.taker == empty(address))
    assert fits, "offer: bad terms"
    token: address = found.terms.other if kind == book.RHTS else found.token
    assert token != empty(address), "offer: bad terms"
    given: address = empty(address)
    ratio: uint256 = 0
    shown: uint256 = staticcall IShown(token).uiMultiplier()
    if kind == book.RHTS:
        # A right is the right to one share.
        given = found.token
        ratio = shown * book.WAD // staticcall IShown(given).uiMultiplier()
    elif kind == book.MRGR and found.terms.num != 0:
        given = found.terms.other
        assert given != empty(address), "offer: bad terms"
        ratio = shown * found.terms.num * book.WAD // (found.terms.den * staticcall IShown(given).uiMultiplier())
    price: uint256 = shown * each // book.WAD
    assert price <= book.U128 and ratio <= book.U128, "offer: bad terms"
    price = price * found.terms.rate // book.WAD
    assert price <= book.U96 and (price == 0) == (each == 0), "offer: bad terms"
    assert (ratio == 0) == (given == empty(address)), "offer: bad terms"
    decimals: uint256 = 0
    if found.terms.coin != empty(address):
        decimals = convert(staticcall IDecimals(found.terms.coin).decimals(), uint256)
    assert decimals <= _MAX_DECIMALS, "offer: bad terms"
    expiry: uint256 = found.terms.pay + staticcall BOOK.escheat()
    return IOfferEscrow.Agreed(
        kind=kind,
        deadline=found.terms.deadline,
        token=token,
        given=given,
        most=most,
        coin=convert(found.terms.coin, uint256)
        | (found.terms.pay << 160)
        | (expiry << 200)
        | (decimals << 240)
        | (book.OPEN << 248),
        price=price,
        ratio=ratio,
    )


@external
@view
def settled(
    token: address, given: address, opened: uint256, offer: uint256, price: uint256, ratio: uint256
) -> (uint256, uint256):
    """
    @notice Price and ratio with the dividends that were reinvested since the offer was opened: units that were put in have theirs
            up to the deadline, and a new unit stands for more shares than one did then. Splits change neither, nor does a
            right get dividends.
    @dev Error: "offer: bad terms" (they have grown beyond bounds).
    @param token the stock that is escrowed.
    @param given the stock that is given; zero for none.
    @param opened when the offer was opened, UTC seconds.
    @param offer its number.
    @param price as agreed.
    @param ratio as agreed.
    @return (price, ratio), each step rounded down.
    """
    paid: uint256 = price
    parts: uint256 = ratio
    if book._kind(offer) != book.RHTS:
        was: uint256 = staticcall INDICES.indexAt(token, opened)
        shown: uint256 = staticcall INDICES.indexAt(token, min(offer & book.U40, block.timestamp))
        paid = paid * shown // was
        parts = parts * shown // was
    if given != empty(address):
        before: uint256 = staticcall INDICES.indexAt(given, opened)
        parts = parts * before // staticcall INDICES.indexAt(given, block.timestamp)
    assert paid <= book.U96 and parts <= book.U128, "offer: bad terms"
    return paid, parts
