"""The manifest solana-local, deployed on LiteSVM as its accounts are to be, and what a test plants in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from solana_world import DAY, START, fresh
from solders.account import Account
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.holder_limits import StockRules
from scrip.manifest.load import load
from scrip.manifest.model import Manifest
from scrip.manifest.rules import resolve
from scrip.reports.findings import Finding
from scrip.roles import SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana.addresses import TOKEN, local_address, local_keypair, token_account
from scrip.solana.audit import Built, Evidence, examine
from scrip.solana.build import Build
from scrip.solana.chain import Sent
from scrip.solana.encoding.loader import HEADER
from scrip.solana.encoding.program import Listing, Suite
from scrip.solana.encoding.tokens import MINT_SIZE, create_account, create_mint
from scrip.solana.keys import FAUCET
from scrip.solana.ledger import SolanaLedger
from scrip.units import STABLECOIN_DECIMALS, Shares

MANIFEST = Path(__file__).resolve().parents[2] / "manifests/solana-local.yaml"
COIN = local_keypair("stablecoin")


def solana_manifest() -> Manifest:
    """The manifest of a Solana chain on this machine."""
    return load(MANIFEST)


class Standing:
    """A cluster with the manifest's deployment. It is a source of accounts to an audit, too."""

    def __init__(self) -> None:
        self.manifest = solana_manifest()
        self.chain, self.program = fresh()
        self._known: set[Pubkey] = set()
        self._claims: dict[Pubkey, Account] = {}
        self._watch()
        self._initialise()
        treasury = token_account(self.program.at.authority, COIN.pubkey(), TOKEN)
        self.ledger = SolanaLedger(self.chain, Suite(self.program, COIN.pubkey(), treasury))
        self._list(treasury)
        for ticker, stock in self.manifest.stocks.items():
            rules = resolve(self.manifest, ticker)
            policy = rules.policy
            reserve = stock.reserve
            self.ledger.apply(ins.CreateStock(ticker, stock.name, stock.isin, policy, stock.series, by="safe"))
            ceiling = Shares.parse(reserve.ceiling)
            order = ins.ConfigureReserve(ticker, reserve.max_age, reserve.margin_bps, ceiling, by="timelock")
            self.ledger.apply(order)
            if rules.stock_rules != StockRules():
                self.ledger.apply(ins.SetStockRules(ticker, rules.stock_rules, by="compliance-desk"))
            if limits := rules.holder_limits:
                self.ledger.apply(ins.SetHolderLimits(ticker, limits, by="compliance-desk"))

    def _watch(self) -> None:
        """Remember every account that a transaction names: LiteSVM lists none."""
        send = self.chain.send

        def noted(calls: Sequence[Instruction], signers: Sequence[Keypair]) -> Sent:
            self._known.update(meta.pubkey for call in calls for meta in call.accounts)
            return send(calls, signers)

        self.chain.send = noted  # type: ignore[method-assign]

    def _initialise(self) -> None:
        manifest, chain, program = self.manifest, self.chain, self.program
        roles = {place: local_address(manifest.roles[role][0]) for role, place in SOLANA_ROLES.items()}
        policy = manifest.corporate_actions
        args = {
            "genesis": list(chain.genesis),
            "roles": roles | {SOLANA_ADMIN: local_address("timelock")},
            "settings": {
                "split_notice": policy.split_notice,
                "dividend_announce": policy.dividend_announce_notice,
                "dividend_strike": policy.dividend_strike_notice,
                "grace": policy.grace,
                "withholding_bps": policy.withholding_bps,
                "strict_list": manifest.strict_list,
            },
        }
        upgrader = local_keypair("timelock")
        data = bytearray(chain.account(program.at.program_data) or b"")
        data[13:HEADER] = bytes(upgrader.pubkey())
        self.put(program.at.program_data, bytes(data))
        accounts = {
            "payer": chain.payer.pubkey(),
            "upgrade_authority": upgrader.pubkey(),
            "program_account": program.id,
            "program_data": program.at.program_data,
        }
        chain.send([program.build("initialise", args, accounts=accounts)], [upgrader])

    def _list(self, treasury: Pubkey) -> None:
        chain, authority = self.chain, self.program.at.authority
        payer, rent = chain.payer.pubkey(), chain.rent(MINT_SIZE)
        chain.send(create_mint(payer, COIN.pubkey(), local_address(FAUCET), STABLECOIN_DECIMALS, rent), [COIN])
        chain.send([create_account(payer, authority, COIN.pubkey(), TOKEN)], [])
        self.list(COIN.pubkey(), treasury)

    def list(self, mint: Pubkey, treasury: Pubkey, listed: bool = True) -> None:
        """List a settlement asset, or no longer, as the timelock."""
        accounts = {"settlement_mint": mint, "treasury": treasury, "asset": self.program.at.asset(mint)}
        self.send("timelock", "list_asset", listed, **accounts)

    def send(self, by: str, name: str, *args: object, listing: Listing | None = None, **accounts: Pubkey) -> None:
        """One of the program's instructions, signed by a name."""
        signer = self.chain.rich(local_keypair(by))
        chosen = {"signer": signer.pubkey(), **accounts}
        self.chain.send([self.program.build(name, *args, accounts=chosen, listing=listing)], [signer])

    def role(self, name: str) -> object:
        """A role as the program's instructions take it."""
        return getattr(self.program.type["Role"], name)()

    # --- planting ---

    def put(self, address: Pubkey, data: bytes, owner: Pubkey | None = None) -> None:
        """Put other data, or another owner, into an account, as no transaction could."""
        old = self.chain.svm.get_account(address)
        lamports, holder, executable = (old.lamports, old.owner, old.executable) if old else (10**10, owner, False)
        assert (owner or holder) is not None
        self._known.add(address)
        self.chain.svm.set_account(address, Account(lamports, data, owner or holder, executable, 0))  # type: ignore[arg-type]

    def claim(self, address: Pubkey, data: bytes, owner: Pubkey | None = None) -> None:
        """Answer with other data, or another owner, for an account that the runtime would not let be so."""
        old = self.chain.svm.get_account(address)
        assert old is not None
        self._claims[address] = Account(old.lamports, data, owner or old.owner, old.executable, 0)

    def edit(self, address: Pubkey, at: int, data: bytes) -> None:
        """Overwrite some bytes of an account."""
        old = self.chain.account(address)
        assert old is not None
        self.put(address, old[:at] + data + old[at + len(data) :])

    @contextmanager
    def kept(self) -> Iterator[Standing]:
        """Every account, and the clock, as they were before."""
        svm, known = self.chain.svm, set(self._known)
        before = {address: svm.get_account(address) for address in known}
        clock = svm.get_clock()
        yield self
        self._claims.clear()
        for address in self._known:
            if (old := before.get(address)) != svm.get_account(address):
                svm.set_account(address, old or Account(0, b"", Pubkey.default(), False, 0))
        self._known = known
        svm.set_clock(clock)

    # --- a source of accounts ---

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts; None where there is none."""
        found = [self._claims.get(one) or self.chain.svm.get_account(one) for one in addresses]
        return [one if one is not None and one.lamports else None for one in found]

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        """A program's accounts that hold `data` at `at`."""
        found = zip(known := sorted(self._known, key=bytes), self.accounts(known), strict=True)
        ours = [(address, bytes(one.data)) for address, one in found if one is not None and one.owner == program]
        return [(address, held) for address, held in ours if held[at : at + len(data)] == data]

    def genesis(self) -> bytes:
        """The genesis block's hash."""
        return self.chain.genesis

    # --- the audit ---

    def evidence(self, manifest: Manifest | None = None, names: Mapping[Pubkey, str] | None = None) -> Evidence:
        """What an audit of it reads."""
        manifest = manifest or self.manifest
        accounts = (*manifest.accounts, "safe", "timelock")
        known = names if names is not None else {local_address(name): name for name in accounts}
        return Evidence(
            manifest=manifest,
            program=self.program,
            source=self,
            genesis=self.chain.genesis,
            address_of=local_address,
            name_of=lambda address: known.get(address, ""),
            assets={"USDC": COIN.pubkey()},
        )

    def audit(self, manifest: Manifest | None = None, built: Built | None = None) -> list[Finding]:
        """What the audit finds."""
        return examine(self.evidence(manifest), built or Built.of(Build()))

    def only(self) -> Finding:
        """The one finding."""
        (finding,) = self.audit()
        return finding

    def found(self) -> list[tuple[str, str]]:
        """Where findings are, and how bad."""
        return [(one.field, one.severity) for one in self.audit()]


__all__ = ["COIN", "DAY", "START", "Standing", "solana_manifest"]
