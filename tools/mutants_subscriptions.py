"""What is planted in the vaults into which investors pay (see mutants.py), each found by the tests that it names."""

from __future__ import annotations

from mutants_planted import Mutant, place

REQUESTS, FILLS, STANDARDS = (
    (f"tests/contracts/subscriptions/test_subscriptions_{name}.py",) for name in ("requests", "fills", "standards")
)
MACHINE = ("tests/machine/test_subscriptions_agree.py",)
VAULTS = ("tests/evm/test_vaults.py",)
COMMANDS = ("tests/scripts/test_subscription_commands.py", "tests/scripts/test_redemption_commands.py")


def entry(name: str, stem: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of such a vault, or of the stock's part in it."""
    return Mutant(f"entry: {name}", place(stem), before, after, tests=tests)


def python(name: str, file: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of the model, or of what plans and looks."""
    return Mutant(f"entry: {name}", f"scrip/{file}", before, after, tests=tests)


ENTRY = (
    entry(
        "anyone pays in with anybody's money",
        "SubscriptionVault",
        '    assert owner == msg.sender or parties.isOperator[owner][msg.sender], "vault: not the owner"\n',
        "",
        REQUESTS,
    ),
    entry(
        "who may not hold the stock subscribes",
        "SubscriptionVault",
        '    assert cleared, "vault: not cleared"\n',
        "",
        REQUESTS,
    ),
    entry(
        "a closed vault takes requests",
        "SubscriptionVault",
        '    assert not entry_gate.closed, "vault: closed"\n',
        "",
        REQUESTS,
    ),
    entry(
        "anyone sends back what waits",
        "SubscriptionVault",
        "    declines: bool = roles._has(roles.QUOTE_SIGNER, msg.sender)\n",
        "    declines: bool = True\n",
        REQUESTS,
    ),
    entry(
        "who asks in the strike's own second is filled",
        "SubscriptionVault",
        "        if shares == 0 or since >= at or not self._is_cleared(token, controller):\n",
        "        if shares == 0 or since > at or not self._is_cleared(token, controller):\n",
        FILLS,
    ),
    entry(
        "who is not cleared any more is filled",
        "SubscriptionVault",
        "        if shares == 0 or since >= at or not self._is_cleared(token, controller):\n",
        "        if shares == 0 or since >= at:\n",
        FILLS,
    ),
    entry(
        "units are rounded up",
        "SubscriptionVault",
        "        shares: uint256 = assets * strike_book.UNIT // price\n",
        "        shares: uint256 = (assets * strike_book.UNIT + price - 1) // price\n",
        FILLS,
    ),
    entry(
        "a price of before a split makes units after it",
        "SubscriptionVault",
        '    assert staticcall token.multiplierGeneration() == generation, "vault: multiplier changed"\n',
        "",
        FILLS,
    ),
    entry(
        "units are made though the treasury refuses the coins",
        "SubscriptionVault",
        '    assert payments._send(coin.address, treasury, spent), "vault: coin refused"\n',
        "    payments._send(coin.address, treasury, spent)\n",
        FILLS,
    ),
    entry(
        "units are made for coins of which the treasury gets less",
        "SubscriptionVault",
        '    assert staticcall coin.balanceOf(treasury) >= before + spent, "vault: payment short"\n',
        "",
        FILLS,
    ),
    entry(
        "a keeper takes a refund that its payee was refused",
        "SubscriptionVault",
        '    assert payments._send(self.asset, heir, request_book._fetch(controller)), "vault: coin refused"\n',
        "    payments._send(self.asset, heir, request_book._fetch(controller))\n",
        REQUESTS,
    ),
    entry(
        "units that the stock refused are gone",
        "SubscriptionVault",
        "        request_book._keep(controller, filled, due)\n",
        "",
        FILLS,
    ),
    entry(
        "coins that a request stands for are skimmed",
        "SubscriptionVault",
        "    stray: uint256 = held - min(held, request_book._escrowed())\n",
        "    stray: uint256 = held - min(held, request_book._owed())\n",
        STANDARDS,
    ),
    entry(
        "the part of a claim is rounded for who fetches",
        "SubscriptionVault",
        "    assets: uint256 = filled if shares == due else (filled * shares + due - 1) // due\n",
        "    assets: uint256 = filled if shares == due else filled * shares // due\n",
        MACHINE,
    ),
    entry(
        "anyone makes it another's",
        "SubscriptionVault",
        '    assert msg.sender == FACTORY, "vault: not the factory"\n',
        "",
        STANDARDS,
    ),
    entry(
        "PAUSER opens",
        "entry_gate",
        "    roles._check(roles.UNPAUSER)\n",
        "    roles._check(roles.PAUSER)\n",
        REQUESTS,
    ),
    entry(
        "units are delivered to who is not cleared",
        "token_redemption",
        "    if not clearance._ensure(to, config):\n",
        "    if not clearance._may_leave(to, config):\n",
        FILLS,
    ),
    entry(
        "whoever mints asks for nobody's clearance",
        "transfers",
        "    if to != msg.sender and not clearance._ensure(to, config):\n        erc_errors._cannot_receive(to)\n",
        "",
        FILLS,
    ),
    python(
        "the model pays a refund that a block holds",
        "model/subscriptions.py",
        "    check_receiver(state, entry, token, heir, receiver)\n    if not entry.called_back",
        "    if not entry.called_back",
        ("tests/model/test_model_subscriptions.py",),
    ),
    python(
        "the model fills though the reserve does not cover it",
        "model/subscriptions.py",
        "    check_mint(state.stocks[order.stock], entry.account, made, state.now, itself=True)\n",
        "",
        MACHINE,
    ),
    python(
        "a way in that the manifest does not ask for keeps MINTER",
        "evm/audit/authority.py",
        '    for name in (VAULT, "MINTER"):\n',
        "    for name in (VAULT,):\n",
        VAULTS,
    ),
    python(
        "what was done in vaults beside the records is not found",
        "evm/tx/history.py",
        'BESIDE = (VAULT, ENTRY, FACTORY, PRICE_FEED, "DataStream")\n',
        "BESIDE = ()\n",
        VAULTS,
    ),
    python(
        "a contract that only says so is taken for a suite's",
        "evm/tx/history.py",
        "            if at in known or not network.node.code(at).startswith(artifact(name).runtime):\n",
        "            if at in known:\n",
        VAULTS,
    ),
    python(
        "mints are planned to stop for who waits not too long",
        "flows/redemption.py",
        "        if one.found.overdue:\n            return None\n",
        "        if one.found.waiting:\n            return None\n",
        COMMANDS,
    ),
    python(
        "a stranger's decline is planned before its time",
        "flows/subscriptions.py",
        "            if not one.late:\n",
        "            if one.late:\n",
        COMMANDS,
    ),
)
