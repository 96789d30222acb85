"""What is planted in the register of holders and its tree (see mutants.py), each found by the tests that it names."""

from __future__ import annotations

from mutants_planted import Mutant

TREE, BALANCES, PAGES, FILES = (
    (f"tests/holders/test_register_{name}.py",) for name in ("tree", "balances", "pages", "files")
)
WITHHELD = ("tests/dividends/test_dividends_withheld.py",)
OFFERED = ("tests/scripts/test_offer_commands.py",)


def register(name: str, file: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of the register's."""
    return Mutant(f"register: {name}", f"scrip/{file}.py", before, after, tests=tests)


REGISTER = (
    register(
        "a node is taken for a leaf",
        "model/laws/merkle_sum",
        "word(right.sum | TOP)), total)\n",
        "word(right.sum)), total)\n",
        TREE,
    ),
    register(
        "a sibling's sum is believed",
        "model/laws/merkle_sum",
        "    total = left.sum + right.sum\n",
        "    total = left.sum + right.sum\n    right = Node(right.hash, 0)\n",
        TREE,
    ),
    register(
        "a shorter proof is good",
        "model/laws/merkle_sum",
        "    if len(proof) != root.depth:\n",
        "    if len(proof) > root.depth:\n",
        TREE,
    ),
    register(
        "a root is good for every action",
        "model/laws/merkle_sum",
        "    place = binding.chain + binding.token + binding.action + ",
        "    place = binding.chain + binding.token + ",
        TREE,
    ),
    register(
        "what is left of a sum wraps",
        "holders/tree",
        'sums = limbs.carried(sums[0::2] + sums[1::2], "sum of net")',
        "sums = limbs._carried(sums[0::2] + sums[1::2]) & limbs.MASK",
        TREE,
    ),
    register(
        "the record's own block counts, and the next",
        "holders/register",
        "    seen = movements.filter(movements.block <= block)\n",
        "    seen = movements.filter(movements.block <= block + 1)\n",
        BALANCES,
    ),
    register(
        "holders need not add up to the supply",
        "holders/register",
        "    if total != sources.supply:\n",
        "    if total > sources.supply:\n",
        BALANCES,
    ),
    register(
        "a venue's shares are rounded up",
        "holders/look_through",
        "balance * weight // weights.whole if weight else 0",
        "-(-balance * weight // weights.whole) if weight else 0",
        BALANCES,
    ),
    register(
        "a whole page is kept of a chain that parted in it",
        "holders/pages",
        "table.filter(pa.array(blocks <= last))",
        "table",
        PAGES,
    ),
    register(
        "a whole page is dropped of a chain that parted in it",
        "holders/pages",
        "        if not low:\n",
        "        if low < len(numbers):\n",
        PAGES,
    ),
    register(
        "blocks need not follow each other",
        "holders/pages",
        '    if parent and answer.first["parentHash"] != parent:\n',
        '    if parent and answer.first["hash"] == parent:\n',
        PAGES,
    ),
    register(
        "a page that follows a gap is kept",
        "holders/pages",
        "            if page.first != (pages[-1].last + 1 if pages else self.since):\n",
        "            if page.first < (pages[-1].last + 1 if pages else self.since):\n",
        PAGES,
    ),
    register(
        "the first block at the instant counts as before it",
        "holders/instant",
        "        elif block.timestamp < instant:\n",
        "        elif block.timestamp <= instant:\n",
        FILES,
    ),
    register(
        "a block that may change is taken",
        "holders/instant",
        "    if final.timestamp < instant:\n",
        "    if final.timestamp < instant - 60:\n",
        FILES,
    ),
    register(
        "who is excluded is paid",
        "holders/files",
        'APART: tuple[Kind, ...] = ("excluded", "vault")',
        'APART: tuple[Kind, ...] = ("vault",)',
        FILES,
    ),
    register(
        "strangers are paid without asking",
        "holders/files",
        '    pushable = (kinds == "holder") & (owners != "")\n',
        '    pushable = kinds == "holder"\n',
        FILES,
    ),
    register(
        "a changed file is verified",
        "holders/files",
        "        if (found := sha256_of(folder / file)) != said:\n",
        "        if (found := sha256_of(folder / file)) != said and file != 'holders.csv':\n",
        FILES,
    ),
    register(
        "gross is rounded up",
        "model/laws/cash",
        "    gross = exact(units, terms.gross, terms.rate, counted).__floor__()\n",
        "    gross = exact(units, terms.gross, terms.rate, counted).__ceil__()\n",
        WITHHELD,
    ),
    register(
        "units in an offer are the escrow's",
        "holders/evm",
        "            moved += self._offered(seen.chain, escrow)\n",
        "",
        OFFERED,
    ),
    register(
        "what an offer has taken is its tenderers' still",
        "holders/evm",
        'units = put_in if shown.status == "OPEN" else due[account].units',
        "units = put_in",
        OFFERED,
    ),
)
