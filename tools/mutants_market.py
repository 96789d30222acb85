"""What is planted in the primary market's bounds, and the tests that find each."""

from __future__ import annotations

from mutants_planted import Mutant, place

FOLDER = "tests/contracts/market"
PRICE = (f"{FOLDER}/test_market_price.py",)

CONTRACTS = (
    Mutant(
        "market: a quote is taken at any price, whatever the stock's band",
        place("PrimaryMarket"),
        "        market_price._check(quote.token, band, quote.amount, quote.settlement, unit)\n",
        "        pass\n",
        tests=PRICE,
    ),
    Mutant(
        "market: a quote is taken while the exchange is shut",
        place("market_price"),
        '    assert trades, "market: closed"\n',
        "",
        tests=PRICE,
    ),
    Mutant(
        "market: a band bounds a price from above alone",
        place("market_price"),
        "    apart: uint256 = paid - worth if paid > worth else worth - paid\n",
        "    apart: uint256 = paid - worth if paid > worth else 0\n",
        tests=PRICE,
    ),
    Mutant(
        "market: PAUSER may bound a stock's quotes by another feed",
        place("market_price"),
        "    is_same: bool = self._feed(word) == feed\n",
        "    is_same: bool = True\n",
        tests=PRICE,
    ),
)
