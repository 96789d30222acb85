"""What is planted in the primary market's bounds, and the tests that find each."""

from __future__ import annotations

from mutants_planted import Mutant, place

FOLDER = "tests/contracts/market"
PRICE = (f"{FOLDER}/test_market_price.py",)
PEG = (f"{FOLDER}/test_market_peg.py",)
MOST = (f"{FOLDER}/test_market_most.py",)
PAYERS = (f"{FOLDER}/test_market_payers.py",)
MACHINE = (f"{FOLDER}/test_market_machine.py",)
FEES, SECOND = (f"{FOLDER}/test_market_fees.py",), (f"{FOLDER}/test_market_second_signer.py",)

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
        "    if not trades:\n",
        "    if False:\n",
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
    Mutant(
        "market: a fee is rounded in the payer's favour",
        place("PrimaryMarket"),
        "    return settlement // _BPS * bps + (part + _BPS - 1) // _BPS\n",
        "    return settlement // _BPS * bps + part // _BPS\n",
        tests=FEES,
    ),
    Mutant(
        "market: a quote names whatever fee it likes",
        place("PrimaryMarket"),
        "    if quote.fee > (each >> market_limits._FEE_SHIFT) & market_limits._U14:\n",
        "    if False:\n",
        tests=FEES,
    ),
    Mutant(
        "market: one key signs a large quote twice",
        place("market_quotes"),
        "    if second == signer or not roles._has(roles.QUOTE_SIGNER, second):\n",
        "    if not roles._has(roles.QUOTE_SIGNER, second):\n",
        tests=SECOND,
    ),
    Mutant(
        "market: two keys of one desk are two signers",
        place("market_quotes"),
        "    if desk != 0 and desk == first & _DESK_MASK:\n",
        "    if False:\n",
        tests=SECOND,
    ),
    Mutant(
        "market: a second signature outlives its key's epoch",
        place("market_quotes"),
        "    return self._countersigned(digest, epoch)\n",
        "    return self._countersigned(digest, 0)\n",
        tests=SECOND,
    ),
    Mutant(
        "market: what a stock's bucket has no room for is said to fit",
        place("market_limits"),
        "    most = min(most, self._room_in(self._stocks[token], self._stocks[token], is_mint))\n",
        "    most = min(most, self._room_in(self._stocks[token], self._stocks[token], not is_mint))\n",
        tests=MOST,
    ),
    Mutant(
        "market: a view of what may be traded looks at no price",
        place("PrimaryMarket"),
        "    if band != 0 and not market_price._trades(token, band):\n",
        "    if False:\n",
        tests=MOST,
    ),
    Mutant(
        "market: a coin's peg is good a second longer",
        place("PrimaryMarket"),
        "    if block.timestamp > asset >> _PEG_SHIFT:\n",
        "    if block.timestamp > (asset >> _PEG_SHIFT) + 1:\n",
        tests=PEG,
    ),
    Mutant(
        "market: a quote is taken in a coin that is off its peg",
        place("PrimaryMarket"),
        "    if block.timestamp > asset >> _PEG_SHIFT:\n",
        "    if False:\n",
        tests=PEG,
    ),
    Mutant(
        "market: a coin that is listed again is on its peg",
        place("PrimaryMarket"),
        "        word |= market_peg._at_first(asset) << _PEG_SHIFT\n",
        "        word |= market_peg.ALWAYS << _PEG_SHIFT\n",
        tests=PEG,
    ),
    Mutant(
        "market: a caller makes a good peg feed fail with too little gas",
        place("market_peg"),
        '    refusals._demand(msg.gas >= _LEAST_GAS, "market: too little gas")\n',
        "",
        tests=PEG,
    ),
    Mutant(
        "market: an old answer of a peg feed is good",
        place("market_peg"),
        "    if as_of > block.timestamp or as_of + age < block.timestamp:\n",
        "    if as_of > block.timestamp:\n",
        tests=PEG,
    ),
    Mutant(
        "market: a coin above a dollar is on its peg",
        place("market_peg"),
        "    apart: uint256 = max(price, dollar) - min(price, dollar)\n",
        "    apart: uint256 = dollar - min(price, dollar)\n",
        tests=PEG,
    ),
    Mutant(
        "market: a feed has a say where a coin is held off its peg",
        place("market_peg"),
        "    if band == 0:\n        return 0\n",
        "",
        tests=PEG,
    ),
    Mutant(
        "market: a coin whose decimals changed is on its peg",
        place("market_peg"),
        "word >> _AGE_SHIFT) if counts else 0\n",
        "word >> _AGE_SHIFT)\n",
        tests=PEG,
    ),
    Mutant(
        "market: PAUSER may name another peg feed",
        place("market_peg"),
        "        is_same: bool = word != 0 and self._feed(word) == feed\n",
        "        is_same: bool = word != 0\n",
        tests=PEG,
    ),
    Mutant(
        "market: an allowance is a consent",
        place("PrimaryMarket"),
        "        if msg.sender != payer and payment.way != market_payment.AUTHORIZATION:\n",
        "        if msg.sender != payer and payment.way == market_payment.PERMIT:\n",
        tests=PAYERS,
    ),
    Mutant(
        "market: a permit is a consent",
        place("PrimaryMarket"),
        "        if msg.sender != payer and payment.way != market_payment.AUTHORIZATION:\n",
        "        if msg.sender != payer and payment.way == market_payment.ALLOWANCE:\n",
        tests=PAYERS,
    ),
    Mutant(
        "market: a consent is to any signer's quote of the same number",
        place("market_quotes"),
        "keccak256(abi_encode(_PAYMENT_TYPEHASH, made, signer, payer))",
        "keccak256(abi_encode(_PAYMENT_TYPEHASH, made, payer, payer))",
        tests=PAYERS,
    ),
    Mutant(
        "market: a blocked account pays for another",
        place("PrimaryMarket"),
        "staticcall IStockToken(quote.token).canReceive(payer),",
        "True,",
        tests=PAYERS,
    ),
    Mutant(
        "market: a quote is signed whoever pays it",
        place("market_quotes"),
        "    if payer != empty(address) and payer != quote.account:\n",
        "    if False:\n",
        tests=PAYERS,
    ),
    Mutant(
        "market: what others left in the market pays a mint",
        place("market_payment"),
        "    arrived: uint256 = self._balance(asset, self) - held\n",
        "    arrived: uint256 = amount\n",
        tests=PAYERS,
    ),
    Mutant(
        "market: a permit that gives nothing goes on as if it had",
        place("market_payment"),
        "(done or staticcall IERC20(asset).allowance(payer, self) >= amount",
        "(done or staticcall IERC20(asset).allowance(payer, self) >= 0",
        tests=PAYERS,
    ),
    Mutant(
        "market: one key signs whatever no price bounds",
        place("PrimaryMarket"),
        "    if second_from != 0 and (band == 0 or cents >= second_from):\n",
        "    if second_from != 0 and cents >= second_from:\n",
        tests=SECOND,
    ),
)


def alone(name: str, stem: str, before: str, after: str) -> Mutant:
    """A fault that the machine of everybody at once finds by itself, whichever test of one thing does so too."""
    return Mutant(f"everybody: {name}", place(stem), before, after, tests=MACHINE)


EVERYBODY = (
    alone(
        "a band bounds a price from below alone",
        "market_price",
        "    apart: uint256 = paid - worth if paid > worth else worth - paid\n",
        "    apart: uint256 = 0 if paid > worth else worth - paid\n",
    ),
    alone(
        "a fee is taken twice",
        "PrimaryMarket",
        "    market_payment._move(quote.stablecoin, quote.account, treasury, quote.settlement + fee)\n",
        "    market_payment._move(quote.stablecoin, quote.account, treasury, quote.settlement + 2 * fee)\n",
    ),
    alone(
        "a coin that is off its peg redeems",
        "PrimaryMarket",
        "    if block.timestamp > asset >> _PEG_SHIFT:\n",
        "    if side == MINT and block.timestamp > asset >> _PEG_SHIFT:\n",
    ),
    alone(
        "a bucket leaks nothing",
        "market_limits",
        "    since: uint256 = (word >> _TIME_SHIFT) & _U40\n",
        "    since: uint256 = block.timestamp\n",
    ),
    alone(
        "a bucket leaks twice as fast",
        "market_limits",
        "    since: uint256 = (word >> _TIME_SHIFT) & _U40\n",
        "    since: uint256 = 2 * ((word >> _TIME_SHIFT) & _U40) - block.timestamp\n",
    ),
    alone(
        "New York need not trade",
        "market_price",
        "    if not trades:\n",
        "    if False:\n",
    ),
    alone(
        "a strike fills after it has expired",
        "RequestVault",
        '    assert block.timestamp < expiry, "vault: strike expired"\n',
        "",
    ),
    alone(
        "a void strike fills",
        "strike_book",
        "    self._strikes[key] = 0\n",
        "    pass\n",
    ),
    alone(
        "a claim is paid twice",
        "request_book",
        "    self._claims[controller] = unsafe_sub(filled, shares) | (unsafe_sub(due, assets) << HIGH)\n",
        "    self._claims[controller] = filled | (due << HIGH)\n",
    ),
)
