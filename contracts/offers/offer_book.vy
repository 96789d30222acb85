# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title offer_book
@license AGPL-3.0-only
@notice What is recorded of an offer and of who chose, and the arithmetic of it: what is taken, given and paid.

            number    0..39 deadline | 40..47 kind | 48..255 of a hash
            gate      0..159 the escrowed stock | 160..254 units of all first choices | 255 no new choices
            coin      0..159 coin | 160..199 pay | 200..239 expiry | 240..247 its decimals | 248..255 status
            taker     0..159 who receives what is taken, zero: it is burnt | 160..255 most
            treasury  0..159 treasury | 160..255 units of all second choices
            given     0..159 the stock that is given | 160..199 when it was opened
            price     0..127 as agreed | 128..255 as settled: wads of whole coins for 10**18 raw units
            ratio     0..127 as agreed | 128..255 as settled: wads of given raw units for 10**18 raw units
            sums      0..127 coins for who chose | 128..255 coins for the treasury
            units     0..127 taken, to be collected | 128..255 minted, to be given
            position  0..95 first choice | 96..191 second choice; once SETTLED: units that are due | coins that are due
@dev Every division rounds down but the price of new units, which is rounded up: what is paid out is never more than came
     in. Nobody is taken more than it chose, and of all together no more than `most`.
"""

from ..interfaces import IOfferEscrow

TEND: constant(uint256) = 1
RHTS: constant(uint256) = 2
MRGR: constant(uint256) = 3
OPEN: constant(uint256) = 1
FUNDED: constant(uint256) = 2
CANCELLED: constant(uint256) = 3
SWEPT: constant(uint256) = 4
LAPSED: constant(uint256) = 5

# @dev seconds after pay until which an offer may still be funded
GRACE: constant(uint256) = 10 * 86_400
WAD: constant(uint256) = 10**18
U40: constant(uint256) = 2**40 - 1
U96: constant(uint256) = 2**96 - 1
U128: constant(uint256) = 2**128 - 1
U160: constant(uint256) = 2**160 - 1
MAX_UNITS: constant(uint256) = 2**95 - 1
SHUT: constant(uint256) = 1 << 255
SETTLED: constant(uint256) = 1 << 192
KIND_SHIFT: constant(uint256) = 40
HASH_MASK: constant(uint256) = (2**208 - 1) << 48


struct Record:
    action: bytes32
    coin: uint256
    taker: uint256
    treasury: uint256
    given: uint256
    price: uint256
    ratio: uint256
    sums: uint256
    units: uint256


# @dev what becomes of a position: units taken, units that are due (of a tender offer what comes back, else what is given), base
#      units that are due to it, and those that are the treasury's
struct Outcome:
    taken: uint256
    units: uint256
    coins: uint256
    proceeds: uint256


gates: HashMap[uint256, uint256]
records: HashMap[uint256, Record]
positions: HashMap[uint256, HashMap[address, uint256]]
# @notice how many offers were opened of an action, cancelled ones too
parts: public(HashMap[bytes32, uint256])
# @notice the i-th offer of an action, from 0; 0 where there is none
partAt: public(HashMap[bytes32, HashMap[uint256, uint256]])


@external
@view
def offerOf(offer: uint256) -> IOfferEscrow.Offer:
    """
    @notice All that is recorded of an offer; an unknown one reads as zeros.
    @param offer its number.
    """
    gate: uint256 = self.gates[offer]
    record: Record = self._read(offer)
    return IOfferEscrow.Offer(
        status=self._status(record.coin),
        action=record.action,
        token=convert(gate & U160, address),
        given=convert(record.given & U160, address),
        coin=convert(record.coin & U160, address),
        taker=convert(record.taker & U160, address),
        treasury=convert(record.treasury & U160, address),
        words=[
            gate,
            record.coin,
            record.taker,
            record.treasury,
            record.given,
            record.price,
            record.ratio,
            record.sums,
            record.units,
        ],
    )


@external
@view
def choiceOf(offer: uint256, account: address) -> (uint256, uint256, bool):
    """
    @notice What an account has in an offer.
    @return (units of its first choice, of its second, False); once it is settled (units, base units that are due, True).
    """
    word: uint256 = self.positions[offer][account]
    return word & U96, (word >> 96) & U96, word >= SETTLED


@internal
@pure
def _kind(offer: uint256) -> uint256:
    return (offer >> KIND_SHIFT) & 255


@internal
@view
def _status(coin: uint256) -> uint256:
    """
    @dev One that nobody funded in time has lapsed with no transaction.
    """
    status: uint256 = coin >> 248
    if status == OPEN and block.timestamp > ((coin >> 160) & U40) + GRACE:
        return LAPSED
    return status


@internal
@pure
def _decimals(coin: uint256) -> uint256:
    return (coin >> 240) & 255


@internal
@pure
def _paid(units: uint256, price: uint256, coin: uint256) -> uint256:
    """
    @return Base units for raw units that are taken, rounded down.
    """
    return units * price * 10**self._decimals(coin) // 10**36


@internal
@pure
def _cost(units: uint256, price: uint256, coin: uint256) -> uint256:
    """
    @return Base units for raw units that are subscribed to, rounded up.
    """
    return (units * price * 10**self._decimals(coin) + 10**36 - 1) // 10**36


@internal
@pure
def _extra(most: uint256, total: uint256) -> uint256:
    """
    @return Raw units that are there for who asks for more than its rights: what nobody used.
    """
    return most - total if most > total else 0


@internal
@view
def _needs(offer: uint256, record: Record, price: uint256, ratio: uint256) -> (uint256, uint256):
    """
    @return (base units that are to be brought in, raw units that are to be minted) for all choices; no less than all
            outcomes come to.
    """
    kind: uint256 = self._kind(offer)
    total: uint256 = self._total(offer)
    more: uint256 = record.treasury >> 160
    most: uint256 = record.taker >> 160
    if kind == RHTS:
        return 0, (total + min(more, self._extra(most, total))) * ratio // WAD
    taken: uint256 = min(total, most) if most != 0 else total
    return self._paid(taken, price, record.coin), (more + total - taken) * ratio // WAD


@internal
@view
def _outcome(offer: uint256, word: uint256, record: Record, price: uint256, ratio: uint256) -> Outcome:
    """
    @dev What becomes of an unsettled position in an offer that is funded.
    """
    kind: uint256 = self._kind(offer)
    total: uint256 = self._total(offer)
    first: uint256 = word & U96
    second: uint256 = word >> 96
    most: uint256 = record.taker >> 160
    taken: uint256 = first
    if kind == RHTS:
        more: uint256 = record.treasury >> 160
        extra: uint256 = self._extra(most, total)
        allotted: uint256 = second if more <= extra else second * extra // more
        cost: uint256 = self._cost(first + allotted, price, record.coin)
        refund: uint256 = self._cost(first + second, price, record.coin) - cost
        return Outcome(taken=first, units=(first + allotted) * ratio // WAD, coins=refund, proceeds=cost)
    rest: uint256 = 0
    if most != 0 and total > most:
        taken = first * most // total
        rest = first * (total - most) // total
    coins: uint256 = self._paid(taken, price, record.coin)
    if kind == TEND:
        return Outcome(taken=taken, units=first - taken, coins=coins, proceeds=0)
    return Outcome(taken=first + second, units=(second + rest) * ratio // WAD, coins=coins, proceeds=0)


@internal
@pure
def _returned(offer: uint256, word: uint256, record: Record) -> (uint256, uint256):
    """
    @dev What comes back of an unsettled position in an offer that is cancelled or has lapsed, or that is withdrawn: all of it,
         (units, base units).
    """
    both: uint256 = (word & U96) + (word >> 96)
    if self._kind(offer) == RHTS:
        return word & U96, self._cost(both, record.price & U128, record.coin)
    return both, 0


@internal
@view
def _read(offer: uint256) -> Record:
    return self.records[offer]


@internal
@view
def _total(offer: uint256) -> uint256:
    return (self.gates[offer] >> 160) & MAX_UNITS
