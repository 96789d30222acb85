# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title ReserveFeed
@custom:contract-name ReserveFeed
@license AGPL-3.0-only
@notice Whether a stock's reserve covers its supply. Every mint asks, in the stock itself: liability at the greater of
        the current and the pending dividend index, rounded up, less dividends that the custodian has yet to reinvest,
        must not exceed what the oracle attests (normalised, margin taken off, rounded down) nor this chain's ceiling.
@dev Parts: reserve_book (storage), reserve_reading (the oracle), reserve_basis (splits), reserve_receivables
     (dividends, and what is undecided past the market's ex). Shares have 18 decimals throughout.
@custom:security Callers: configure, setBasis, setActions admin (the timelock); setCeiling CEILING; confirmBasis anyone;
                 receivables, ex instants and folds CorporateActions; check is asked by a stock about itself.
@custom:kill setCeiling(token, 0) refuses every further mint of a stock. No holder's transfer or redemption asks this
             contract.
"""

from ..interfaces import IReserveFeed
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import roles
from . import reserve_basis as split_basis
from . import reserve_book as book
from . import reserve_reading as reading
from . import reserve_receivables as receivables

implements: IReserveFeed

initializes: roles
initializes: book
initializes: receivables[book := book]
initializes: split_basis[book := book, roles := roles]

exports: (
    split_basis.actions,
    split_basis.basis,
    split_basis.confirmBasis,
    split_basis.setActions,
    split_basis.setBasis,
    roles.accessControl,
)


# @dev above any multiplier that a stock can have; keeps supply × multiplier in 256 bits
_MAX_MULTIPLIER: constant(uint256) = 2**120


@deploy
def __init__(access: address, actions: address):
    """
    @dev Errors: "roles: zero address".
    @param access the Roles contract.
    @param actions the CorporateActions; zero when it is deployed later and named by setActions.
    """
    roles.__init__(access)
    if actions != empty(address):
        split_basis._set_actions(actions)


@external
def check(before: uint256, supply: uint256, index: uint256, num: uint256, den: uint256) -> bool:
    """
    @notice Reverts unless the calling stock may have `supply`. Writes only while a dividend is receivable, and only the
            supply that it counts on: a later mint must not raise it again.
    @dev Errors, in order: "reserve: not configured", "reserve: action undecided" (announced, past the market's ex, and
         neither scheduled nor cancelled), "reserve: basis unconfirmed", "reserve: oracle failed", "reserve: bad answer",
         "reserve: future answer", "reserve: stale answer", "reserve: insufficient".
    @param before raw units before the mint.
    @param supply raw units after the mint.
    @param index the greater of the current and the pending dividend index, a wad.
    @param num numerator of the split factor now, reduced.
    @param den denominator.
    @return bool True; it never answers False.
    """
    config: uint256 = book.books[msg.sender].config
    oracle: address = empty(address)
    decimals: uint256 = 0
    max_age: uint256 = 0
    margin: uint256 = 0
    oracle, decimals, max_age, margin = book._settings(config)
    assert oracle != empty(address), "reserve: not configured"
    assert not receivables._undecided(msg.sender, config), "reserve: action undecided"
    basis_num: uint256 = 0
    basis_den: uint256 = 0
    ceiling: uint256 = 0
    basis_num, basis_den, ceiling = book._basis(book.books[msg.sender].basis)
    assert num == basis_num and den == basis_den, "reserve: basis unconfirmed"
    reserve: uint256 = 0
    as_of: uint256 = 0
    reserve, as_of = reading._reserve(oracle, decimals, max_age, margin)
    assert before <= supply and supply <= mm.MAX_U128 and index <= mm.MAX_U96, "reserve: insufficient"
    liability: uint256 = self._liability(supply, index, num, den)
    receivable: uint256 = receivables._counted(msg.sender, config, before, as_of, num, den)
    assert liability - min(receivable, liability) <= min(reserve, ceiling), "reserve: insufficient"
    receivables._keep_mark(msg.sender, config, before)
    return True


@external
@view
def coverage(token: address) -> (uint256, uint256, uint256, uint256):
    """
    @notice The figures behind the answer, as of now, whatever the age of the oracle's answer and the state of the
            basis.
    @param token the stock.
    @return (reserve after the margin, 0 without a usable answer; liability in the basis; open receivables; ceiling),
            shares.
    """
    config: uint256 = book.books[token].config
    oracle: address = empty(address)
    decimals: uint256 = 0
    max_age: uint256 = 0
    margin: uint256 = 0
    oracle, decimals, max_age, margin = book._settings(config)
    num: uint256 = 0
    den: uint256 = 0
    ceiling: uint256 = 0
    num, den, ceiling = book._basis(book.books[token].basis)
    reserve: uint256 = 0
    as_of: uint256 = 0
    if oracle != empty(address):
        ok: bool = False
        answer: int256 = 0
        ok, answer, as_of = reading._latest(oracle)
        if ok and as_of != 0 and reading._usable(answer):
            reserve = reading._counted(answer, decimals, margin)
    supply: uint256 = staticcall IStockToken(token).totalSupply()
    terms: (uint256, uint256, uint256, uint256, uint256, uint256, uint256) = staticcall IStockToken(
        token
    ).multiplierTerms()
    liability: uint256 = self._liability(supply, max(terms[0], terms[3]), num, den)
    return reserve, liability, receivables._counted(token, config, supply, as_of, num, den), ceiling


@external
@view
def configuration(token: address) -> (address, uint256, uint256, uint256, uint256):
    """
    @notice How a stock's reserve is judged.
    @param token the stock; five zeros when it is not configured.
    @return (oracle, its decimals, maxAge in seconds, marginBps, ceiling in shares).
    """
    oracle: address = empty(address)
    decimals: uint256 = 0
    max_age: uint256 = 0
    margin: uint256 = 0
    oracle, decimals, max_age, margin = book._settings(book.books[token].config)
    return oracle, decimals, max_age, margin, book.books[token].basis >> 128


@external
def configure(token: address, oracle: address, maxAge: uint256, marginBps: uint256, ceiling: uint256):
    """
    @notice Says how a stock's reserve is judged. Admin only. The first call adopts the stock's split factor as the
            basis; a later one keeps the basis, so a new oracle must state its answers in it.
    @dev Errors: "roles: not authorised", "reserve: unknown stock" (it has no multiplierTerms), "reserve: bad config":
         no oracle, decimals above 36, maxAge 0 or 2**32 and more, margin 10000 and more, ceiling 2**128 and more.
    @param token the stock.
    @param oracle the proof-of-reserve oracle; its decimals are read now and kept.
    @param maxAge seconds after which an answer is stale; there is no "off".
    @param marginBps basis points taken off each answer.
    @param ceiling shares that this chain may mint against, 18 decimals.
    """
    roles._check(roles.ADMIN)
    num: uint256 = 0
    den: uint256 = 0
    num, den = self._split_of(token)
    assert maxAge != 0 and maxAge <= book.MAX_AGE, "reserve: bad config"
    assert marginBps < mm.BPS and ceiling <= mm.MAX_U128, "reserve: bad config"
    answered: bool = False
    decimals: uint256 = 0
    answered, decimals = reading._decimals(oracle)
    assert answered and decimals <= book.MAX_DECIMALS, "reserve: bad config"
    if book._configured(token):
        old_ceiling: uint256 = 0
        num, den, old_ceiling = book._basis(book.books[token].basis)
    book._write_settings(token, oracle, decimals, maxAge, marginBps)
    book._write_basis(token, num, den, ceiling)
    log IReserveFeed.Configured(token=token, oracle=oracle, maxAge=maxAge, marginBps=marginBps, ceiling=ceiling)


@external
def setCeiling(token: address, ceiling: uint256):
    """
    @notice Moves this chain's ceiling. CEILING only. Lower it at its source before it is raised on another chain.
    @dev Errors: "roles: not authorised", "reserve: not configured", "reserve: bad config" (2**128 and more).
    @param token the stock.
    @param ceiling shares, 18 decimals; 0 stops mints.
    """
    roles._check(roles.CEILING)
    assert book._configured(token), "reserve: not configured"
    assert ceiling <= mm.MAX_U128, "reserve: bad config"
    num: uint256 = 0
    den: uint256 = 0
    old_ceiling: uint256 = 0
    num, den, old_ceiling = book._basis(book.books[token].basis)
    book._write_basis(token, num, den, ceiling)
    log IReserveFeed.CeilingSet(token=token, ceiling=ceiling)


@external
def setReceivables(
    token: address, slot: DynArray[IReserveFeed.Due, receivables.MAX_RECEIVABLES], cancelled: bytes32, supply: uint256
):
    """
    @notice Counts what the dividends of a stock's slot will buy, computed anew whenever the slot changes, on the
            reserve's side until the custodian has had time to buy. CorporateActions only.
    @dev Errors: "reserve: not the actions", "reserve: receivables full" (four are between scheduling and the end of
         their grace).
    @param token the stock.
    @param slot every dividend in it, in the order scheduled.
    @param cancelled the dividend that left it; zero where none did.
    @param supply raw units now: a new one counts on them, or on the fewest that there are until it ends.
    """
    assert msg.sender == split_basis.actions, "reserve: not the actions"
    receivables._derive(token, slot, cancelled, supply)
    for due: IReserveFeed.Due in slot:
        log IReserveFeed.ReceivableSet(token=token, id=due.id, delta=due.delta, buy=due.buy, until=due.until)
    if cancelled != empty(bytes32):
        log IReserveFeed.ReceivableRemoved(token=token, id=cancelled)


@external
def setEx(token: address, ex: uint256):
    """
    @notice Refuses mints of a stock from an instant on, until what was announced is scheduled or cancelled: the market
            trades without what a unit may still carry. CorporateActions only.
    @dev Errors: "reserve: not the actions".
    @param token the stock.
    @param ex the earliest ex instant of what is undecided, UTC seconds; 0 where nothing is.
    """
    assert msg.sender == split_basis.actions, "reserve: not the actions"
    receivables._set_ex(token, ex)
    log IReserveFeed.ExSet(token=token, ex=ex)


@external
def dropReceivables(token: address):
    """
    @notice Counts no receivable of a stock whose index is being corrected or folded: what they were counted in is no
            longer right, and without them mints are only harder. CorporateActions only.
    @dev Errors: "reserve: not the actions".
    @param token the stock.
    """
    assert msg.sender == split_basis.actions, "reserve: not the actions"
    receivables._void(token)
    log IReserveFeed.ReceivablesDropped(token=token)


@external
def foldBasis(token: address, oldNum: uint256, oldDen: uint256, num: uint256, den: uint256):
    """
    @notice Follows a fold: the same multiplier is about to be written as a smaller pair, so the basis changes its name
            and not its meaning. CorporateActions only.
    @dev Errors: "reserve: not the actions", "reserve: basis unconfirmed" (a split must be confirmed first).
    @param token the stock; nothing happens when it is not configured.
    @param oldNum numerator before.
    @param oldDen denominator before.
    @param num numerator after.
    @param den denominator after.
    """
    assert msg.sender == split_basis.actions, "reserve: not the actions"
    if not book._configured(token):
        return
    basis_num: uint256 = 0
    basis_den: uint256 = 0
    ceiling: uint256 = 0
    basis_num, basis_den, ceiling = book._basis(book.books[token].basis)
    assert oldNum == basis_num and oldDen == basis_den, "reserve: basis unconfirmed"
    book._write_basis(token, num, den, ceiling)
    log IReserveFeed.BasisFolded(token=token, num=num, den=den)


@internal
@pure
def _liability(supply: uint256, index: uint256, num: uint256, den: uint256) -> uint256:
    """
    @dev Errors: "reserve: insufficient" for a multiplier beyond any that a stock can have.
    @return uint256 ceil(supply × floor(index × num ÷ den) ÷ 1e18), shares in the basis num/den.
    """
    multiplier: uint256 = index * num // den
    assert multiplier < _MAX_MULTIPLIER, "reserve: insufficient"
    return (supply * multiplier + mm.WAD - 1) // mm.WAD


@internal
@view
def _split_of(token: address) -> (uint256, uint256):
    """
    @dev Errors: "reserve: unknown stock". A wrong address is caught here, before a mint fails on it.
    """
    ok: bool = False
    data: Bytes[224] = b""
    ok, data = raw_call(
        token, method_id("multiplierTerms()"), max_outsize=224, is_static_call=True, revert_on_failure=False
    )
    assert ok and len(data) == 224, "reserve: unknown stock"
    return extract32(data, 32, output_type=uint256), extract32(data, 64, output_type=uint256)
