"""What is planted in the price feed, its data streams and its session table, and the tests that find each."""

from __future__ import annotations

from mutants_planted import Mutant, place

FOLDER = "tests/contracts/feeds"
NIGHT, ANSWERS = (f"{FOLDER}/test_split_night.py",), (f"{FOLDER}/test_bad_answers.py",)
SESSIONS, STREAMS = (f"{FOLDER}/test_calendar_sessions.py",), (f"{FOLDER}/test_data_stream.py",)

CONTRACTS = (
    Mutant(
        "prices: a window closes on an answer of before it",
        place("SharePriceFeed"),
        '        assert found.as_of > book._since(seen), "feeds: no answer since"\n',
        "",
        tests=NIGHT,
    ),
    Mutant(
        "prices: a window closes on any answer after it",
        place("SharePriceFeed"),
        '            assert escapes, "feeds: outside the band"\n',
        "",
        tests=NIGHT,
    ),
    Mutant(
        "prices: a source is believed that switched before the split",
        place("price_reading"),
        "        if m.pending_at != 0 and self._differs(found.price, kept, book._band(terms[0])):\n",
        "        if m.pending_at == 1 and self._differs(found.price, kept, book._band(terms[0])):\n",
        tests=NIGHT,
    ),
    Mutant(
        "prices: a price is good past a change that was scheduled since",
        place("SharePriceFeed"),
        "    until: uint256 = block.timestamp + self._notice()\n",
        "    until: uint256 = block.timestamp + 86_400 + self._notice()\n",
        tests=NIGHT,
    ),
    Mutant(
        "prices: lenders have what the sources say right after a change",
        place("price_reading"),
        "        if m.generation != book._settled(book.seen[token]):\n",
        "        if m.generation == max_value(uint256):\n",
        tests=NIGHT,
    ),
    Mutant(
        "prices: raw units are multiplied once more",
        place("price_reading"),
        "    if terms[0] & book.RAW != 0:\n",
        "    if terms[0] & book.SECOND_RAW != 0:\n",
        tests=NIGHT,
    ),
    Mutant(
        "prices: an answer that an older round is carried over from counts",
        place("price_reading"),
        " or as_of == 0 or not own:\n",
        " or as_of == 0:\n",
        tests=ANSWERS,
    ),
    Mutant(
        "prices: other decimals than those that were configured",
        place("price_reading"),
        "    if now != decimals:\n",
        "    if now > 255:\n",
        tests=ANSWERS,
    ),
    Mutant(
        "prices: the newer of two answers counts",
        place("price_reading"),
        "        oldest = min(oldest, other.as_of)\n",
        "        oldest = max(oldest, other.as_of)\n",
        tests=ANSWERS,
    ),
    Mutant(
        "prices: a sequencer that has just returned is believed",
        place("price_reading"),
        "    return block.timestamp - latest[2] > uptime >> _GRACE_SHIFT\n",
        "    return block.timestamp >= latest[2]\n",
        tests=ANSWERS,
    ),
    Mutant(
        "prices: bounds that are tightened leave the price that was judged before",
        place("price_book"),
        "    self.kept[token] &= ~((_U40 << _UNTIL_SHIFT) | ENDS_IN_WINDOW)\n",
        "    self.kept[token] &= ~ENDS_IN_WINDOW\n",
        tests=ANSWERS,
    ),
    Mutant(
        "sessions: one that runs past midnight ends there",
        place("calendar_sessions"),
        "    return step + _STEPS < yesterday >> _HALF and yesterday & _FIELD <= step + _STEPS\n",
        "    return False\n",
        tests=SESSIONS,
    ),
    Mutant(
        "sessions: the second of the close is open",
        place("calendar_sessions"),
        "    if today & _FIELD <= step and step < today >> _HALF:\n",
        "    if today & _FIELD <= step and step <= today >> _HALF:\n",
        tests=SESSIONS,
    ),
    Mutant(
        "streams: a report counts whatever the market's status",
        place("DataStream"),
        '    assert status < 32 and (STATUSES >> status) & 1 == 1, "stream: market closed"\n',
        "",
        tests=STREAMS,
    ),
    Mutant(
        "streams: nanoseconds are taken for seconds",
        place("DataStream"),
        "    as_of: uint256 = min(nanoseconds // _NANO, observed)\n",
        "    as_of: uint256 = min(nanoseconds, observed)\n",
        tests=STREAMS,
    ),
    Mutant(
        "streams: an older report is taken over",
        place("DataStream"),
        '    assert as_of > (latest >> _AS_OF_SHIFT) & _U40, "stream: not newer"\n',
        "",
        tests=STREAMS,
    ),
)
