# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_basis
@license AGPL-3.0-only
@notice The split basis that a reserve and its ceilings are counted in: a split factor and a counter of the steps that
        led there, for a factor that comes back is another basis. A step is open from its schedule until it is
        confirmed. Until then an attestation says which basis it counts in; an aggregator's answer has two readings, of
        which the smallest plausible one counts, and the smaller one alone while the step is in doubt: it is opened
        while what is owed here is not fully covered or a dividend may be on its way, or a dividend or a correction is
        added to what is owed while it is open. Nothing but the split moves what is plausible then: what other chains
        may owe does not, for whoever names it would decide, and a sale there lowers the answer first.
@dev A fold is a step of ratio 1. At most one step is open: the next is refused until it is confirmed.
"""

from ..interfaces import IReserveFeed
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import refusals
from ..shared import roles
from . import reserve_book as book
from . import reserve_reading as reading
from . import reserve_receivables as receivables

interface IActions:
    def feed() -> address: view
    # As a number, for what a bool's check would cost in bytes of code.
    def isShut(token: address) -> uint256: view


uses: book
uses: reading
uses: receivables
uses: roles

# @dev of what is owed, the least that an answer must be to be meant in a basis, basis points
PLAUSIBLE: constant(uint256) = 9_800
# @dev seconds from a split's effect to scheduling the next one where an oracle answers: where more is held than is owed,
#      an answer from before the oracle's books followed confirms the split, and a second one would be read on top of it
BLIND_SPLITS_APART: constant(uint256) = 10 * 86_400

# @notice the CorporateActions contract, which says what dividends and splits a stock has; set once
actions: public(address)


# @dev how an answer counts in one basis: the stock's split factor there, and both ceilings
struct Reading:
    num: uint256
    den: uint256
    own: uint256
    others: uint256


# @dev what is owed on: raw units, the greater of current and pending index, the stock's split factor now
struct Owed:
    supply: uint256
    index: uint256
    num: uint256
    den: uint256


@external
def setActions(actions: address):
    """
    @notice Names the CorporateActions, once. Admin only.
    @dev Errors: "roles: not authorised", "reserve: actions are set", "reserve: bad actions" (no code, of another role
         table, or with another feed).
    @param actions the contract.
    """
    roles._check(roles.ADMIN)
    refusals._demand(self.actions == empty(address), "reserve: actions are set")
    refusals._demand(roles._is_ours(actions), "reserve: bad actions")
    refusals._demand(staticcall IActions(actions).feed() == self, "reserve: bad actions")
    self.actions = actions
    log IReserveFeed.ActionsSet(actions=actions)


@external
def setStep(token: address, num: uint256, den: uint256, effectiveAt: uint256, fold: bool):
    """
    @notice Follows a stock's slot: the split factor that is scheduled in it, or the present one where none is.
            CorporateActions only. What was said in a basis that is not to come says nothing more; ceilings that were
            stated in it go back. An oracle's books may have followed a split already that is changed or withdrawn here:
            this chain's ceiling is 0 then, until CEILING has looked and names one.
    @dev Errors: "reserve: not the actions", "reserve: basis unconfirmed" (the split before was not confirmed),
         "reserve: splits too close" (where an oracle answers). A stock whose reserve is not configured has nothing to
         confirm. No spacing is asked before a fold or after it: both its readings are one. A stock that was never heard of
         may come with splits behind it: its factor now is its basis.
    @param token the stock.
    @param num numerator from `effectiveAt` on, reduced.
    @param den denominator.
    @param effectiveAt UTC seconds.
    @param fold whether the same multiplier is written as another pair, so that every share stays one.
    """
    self._check_actions()
    if book.books[token].basis == 0:
        own: Owed = self._owed(token)
        self._begin(token, own.num, own.den)
    basis: book.Basis = book._basis(token)
    unchanged: bool = num == basis.num and den == basis.den
    if basis.step_at != 0:
        unchanged = num == basis.next_num and den == basis.next_den
    if unchanged:
        return
    if self._in_effect(basis):
        refusals._demand(not book._configured(token), "reserve: basis unconfirmed")
        self._adopt(token, basis)
        basis = book._basis(token)
    if basis.step_at != 0:
        self._restate(token, basis, False)
    elif not fold:
        self._check_apart(token, basis)
    doubt: bool = not fold and self._doubtful(token, basis)
    basis.step_at = 0
    basis.fold = False
    basis.doubt = False
    if num != basis.num or den != basis.den:
        basis.step_at = effectiveAt
        basis.fold = fold
        basis.doubt = doubt
        basis.next_num = num
        basis.next_den = den
    book._write_basis(token, basis)
    book._void_papers(token)
    log IReserveFeed.StepSet(
        token=token, num=num, den=den, counter=basis.counter + 1, effectiveAt=basis.step_at, fold=fold
    )
    if basis.doubt:
        log IReserveFeed.BasisDoubted(token=token)


@external
def confirmBasis(token: address):
    """
    @notice Counts in the basis after a split from now on, because the latest answer shows the split. Ceilings that were
            stated before it follow. Anyone.
    @dev Errors, in order: "reserve: not configured", "reserve: basis is current" (no split is in effect), as _fresh,
         "reserve: answer too old" (from before the split), "reserve: basis in doubt" (an aggregator's answer may be
         either reading; the admin's setBasis, after people have looked), "reserve: split not shown".
    @param token the stock.
    """
    config: uint256 = book.books[token].config
    book._check_configured(token)
    basis: book.Basis = book._basis(token)
    refusals._demand(self._in_effect(basis), "reserve: basis is current")
    answer: uint256 = 0
    as_of: uint256 = 0
    answer, as_of = reading._fresh(token, config)
    refusals._demand(as_of >= basis.step_at, "reserve: answer too old")
    if book._attested(config):
        refusals._demand(book._said(token).counter == basis.counter + 1, "reserve: split not shown")
    else:
        refusals._demand(not basis.doubt, "reserve: basis in doubt")
        owed: Owed = self._owed(token)
        refusals._demand(self._counts_ahead(token, config, basis, answer, owed), "reserve: split not shown")
        refusals._demand(self._plausible(answer, self._reading(token, config, basis, owed, True), owed), "reserve: split not shown")
    self._adopt(token, basis)
    log IReserveFeed.BasisConfirmed(
        token=token, num=basis.next_num, den=basis.next_den, counter=basis.counter + 1
    )


@external
def setBasis(token: address, num: uint256, den: uint256, counter: uint256):
    """
    @notice Counts in the basis after a split from now on without asking the source, after people have looked. It adopts
            what it names and nothing else, so that an order that has waited cannot adopt a later split. Admin only.
    @dev Errors: "roles: not authorised", "reserve: not configured", "reserve: wrong basis" (not the stock's own now),
         "reserve: basis is current".
    @param token the stock.
    @param num numerator of the basis to adopt.
    @param den denominator.
    @param counter its split counter.
    """
    roles._check(roles.ADMIN)
    book._check_configured(token)
    basis: book.Basis = book._basis(token)
    ahead: bool = self._is_ahead(basis, num, den, counter)
    refusals._demand(ahead == self._in_effect(basis), "reserve: wrong basis")
    refusals._demand(ahead, "reserve: basis is current")
    self._adopt(token, basis)
    log IReserveFeed.BasisSet(token=token, num=num, den=den, counter=counter)


@external
@view
def basis(token: address) -> (uint256, uint256, uint256):
    """
    @notice The split basis that is confirmed.
    @param token the stock; one that was never heard of reads (1, 1, 0).
    @return (num, den, split counter).
    """
    basis: book.Basis = book._basis(token)
    return basis.num, basis.den, basis.counter


@external
@view
def step(token: address) -> (uint256, uint256, uint256, uint256, bool, bool):
    """
    @notice The split that is scheduled or in effect and not confirmed, and the basis after it.
    @param token the stock; zeros where there is none.
    @return (num, den, split counter, effectiveAt in UTC seconds, whether it is a fold, whether it is in doubt: an
            aggregator's answers count as the smaller reading, and only the admin adopts it).
    """
    basis: book.Basis = book._basis(token)
    if basis.step_at == 0:
        return 0, 0, 0, 0, False, False
    return basis.next_num, basis.next_den, basis.counter + 1, basis.step_at, basis.fold, basis.doubt


@internal
@view
def _check_actions():
    """
    @dev Errors: "reserve: not the actions".
    """
    if msg.sender != self.actions:
        refusals._refuse("reserve: not the actions")


@internal
@view
def _is_shut(token: address) -> bool:
    """
    @dev Whether the market trades ex of something undecided, or of a cash dividend whose record is yet to come.
    """
    return staticcall IActions(self.actions).isShut(token) != 0


@internal
@view
def _doubtful(token: address, basis: book.Basis) -> bool:
    """
    @notice Whether what is owed will not tell an aggregator's two readings apart: the latest answer does not show that
            what is owed here is covered, after the margin, or is from before the last dividend's grace was over. Whoever
            has ACTIONS could otherwise make one reading implausible with a dividend that nobody buys, or that only
            shares cover that are sold and not delivered yet. A step that changes stays as it was.
    @param token the stock.
    @param basis its basis before the step.
    """
    config: uint256 = book.books[token].config
    if book._attested(config):
        return False
    if basis.step_at != 0:
        return basis.doubt
    answer: uint256 = 0
    as_of: uint256 = 0
    answer, as_of = reading._shown(token, config)
    if as_of > block.timestamp or block.timestamp - as_of > book._max_age(config):
        return True
    if as_of < receivables._last_end(token, config):
        return True
    owed: Owed = self._owed(token)
    here: uint256 = self._liability(owed.supply, owed.index, basis.num, basis.den)
    return reading._less_margin(answer, book._margin(config)) < here


@internal
@view
def _check_apart(token: address, basis: book.Basis):
    """
    @dev Errors: "reserve: splits too close".
    """
    if not book._attested(book.books[token].config):
        if block.timestamp < basis.split_at + BLIND_SPLITS_APART:
            refusals._refuse("reserve: splits too close")


@internal
def _begin(token: address, num: uint256, den: uint256):
    """
    @notice Counts in the factor that a stock has when it is first heard of; its splits are counted from here.
    """
    basis: book.Basis = book._basis(token)
    basis.num = num
    basis.den = den
    book._write_basis(token, basis)


@internal
@view
def _in_effect(basis: book.Basis) -> bool:
    """
    @return bool Whether a split is in effect that nobody has confirmed.
    """
    return basis.step_at != 0 and basis.step_at <= block.timestamp


@internal
@view
def _is_ahead(basis: book.Basis, num: uint256, den: uint256, counter: uint256) -> bool:
    """
    @dev Errors: "reserve: wrong basis" for one that is neither confirmed nor that after the open step.
    @return bool Whether it is the one after the open step.
    """
    if num == basis.num and den == basis.den and counter == basis.counter:
        return False
    ahead: bool = basis.step_at != 0 and num == basis.next_num and den == basis.next_den
    refusals._demand(ahead and counter == basis.counter + 1, "reserve: wrong basis")
    return True


@internal
def _adopt(token: address, basis: book.Basis):
    """
    @notice Confirms the open step. What was attested before it says nothing more, and no paper signed before counts.
    """
    self._restate(token, basis, True)
    after: book.Basis = basis
    after.num = basis.next_num
    after.den = basis.next_den
    after.counter = basis.counter + 1
    after.step_at = 0
    after.fold = False
    after.doubt = False
    if not basis.fold:
        after.split_at = basis.step_at
    book._write_basis(token, after)
    book._void_papers(token)


@internal
def _restate(token: address, basis: book.Basis, ahead: bool):
    """
    @notice States the ceilings in the basis before the open step, or in that after it, and forgets what was attested in
            the other. Before it, of a split that an oracle's books may show already, nothing is left of this chain's.
    """
    own: uint256 = 0
    others: uint256 = 0
    config: uint256 = book.books[token].config
    own, others = self._ceilings(token, config, basis, ahead)
    counter: uint256 = basis.counter
    if ahead:
        counter += 1
    book._write_ceilings(token, own, others, ahead)
    if not ahead and not basis.fold:
        self._stop(token)
    said: book.Said = book._said(token)
    if said.counter != counter and said.shares != 0:
        said.shares = 0
        book._write_said(token, said)


@internal
def _stop(token: address):
    """
    @notice Leaves nothing of this chain's ceiling where an oracle answers.
    @param token the stock.
    """
    if not book._attested(book.books[token].config):
        others: uint256 = book.books[token].ceilings >> 128
        book.books[token].ceilings = others << 128
        log IReserveFeed.CeilingSet(token=token, ceiling=0, others=others, counter=book._stated(token))


@internal
@view
def _ceilings(token: address, config: uint256, basis: book.Basis, ahead: bool) -> (uint256, uint256):
    """
    @return (this chain's ceiling rounded down, the others' rounded up) in the basis before the open step or after it.
    """
    word: uint256 = book.books[token].ceilings
    own: uint256 = word & mm.MAX_U128
    others: uint256 = word >> 128
    stated: bool = config & book.CEILINGS_AHEAD != 0
    if basis.fold or stated == ahead:
        return own, others
    num: uint256 = basis.next_num * basis.den
    den: uint256 = basis.next_den * basis.num
    if stated:
        num = basis.next_den * basis.num
        den = basis.next_num * basis.den
    # u128 × (u64 × u64) fits 256 bits.
    up: uint256 = others * num // den
    if others * num % den != 0:
        up += 1
    return min(own * num // den, mm.MAX_U128), min(up, mm.MAX_U128)


@internal
@view
def _reading(token: address, config: uint256, basis: book.Basis, owed: Owed, ahead: bool) -> Reading:
    """
    @notice How the latest answer counts as one before the open step or after it.
    """
    own: uint256 = 0
    others: uint256 = 0
    own, others = self._ceilings(token, config, basis, ahead)
    num: uint256 = basis.num
    den: uint256 = basis.den
    if basis.fold:
        num = owed.num
        den = owed.den
    elif ahead:
        num = basis.next_num
        den = basis.next_den
    return Reading(num=num, den=den, own=own, others=others)


@internal
@view
def _latest_reading(token: address, config: uint256, answer: uint256, owed: Owed) -> Reading:
    """
    @notice How the latest answer counts while a step is open.
    @param token the stock.
    @param config its config word.
    @param answer shares with 18 decimals, before the margin.
    @param owed what is owed on before any mint: else the greatest mints would pass where small ones do not.
    """
    basis: book.Basis = book._basis(token)
    return self._reading(token, config, basis, owed, self._counts_ahead(token, config, basis, answer, owed))


@internal
@view
def _counts_ahead(token: address, config: uint256, basis: book.Basis, answer: uint256, owed: Owed) -> bool:
    """
    @notice Whether the latest answer counts in the basis after the open step. An attestation says it. Of an
            aggregator's two readings the smaller one counts, unless the step is in no doubt and only the greater one is
            plausible.
    """
    if book._attested(config):
        return book._said(token).counter == basis.counter + 1
    forward: bool = self._is_forward(basis)
    if basis.doubt or self._plausible(answer, self._reading(token, config, basis, owed, forward), owed):
        return forward
    return forward != self._plausible(answer, self._reading(token, config, basis, owed, not forward), owed)


@internal
@pure
def _is_forward(basis: book.Basis) -> bool:
    """
    @notice Whether the open step makes no fewer shares of one, so that an answer counts for less after it.
    """
    return basis.fold or basis.next_num * basis.den >= basis.next_den * basis.num


@internal
@pure
def _plausible(answer: uint256, as_read: Reading, owed: Owed) -> bool:
    """
    @return bool Whether an answer, before the margin, is 98 % at least of what is owed here.
    """
    return answer * mm.BPS >= PLAUSIBLE * self._liability(owed.supply, owed.index, as_read.num, as_read.den)


@internal
@view
def _owed(token: address) -> Owed:
    """
    @return Owed What is owed on now.
    """
    terms: (uint256, uint256, uint256, uint256, uint256, uint256, uint256) = staticcall IStockToken(
        token
    ).multiplierTerms()
    supply: uint256 = staticcall IStockToken(token).totalSupply()
    return Owed(supply=supply, index=max(terms[0], terms[3]), num=terms[1], den=terms[2])


@internal
@pure
def _liability(supply: uint256, index: uint256, num: uint256, den: uint256) -> uint256:
    """
    @param supply raw units, below 2**128.
    @param index a wad below 2**96.
    @param num below 2**64.
    @param den below 2**64, not zero.
    @return uint256 ceil(supply × index × num ÷ (den × 1e18)), shares in the basis num/den, as one division: the product
            has up to 288 bits, so what the division by den × 1e18 leaves is multiplied apart.
    """
    divisor: uint256 = unsafe_mul(den, mm.WAD)
    product: uint256 = unsafe_mul(supply, index)
    left: uint256 = unsafe_sub(unsafe_add(unsafe_mul(product % divisor, num), divisor), 1)
    return unsafe_add(unsafe_mul(product // divisor, num), left // divisor)
