# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title calendar_sessions
@license AGPL-3.0-only
@notice When exchanges trade: holidays, half days and summer time as they fall, in UTC. A word holds 14 days of a
        calendar, so that an instant is looked up by one storage read, or two just after the first midnight of a word. What
        was never loaded is closed.
@dev A day has 18 bits: the step of five minutes at which its session opens (9 bits), above it the one at which it closes,
     both counted from the day's midnight; 0 is no session. A session belongs to the day on which it opens and may close on
     the next, as Sydney's does. The top bit of a word says that it was loaded.
     A calendar is a number: its four-letter code (ISO 10383) as 32 bits, above it how its hours are taken: 0 the
     exchange's own, 1 around the clock on its trading days, each word being loaded as such, 2 always open, with code 0.
"""

from ..interfaces import ISharePriceFeed
from ..shared import roles

uses: roles

MAX_WORDS: constant(uint256) = 27
_STEP: constant(uint256) = 300
_STEPS: constant(uint256) = 288
_DAY: constant(uint256) = 86_400
_DAYS: constant(uint256) = 14
_WIDTH: constant(uint256) = 18
_HALF: constant(uint256) = 9
_FIELD: constant(uint256) = 2**9 - 1
_BITS: constant(uint256) = 2**18 - 1
_LOADED: constant(uint256) = 2**255
_TOP: constant(uint256) = 252
_NUMBER: constant(uint256) = 40
_MODE: constant(uint256) = 32
ALWAYS: constant(uint256) = 2 * 2**32
# @dev no exchange is shut for longer
LOOK_BACK: constant(uint256) = 14
# @dev how many days are searched for closes that have passed
COUNTED_DAYS: constant(uint256) = 21

# @dev by calendar << 40 | number of the word, which is the day since 1970 // 14
sessions: HashMap[uint256, uint256]


@external
def setSessions(calendar: uint256, first: uint256, words: DynArray[uint256, MAX_WORDS]):
    """
    @notice Loads sessions of a calendar, a year at a time. Admin only: hours that are too long are a mint at night.
    @dev Errors: "roles: not authorised", "calendar: bad calendar" (no four letters, or always open), "calendar: bad words"
         (none, or one that does not say that it is loaded).
    @param calendar the calendar.
    @param first the number of the first word.
    @param words the words from there on, 27 for a year.
    """
    roles._check(roles.ADMIN)
    assert calendar < ALWAYS and calendar % 2**32 != 0, "calendar: bad calendar"
    assert len(words) != 0 and first < 2**32, "calendar: bad words"
    key: uint256 = (calendar << _NUMBER) | first
    for word: uint256 in words:
        assert word >> _TOP == 8, "calendar: bad words"
        self.sessions[key] = word
        key = unsafe_add(key, 1)
    log ISharePriceFeed.SessionsSet(calendar=calendar, first=first, count=len(words))


@external
def closeDays(calendar: uint256, day: uint256, count: uint256):
    """
    @notice Takes the sessions of days out of a calendar: an exchange that does not open today. PAUSER only; loading them
            again is the admin's.
    @dev Errors: "roles: not authorised", "calendar: bad days" (none, more than 14), "calendar: not loaded". Only sessions
         that open on these days go: one that runs past midnight is a matter of the day before.
    @param calendar the calendar.
    @param day the first day, counted from 1970, UTC.
    @param count how many days.
    """
    roles._check(roles.PAUSER)
    assert count != 0 and count <= LOOK_BACK and day < 2**32, "calendar: bad days"
    for i: uint256 in range(count, bound=LOOK_BACK):
        at: uint256 = day + i
        key: uint256 = (calendar << _NUMBER) | (at // _DAYS)
        word: uint256 = self.sessions[key]
        assert calendar < ALWAYS and word != 0, "calendar: not loaded"
        self.sessions[key] = word & ~(_BITS << (at % _DAYS * _WIDTH))
    log ISharePriceFeed.DaysClosed(calendar=calendar, day=day, count=count)


@external
@view
def isOpen(calendar: uint256, at: uint256) -> bool:
    """
    @notice Whether a calendar's exchange trades at an instant; no where its sessions were not loaded.
    @param calendar the calendar.
    @param at UTC seconds, below 2**40.
    """
    return self._is_open(calendar, at)


@external
@view
def lastClose(calendar: uint256, at: uint256) -> uint256:
    """
    @notice UTC second of the last close up to an instant; 0 where there was none in the 14 days before.
    @param calendar the calendar.
    @param at UTC seconds, below 2**40.
    """
    return self._last_close(calendar, at)


@external
@view
def sessionsAt(calendar: uint256, number: uint256) -> uint256:
    """
    @notice A word of a calendar; 0 where it was never loaded.
    @param calendar the calendar.
    @param number the days since 1970 of its first day ÷ 14, rounded down.
    """
    return self.sessions[(calendar << _NUMBER) | number]


@internal
@view
def _is_loaded(calendar: uint256, at: uint256) -> bool:
    """
    @dev Whether it is known if the exchange trades at an instant.
    """
    return calendar == ALWAYS or self.sessions[(calendar << _NUMBER) | (at // _DAY // _DAYS)] != 0


@internal
@view
def _is_open(calendar: uint256, at: uint256) -> bool:
    """
    @dev A session of today, or one of yesterday that runs past midnight: the day before is in the same word but for the
         word's first day.
    """
    if calendar == ALWAYS:
        return True
    day: uint256 = at // _DAY
    step: uint256 = at % _DAY // _STEP
    place: uint256 = day % _DAYS
    key: uint256 = (calendar << _NUMBER) | (day // _DAYS)
    word: uint256 = self.sessions[key]
    today: uint256 = (word >> (place * _WIDTH)) & _BITS
    if today & _FIELD <= step and step < today >> _HALF:
        return True
    yesterday: uint256 = 0
    if place != 0:
        yesterday = (word >> ((place - 1) * _WIDTH)) & _BITS
    elif key & (2**40 - 1) != 0 and word != 0:
        yesterday = (self.sessions[key - 1] >> (13 * _WIDTH)) & _BITS
    return step + _STEPS < yesterday >> _HALF and yesterday & _FIELD <= step + _STEPS


@internal
@view
def _day(calendar: uint256, day: uint256) -> uint256:
    return (self.sessions[(calendar << _NUMBER) | (day // _DAYS)] >> (day % _DAYS * _WIDTH)) & _BITS


@internal
@view
def _last_close(calendar: uint256, at: uint256) -> uint256:
    """
    @dev Days back from today's; of a session that has not closed yet the one before counts.
    """
    today: uint256 = at // _DAY
    for back: uint256 in range(LOOK_BACK + 1):
        if back > today:
            break
        closes: uint256 = self._day(calendar, today - back) >> _HALF
        if closes != 0:
            instant: uint256 = (today - back) * _DAY + closes * _STEP
            if instant <= at:
                return instant
    return 0


@internal
@view
def _closes_between(calendar: uint256, since: uint256, until: uint256) -> uint256:
    """
    @dev Sessions that closed after one instant and not after another, of 21 days from the first on; of a calendar that is
         always open its midnights.
    """
    first: uint256 = since // _DAY
    if calendar == ALWAYS:
        return until // _DAY - first
    found: uint256 = 0
    for i: uint256 in range(COUNTED_DAYS):
        closes: uint256 = self._day(calendar, first + i) >> _HALF
        if closes != 0:
            instant: uint256 = (first + i) * _DAY + closes * _STEP
            if since < instant and instant <= until:
                found += 1
    return found
