"""A fleet whose registry pages its pushes after two stocks, not hundreds: the same source but for one number."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache

from support.contract_calls import Handle, both_halves, deploy_compiled, named
from support.contract_world import ALLOWLIST, BLOCKLIST, HELD, MINTER, Fleet

from scrip.evm.compiled.artifacts import CONTRACTS, Artifact, artifact, source

PAGE = 2
STOCKS = 5
A1, A2, B1, C1 = (named(f"{name}'s wallet") for name in ("anna's first", "anna's second", "bert", "cora"))
OUTSIDER = named("outsider")
ANNA, BERT, CORA = 1, 2, 3


@cache
def _patched_registry() -> tuple[Artifact, Artifact]:
    """The registry's halves with another page, from a copy of the sources under build/."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    copy = CONTRACTS.parent / "build" / "paged" / worker / "contracts"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(CONTRACTS, copy)
    path = source("enrolments", copy)
    text = path.read_text()
    text, replaced = re.subn(r"(?m)^(PAGE: constant\(uint256\) = )\d+$", rf"\g<1>{PAGE}", text)
    assert replaced == 1
    path.write_text(text)
    return artifact("ComplianceRegistry", copy), artifact("RegistryExtension", copy)


def deploy_paged_registry(roles: Handle) -> Handle:
    """A ComplianceRegistry with PAGE patched."""
    front, rest = _patched_registry()
    extension = deploy_compiled(rest, roles)
    return both_halves(deploy_compiled(front, roles, extension), extension)


def slot_of(module: str, variable: str) -> int:
    """Where the registry keeps a variable of one of its modules."""
    return _patched_registry()[0].layout["storage_layout"][module][variable]["slot"]


class PagedFleet(Fleet):
    """Five stocks of alternating policy; anna has two wallets, all four wallets hold every stock."""

    def __init__(self) -> None:
        # The world's own stay where they are: tests of both run in one process.
        super().__init__(deploy_paged_registry, named("actions of the paged fleet"))
        self.stocks = [self.create_stock(f"US{i:010}", (BLOCKLIST, ALLOWLIST)[i % 2]) for i in range(STOCKS)]
        for investor, wallet in ((ANNA, A1), (BERT, B1), (CORA, C1)):
            self.onboard(investor, wallet)
        self.link(ANNA, A2)
        for stock in self.stocks:
            for wallet in (A1, A2, B1, C1):
                stock.mint(wallet, HELD, sender=MINTER)

        self.blocklist = self.stocks[0::2]
        self.allowlist = self.stocks[1::2]

    def finish(self, wallet: str) -> int:
        """Push to the end; how many pages it took."""
        pages = 0
        while self.registry.unfinishedPush(wallet):
            self.registry.continuePush(wallet)
            pages += 1
        return pages


@cache
def paged_fleet() -> PagedFleet:
    """The one of this session; tests put the chain back."""
    return PagedFleet()
