# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title SharePriceFeed
@custom:contract-name SharePriceFeed
@license AGPL-3.0-only
@notice What a stock's raw units are worth in dollars, and when its exchange trades. `poke` asks the sources and keeps the
        price that they agree on; whoever trades reads what was kept (`strictPrice`, two storage reads), and is refused
        around a change of the multiplier; lenders (`heldPrice`) have the last price that was agreed, as of when it was.
@dev Parts: calendar_sessions (the session table), price_book (storage), price_reading (the sources). A price has 18
     decimals and is of 1e18 raw units. A kept price is good for as long as no change of the multiplier that was scheduled
     since could have taken effect: the shortest notice of CorporateActions.
@custom:security Callers: configure, setSequencer, setSessions, accept admin (the timelock); tighten, suspend, closeDays
                 PAUSER, who can only make prices fewer; resume UNPAUSER; poke anyone, who is asked for nothing but gas.
@custom:kill suspend: nobody trades at the stock's price, and lenders keep the one agreed last.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import ICorporateActions
from ..interfaces import ISharePriceFeed
from ..shared import multiplier_math as mm
from ..shared import roles
from . import calendar_sessions as calendar
from . import price_book as book
from . import price_reading as reading

implements: ISharePriceFeed

initializes: roles
initializes: book
initializes: calendar[roles := roles]
initializes: reading[book := book, calendar := calendar, roles := roles]

exports: (
    calendar.setSessions,
    calendar.closeDays,
    calendar.isOpen,
    calendar.lastClose,
    calendar.sessionsAt,
    reading.sequencer,
    reading.setSequencer,
    roles.accessControl,
)

# @dev sessions after which a window may be closed outside the band, by a second source or the admin
ESCAPE: constant(uint256) = 5
# @dev the notices of CorporateActions from which a change may take effect: a split's, a strike's, a correction's
_NOTICES: constant(uint256[3]) = [0, 2, 3]

REGISTRY: public(immutable(IComplianceRegistry))
ACTIONS: public(immutable(ICorporateActions))


@deploy
def __init__(access: address, registry: address, actions: address):
    """
    @dev Errors: "roles: zero address", "feeds: bad registry", "feeds: bad actions": no contract, or one of another issuer.
    @param access the Roles contract.
    @param registry the ComplianceRegistry, which knows the stocks.
    @param actions the CorporateActions, whose notices say for how long a price is good.
    """
    roles.__init__(access)
    assert roles._is_ours(registry), "feeds: bad registry"
    assert roles._is_ours(actions), "feeds: bad actions"
    REGISTRY = IComplianceRegistry(registry)
    ACTIONS = ICorporateActions(actions)


# --- what is asked ---------------------------------------------------------------------------------------------------


@external
@view
def strictPrice(token: address) -> (uint256, uint256, bool):
    """
    @notice (dollars for 1e18 raw units, 18 decimals; the UTC second they are as of; whether the exchange trades now). For
            whoever trades at it.
    @dev Errors, in order: "feeds: no price" (none was agreed yet), "feeds: suspended", "feeds: window" (a change of the
         multiplier is about to take effect or has, and no answer since was agreed), "feeds: not poked" (for longer than a
         change takes), "feeds: stale answer" (older than the stock's maxAge, while the exchange trades).
    @param token the stock.
    """
    word: uint256 = book.kept[token]
    assert book._price(word) != 0, "feeds: no price"
    assert word & book.SUSPENDED == 0, "feeds: suspended"
    over: bool = block.timestamp >= book._until(word)
    assert word & book.WINDOW == 0 and not (over and word & book.ENDS_IN_WINDOW != 0), "feeds: window"
    assert not over, "feeds: not poked"
    trades: bool = calendar._is_open(book._kept_calendar(word), block.timestamp)
    as_of: uint256 = book._as_of(word)
    assert not trades or block.timestamp <= as_of + book._kept_age(word), "feeds: stale answer"
    return book._price(word), as_of, trades


@external
@view
def heldPrice(token: address) -> (uint256, uint256):
    """
    @notice (dollars for 1e18 raw units, 18 decimals; the UTC second they are as of). For lenders, who would sooner have an
            old price that says so than none: what the sources say now, however old, where they agree on a price; else, and
            around a change of the multiplier, the last that was agreed.
    @dev Error: "feeds: no price", of a stock whose first price was not agreed yet.
    @param token the stock.
    """
    word: uint256 = book.kept[token]
    assert book._price(word) != 0, "feeds: no price"
    if word & (book.SUSPENDED | book.WINDOW) == 0:
        found: reading.Reading = reading._evaluate(token, reading._multiplier(token), False)
        if found.status == reading.GOOD or found.status >= reading.SEQUENCER:
            return found.price, found.as_of
    return book._price(word), book._as_of(word)


@external
@view
def oraclePaused(token: address) -> bool:
    """
    @notice Whether a stock's price is in doubt: suspended, none yet, or a change of the multiplier took effect, or is about
            to, and no answer since was agreed.
    @param token the stock.
    """
    word: uint256 = book.kept[token]
    if book._price(word) == 0 or word & (book.SUSPENDED | book.WINDOW) != 0:
        return True
    m: reading.Multiplier = reading._multiplier(token)
    return m.generation != book._settled(book.seen[token]) or reading._near(m.pending_at)


@external
@view
def evaluate(token: address) -> (uint256, uint256, uint256):
    """
    @notice (0, or the number of the first reason why there is no price; the price; the UTC second it is as of), as poke
            would find them now. From 10 on the price is one that lenders have and nobody trades at.
    @param token the stock.
    """
    if book.terms[token][0] == 0:
        return reading.NOT_CONFIGURED, 0, 0
    found: reading.Reading = reading._evaluate(token, reading._multiplier(token), False)
    return found.status, found.price, found.as_of


@external
@view
def keptOf(token: address) -> (uint256, uint256, uint256, bool, bool, bool):
    """
    @notice (the price agreed last; the UTC second it is as of; that until which it is good to trade at; whether a change of
            the multiplier ends it; whether one took effect since; whether it is suspended).
    @param token the stock.
    """
    word: uint256 = book.kept[token]
    return (
        book._price(word),
        book._as_of(word),
        book._until(word),
        word & book.ENDS_IN_WINDOW != 0,
        word & book.WINDOW != 0,
        word & book.SUSPENDED != 0,
    )


@external
@view
def windowOf(token: address) -> (uint256, uint256, uint256, uint256):
    """
    @notice (generation of the multiplier that the kept price is of; that which opened the window; the UTC second from
            which an answer counts that ends it, 0 for none; sessions that have closed since).
    @param token the stock.
    """
    word: uint256 = book.seen[token]
    since: uint256 = book._since(word)
    closes: uint256 = 0
    if since != 0:
        closes = calendar._closes_between(book._calendar(book.terms[token][1]), since, block.timestamp)
    return book._settled(word), book._opened(word), since, closes


@external
@view
def termsOf(token: address) -> (address, uint256, bool, address, uint256, bool, uint256, uint256, uint256, uint256):
    """
    @notice (source, its decimals, whether it is of raw units, second source, its decimals, whether it is of raw units,
            calendar, maxAge in seconds, band and deviation in basis points); zeros where a stock is not configured.
    @param token the stock.
    """
    terms: uint256[2] = book.terms[token]
    return (
        book._address(terms[0]),
        book._decimals(terms[0]),
        terms[0] & book.RAW != 0,
        book._address(terms[1]),
        book._decimals(terms[1]),
        terms[0] & book.SECOND_RAW != 0,
        book._calendar(terms[1]),
        book._max_age(terms[0]),
        book._band(terms[0]),
        book._deviation(terms[0]),
    )


# --- what is agreed --------------------------------------------------------------------------------------------------


@external
def poke(token: address):
    """
    @notice Asks a stock's sources and keeps the price that they agree on. Anyone. The first after a change of the
            multiplier took effect opens the window; the window ends with an answer as of a later second that is within
            the band of the price before, or, five sessions on, with one that a second source says too.
    @dev Errors, in order: "feeds: not configured", "feeds: suspended"; "feeds: source failed", "feeds: decimals changed"
         (since it was configured), "feeds: bad answer" (not positive, too large, carried over from an older round),
         "feeds: future answer", "feeds: second source failed", "feeds: sources differ", "feeds: window" (a change is about
         to take effect), "feeds: outside the band" (before one), "feeds: sequencer down", "feeds: no sessions",
         "feeds: stale answer"; in the window "feeds: no answer since", "feeds: outside the band".
    @param token the stock.
    """
    self._poke(token, False)


@external
def accept(token: address):
    """
    @notice Ends a window with what the sources say, in the band or not, five sessions after it opened. Admin only.
    @dev Errors: "roles: not authorised", "feeds: no window", "feeds: too early"; then as poke.
    @param token the stock.
    """
    roles._check(roles.ADMIN)
    assert book.kept[token] & book.WINDOW != 0, "feeds: no window"
    assert self._may_escape(token), "feeds: too early"
    self._poke(token, True)


@internal
def _poke(token: address, accepted: bool):
    word: uint256 = book.kept[token]
    terms: uint256[2] = book.terms[token]
    assert terms[0] != 0, "feeds: not configured"
    assert word & book.SUSPENDED == 0, "feeds: suspended"
    m: reading.Multiplier = reading._multiplier(token)
    seen: uint256 = book.seen[token]
    closing: bool = book._price(word) != 0 and m.generation != book._settled(seen)
    if closing and (word & book.WINDOW == 0 or m.generation != book._opened(seen)):
        book._open_window(token, m.generation)
        log ISharePriceFeed.WindowOpened(token=token, generation=m.generation, since=block.timestamp)
        return
    found: reading.Reading = reading._evaluate(token, m, closing)
    reading._demand(found.status)
    if closing:
        assert found.as_of > book._since(seen), "feeds: no answer since"
        if not accepted and reading._differs(found.price, book._price(word), book._band(terms[0])):
            escapes: bool = book._address(terms[1]) != empty(address) and self._may_escape(token)
            assert escapes, "feeds: outside the band"
    until: uint256 = block.timestamp + self._notice()
    in_window: bool = m.pending_at != 0 and m.pending_at <= until
    if in_window:
        until = m.pending_at
    until -= reading.LEAD
    book._keep(token, found.price, found.as_of, until, in_window, m.generation)
    log ISharePriceFeed.Agreed(token=token, price=found.price, asOf=found.as_of, until=until)


@internal
@view
def _may_escape(token: address) -> bool:
    own: uint256 = book._calendar(book.terms[token][1])
    return calendar._closes_between(own, book._since(book.seen[token]), block.timestamp) >= ESCAPE


@internal
@view
def _notice() -> uint256:
    """
    @dev The least that a change waits from its schedule to its effect.
    """
    least: uint256 = max_value(uint256)
    for kind: uint256 in _NOTICES:
        least = min(least, staticcall ACTIONS.noticeOf(kind))
    return least


# --- how it is judged ------------------------------------------------------------------------------------------------


@external
def configure(
    token: address,
    source: address,
    raw: bool,
    second: address,
    secondRaw: bool,
    ownCalendar: uint256,
    maxAge: uint256,
    bandBps: uint256,
    deviationBps: uint256,
):
    """
    @notice Says where a stock's price comes from and how it is judged. Admin only. The price agreed before stays for
            lenders; nobody trades at it until the next poke.
    @dev Errors: "roles: not authorised", "feeds: unknown stock", "feeds: bad config": a source without decimals or of more
         than 18, or twice the same; a calendar without code; maxAge 0 or more than 2**24 - 1; a band of 0 or above 5000;
         a deviation of 0 or above 2000 with a second source, any without.
    @param token the stock.
    @param source an AggregatorV3 whose answers are dollars.
    @param raw whether its answers are of 1e18 raw units, the multiplier in them, and not of a share.
    @param second another, or zero.
    @param secondRaw the same of its answers.
    @param ownCalendar the calendar of the stock's exchange, as setSessions takes it.
    @param maxAge seconds after which an answer is too old to trade at while the exchange trades; there is no "off".
    @param bandBps basis points within which a price around a change of the multiplier is of the price before.
    @param deviationBps basis points of the second source's price within which the first's is.
    """
    roles._check(roles.ADMIN)
    assert staticcall REGISTRY.tokenNumber(token) != 0, "feeds: unknown stock"
    self._demand_bounds(maxAge, bandBps, deviationBps, second)
    assert source != second, "feeds: bad config"
    always: bool = ownCalendar == calendar.ALWAYS
    assert always or (ownCalendar < calendar.ALWAYS and ownCalendar % 2**32 != 0), "feeds: bad config"
    flags: uint256 = 0
    if raw:
        flags |= book.RAW
    if secondRaw:
        flags |= book.SECOND_RAW
    second_decimals: uint256 = 0
    if second != empty(address):
        second_decimals = self._decimals_of(second)
    book._write_terms(token, source, self._decimals_of(source), flags, second, second_decimals, ownCalendar)
    book._write_bounds(token, maxAge, bandBps, deviationBps)
    log ISharePriceFeed.Configured(
        token=token,
        source=source,
        raw=raw,
        second=second,
        secondRaw=secondRaw,
        calendar=ownCalendar,
        maxAge=maxAge,
        bandBps=bandBps,
        deviationBps=deviationBps,
    )


@external
def tighten(token: address, maxAge: uint256, bandBps: uint256, deviationBps: uint256):
    """
    @notice Judges a stock's price harder, at once. PAUSER only: no bound may become looser. Nobody trades at the price
            agreed before until the next poke.
    @dev Errors: "roles: not authorised", "feeds: not configured", "feeds: would loosen", "feeds: bad config".
    @param token the stock.
    @param maxAge seconds, as configure takes them.
    @param bandBps basis points.
    @param deviationBps basis points.
    """
    roles._check(roles.PAUSER)
    terms: uint256[2] = book.terms[token]
    assert terms[0] != 0, "feeds: not configured"
    tighter: bool = maxAge <= book._max_age(terms[0]) and bandBps <= book._band(terms[0])
    assert tighter and deviationBps <= book._deviation(terms[0]), "feeds: would loosen"
    self._demand_bounds(maxAge, bandBps, deviationBps, book._address(terms[1]))
    book._write_bounds(token, maxAge, bandBps, deviationBps)
    log ISharePriceFeed.Tightened(token=token, maxAge=maxAge, bandBps=bandBps, deviationBps=deviationBps)


@external
def suspend(token: address):
    """
    @notice Stops a stock's price: nobody trades at it, and lenders keep the one agreed last. PAUSER only.
    @dev Errors: "roles: not authorised", "feeds: not configured", "feeds: suspended".
    @param token the stock.
    """
    roles._check(roles.PAUSER)
    assert book.terms[token][0] != 0, "feeds: not configured"
    assert book.kept[token] & book.SUSPENDED == 0, "feeds: suspended"
    book.kept[token] |= book.SUSPENDED
    log ISharePriceFeed.Suspended(token=token, suspended=True)


@external
def resume(token: address):
    """
    @notice Ends a suspension. UNPAUSER only. Nobody trades at the price agreed before it until the next poke.
    @dev Errors: "roles: not authorised", "feeds: not suspended".
    @param token the stock.
    """
    roles._check(roles.UNPAUSER)
    assert book.kept[token] & book.SUSPENDED != 0, "feeds: not suspended"
    terms: uint256 = book.terms[token][0]
    book.kept[token] &= ~book.SUSPENDED
    book._write_bounds(token, book._max_age(terms), book._band(terms), book._deviation(terms))
    log ISharePriceFeed.Suspended(token=token, suspended=False)


@internal
@view
def _decimals_of(source: address) -> uint256:
    answered: bool = False
    decimals: uint256 = 0
    answered, decimals = reading._decimals(source)
    assert answered and decimals <= book.MAX_DECIMALS, "feeds: bad config"
    return decimals


@internal
@pure
def _demand_bounds(max_age: uint256, band: uint256, deviation: uint256, second: address):
    assert max_age != 0 and max_age <= book.MAX_AGE, "feeds: bad config"
    assert band != 0 and band <= book.MAX_BAND, "feeds: bad config"
    assert deviation <= book.MAX_DEVIATION and (deviation != 0) == (second != empty(address)), "feeds: bad config"
