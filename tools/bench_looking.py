"""How long looking things up takes, a part of ``make bench``: a page, a round of the watch, a stock's holders.

`site_s` is `report site` of 50 stocks with 5,000 corporate actions, `watch_s` a round of `watch` there, `holders_s`
`show holders` of 100,000 accounts from a register's files.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from stdnum.isin import calc_check_digit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import pyarrow as pa  # noqa: E402
from eth_utils import keccak  # noqa: E402
from support.network_world import deployed_world  # noqa: E402

from scrip import instructions as ins  # noqa: E402
from scrip.evm.handlers import transaction  # noqa: E402
from scrip.holders import files, limbs  # noqa: E402
from scrip.holders.movements import with_limbs  # noqa: E402
from scrip.holders.register import Register  # noqa: E402
from scrip.manifest.load import load  # noqa: E402
from scrip.units import WAD, Wad  # noqa: E402

STOCKS, EACH, OPEN, HOLDERS = 50, 100, 4, 100_000
TARGETS = {"site_s": 20.0, "watch_s": 5.0, "holders_s": 5.0}
FIRST, DAY = 1_800_000_000, 86_400
Took = Callable[[Path, str, str], float]


def looking(took: Took) -> dict[str, float]:
    """All three; `took` says how long `ape run` of a line takes in a folder, with a node's URL."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "manifests", folder / "manifests")
        path = folder / "manifests" / "local.yaml"
        path.write_text(_many(path.read_text()))
        with deployed_world(folder, load(path)) as world:
            network = world.open()
            _announce(network)
            _register(network, folder / "registers" / "local" / "S00" / "2027-01-15")
            return {
                "site_s": took(folder, world.url, "report site --out page"),
                "watch_s": took(folder, world.url, "watch --once"),
                "holders_s": min(took(folder, world.url, "show holders S00") for _ in range(2)),
            }


def _many(text: str) -> str:
    """The local manifest with STOCKS invented stocks in the place of its own."""
    content = yaml.safe_load(text)
    like: dict[str, Any] = content["stocks"]["MSFT"]
    isins = [f"US{number:09d}" for number in range(STOCKS)]
    content["stocks"] = {
        f"S{number:02d}": deepcopy(like) | {"name": f"Stock {number}", "isin": isin + calc_check_digit(isin)}
        for number, isin in enumerate(isins)
    }
    return yaml.safe_dump(content, sort_keys=False)


def _announce(network: Any) -> None:
    """EACH dividends of every stock, announced for days that are far ahead; all but OPEN of them called off."""
    ledger, by = network.ledger(), network.manifest.role_holders("ACTIONS")[0]
    for stock in ledger.stocks:
        for number in range(EACH):
            effective = FIRST + (60 + number) * DAY
            ex = date.fromtimestamp(effective)
            order = ins.Announce(
                stock, "DRIP", f"dividend-{number}", ex, effective, gross=Wad(WAD // 2), pay=effective + DAY, by=by
            )
            ledger.send(transaction(order, ledger))
            if number < EACH - OPEN:
                ledger.send(transaction(ins.Cancel(stock, "DRIP", order.reference, 7, "order-1", by=by), ledger))


def _register(network: Any, folder: Path) -> None:
    """A register of HOLDERS accounts, as `register build` writes one."""
    accounts = sorted("0x" + keccak(text=str(number))[12:].hex() for number in range(HOLDERS))
    units = [(number % 997 + 1) * 10**18 for number in range(HOLDERS)]
    text = {
        "account": pa.array(accounts, pa.string()),
        "investor": pa.array([str(number) for number in range(HOLDERS)], pa.string()),
        "investor_class": pa.array(["retail"] * HOLDERS, pa.string()),
        "kind": pa.array(["holder"] * HOLDERS, pa.string()),
    }
    table = pa.table(text | with_limbs("units", limbs.of(units)))
    head = network.node.block()
    subject = files.Subject(
        network="local",
        genesis=network.genesis,
        chain_id=network.node.chain_id(),
        isin=network.manifest.stocks["S00"].isin,
        token=network.ledger().token("S00").address,
        decimals=18,
        instant=head.timestamp,
        block=head.number,
        block_hash=head.hash,
        timestamp=head.timestamp,
    )
    folder.parent.mkdir(parents=True)
    files.write_register(folder, Register(table, head.number, sum(units)), subject, [])
