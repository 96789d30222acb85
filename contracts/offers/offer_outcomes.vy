# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title offer_outcomes
@license AGPL-3.0-only
@notice How an offer that is over is carried out: what becomes of each position, in pages, and what is taken burnt or handed over.
"""

from ..interfaces import IOfferEscrow
from ..interfaces import IStockToken
from . import offer_book as book
from . import offer_coins

uses: book


interface IOfferTerms:
    def BOOK() -> address: view
    def agreed(action: bytes32, terms: IOfferEscrow.Terms) -> IOfferEscrow.Agreed: view
    def settled(
        token: address, given: address, opened: uint256, offer: uint256, price: uint256, ratio: uint256
    ) -> (uint256, uint256): view


# @dev accounts of one page
MAX_PAGE: constant(uint256) = 200

# @notice what the book's terms come to in raw units
TERMS: public(immutable(IOfferTerms))


@deploy
def __init__(terms: address):
    """
    @param terms the OfferTerms.
    """
    TERMS = IOfferTerms(terms)


@external
def settle(offer: uint256, accounts: DynArray[address, MAX_PAGE]) -> uint256:
    """
    @notice Writes down what becomes of each account's position: what is taken of it and what is due to it. Anyone, once the
            offer is funded, in pages of any size and order. One that is settled already or has nothing is passed over, so that
            a page may be sent again.
    @dev Error: "offer: not funded".
    @return how many were settled.
    """
    record: book.Record = book._read(offer)
    assert book._status(record.coin) == book.FUNDED, "offer: not funded"
    done: uint256 = 0
    for account: address in accounts:
        word: uint256 = book.positions[offer][account]
        if word == 0 or word >= book.SETTLED:
            continue
        self._settle(offer, account, word, record)
        done += 1
    return done


@external
@nonreentrant
def collect(offer: uint256):
    """
    @notice Burns what is taken by now, or hands it to the taker, and pays the price of new units to the treasury. Anyone.
    @dev Errors, in order: "offer: nothing", the stock's (retire, deliver), "offer: coin refused" (by the treasury), "offer:
         payment not exact".
    @param offer its number.
    """
    record: book.Record = book._read(offer)
    taken: uint256 = record.units & book.U128
    proceeds: uint256 = record.sums >> 128
    assert taken | proceeds != 0, "offer: nothing"
    book.records[offer].units = record.units - taken
    book.records[offer].sums = record.sums & book.U128
    if taken != 0:
        token: IStockToken = IStockToken(convert(book.gates[offer] & book.U160, address))
        taker: address = convert(record.taker & book.U160, address)
        if taker == empty(address):
            extcall token.retire(taken)
        else:
            extcall token.deliver(taker, taken)
    self._pay(record, convert(record.treasury & book.U160, address), proceeds)
    log IOfferEscrow.Collected(offer=offer, units=taken, proceeds=proceeds)


@external
@view
def dueOf(offer: uint256, account: address) -> (uint256, uint256, uint256):
    """
    @notice What an account would be given if the offer ended as it stands: of one that is open, as if it were funded now.
    @return (raw units that are taken, raw units that are due, base units of the coin that are due).
    """
    word: uint256 = book.positions[offer][account]
    record: book.Record = book._read(offer)
    status: uint256 = book._status(record.coin)
    units: uint256 = word & book.U96
    coins: uint256 = (word >> 96) & book.U96
    if word == 0 or word >= book.SETTLED:
        return 0, units, coins if status != book.SWEPT else 0
    price: uint256 = record.price >> 128
    ratio: uint256 = record.ratio >> 128
    if status == book.OPEN:
        price, ratio = self._final(offer, record)
    elif status != book.FUNDED and status != book.SWEPT:
        units, coins = book._returned(offer, word, record)
        return 0, units, coins
    outcome: book.Outcome = book._outcome(offer, word, record, price, ratio)
    return outcome.taken, outcome.units, outcome.coins if status != book.SWEPT else 0


@external
@view
def need(offer: uint256) -> (uint256, uint256):
    """
    @notice What fund() asks for, if the offer ended as it stands.
    @return (base units of the coin, new raw units of the stock that is given); zeros where it is not open.
    """
    record: book.Record = book._read(offer)
    if book._status(record.coin) != book.OPEN:
        return 0, 0
    price: uint256 = 0
    ratio: uint256 = 0
    price, ratio = self._final(offer, record)
    return book._needs(offer, record, price, ratio)


@internal
@view
def _final(offer: uint256, record: book.Record) -> (uint256, uint256):
    return staticcall TERMS.settled(
        convert(book.gates[offer] & book.U160, address),
        convert(record.given & book.U160, address),
        (record.given >> 160) & book.U40,
        offer,
        record.price & book.U128,
        record.ratio & book.U128,
    )


@internal
def _settle(offer: uint256, account: address, word: uint256, record: book.Record) -> uint256:
    """
    @dev Writes down what becomes of a position. What is due to it is in the word that it answers.
    """
    outcome: book.Outcome = book._outcome(offer, word, record, record.price >> 128, record.ratio >> 128)
    if book._status(record.coin) == book.SWEPT:
        outcome.coins = 0
        outcome.proceeds = 0
    settled: uint256 = book.SETTLED | outcome.units | (outcome.coins << 96)
    book.positions[offer][account] = settled
    book.records[offer].units += outcome.taken
    # The price of new units becomes the treasury's.
    book.records[offer].sums = book.records[offer].sums - outcome.proceeds + (outcome.proceeds << 128)
    log IOfferEscrow.Settled(
        offer=offer, account=account, taken=outcome.taken, units=outcome.units, coins=outcome.coins
    )
    return settled


@internal
def _end(offer: uint256, account: address) -> (uint256, bool):
    """
    @dev The settled word of a position in an offer that is over, and whether it was carried out, and not called off. Errors:
         "offer: nothing", "offer: not funded".
    """
    word: uint256 = book.positions[offer][account]
    assert word != 0, "offer: nothing"
    record: book.Record = book._read(offer)
    status: uint256 = book._status(record.coin)
    assert status != book.OPEN, "offer: not funded"
    if status == book.FUNDED or status == book.SWEPT:
        if word < book.SETTLED:
            word = self._settle(offer, account, word, record)
        if status == book.SWEPT:
            word &= book.SETTLED | book.U96
        return word, True
    if word < book.SETTLED:
        units: uint256 = 0
        coins: uint256 = 0
        units, coins = book._returned(offer, word, record)
        word = book.SETTLED | units | (coins << 96)
    return word, False


@internal
def _release(offer: uint256, to: address, units: uint256, forced: bool):
    if units != 0:
        extcall IStockToken(convert(book.gates[offer] & book.U160, address)).release(to, units, forced)


@internal
def _pay(record: book.Record, to: address, amount: uint256):
    """
    @dev Errors: "offer: coin refused", "offer: payment not exact".
    """
    assert offer_coins._send(convert(record.coin & book.U160, address), to, amount), "offer: coin refused"
