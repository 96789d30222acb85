"""What ours costs: whole transactions on anvil, of stocks behind their proxies unless the case says otherwise.

Both sides of a transfer are checked investors; `new` is the receiver's first touch of the stock; a `warm` mint has the
reserve asked, its quote's number stands in a word that is in use, and limits of all, the stock and the investor are
kept, band, hours and window are asked of the price feed (`unpriced`: not; `unlimited`: neither); `first` is an
investor's first, `second` has two signatures. "each" is a batch's gas by its entries; `.token` is the stock's own call
frame.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from bench_chain import BenchChain
from support.fixed_book import fixed_book

from scrip import instructions as ins
from scrip.evm import mocks
from scrip.evm.chain import Contract
from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.region_exit import open_region_exit
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.deploy.vaults import open_vault
from scrip.evm.deploy.wind_up import open_wind_up
from scrip.evm.dividends import DividendDesign
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import country_words, document_hash, investor_number
from scrip.evm.handlers.feeds import MOCK_DECIMALS
from scrip.evm.labels import UNLIMITED, role
from scrip.evm.ledger import EvmLedger
from scrip.evm.vaults import ENTERING, VaultDesign
from scrip.holder_limits import Countries, StockRules
from scrip.holders.tree import Leaves, Tree, build
from scrip.inputs.sessions import year_of
from scrip.instructions.base import ISSUER, TREASURY
from scrip.instructions.market import QuoteTerms
from scrip.labels import STABLECOIN
from scrip.market_limits import SCOPES, MarketLimits
from scrip.model.laws import merkle_sum, sessions
from scrip.parameters import PUSHED_DEPTH
from scrip.units import EVM_DECIMALS, STABLECOIN_DECIMALS, WAD, RawUnits, Shares, Stablecoin
from scrip.voting.papers import proof_bytes

UNIT = 10**EVM_DECIMALS
FLEET = 300
FILLED = 50
BATCH = 200
DEEP = 20
PUSHED = 1 << PUSHED_DEPTH.value
COUNTRY = 276
DAY = 86_400
YEAR = 365 * DAY
TRADING = 1_700_060_400
"""Wednesday, 15 November 2023, 15:00 UTC: New York trades."""


def measure(chain: BenchChain) -> dict[str, int]:
    """Every case, in the order of its name."""
    bench = _Bench(chain)
    cases = bench.transfers() | bench.supply() | bench.leaving() | bench.entering() | bench.prices() | bench.trades()
    cases |= bench.actions() | bench.dividends() | bench.offers() | bench.ends()
    cases |= bench.votes() | bench.elections() | bench.investors() | bench.exits()
    return dict(sorted(cases.items()))


class _Bench:
    def __init__(self, chain: BenchChain) -> None:
        self._chain = chain
        self._suite = deploy_suite(chain)
        self._ledger = EvmLedger(chain, self._suite)
        self._serial = 0
        chain.send(self._suite.roles, "grantRole", role("MINTER"), chain.address("minter"), sender=ISSUER)
        for account in ("alice", "bob", "carol", "dave"):
            self._onboard(account)
        self._create(0)
        self._token = self._ledger.token("STOCK0")
        for account in ("alice", "bob", "alice"):
            self.mint = self._mint(self._token, account)

    def _onboard(self, account: str) -> None:
        expiry = self._chain.now() + YEAR
        self._ledger.apply(ins.Onboard(account, account, COUNTRY, "professional", expiry))

    def _create(self, number: int) -> int:
        """A new stock with a reserve; gas of its creation alone."""
        stock = f"STOCK{number}"
        gas = self._ledger.apply(ins.CreateStock(stock, f"Stock {number}", f"US{number:09}0")).gas or 0
        self._ledger.apply(ins.AttestReserve(stock, Shares.of(10**6)))
        self._ledger.apply(ins.ConfigureReserve(stock, 30 * DAY, 0, Shares.of(10**6)))
        return gas

    def _mint(self, token: Contract, account: str) -> int:
        return self._chain.gas(token, "mint", self._chain.address(account), 100 * UNIT, sender="minter")

    def _send(self, function: str, *args: object, sender: str) -> int:
        return self._chain.gas(self._token, function, *args, sender=sender)

    def transfers(self) -> dict[str, int]:
        """Holders' own transactions."""
        alice, bob, carol, dave = (self._chain.address(name) for name in ("alice", "bob", "carol", "dave"))
        cases = {"transfer.proxy.warm": self._send("transfer", bob, UNIT, sender="alice")}
        cases["transfer.proxy.new"] = self._send("transfer", carol, UNIT, sender="alice")
        self._send("approve", dave, 10 * UNIT, sender="alice")
        cases["transferFrom.proxy.warm"] = self._send("transferFrom", alice, bob, UNIT, sender="dave")
        cases["permit.proxy"] = self._permit()
        # The same storage without the beacon and the delegation: the implementation's code in the proxy's place.
        proxy = self._chain.code(self._token.address)
        self._chain.set_code(self._token.address, self._chain.code(self._suite.implementations[0].address))
        cases["transfer.impl.warm"] = self._send("transfer", bob, UNIT, sender="alice")
        self._chain.set_code(self._token.address, proxy)
        return cases

    def _permit(self) -> int:
        alice, carol = self._chain.address("alice"), self._chain.address("carol")
        deadline = self._chain.now() + DAY
        fields = [("owner", "address"), ("spender", "address")]
        fields += [(name, "uint256") for name in ("value", "nonce", "deadline")]
        _, name, version, chain_id, contract, _, _ = self._chain.call(self._token, "eip712Domain")
        domain = {"name": name, "version": version, "chainId": chain_id, "verifyingContract": contract}
        kinds = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}
        typed = {
            "domain": domain,
            "types": {
                "EIP712Domain": [{"name": name, "type": kind} for name, kind in kinds.items()],
                "Permit": [{"name": name, "type": kind} for name, kind in fields],
            },
            "primaryType": "Permit",
            "message": {"owner": alice, "spender": carol, "value": UNIT, "nonce": 0, "deadline": deadline},
        }
        signature = self._chain.sign("alice", typed)
        parts = (signature[64], signature[:32], signature[32:64])
        return self._send("permit", alice, carol, UNIT, deadline, *parts, sender="dave")

    def supply(self) -> dict[str, int]:
        """Mints and redemptions."""
        self._ledger.apply(ins.FundStablecoin("alice", _coins(10_000)))
        self._order(ins.Mint)
        free = {"mint": self._order(ins.Mint), "redeem": self._order(ins.Redeem)}
        wide = MarketLimits(10**9, 10**10, DAY)
        for scope in SCOPES:
            self._ledger.apply(ins.SetMarketLimit(scope, wide, "STOCK0" if scope == "stock" else ""))
        self._order(ins.Mint)
        return {
            "mint.proxy.warm": self.mint,
            "mint.proxy.attested.warm": self._mint_attested(),
            "market.instantMint.unlimited": free["mint"],
            "market.instantRedeem.unlimited": free["redeem"],
            "market.instantMint.unpriced": self._order(ins.Mint),
            "market.instantRedeem.unpriced": self._order(ins.Redeem),
        }

    def _mint_attested(self) -> int:
        """What a mint costs that asks no aggregator, since ATTESTOR signs for the reserve."""
        stock = "ATTESTED"
        self._ledger.apply(ins.CreateStock(stock, "Attested", f"US{FLEET + 1:09}0"))
        self._ledger.apply(ins.ConfigureReserve(stock, 30 * DAY, 0, Shares.of(10**6), source="attested"))
        self._ledger.apply(ins.AttestReserve(stock, Shares.of(10**6)))
        costs = [self._mint(self._ledger.token(stock), account) for account in ("alice", "bob", "alice")]
        return costs[-1]

    def _order(
        self, kind: type[ins.Mint] | type[ins.Redeem], dollars: int = 100, account: str = "alice", second: str = ""
    ) -> int:
        self._serial += 1
        generation = self._ledger.multiplier("STOCK0").generation
        terms = QuoteTerms(
            f"quote {self._serial}", self._chain.now() + DAY, generation, nonce=self._serial, second=second
        )
        order = kind("STOCK0", account, RawUnits(UNIT, EVM_DECIMALS), _coins(dollars), terms)
        return self._ledger.apply(order).gas or 0

    def leaving(self) -> dict[str, int]:
        """A holder's first request in a vault that has others, a batch of fills, a claim paid to who has the coin."""
        chain, token = self._chain, self._token
        price = _coins(400)
        wanted = VaultDesign("STOCK0", RawUnits(UNIT, EVM_DECIMALS), 7 * DAY, 2_000, price)
        vault = open_vault(chain, wanted, STABLECOIN, ISSUER, TREASURY)
        holders = [f"leaver {i}" for i in range(FILLED)]
        entries = [(investor_number(one), chain.address(one), COUNTRY, 1, chain.now() + YEAR) for one in holders]
        chain.send(self._suite.registry, "onboard", b"leavers".ljust(32, b"\0"), entries, sender=ISSUER)
        for one in holders:
            self._mint(token, one)
            at = chain.address(one)
            request = chain.gas(vault, "requestRedeem", UNIT, at, at, sender=one)
        chain.send(self._suite.stablecoin, "mint", chain.address(TREASURY), 10**12, sender=TREASURY)
        chain.advance_to(chain.now() + 1)
        key = b"strike".ljust(32, b"\0")
        chain.send(vault, "strike", key, price.value, chain.now() + DAY, sender=ISSUER)
        fill = chain.gas(vault, "fill", key, [chain.address(one) for one in holders], sender=ISSUER)
        last = chain.address(holders[-1])
        chain.send(self._suite.stablecoin, "mint", last, 1, sender=TREASURY)
        claim = chain.gas(vault, "redeem", UNIT, last, last, sender=holders[-1])
        return {
            "redemption.request": request,
            f"redemption.fill.{FILLED}.each": fill // FILLED,
            "redemption.claim": claim,
        }

    def entering(self) -> dict[str, int]:
        """The same of subscriptions: a first request, a batch of fills, units fetched by who holds some."""
        chain, price = self._chain, _coins(400)
        wanted = VaultDesign("STOCK0", _coins(1), 7 * DAY, 2_000, price, ENTERING)
        entry = open_vault(chain, wanted, STABLECOIN, ISSUER, TREASURY)
        holders = [f"leaver {i}" for i in range(FILLED)]
        for one in holders:
            at = chain.address(one)
            chain.send(self._suite.stablecoin, "mint", at, 2 * price.value, sender=TREASURY)
            chain.send(self._suite.stablecoin, "approve", entry.address, UNLIMITED, sender=one)
            request = chain.gas(entry, "requestDeposit", price.value, at, at, sender=one)
        chain.advance_to(chain.now() + 1)
        key = b"strike in".ljust(32, b"\0")
        chain.send(entry, "strike", key, price.value, chain.now() + DAY, sender=ISSUER)
        fill = chain.gas(entry, "fill", key, [chain.address(one) for one in holders], sender=ISSUER)
        last = chain.address(holders[-1])
        self._mint(self._token, holders[-1])
        return {
            "subscriptions.request": request,
            f"subscriptions.fill.{FILLED}.each": fill // FILLED,
            "subscriptions.claim": chain.gas(entry, "mint", UNIT, last, last, sender=holders[-1]),
        }

    def actions(self) -> dict[str, int]:
        """A split and a dividend, from the announcement on."""
        now = self._chain.now()
        split = ("STOCK0", "SPLF", "split")
        at = now + 2 * DAY
        ex = datetime.fromtimestamp(at, UTC).date()
        cases = {
            "multiplier.announce": self._ledger.apply(ins.Announce(*split, ex=ex, effective_at=at, num=2, den=1)).gas
        }
        receipt = self._ledger.apply(ins.Schedule(*split))
        cases["multiplier.schedule"] = receipt.gas
        cases["multiplier.schedule.token"] = self._chain.frame_gas(
            receipt.tx or "", self._token, "scheduleMultiplier", 4
        )
        dividend = ("STOCK0", "DRIP", "dividend")
        terms = {"gross": WAD // 2, "pay": at + DAY}
        self._ledger.apply(ins.Announce(*dividend, ex=ex, effective_at=at, **terms))
        cases["multiplier.schedule.joined"] = self._ledger.apply(ins.Schedule(*dividend, price=100 * WAD)).gas
        return {name: gas or 0 for name, gas in cases.items()}

    def dividends(self) -> dict[str, int]:
        """A cash dividend, last of all, for it takes days: posted at depth 20, claimed, and pushed to new holders.

        The warm claim is of who holds the coin, in a word of bits that is in use; the new one of who holds none.
        """
        chain, at = self._chain, self._chain.now() // DAY * DAY + 5 * DAY
        self._suite = open_distributor(chain, self._suite, DividendDesign(TREASURY, "tax"), ISSUER)
        book, distributor = self._suite.book, self._suite.distributor
        assert book is not None
        assert distributor is not None
        ex = int(datetime.fromtimestamp(at, UTC).strftime("%Y%m%d"))
        times = (ex, 0, at + DAY // 2, at + DAY, at + 4 * YEAR)
        terms = (*times, WAD // 4, 0, "USD", self._suite.stablecoin.address, WAD, document_hash("par"))
        word = b"dividend".ljust(32, b"\0")
        cases = {"book.announce": chain.gas(book, "announceCash", self._token.address, word, terms, sender=ISSUER)}
        chain.advance_to(at + DAY)
        tree = shared([chain.address(f"payee {place}") for place in range(2 * PUSHED)])
        number, block = chain.latest_block()
        action = chain.call(book, "actionAt", self._token.address, 0)
        binding = merkle_sum.Binding(
            merkle_sum.word(chain.chain_id()), word_of(self._token.address), action, number, block
        )
        identity = merkle_sum.bound(tree.root, binding)
        root = (tree.root.hash, tree.root.sum, 2 * tree.root.sum, 0, DEEP, number, block)
        cases["dividend.post"] = chain.gas(distributor, "post", action, 0, root, identity, sender=ISSUER)
        chain.send(self._suite.stablecoin, "mint", chain.address(TREASURY), tree.root.sum, sender=TREASURY)
        cases["dividend.fund"] = chain.gas(distributor, "fund", identity, tree.root.sum, sender=TREASURY)
        held = chain.address(f"payee {PUSHED + 2}")
        chain.send(self._suite.stablecoin, "mint", held, 1, sender=TREASURY)

        def claim(place: int) -> int:
            leaf = tree.leaves.leaf(place)
            proof = [(one.hash, one.sum) for one in tree.proof(place)]
            args = (
                place | merkle_sum.TOP,
                chain.address(f"payee {place}"),
                leaf.gross << 128 | leaf.withheld,
                leaf.net,
            )
            return chain.gas(distributor, "claim", identity, *args, proof, sender="dave")

        claim(PUSHED)
        cases["dividend.claim.20.new"], cases["dividend.claim.20.warm"] = claim(PUSHED + 1), claim(PUSHED + 2)
        leaves = [tree.leaves.leaf(place) for place in range(PUSHED)]
        entries = [
            (chain.address(f"payee {one.index}"), one.gross << 128 | one.withheld, one.net | merkle_sum.TOP)
            for one in leaves
        ]
        proof = [(one.hash, one.sum) for one in tree.proof(0)[PUSHED_DEPTH.value :]]
        pushed = chain.gas(distributor, "push", identity, 0, entries, proof, sender="dave")
        return cases | {f"dividend.push.{PUSHED}.each": pushed // PUSHED}

    def offers(self) -> dict[str, int]:
        """A tender offer: the first tender of a holder into an escrow that has others', another of the same, a page of
        which each is settled, and a claim of who is paid and given units back."""
        chain, suite = self._chain, self._suite
        assert suite.book is not None
        shared = (suite.roles, suite.registry)
        terms = chain.deploy("OfferTerms", suite.roles.address, suite.book.address, sender=ISSUER)
        escrow = chain.deploy("OfferEscrow", *(one.address for one in shared), terms.address, sender=ISSUER)
        chain.send(suite.roles, "grantRole", role("VAULT"), escrow.address, sender=ISSUER)
        end = chain.now() + 30 * DAY
        coin, price, most = suite.stablecoin.address, 400 * WAD, 10 * UNIT
        times = (0, 0, 0, end, end, 0, 0, 0, "USD", coin, WAD, document_hash("par"))
        given = (*times, 0, 0, ZERO_ADDRESS, price, most, bytes(32))
        word = b"tender".ljust(32, b"\0")
        args = (self._token.address, "TEND", word, given, ("", "", ""))
        cases = {"book.announce.TEND": chain.gas(suite.book, "announce", *args, sender=ISSUER)}
        action = chain.call(suite.book, "actionAt", self._token.address, 1)
        said = (ZERO_ADDRESS, chain.address(TREASURY), 0)
        cases["election.open"] = chain.gas(escrow, "open", action, 0, said, sender=ISSUER)
        offer = chain.call(escrow, "partAt", action, 0)
        holders = [f"leaver {i}" for i in range(FILLED)]
        for one in holders:
            self._mint(self._token, one)
            cases["election.cast"] = chain.gas(escrow, "tender", offer, UNIT, sender=one)
        cases["election.cast.again"] = chain.gas(escrow, "tender", offer, UNIT, sender=holders[-1])
        chain.advance_to(end + 1)
        due, _ = chain.call(escrow, "need", offer)
        chain.send(suite.stablecoin, "mint", chain.address(TREASURY), due, sender=TREASURY)
        chain.send(suite.stablecoin, "approve", escrow.address, UNLIMITED, sender=TREASURY)
        cases["election.fund"] = chain.gas(escrow, "fund", offer, due, sender=TREASURY)
        page = [chain.address(one) for one in holders]
        cases[f"election.settle.{FILLED}.each"] = chain.gas(escrow, "settle", offer, page, sender="dave") // FILLED
        cases["election.claim"] = chain.gas(escrow, "claim", offer, page[-1], sender=holders[-1])
        return cases

    def ends(self) -> dict[str, int]:
        """A stock's end in cash, after the offers, whose holders it pays: funded, and a page of who had coins."""
        chain, suite, stock = self._chain, self._suite, "STOCK0"
        windup = open_wind_up(chain, suite, "state", ISSUER, TREASURY).wind_up
        assert windup is not None
        holders = [f"leaver {i}" for i in range(FILLED)]
        for one in holders:
            chain.send(suite.stablecoin, "mint", chain.address(one), 1, sender=TREASURY)
        pay = chain.now() + 3 * DAY
        terms = ins.RecordTerms(
            pay, expiry=pay + 4 * YEAR, currency="USD", asset=STABLECOIN, rate=WAD, source="par", price=12 * WAD
        )
        ledger = EvmLedger(chain, suite, stocks=self._ledger.stocks)
        ledger.apply(ins.AnnounceRecord(stock, "LIQU", "last", terms))
        action = ledger.action_id(stock, "LIQU", "last")
        cases = {"wind_up.open": chain.gas(windup, "open", action, sender=ISSUER)}
        chain.advance_to(pay)
        _, cash, _, _ = chain.call(windup, "needed", self._token.address)
        chain.send(suite.stablecoin, "mint", chain.address(TREASURY), cash, sender=TREASURY)
        cases["wind_up.arm"] = chain.gas(windup, "arm", self._token.address, sender=TREASURY)
        cases["wind_up.burn"] = chain.gas(windup, "burn", self._token.address, UNIT, sender=holders[0])
        page = [chain.address(one) for one in holders]
        burned = chain.gas(windup, "burnFor", self._token.address, page, sender="dave")
        return cases | {f"wind_up.burn.{FILLED}.each": burned // FILLED}

    def exits(self) -> dict[str, int]:
        """An exit from a country, of a stock of its own: opened, priced, funded, and a page of holders parked."""
        chain, suite, stock = self._chain, self._suite, "STOCK999"
        exits = open_region_exit(chain, suite, "state", ISSUER, TREASURY).region_exit
        assert exits is not None
        self._create(999)
        token, holders = self._ledger.token(stock), [f"leaver {i}" for i in range(FILLED)]
        for one in holders:
            self._mint(token, one)
        rules = StockRules(countries=Countries.all_but([COUNTRY]))
        self._ledger.apply(ins.SetStockRules(stock, rules))
        name, until = b"leave".ljust(32, b"\0"), chain.now() + 31 * DAY
        left, payer = country_words(StockRules(countries=Countries.only([COUNTRY]))), chain.address(TREASURY)
        terms = (name, token.address, left, until, until + 4 * YEAR, suite.stablecoin.address, payer)
        cases = {"region_exit.open": chain.gas(exits, "openExit", *terms, sender=ISSUER)}
        chain.advance_to(until)
        cases["region_exit.price"] = chain.gas(exits, "priceExit", name, 12 * 10**6, name, sender=ISSUER)
        due = 1_200 * 10**6 * FILLED
        chain.send(suite.stablecoin, "mint", payer, due, sender=TREASURY)
        cases["region_exit.fund"] = chain.gas(exits, "fundExit", name, due, sender=TREASURY)
        page = [chain.address(one) for one in holders]
        parked = chain.gas(exits, "parkFor", name, page, sender="dave")
        cases[f"region_exit.park.{FILLED}.each"] = parked // FILLED
        cases["region_exit.take"] = chain.gas(exits, "takeExit", name, page[0], sender="dave")
        return cases

    def votes(self) -> dict[str, int]:
        """A meeting's vote at depth 20: each vote is of a new voter, and not the first of all."""
        chain, suite = self._chain, self._suite
        assert suite.book is not None
        ballot = chain.deploy(
            "Ballot", *(one.address for one in (suite.roles, suite.registry, suite.book)), sender=ISSUER
        )
        now = chain.now()
        chain.set_code(suite.book.address, fixed_book(self._token.address, now, now + DAY))
        holders = ("alice", "bob", "carol", "dave")
        tree = shared([chain.address(one) for one in holders] + [chain.address("other")] * PUSHED, 10**20 + 7, 0)
        number, block = chain.latest_block()
        meeting = b"meeting".ljust(32, b"\0")
        binding = merkle_sum.Binding(
            merkle_sum.word(chain.chain_id()), word_of(self._token.address), meeting, number, block
        )
        bound = merkle_sum.bound(tree.root, binding)
        root = (tree.root.hash, tree.root.sum, DEEP, number, block)
        terms = (WAD, now + DAY, 12, b"agenda".ljust(32, b"\0"))
        cases = {"voting.open": chain.gas(ballot, "open", meeting, 0, root, terms, "", bound, sender=ISSUER)}
        vote = chain.call(ballot, "partAt", meeting, 0)

        def cast(place: int, support: int, split: bytes = b"", proposal: int = vote) -> int:
            params = split + proof_bytes(tree.leaves.leaf(place), tree.proof(place))
            args = (proposal, support, "", params)
            return chain.gas(ballot, "castVoteWithReasonAndParams", *args, sender=holders[place])

        cast(0, 255, (10**18).to_bytes(16, "big") * 3)
        leaf, nodes = tree.leaves.leaf(1), [(one.hash, one.sum) for one in tree.proof(1)]
        for name, support in {"voting.cast": 1, "voting.cast.again": 0}.items():
            args = (vote, support, 1 | merkle_sum.TOP, chain.address("bob"), leaf.net, nodes)
            cases[name] = chain.gas(ballot, "castVoteWithProof", *args, sender="bob")
        cast(0, 255, (10**18).to_bytes(16, "big") * 3, vote + 1)
        cases["voting.cast.params"] = cast(3, 1, b"", vote + 1)
        cases["voting.cast.split"] = cast(2, 255, (10**18).to_bytes(16, "big") * 3)
        proof = proof_bytes(tree.leaves.leaf(3), tree.proof(3))
        cases["voting.prove"] = chain.gas(ballot, "prove", vote, proof, sender="alice")
        cases["voting.cast.proven"] = chain.gas(ballot, "castVote", vote, 1, sender="dave")
        return cases

    def elections(self) -> dict[str, int]:
        """A choice between cash and stock at depth 20: each is of a new holder, and not the first of all."""
        chain, suite = self._chain, self._suite
        assert suite.book is not None
        now = chain.now()
        code = fixed_book(self._token.address, now, now + DAY, suite.roles.address, "DVOP")
        chain.set_code(suite.book.address, code)
        counterparts = (one.address for one in (suite.roles, suite.registry, suite.book))
        elections = chain.deploy("Elections", *counterparts, sender=ISSUER)
        holders = ("alice", "bob", "carol", "dave")
        tree = shared([chain.address(one) for one in holders] + [chain.address("other")] * PUSHED, 10**20 + 7, 0)
        number, block = chain.latest_block()
        action = b"dividend".ljust(32, b"\0")
        binding = merkle_sum.Binding(
            merkle_sum.word(chain.chain_id()), word_of(self._token.address), action, number, block
        )
        root = (tree.root.hash, tree.root.sum, DEEP, number, block)
        args = (action, 0, root, "CASH", "", merkle_sum.bound(tree.root, binding))
        cases = {"election.open": chain.gas(elections, "open", *args, sender=ISSUER)}
        election = chain.call(elections, "partAt", action, 0)

        def elect(place: int, cash: int, secu: int) -> int:
            leaf = tree.leaves.leaf(place)
            shown = (place | merkle_sum.TOP, chain.address(holders[place]), leaf.net)
            nodes = [(one.hash, one.sum) for one in tree.proof(place)]
            return chain.gas(elections, "elect", election, shown, (cash, secu), nodes, sender=holders[place])

        elect(0, 10**18, 10**18)
        cases["election.elect"] = elect(1, 0, tree.leaves.leaf(1).net)
        cases["election.elect.again"] = elect(1, tree.leaves.leaf(1).net, 0)
        cases["election.elect.split"] = elect(2, 10**18, 10**18)
        return cases

    def investors(self) -> dict[str, int]:
        """The register at work, after the holders: its blocks stop them."""
        cases = {"factory.create": self._create(1), "registry.block.1": self._block("carol")}
        for number in range(2, FLEET):
            self._create(number)
        for number in range(1, FLEET):
            self._mint(self._ledger.token(f"STOCK{number}"), "alice")
        cases[f"registry.block.{FLEET}"] = self._block("alice")
        expiry = self._chain.now() + YEAR
        entries = [
            (investor_number(f"investor {i}"), self._chain.address(f"wallet {i}"), COUNTRY, 1, expiry)
            for i in range(BATCH)
        ]
        key = b"batch".ljust(32, b"\0")
        gas = self._chain.gas(self._suite.registry, "onboard", key, entries, sender=ISSUER)
        cases[f"registry.onboard.{BATCH}.each"] = gas // BATCH
        return cases

    def prices(self) -> dict[str, int]:
        """The price feed on a trading day: a year of sessions, a poke, and what who trades at the price reads of it."""
        chain, suite = self._chain, self._suite
        feed = chain.deploy(
            "SharePriceFeed", *(one.address for one in (suite.roles, suite.registry, suite.actions)), sender=ISSUER
        )
        self._feed = feed
        source = chain.deploy(mocks.PRICE_SOURCE, MOCK_DECIMALS, sender=ISSUER)
        ((first, words),) = year_of("XNYS", "exchange", 2023)
        calendar = sessions.number_of("XNYS", "exchange")
        cases = {"calendar.year": chain.gas(feed, "setSessions", calendar, first, list(words), sender=ISSUER)}
        sources = (source.address, False, ZERO_ADDRESS, False)
        chain.send(feed, "configure", self._token.address, *sources, calendar, 3_600, 1_000, 0, sender=ISSUER)
        chain.advance_to(TRADING)
        for _ in range(2):
            chain.send(source, "push", 400 * 10**MOCK_DECIMALS, sender=ISSUER)
            cases["feeds.poke"] = chain.gas(feed, "poke", self._token.address, sender="dave")
        for name, view in {"feeds.read": "strictPrice", "feeds.held": "heldPrice"}.items():
            # Of what a caller pays: a transaction that asks alone, less what it costs to be one.
            data = chain.abi(feed.name).function(view, 1).calldata((self._token.address,))
            alone = 21_000 + sum(16 if byte else 4 for byte in data)
            cases[name] = chain.gas(feed, view, self._token.address, sender="dave") - alone
        return cases

    def trades(self) -> dict[str, int]:
        """Trades on quotes with all that bounds them, once the price is agreed: limits, band, hours, window."""
        chain = self._chain
        chain.send(self._suite.market, "setBand", self._token.address, self._feed.address, 200, sender=ISSUER)
        self._order(ins.Mint, 400)
        self._onboard("erin")
        self._ledger.apply(ins.FundStablecoin("erin", _coins(1000)))
        cases = {
            "market.instantMint.warm": self._order(ins.Mint, 400),
            "market.instantRedeem.warm": self._order(ins.Redeem, 400),
            "market.instantMint.first": self._order(ins.Mint, 400, "erin"),
        }
        chain.send(self._suite.roles, "grantRole", role("QUOTE_SIGNER"), chain.address("second"), sender=ISSUER)
        self._ledger.apply(ins.SetQuoteTerms(0, 1))
        cases["market.instantMint.second"] = self._order(ins.Mint, 400, second="second")
        return cases

    def _block(self, investor: str) -> int:
        return self._ledger.apply(ins.Block(investor, 1, "order")).gas or 0


def shared(accounts: list[str], least: int = 10**8, tax: int = 9) -> Tree:
    """A tree of depth 20 in which each account is due `least` or more, and others stand beside them.

    One in `tax` more is withheld, of hundreds of a coin; of votes, which are raw units, nothing: 0.
    """
    leaves = [
        merkle_sum.Leaf(place, word_of(one), net + withheld, withheld, net, pushable=True)
        for place, one in enumerate(accounts)
        for net in (least + least // 10**8 * 7_919 * place,)
        for withheld in (net // tax if tax else 0,)
    ]
    tree = build(Leaves.of(leaves))
    node, levels = merkle_sum.Node(tree.root.hash, tree.root.sum), list(tree.levels)
    for level in range(tree.root.depth, DEEP):
        beside = merkle_sum.Node(merkle_sum.keccak(bytes([level])), 10 * least << level - tree.root.depth)
        rows = b"".join(one.hash + merkle_sum.word(one.sum) for one in (node, beside))
        levels[level:] = [np.frombuffer(rows, np.uint8).reshape(2, 64)]
        node = merkle_sum.parent(node, beside)
    levels.append(np.frombuffer(node.hash + merkle_sum.word(node.sum), np.uint8).reshape(1, 64))
    return Tree(tree.leaves, tuple(levels), merkle_sum.Root(node.hash, node.sum, DEEP))


def word_of(address: str) -> bytes:
    """An address as 32 bytes."""
    return bytes.fromhex(address[2:]).rjust(32, b"\0")


def _coins(amount: int) -> Stablecoin:
    return Stablecoin(amount * 10**STABLECOIN_DECIMALS, STABLECOIN_DECIMALS)
