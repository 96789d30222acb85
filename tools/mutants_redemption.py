"""What is planted in the vaults of requests to redeem (see mutants.py), each found by the tests that it names."""

from __future__ import annotations

from mutants_planted import Mutant, place

REQUESTS, FILLS, CLAIMS, SUSPENSION, STANDARDS = (
    (f"tests/contracts/redemption/test_vault_{name}.py",)
    for name in ("requests", "fills", "claims", "suspension", "standards")
)


IN_KIND = ("tests/contracts/redemption/test_vault_in_kind.py",)
VOIDED = ("tests/incidents/test_voided_strikes_moved_the_reference.py",)
MACHINE = ("tests/machine/test_redemption_agrees.py",)


def vault(name: str, stem: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of the vault, or of the stock's part in it."""
    return Mutant(f"vault: {name}", place(stem), before, after, tests=tests)


VAULT = (
    vault(
        "a lapsed holder may not ask",
        "token_redemption",
        "    if not clearance._may_leave(owner, config):\n",
        "    if not clearance._ensure(owner, config):\n",
        MACHINE,
    ),
    vault(
        "a frozen part is escrowed",
        "token_redemption",
        "    word: uint256 = transfers._spendable(owner, s.words[owner], amount)\n",
        "    word: uint256 = s.words[owner]\n",
        REQUESTS,
    ),
    vault(
        "anyone asks for anybody",
        "RequestVault",
        '    assert owner == msg.sender or parties.isOperator[owner][msg.sender], "vault: not the owner"\n',
        "",
        REQUESTS,
    ),
    vault(
        "the thief of a lost wallet is heard",
        "parties",
        "    heir: address = staticcall REGISTRY.successorOf(controller)\n    return heir, heir != controller",
        "    heir: address = controller\n    return heir, heir != controller",
        REQUESTS,
    ),
    vault(
        "a frozen controller is got round by another wallet",
        "parties",
        "        free = free and staticcall IStockToken(self.share).canLeave(receiver)\n",
        "        free = staticcall IStockToken(self.share).canLeave(receiver)\n",
        CLAIMS,
    ),
    vault(
        "what is filled is filled again",
        "request_book",
        "    self._open[controller] = 0\n    self._claims[controller] = (filled + shares)",
        "    self._claims[controller] = (filled + shares)",
        FILLS,
    ),
    vault(
        "who has seen the price is filled at it",
        "RequestVault",
        "        if shares == 0 or since >= at or request_book",
        "        if shares == 0 or request_book",
        FILLS,
    ),
    vault(
        "many steps of a day go further than one",
        "strike_book",
        "    self._reference = reference | (since << _AT)\n",
        "    self._reference = price | (since << _AT)\n",
        FILLS,
    ),
    vault(
        "a price stays the reference though it is voided",
        "strike_book",
        "    if price == reference and (word >> _AT) & _U40 < since:\n",
        "    if False:\n",
        VOIDED,
    ),
    vault(
        "a void begins the day anew",
        "strike_book",
        "        self._reference = (since << _AT) | reference\n",
        "        self._reference = reference\n",
        VOIDED,
    ),
    vault(
        "a fee on transfer is paid out of others' claims",
        "payments",
        '    assert staticcall coin.balanceOf(self) >= before + due, "vault: payment short"\n',
        "",
        FILLS,
    ),
    vault(
        "a coin that moves nothing has paid",
        "payments",
        '    assert staticcall IERC20(asset).balanceOf(self) == left, "vault: payment short"\n',
        "",
        CLAIMS,
    ),
    vault(
        "a claim that the coin refuses is lost",
        "RequestVault",
        '    assert payments._send(self.asset, heir, due), "vault: coin refused"\n',
        "    payments._send(self.asset, heir, due)\n",
        CLAIMS,
    ),
    vault(
        "anyone has a claim paid to whom it likes",
        "RequestVault",
        '    assert msg.sender == self, "vault: not the vault"\n',
        "",
        CLAIMS,
    ),
    vault(
        "a payee spends the gas of a whole batch",
        "payments",
        "    return raw_call(self, call, gas=ALONE_GAS, revert_on_failure=False)\n",
        "    return raw_call(self, call, revert_on_failure=False)\n",
        CLAIMS,
    ),
    vault(
        "who sends a batch makes a good payment fail",
        "payments",
        '    assert msg.gas >= LEAST_GAS, "vault: too little gas"\n',
        "",
        CLAIMS,
    ),
    vault(
        "a fill of another ends a suspension",
        "suspension",
        "    if controller != empty(address) and not self._is_overdue(controller):\n",
        "    if controller != empty(address):\n",
        SUSPENSION,
    ),
    vault(
        "a unit asked for early ages for what is added late",
        "request_book",
        "    self._open[controller] = (waiting + shares) | (block.timestamp << HIGH) | kind\n",
        "    since: uint256 = (word >> HIGH) & _U40 if waiting != 0 else block.timestamp\n"
        "    self._open[controller] = (waiting + shares) | (since << HIGH) | kind\n",
        SUSPENSION,
    ),
    vault(
        "the coin calls back into a fill",
        "RequestVault",
        "@external\n@nonreentrant\ndef skim(",
        "@external\ndef skim(",
        STANDARDS,
    ),
    vault(
        "anyone makes a vault another's",
        "RequestVault",
        '    assert msg.sender == FACTORY, "vault: not the factory"\n',
        "",
        STANDARDS,
    ),
    vault(
        "a fill for money takes what was asked for in kind",
        "RequestVault",
        "since >= at or request_book._is_in_kind(controller) or not",
        "since >= at or not",
        IN_KIND,
    ),
    vault(
        "a delivery burns more than its receipt is for",
        "RequestVault",
        '    assert shares != 0 and shares == request_book._pending(controller)[0], "vault: other amount"\n',
        "",
        IN_KIND,
    ),
    vault(
        "a delivery is by another document",
        "RequestVault",
        "delivery != empty(bytes32) and delivery == in_kind._delivery_of(controller)",
        "delivery != empty(bytes32)",
        IN_KIND,
    ),
    vault(
        "requests of two kinds wait together",
        "request_book",
        '    assert waiting == 0 or word & _IN_KIND == kind, "vault: other kind waits"\n',
        "",
        IN_KIND,
    ),
)
