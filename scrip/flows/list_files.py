"""A sanctions list for Solana: signed by the oracle's key, carried in a file, published by its root, and looked up.

The file is all that anybody needs to look an address up: the program keeps the root alone. Whoever signs lists hands
the file to everybody who has to show something by it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey
from solders.signature import Signature

from scrip import instructions as ins
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.inputs.reading.refused import LONGEST, said, unknown
from scrip.inputs.reading.text import text_of_file
from scrip.manifest.addresses import is_pubkey, wrong_address
from scrip.model.laws.sanctions_list import ListTree
from scrip.parameters import EARLIEST_TIME, LATEST_TIME, MAX_LIST_LIFE
from scrip.plan import Plan, Step
from scrip.plan.draft import Draft
from scrip.records import files
from scrip.solana.addresses import SYSTEM
from scrip.solana.encoding import messages
from scrip.solana.handlers import sanctions
from scrip.solana.views import SolanaViews, step
from scrip.solana.views.pages import pages

SCHEMA = 1
MAX_BYTES = 20_000_000
KIND = "scrip sanctions list on solana"
COMMENT = "#"
"""What a line of a plain list begins with that names nobody."""

Second = Annotated[int, Field(ge=EARLIEST_TIME.value, le=LATEST_TIME.value)]
Hash = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
Signed = Annotated[str, Field(pattern=r"^(|0x[0-9a-f]{128})$")]


@dataclass(frozen=True)
class SignedList:
    """A list as its file holds it. `listed`, `oracle` and `program` are addresses in base58, times are UTC seconds.

    `serial` is above that of the list before; `genesis` and `signature` are 0x-prefixed hex.
    """

    serial: Annotated[int, Field(ge=1, lt=2**64)]
    issued: Second
    expiry: Second
    listed: tuple[str, ...]
    oracle: str
    genesis: Hash
    program: str
    signature: Signed = ""

    @cached_property
    def tree(self) -> ListTree:
        """The tree over the list; InputError for an address that cannot be listed, or is twice."""
        return ListTree(bytes(Pubkey.from_string(one)) for one in self.listed)

    @property
    def root(self) -> str:
        """The tree's root, 0x-prefixed hex."""
        return f"0x{self.tree.root.hex()}"

    def message(self) -> messages.SignedList:
        """What is signed."""
        return messages.SignedList(self.tree.root, self.serial, self.issued, self.expiry)

    def digest(self) -> bytes:
        """The 32 bytes that the oracle signs."""
        program = Pubkey.from_string(self.program)
        issuer = Pubkey.find_program_address([b"issuer"], program)[0]
        return self.message().digest(bytes.fromhex(self.genesis[2:]), program, issuer)

    def is_signed_by_its_oracle(self) -> bool:
        """Whether the signature is the oracle's key's."""
        if not self.signature:
            return False
        signature = Signature.from_bytes(bytes.fromhex(self.signature[2:]))
        return bool(signature.verify(Pubkey.from_string(self.oracle), self.digest()))

    def order(self, by: str) -> ins.PublishList:
        """The instruction that publishes it."""
        return ins.PublishList(self.root, self.serial, self.issued, self.expiry, self.oracle, by=by)

    def gap(self, holder: Pubkey) -> ins.ListGap:
        """What shows whether an address is listed."""
        return self.tree.gap(bytes(holder)).named()


@dataclass(frozen=True)
class Drafted:
    """A list that is not signed yet, by the oracle's name."""

    oracle: str
    made: SignedList
    network: SolanaNetwork

    def sign_into(self, path: Path) -> None:
        """Write the list, signed; InputError where the oracle's key is not on this machine, or a file stands there."""
        signer = self.network.keys.signer(self.oracle)
        write(replace(self.made, signature="0x" + bytes(signer.sign_message(self.made.digest())).hex()), path)


def draft(network: SolanaNetwork, listed: Path, life: int, serial: int = 0) -> Drafted:
    """Draft a list of a plain file's addresses, a line each, by the manifest's oracle; it counts for `life` seconds.

    `serial` is the time of issue unless told. InputError as `addresses_of`, without an oracle, for a life that is too
    long, and for a number that is not above that of the list that counts.
    """
    oracle, now = network.manifest.sanctions_oracle, network.chain.now()
    if not oracle:
        raise InputError("names nobody who signs sanctions lists", field="sanctions_oracle")
    if not 0 < life <= MAX_LIST_LIFE.value:
        raise InputError(f"is out of bounds: 1 to {MAX_LIST_LIFE.value:,} seconds", field="life", value=life)
    standing = network.program.record(network.chain, network.program.at.sanctions_list, "SanctionsList")
    counted, number = standing.serial if standing is not None else 0, serial or now
    if number <= counted:
        raise InputError(f"is not above {counted}, that of the list that counts", field="serial", value=number)
    who, program = str(network.keys.address(oracle)), str(network.program.id)
    made = SignedList(number, now, now + life, addresses_of(listed), who, network.genesis, program)
    made.tree  # noqa: B018 - what cannot be listed is refused before anything is signed
    return Drafted(oracle, made, network)


def addresses_of(path: Path) -> tuple[str, ...]:
    """The addresses of a plain file, a line each, in order; blank lines and what follows # name nobody.

    InputError for a line that is no address, and for one that is there twice.
    """
    found: dict[str, int] = {}
    for number, line in enumerate(text_of_file(path, MAX_BYTES)[0].splitlines(), start=1):
        address = line.split(COMMENT)[0].strip()
        if not address:
            continue
        if wrong := wrong_address(address, "solana"):
            raise InputError(wrong, file=str(path), line=number, value=address[:LONGEST])
        if address in found:
            raise InputError(f"is on line {found[address]} too", file=str(path), line=number, value=address)
        found[address] = number
    return tuple(sorted(found))


def write(made: SignedList, path: Path) -> None:
    """Write a list's file, whole or not at all; InputError where one stands already."""
    files.create_new(path, files.text_of({"schema": SCHEMA, "kind": KIND, "root": made.root, **asdict(made)}))


def read(path: Path) -> SignedList:
    """Read a list from its file; InputError for what is none, or has another root than its addresses give."""
    try:
        found = json.loads(text_of_file(path, MAX_BYTES)[0])
        if not isinstance(found, dict) or (found.pop("schema", None), found.pop("kind", None)) != (SCHEMA, KIND):
            raise InputError("is no sanctions list for Solana that this version reads", file=str(path))
        root, known = found.pop("root", ""), [one.name for one in fields(SignedList)]
        for name in found:
            if name not in known:
                wrong = f"is no sanctions list: {unknown(name, known)}"
                raise InputError(wrong, file=str(path), field=name, value=str(found[name])[:LONGEST])
        made = TypeAdapter(SignedList).validate_json(json.dumps(found), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        field, value = ".".join(map(str, first["loc"])), first["input"]
        shown = "" if isinstance(value, dict | list) else value
        raise InputError(f"is no sanctions list: {said(first)}", file=str(path), field=field, value=shown) from None
    except ValueError as error:
        raise InputError(f"is no sanctions list: {error}", file=str(path)) from None
    for field, value in (("oracle", made.oracle), ("program", made.program), *(("listed", one) for one in made.listed)):
        if not is_pubkey(value):
            raise InputError("is no address in base58", file=str(path), field=field, value=value[:LONGEST])
    if root != made.root:
        raise InputError(f"is not that of its addresses, {made.root}", file=str(path), field="root", value=root)
    return made


def publish(network: SolanaNetwork, made: SignedList, sender: str = "") -> Plan:
    """Put a signed list in the place of the one that counts. Anyone may; the first of COMPLIANCE does unless told.

    InputError for another cluster or program, for a signature that is not the oracle's, where another is heard or
    nobody, and for a list that has expired or is not above the one that counts.
    """
    _check_place(network, made)
    if not made.is_signed_by_its_oracle():
        raise InputError("is not the oracle's", field="signature", value=made.signature)
    views = network.views()
    drafted = Draft(views, "compliance publish-list", f"list {made.serial} {made.root}", natural=True)
    standing = _heard(network)
    if str(standing.oracle) != made.oracle:
        raise InputError(f"is not who is heard, {standing.oracle}", field="oracle", value=made.oracle)
    if (bytes(standing.root), standing.serial) == (made.tree.root, made.serial):
        return drafted.nothing(f"list {made.serial} counts")
    if made.serial <= standing.serial:
        raise InputError(
            f"is not above {standing.serial}, that of the list that counts", field="serial", value=made.serial
        )
    if network.chain.now() >= made.expiry:
        raise InputError("has passed", field="expiry", value=made.expiry)
    by, signature = drafted.anyone("COMPLIANCE", sender), bytes.fromhex(made.signature[2:])
    calls = sanctions.shown(views.ledger, made.message(), Pubkey.from_string(made.oracle), signature, by)
    title = f"publish sanctions list {made.serial}, of {len(made.listed)} addresses"
    drafted.add(step(title, title, by, calls, made.order(by), what="publish_list"))
    return drafted.plan()


def screen(network: SolanaNetwork, made: SignedList, wallets: Sequence[str], sender: str = "") -> Plan:
    """Look addresses up in the list that counts: the given ones, or all of the register and every holder of a stock.

    Whom it lists is blocked, and what they have thawed is frozen. Of a strict issuer whom it does not list is shown to
    be absent, as long as it has not expired. InputError for a list that does not count.
    """
    _check_place(network, made)
    standing, now = _heard(network), network.chain.now()
    if bytes(standing.root) != made.tree.root or not standing.serial:
        counts = f"list {standing.serial}, 0x{bytes(standing.root).hex()}" if standing.serial else "none"
        raise InputError(f"does not count: {counts} does", field="list", value=f"{made.serial}, {made.root}")
    views = network.views()
    investors, strict = views.ledger.investors, views.issuer().settings.strict_list
    drafted = Draft(views, "compliance screen")
    asked = {network.keys.address(one): one for one in wallets}
    asked = asked or {one: network.keys.name(one) for one in sorted(investors.everybody(), key=bytes)}
    blocked = {one for one, why in investors.standing(now).items() if why == "blocked"}
    hits = {at: name for at, name in asked.items() if bytes(at) in made.tree and at not in blocked}
    clean = {at: name for at, name in asked.items() if bytes(at) not in made.tree and at not in blocked}
    wanting = sanctions.not_shown(views.ledger, clean, bytes(standing.root)) if strict and now < standing.expiry else []
    drafted.same.append(f"{len(asked) - len(hits) - len(wanting)} addresses that are clean, or blocked")
    if strict and now >= standing.expiry:
        drafted.same.append(f"list {standing.serial} has expired: it blocks, and lets nobody new in")
    by = drafted.anyone("COMPLIANCE", sender)
    for at, name in hits.items():
        order = ins.Screen((name,), by, (made.gap(at),))
        drafted.add(views.step(f"screen {name}", f"block {name}", [order], what="screen"))
    rows = list(investors.thawed(dict.fromkeys(one for at in hits for one in sanctions.siblings(views.ledger, at))))
    # The page is frozen once the block stands: the program asks.
    for each in pages(network, views.ledger, rows, by, "", True):
        drafted.add(each)
    for part in _parts(network, views, made, {at: clean[at] for at in wanting}, by):
        drafted.add(part)
    return drafted.plan()


def suspend(network: SolanaNetwork, reference: str = "", sender: str = "") -> Plan:
    """Believe whoever signs lists no longer, at once (COMPLIANCE)."""
    made = Draft(network.views(), "compliance suspend-oracle", reference, single=reference)
    standing = network.program.record(network.chain, network.program.at.sanctions_list, "SanctionsList")
    if standing is None or standing.oracle == SYSTEM or standing.suspended:
        suspended = standing is not None and standing.suspended
        return made.nothing("the sanctions oracle is suspended" if suspended else "there is no oracle")
    title = f"suspend the sanctions oracle, {network.keys.name(standing.oracle)}"
    made.order(title, ins.SuspendSanctionsOracle(), sender)
    return made.plan()


def _check_place(network: SolanaNetwork, made: SignedList) -> None:
    if (made.genesis, made.program) != (network.genesis, str(network.program.id)):
        raise InputError(f"is of genesis {made.genesis}, program {made.program}", field="list", value=made.serial)


def _heard(network: SolanaNetwork) -> sanctions.StoredList:
    """The list's record, of somebody who is heard; InputError for nobody."""
    found = network.program.record(network.chain, network.program.at.sanctions_list, "SanctionsList")
    if found is None or found.oracle == SYSTEM:
        raise InputError("is none: nobody signs lists that count", field="sanctions_oracle")
    if found.suspended:
        raise InputError("is suspended", field="sanctions_oracle", value=str(found.oracle))
    return found  # type: ignore[no-any-return]


def _parts(
    network: SolanaNetwork, views: SolanaViews, made: SignedList, wallets: dict[Pubkey, str], by: str
) -> list[Step]:
    """The steps that show wallets absent, as many in a transaction as have room."""
    left, steps, payer = list(wallets.items()), list[Step](), network.keys.address(by)
    while left:
        calls: list[Call] = []
        orders: list[ins.Screen] = []
        for at, name in left:
            order = ins.Screen((name,), by, (made.gap(at),))
            more = [*calls, *views.ledger.calls(order)]
            if calls and not network.chain.fits(more, payer):
                break
            calls, orders = more, [*orders, order]
        names = ", ".join(order.wallets[0] for order in orders)
        title = f"show that list {made.serial} does not name {names}"
        steps.append(step(title, title, by, calls, *orders, what="screen"))
        left = left[len(orders) :]
    return steps
