"""What is planted in stocks' ends (see mutants.py), each found by the tests that it names."""

from __future__ import annotations

from mutants_planted import Mutant, place

MINTS, PAYS = ((f"tests/contracts/wind_up/test_wind_up_{name}.py",) for name in ("mints", "pays"))
TOKEN = ("tests/contracts/redemption/test_vault_mints_end.py",)
REGION = ("tests/contracts/wind_up/test_region_exit.py",)
MACHINE = ("tests/machine/test_wind_up_agrees.py",)
EXITS = ("tests/machine/test_region_exit_agrees.py",)


def end(name: str, stem: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of the WindUp, its module or the stock's."""
    return Mutant(f"end: {name}", place(stem), before, after, tests=tests)


ENDS = (
    end(
        "a stock is minted past its end",
        "transfers",
        '    assert not tc._has_ended(config), "token: mints ended"\n',
        "",
        TOKEN,
    ),
    end(
        "a multiplier changes after the end",
        "token_multiplier",
        '    assert end == 0 or effectiveAt <= end, "token: mints ended"\n',
        "",
        TOKEN,
    ),
    end(
        "units are paid and not burned",
        "WindUp",
        "    extcall IStockToken(token).retire(units)\n",
        "",
        PAYS,
    ),
    end(
        "what is parked can be taken twice",
        "ending_book",
        "    self._parked[token][account] = empty(Parked)\n",
        "",
        PAYS,
    ),
    end(
        "coins are pushed into a contract",
        "WindUp",
        "0 if account.is_contract else self._free(token, account)\n",
        "self._free(token, account)\n",
        PAYS,
    ),
    end(
        "what nobody fetched is swept before the expiry",
        "WindUp",
        'expiry != 0 and expiry <= block.timestamp, "windup: not expired"\n',
        'expiry != 0, "windup: not expired"\n',
        PAYS,
    ),
    end(
        "the parked amounts return to the funder",
        "WindUp",
        "book._endings[token].cash - book._endings[token].cashParked\n",
        "book._endings[token].cash\n",
        PAYS,
    ),
    end(
        "a merger that leaves a choice ends a stock",
        "WindUp",
        '    assert not is_choice, "windup: choice open"\n',
        "",
        PAYS,
    ),
    end(
        "coins are taken in for units that nobody can make",
        "SubscriptionVault",
        '    assert end == 0 or block.timestamp < end, "token: mints ended"\n',
        "",
        ("tests/contracts/subscriptions/test_subscriptions_requests.py",),
    ),
    end(
        "who leaves a country is paid twice",
        "RegionExit",
        "    self._waiting[id][account] = 0\n",
        "",
        REGION,
    ),
    end(
        "a country that the rules admit again is burned",
        "RegionExit",
        "        left[i] &= ~admitted[i]\n",
        "        left[i] &= max_value(uint256)\n",
        REGION,
    ),
    end(
        "units are burned against coins of others",
        "RegionExit",
        '        assert self._exits[id].parked + cash <= self._exits[id].cash, "exit: not funded"\n',
        "",
        REGION,
    ),
    end(
        "an exit is opened of countries that the rules admit, which anyone could drop",
        "RegionExit",
        '        assert left[i] == countries[i], "exit: still admitted"\n',
        "        assert left[i] <= countries[i]\n",
        REGION,
    ),
    end(
        "a stranger funds an exit, and is returned the rest",
        "RegionExit",
        '    assert self._exits[id].funder == msg.sender, "exit: not the funder"\n',
        "",
        REGION,
    ),
    end(
        "a venue's units are burned, which are others'",
        "RegionExit",
        "or blocked or kind == _VENUE or",
        "or blocked or",
        REGION,
    ),
    Mutant(
        "exit: the model burns who was taken in",
        "scrip/model/region_exit.py",
        "    if investor is None or account in found.taken_in:\n",
        "    if investor is None:\n",
        tests=EXITS,
    ),
    Mutant(
        "exit: the model returns the parked coins to the funder",
        "scrip/model/region_exit.py",
        "    rest = found.cash - found.parked_sum\n",
        "    rest = found.cash\n",
        tests=EXITS,
    ),
    Mutant(
        "end: the model pays for units that stay",
        "scrip/model/wind_up.py",
        "    token.destroy(windup, units)\n",
        "",
        tests=MACHINE,
    ),
)
