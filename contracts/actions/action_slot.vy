# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title action_slot
@license AGPL-3.0-only
@notice A stock's one slot: which actions wait in it, in which order, and what they make of the stock's factors
        together.
@dev The stock itself says whether something is pending; this module remembers what. Cancelling one of several
     re-applies the rest, in their order, to the factors in force, so that the floors fall as if it had never been
     there.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IReserveFeed
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import refusals
from ..shared import roles
from . import action_records as records
from . import index_history as indices

uses: records
uses: roles
uses: indices

# @dev actions of the same second that one slot takes
MAX_PARTS: constant(uint256) = 4
# @dev what stands in no slot with what: bit (held << 3 | joining), by kinds. Nothing joins a correction or a fold, and a
#      dividend in shares and another split are no neighbours.
_APART: constant(uint256) = 19789345288372224


# @dev a stock's two factors: dividend index, a wad, and split factor num/den
struct Factors:
    index: uint256
    num: uint256
    den: uint256


# @dev what multiplierTerms says: the factors now, those of the slot, and the slot's second (0: empty)
struct Slot:
    now: Factors
    later: Factors
    effective_at: uint256


REGISTRY: immutable(IComplianceRegistry)
FEED: immutable(IReserveFeed)

# @dev the actions in a stock's slot, up to the first that is zero; stale once the slot's second has come
_parts: HashMap[address, bytes32[MAX_PARTS]]


@deploy
def __init__(registry: address, feed: address):
    """
    @dev Errors: "actions: bad registry", "actions: bad feed" (no code, or of another role table).
    @param registry the ComplianceRegistry, which knows the stocks.
    @param feed the ReserveFeed, which counts dividends that are yet to be reinvested.
    """
    refusals._demand(roles._is_ours(registry), "actions: bad registry")
    refusals._demand(roles._is_ours(feed), "actions: bad feed")
    REGISTRY = IComplianceRegistry(registry)
    FEED = IReserveFeed(feed)


@external
@view
def registry() -> address:
    """
    @notice The ComplianceRegistry that is asked which tokens are stocks.
    """
    return REGISTRY.address


@external
@view
def feed() -> address:
    """
    @notice The ReserveFeed that is told of dividends.
    """
    return FEED.address


@external
@view
def pendingParts(token: address) -> DynArray[bytes32, MAX_PARTS]:
    """
    @notice The actions that wait in a stock's slot, in the order scheduled; none once their second has come.
    @param token the stock.
    """
    if self._slot(token).effective_at == 0:
        return []
    return self._held(token)


@internal
@pure
def _check_reason(reason: uint16, document: bytes32):
    """
    @dev Errors: "actions: reason and document". What is forced carries both.
    """
    refusals._demand(reason != 0 and document != empty(bytes32), "actions: reason and document")


@internal
@view
def _check_stock(token: address):
    assert staticcall REGISTRY.tokenNumber(token) != 0, "actions: unknown stock"


@internal
@view
def _slot(token: address) -> Slot:
    terms: (uint256, uint256, uint256, uint256, uint256, uint256, uint256) = staticcall IStockToken(
        token
    ).multiplierTerms()
    return Slot(
        now=Factors(index=terms[0], num=terms[1], den=terms[2]),
        later=Factors(index=terms[3], num=terms[4], den=terms[5]),
        effective_at=terms[6],
    )


@internal
@view
def _free_slot(token: address) -> Factors:
    """
    @dev Errors: "actions: slot taken".
    @return Factors Those in force.
    """
    slot: Slot = self._slot(token)
    refusals._demand(slot.effective_at == 0, "actions: slot taken")
    return slot.now


@internal
@view
def _held(token: address) -> DynArray[bytes32, MAX_PARTS]:
    parts: DynArray[bytes32, MAX_PARTS] = []
    for i: uint256 in range(MAX_PARTS):
        id: bytes32 = self._parts[token][i]
        if id == empty(bytes32):
            break
        parts.append(id)
    return parts


@internal
def _hold(token: address, parts: DynArray[bytes32, MAX_PARTS]):
    for i: uint256 in range(MAX_PARTS):
        id: bytes32 = empty(bytes32)
        if i < len(parts):
            id = parts[i]
        elif self._parts[token][i] == empty(bytes32):
            break
        self._parts[token][i] = id


@internal
@view
def _joined(
    token: address, id: bytes32, effective_at: uint256, slot_at: uint256
) -> DynArray[bytes32, MAX_PARTS]:
    """
    @dev Errors: "actions: slot taken". A dividend in shares is no other split's neighbour: its shares come long after the
         books show the other, and an answer between is neither reading.
    @return DynArray[bytes32, MAX_PARTS] What the slot holds with one action more.
    """
    if slot_at == 0:
        return [id]
    parts: DynArray[bytes32, MAX_PARTS] = self._held(token)
    kind: uint256 = records._kind(records._records[id].head)
    apart: uint256 = 0
    for part: bytes32 in parts:
        apart |= _APART >> ((records._kind(records._records[part].head) << 3) | kind)
    assert slot_at == effective_at and len(parts) < MAX_PARTS and apart & 1 == 0, "actions: slot taken"
    parts.append(id)
    return parts


@internal
@view
def _without(token: address, id: bytes32) -> DynArray[bytes32, MAX_PARTS]:
    """
    @return DynArray[bytes32, MAX_PARTS] What the slot holds but for one action, in its order.
    """
    rest: DynArray[bytes32, MAX_PARTS] = []
    parts: DynArray[bytes32, MAX_PARTS] = self._held(token)
    for part: bytes32 in parts:
        if part != id:
            rest.append(part)
    return rest


@internal
def _fill(
    token: address,
    parts: DynArray[bytes32, MAX_PARTS],
    effective_at: uint256,
    now: Factors,
    grace: uint256,
    cancelled: bytes32,
) -> Factors:
    """
    @notice Makes `parts`, in their order, what the slot holds, and derives anew whatever follows from it: the pending
            factors, the history, and what each dividend will buy: on the index in force alone, for what two buy together
            is there once both are bought, and either may be the later one.
    @dev Errors: "actions: pair does not fit" (the rest alone does not; cancel another part first), "reserve:
         basis unconfirmed", "reserve: splits too close", "reserve: receivables full".
    @param token the stock.
    @param parts scheduled actions of one second; none empties the slot.
    @param effective_at their second.
    @param now the factors in force.
    @param grace seconds after its pay date, and after the effect, for which a dividend counts as receivable.
    @param cancelled the action that left the slot; zero where none did.
    @return Factors Those from that second on.
    """
    after: Factors = now
    dues: DynArray[IReserveFeed.Due, MAX_PARTS] = []
    in_shares: bool = False
    for part: bytes32 in parts:
        kind: uint256 = records._kind(records._records[part].head)
        is_dividend: bool = kind == records.DRIP
        in_shares = in_shares or kind == records.DVSE
        after = self._apply(part, is_dividend, after)
        mm._require_fit(after.index, after.num, after.den)
        if is_dividend:
            alone: uint256 = self._apply(part, True, now).index - now.index
            pay: uint256 = 0
            buy: uint256 = 0
            pay, buy = records._payment(part)
            dues.append(IReserveFeed.Due(id=part, delta=alone, buy=buy, until=max(pay, effective_at) + grace))
    self._hold(token, parts)
    extcall FEED.setStep(token, after.num, after.den, effective_at, False)
    gone: bytes32 = empty(bytes32)
    if records._kind(records._records[cancelled].head) == records.DRIP:
        gone = cancelled
    # What a dividend in shares gives is delivered long after its ex: shares that are bought in between have no part in
    # it, and an answer that holds both is neither reading, so the step is in doubt.
    if len(dues) != 0 or gone != empty(bytes32) or in_shares:
        extcall FEED.setReceivables(token, dues, gone, staticcall IStockToken(token).totalSupply())
    if len(parts) == 0:
        indices._cut(token, effective_at)
        extcall IStockToken(token).cancelMultiplier()
    else:
        indices._set_pending(token, effective_at, after.index)
        extcall IStockToken(token).scheduleMultiplier(after.index, after.num, after.den, effective_at)
    return after


@internal
@view
def _apply(id: bytes32, is_dividend: bool, before: Factors) -> Factors:
    """
    @dev Errors: "actions: pair does not fit" (a split's). The index may not fit yet: see _require_fit.
    """
    if is_dividend:
        price: uint256 = 0
        net: uint256 = 0
        price, net = records._dividend_terms(id)
        return Factors(index=mm._next_index(before.index, price, net), num=before.num, den=before.den)
    new: uint256 = 0
    old: uint256 = 0
    new, old = records._split_terms(id)
    num: uint256 = 0
    den: uint256 = 0
    num, den = mm._next_split(before.num, before.den, new, old)
    return Factors(index=before.index, num=num, den=den)


@internal
def _record(
    token: address, kind: uint256, reference: bytes32, effective_at: uint256, factors: Factors
) -> bytes32:
    """
    @dev Errors: "actions: already announced".
    @return bytes32 The id of a correction or a fold, recorded as scheduled and alone in the slot.
    """
    id: bytes32 = records._id(token, records._code(kind), reference)
    terms: uint256 = records._pack_terms(factors.num, factors.den, 0, effective_at, 0, 0, effective_at)
    records._create(id, token, kind, records.SCHEDULED, effective_at, terms)
    records._set_strike(id, 0, factors.index)
    self._hold(token, [id])
    return id
