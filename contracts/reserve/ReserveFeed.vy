# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title ReserveFeed
@custom:contract-name ReserveFeed
@license AGPL-3.0-only
@notice Whether a stock's reserve covers its supply. Every mint asks, in the stock itself: what is owed, at the greater of
        the current and the pending dividend index, rounded up, must not exceed what is there: what the source says
        (normalised, margin taken off, rounded down) within this chain's ceiling and beside all other chains', and the
        shares that scheduled dividends will still buy.
@dev Parts: reserve_book (storage), reserve_reading (the source), reserve_papers (what ATTESTOR signs), reserve_basis
     (splits), reserve_receivables (dividends, and what is undecided past the market's ex), reserve_surplus (what may be
     sold). Shares have 18 decimals.
@custom:security Callers: configure, setBasis, setActions admin (the timelock); setCeiling CEILING; confirmBasis anyone,
                 attest anyone with a paper that an ATTESTOR signed; receivables, ex instants and steps CorporateActions;
                 check is asked by a stock about itself.
@custom:kill setCeiling to 0 refuses every further mint of a stock, and voids every paper signed before. No holder's
             transfer or redemption asks this contract.
"""

from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import IReserveFeed
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import refusals
from ..shared import roles
from . import reserve_basis as split_basis
from . import reserve_book as book
from . import reserve_papers as papers
from . import reserve_reading as reading
from . import reserve_receivables as receivables
from . import reserve_surplus as spare

implements: IReserveFeed

initializes: roles
initializes: domain
initializes: book
initializes: reading[book := book]
initializes: receivables[book := book]
initializes: split_basis[book := book, reading := reading, receivables := receivables, roles := roles]
initializes: papers[book := book, domain := domain, roles := roles]
initializes: spare[book := book, reading := reading, split_basis := split_basis]

exports: (
    domain.eip712Domain,
    papers.attest,
    papers.attestation,
    papers.hashPaper,
    split_basis.actions,
    split_basis.basis,
    split_basis.confirmBasis,
    split_basis.setActions,
    split_basis.setBasis,
    split_basis.setStep,
    split_basis.step,
    spare.surplus,
    roles.accessControl,
)


@deploy
def __init__(access: address):
    """
    @dev Errors: "roles: zero address". CorporateActions names the feed in its own constructor, so setActions comes after.
    @param access the Roles contract.
    """
    roles.__init__(access)
    domain.__init__("Scrip ReserveFeed", "1")


@external
def check(before: uint256, supply: uint256, index: uint256, num: uint256, den: uint256) -> bool:
    """
    @notice Reverts unless the calling stock may have `supply`. Writes only while a dividend is receivable, and only the
            supply that it counts on: a later mint must not raise it again.
    @dev Errors, in order: "reserve: not configured", "reserve: action undecided" (announced, past the market's ex, and
         neither scheduled nor cancelled), "reserve: oracle failed", "reserve: decimals changed", "reserve: bad answer",
         "reserve: future answer", "reserve: stale answer", "reserve: insufficient".
    @param before raw units before the mint.
    @param supply raw units after the mint.
    @param index the greater of the current and the pending dividend index, a wad.
    @param num numerator of the split factor now, reduced.
    @param den denominator.
    @return bool True; it never answers False.
    """
    config: uint256 = book.books[msg.sender].config
    if (config >> book._AGE_SHIFT) & book._U32 == 0:
        refusals._refuse("reserve: not configured")
    # Stocks of which nothing is undecided, nearly all, look no further.
    is_ex: bool = config & receivables._EX_MASK != 0 and receivables._near_ex(config)
    if is_ex and split_basis._is_shut(msg.sender):
        refusals._refuse("reserve: action undecided")
    answer: uint256 = 0
    as_of: uint256 = 0
    answer, as_of = reading._fresh(msg.sender, config)
    if before > supply or supply > mm.MAX_U128 or index > mm.MAX_U96:
        refusals._refuse("reserve: insufficient")
    ceilings: uint256 = book.books[msg.sender].ceilings
    read_num: uint256 = num
    read_den: uint256 = den
    if config & book.STEP_OPEN != 0:
        as_read: split_basis.Reading = split_basis._latest_reading(
            msg.sender, config, answer, split_basis.Owed(supply=before, index=index, num=num, den=den)
        )
        read_num = as_read.num
        read_den = as_read.den
        ceilings = as_read.own | (as_read.others << 128)
    reserve: uint256 = reading._less_margin(answer, (config >> book._MARGIN_SHIFT) & book._U14)
    there: uint256 = min(ceilings & mm.MAX_U128, reserve - min(ceilings >> 128, reserve))
    if block.timestamp >> receivables._LAST_STEP < (config >> receivables._LAST_SHIFT) & receivables._U24:
        there += receivables._counted(msg.sender, config, before, as_of, read_num, read_den)
        receivables._keep_mark(msg.sender, config, before)
    if split_basis._liability(supply, index, read_num, read_den) > there:
        refusals._refuse("reserve: insufficient")
    return True


@external
@view
def coverage(token: address) -> (uint256, uint256, uint256, uint256, uint256):
    """
    @notice The figures behind the answer, as of now, whatever the age of the source's answer, in the basis that it
            counts in.
    @param token the stock.
    @return (reserve after the margin, 0 without a usable answer; liability; open receivables; this chain's ceiling; the
            others' together), shares.
    """
    config: uint256 = book.books[token].config
    answer: uint256 = 0
    as_of: uint256 = 0
    answer, as_of = reading._shown(token, config)
    owed: split_basis.Owed = split_basis._owed(token)
    as_read: split_basis.Reading = self._as_read(token, config, answer, owed)
    return (
        reading._less_margin(answer, book._margin(config)),
        split_basis._liability(owed.supply, owed.index, as_read.num, as_read.den),
        receivables._counted(token, config, owed.supply, as_of, as_read.num, as_read.den),
        as_read.own,
        as_read.others,
    )


@external
@view
def configuration(token: address) -> (address, uint256, uint256, uint256, uint256, uint256, uint256):
    """
    @notice How a stock's reserve is judged.
    @param token the stock; its maxAge is 0 when it is not configured.
    @return (oracle, zero where ATTESTOR signs; its decimals; maxAge in seconds; marginBps; this chain's ceiling in
            shares; all other chains' together; the split counter of the basis that both are stated in).
    """
    config: uint256 = book.books[token].config
    ceilings: uint256 = book.books[token].ceilings
    return (
        book._oracle(config),
        book._decimals(config),
        book._max_age(config),
        book._margin(config),
        ceilings & mm.MAX_U128,
        ceilings >> 128,
        book._stated(token),
    )


@external
def configure(
    token: address,
    oracle: address,
    maxAge: uint256,
    marginBps: uint256,
    ceiling: uint256,
    others: uint256,
    num: uint256,
    den: uint256,
    counter: uint256,
):
    """
    @notice Says how a stock's reserve is judged. Admin only. The first call adopts the stock's own split factor as the
            basis; a later one keeps the basis. A step that is open is in doubt where an oracle
            answers that did not before.
    @dev Errors: "roles: not authorised", "reserve: unknown stock" (it has no multiplierTerms), "reserve: bad config":
         an oracle without decimals or of more than 36, maxAge 0 or 2**32 and more, margin 10000 and more (above 200
         with an oracle), a ceiling of 2**128 and more; "reserve: wrong basis".
    @param token the stock.
    @param oracle the proof-of-reserve oracle, an AggregatorV3; its decimals are read now, and it is refused when they
           change. Zero where ATTESTOR signs.
    @param maxAge seconds after which an answer is stale; there is no "off".
    @param marginBps basis points taken off each answer.
    @param ceiling shares that this chain may mint against, 18 decimals.
    @param others shares that all other chains together may mint against.
    @param num numerator of the basis that both are stated in: the confirmed one, or that after the open step.
    @param den denominator.
    @param counter its split counter.
    """
    roles._check(roles.ADMIN)
    own_num: uint256 = 0
    own_den: uint256 = 0
    own_num, own_den = self._split_of(token)
    refusals._demand(maxAge != 0 and maxAge <= book.MAX_AGE, "reserve: bad config")
    refusals._demand(marginBps < mm.BPS and max(ceiling, others) <= mm.MAX_U128, "reserve: bad config")
    decimals: uint256 = 0
    if oracle != empty(address):
        answered: bool = False
        answered, decimals = reading._decimals(oracle)
        refusals._demand(answered and decimals <= book.MAX_DECIMALS, "reserve: bad config")
        refusals._demand(marginBps <= book.BLIND_MARGIN, "reserve: bad config")
    basis: book.Basis = book._basis(token)
    if not book._configured(token):
        if book.books[token].basis == 0:
            split_basis._begin(token, own_num, own_den)
        elif split_basis._in_effect(basis):
            split_basis._adopt(token, basis)
        basis = book._basis(token)
    ahead: bool = split_basis._is_ahead(basis, num, den, counter)
    was_blind: bool = not book._attested(book.books[token].config)
    book._write_settings(token, oracle, decimals, maxAge, marginBps)
    book._write_ceilings(token, ceiling, others, ahead)
    if oracle == empty(address) or not was_blind:
        book._doubt(token)
    book._void_papers(token)
    log IReserveFeed.Configured(
        token=token,
        oracle=oracle,
        maxAge=maxAge,
        marginBps=marginBps,
        ceiling=ceiling,
        others=others,
        counter=counter,
    )


@external
def setCeiling(token: address, own: uint256, others: uint256, num: uint256, den: uint256, counter: uint256):
    """
    @notice Moves this chain's ceiling, and what all others together have. CEILING only. Lower it at its source before
            it is raised on another chain. It is stated in the basis that it names, and a confirmation does not scale it
            again.
    @dev Errors: "roles: not authorised", "reserve: not configured", "reserve: bad config" (2**128 and more),
         "reserve: wrong basis".
    @param token the stock.
    @param own shares that this chain may mint against, 18 decimals; 0 stops mints.
    @param others shares that all other chains together may mint against.
    @param num numerator of the basis that both are stated in: the confirmed one, or that after the open step.
    @param den denominator.
    @param counter its split counter.
    """
    roles._check(roles.CEILING)
    book._check_configured(token)
    refusals._demand(max(own, others) <= mm.MAX_U128, "reserve: bad config")
    ahead: bool = split_basis._is_ahead(book._basis(token), num, den, counter)
    book._write_ceilings(token, own, others, ahead)
    book._void_papers(token)
    log IReserveFeed.CeilingSet(token=token, ceiling=own, others=others, counter=counter)


@external
def setReceivables(
    token: address, slot: DynArray[IReserveFeed.Due, receivables.MAX_RECEIVABLES], cancelled: bytes32, supply: uint256
):
    """
    @notice Counts what the dividends of a stock's slot will buy, computed anew whenever the slot changes, on the
            reserve's side until the custodian has had time to buy. CorporateActions only. A step that is open then is in
            doubt, but for a mere cancellation; without a dividend and a cancelled one that is all: the step is a
            dividend in shares.
    @dev Errors: "reserve: not the actions", "reserve: receivables full" (four are between scheduling and the end of
         their grace).
    @param token the stock.
    @param slot every dividend in it, in the order scheduled.
    @param cancelled the dividend that left it; zero where none did.
    @param supply raw units now: a new one counts on them, or on the fewest that there are until it ends.
    """
    split_basis._check_actions()
    terms: (uint256, uint256, uint256, uint256, uint256, uint256, uint256) = staticcall IStockToken(
        token
    ).multiplierTerms()
    receivables._derive(token, slot, cancelled, supply, terms[0])
    if len(slot) != 0 or cancelled == empty(bytes32):
        book._doubt(token)
    for due: IReserveFeed.Due in slot:
        log IReserveFeed.ReceivableSet(token=token, id=due.id, delta=due.delta, buy=due.buy, until=due.until)
    if cancelled != empty(bytes32):
        log IReserveFeed.ReceivableRemoved(token=token, id=cancelled)


@external
def setEx(token: address, ex: uint256, withdrawn: bool):
    """
    @notice Refuses mints of a stock from an instant on, until what was announced is scheduled or cancelled: the market
            trades without what a unit may still carry. CorporateActions only.
    @dev Errors: "reserve: not the actions".
    @param token the stock.
    @param ex the earliest ex instant of what is undecided, UTC seconds; 0 where nothing is.
    @param withdrawn whether that is so because a split is cancelled after its ex: an oracle's books may have followed
           it, and this chain's ceiling is 0 until CEILING has looked and names one.
    """
    split_basis._check_actions()
    receivables._set_ex(token, ex)
    if withdrawn:
        split_basis._stop(token)
    log IReserveFeed.ExSet(token=token, ex=ex)


@external
def dropReceivables(token: address):
    """
    @notice Counts no receivable of a stock whose index is being corrected or folded: what they were counted in is no
            longer right, and without them mints are only harder. A split that is open then is in doubt. CorporateActions
            only.
    @dev Errors: "reserve: not the actions".
    @param token the stock.
    """
    split_basis._check_actions()
    receivables._void(token)
    book._doubt(token)
    log IReserveFeed.ReceivablesDropped(token=token)


@internal
@view
def _as_read(
    token: address, config: uint256, answer: uint256, owed: split_basis.Owed
) -> split_basis.Reading:
    """
    @notice In which basis a stock's latest answer counts, and both ceilings in it.
    """
    if config & book.STEP_OPEN != 0:
        return split_basis._latest_reading(token, config, answer, owed)
    ceilings: uint256 = book.books[token].ceilings
    return split_basis.Reading(
        num=owed.num, den=owed.den, own=ceilings & mm.MAX_U128, others=ceilings >> 128
    )


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
    refusals._demand(ok and len(data) == 224, "reserve: unknown stock")
    return extract32(data, 32, output_type=uint256), extract32(data, 64, output_type=uint256)
