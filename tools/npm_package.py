"""The TypeScript package for integrators, beside the wheel (``make npm``): build/npm, and build/scrip-VERSION.tgz.

ABIs and the IDL as constants whose types hold every name, so that a client knows functions and arguments; addresses of
the manifests' networks and of what the records say was deployed; quotes as viem and @solana/kit take them. What stands
in tools/npm is written by hand; all else is generated from the same values that the Python package uses.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools" / "wheel")]

from dataclasses import fields  # noqa: E402

from scrip_wheel import write_interfaces  # noqa: E402

from scrip.chains.offline import OfflineNetwork  # noqa: E402
from scrip.evm.encoding import quotes  # noqa: E402
from scrip.labels import MOCK  # noqa: E402
from scrip.manifest.load import load  # noqa: E402
from scrip.manifest.model import AnyManifest, SolanaManifest  # noqa: E402
from scrip.solana.encoding import messages  # noqa: E402
from scrip.solana.encoding.program import program_of  # noqa: E402
from scrip.units import EVM_DECIMALS, SOLANA_DECIMALS, STABLECOIN_DECIMALS  # noqa: E402

WRITTEN = ROOT / "tools" / "npm"
IDL = ROOT / "target" / "idl" / "stock_token.json"
PARTS = ("abi", "idl", "addresses", "evm", "solana")


def constant(name: str, value: Any) -> tuple[str, str]:
    """A constant as JavaScript, and as a declaration whose type is the value itself."""
    return (
        f"export const {name} = {json.dumps(value, indent=1)};\n",
        f"export declare const {name}: {literal(value)};\n",
    )


def literal(value: Any) -> str:
    """The TypeScript type that has one value alone."""
    if isinstance(value, Mapping):
        return "{ " + " ".join(f"readonly {json.dumps(key)}: {literal(one)};" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"readonly [{', '.join(map(literal, value))}]"
    return json.dumps(value)


def abi_name(contract: str) -> str:
    """What a contract's ABI is called, in the way of wagmi: stockTokenAbi of StockToken."""
    return contract[0].lower() + contract[1:] + "Abi"


def networks(manifests: Path, records: Path) -> dict[str, Any]:
    """The manifests' networks: which chain each is, and what stands where as far as nobody has to be asked."""
    found = {}
    for path in sorted(manifests.glob("*.yaml")):
        manifest = load(path)
        stocks = {ticker: {"isin": one.isin, "name": one.name} for ticker, one in manifest.stocks.items()}
        head = {"kind": manifest.chain.kind, "issuer": manifest.issuer, "stocks": stocks}
        found[manifest.network] = head | (
            _solana(manifest) if isinstance(manifest, SolanaManifest) else _evm(manifest, records)
        )
    return found


def _evm(manifest: AnyManifest, records: Path) -> dict[str, Any]:
    books = OfflineNetwork(manifest, records).books
    contracts = {label: one.address for label, one in books[-1]} if books else {}
    coins = {symbol: at for symbol, at in manifest.settlement.assets.items() if at != MOCK}
    return {"chainId": manifest.chain.chain_id, "contracts": contracts, "coins": coins}  # type: ignore[union-attr]


def _solana(manifest: SolanaManifest) -> dict[str, Any]:
    program = program_of(IDL)
    mints = {ticker: str(program.listing(one.born, one.series).mint) for ticker, one in manifest.stocks.items()}
    coins = {symbol: at for symbol, at in manifest.settlement.assets.items() if at != MOCK}
    return {"cluster": manifest.chain.cluster, "program": manifest.program.address, "mints": mints, "coins": coins}


def quote_types() -> dict[str, Any]:
    """What quotes are signed as, on both kinds of chain."""
    names = [one.name for one in fields(quotes.Quote)]
    return {
        "domain": {"name": quotes.DOMAIN, "version": quotes.VERSION},
        "quoteTypes": [{"name": name, "type": kind} for name, kind in zip(names, quotes.QUOTE_TYPES, strict=True)],
        "sides": quotes.SIDES,
        "tokenDecimals": EVM_DECIMALS,
        "coinDecimals": STABLECOIN_DECIMALS,
        "solanaDomain": messages.QUOTE_DOMAIN.decode(),
        "solanaDecimals": SOLANA_DECIMALS,
    }


def build(folder: Path, manifests: Path = ROOT / "manifests", records: Path = ROOT / "records") -> Path:
    """Write the package into a folder, in place of what stands there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(WRITTEN, folder)
    with TemporaryDirectory() as name:
        write_interfaces(ROOT, Path(name))
        abis = {path.stem: json.loads(path.read_text()) for path in sorted(Path(name, "abi").glob("*.json"))}
    _write(folder, "abi", {abi_name(contract): abi for contract, abi in abis.items()})
    _write(folder, "idl", {"idl": json.loads(IDL.read_text())})
    _write(folder, "addresses", {"networks": networks(manifests, records)})
    _write(folder, "quote-types", quote_types())
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    (folder / "package.json").write_text(json.dumps(_head(), indent=2) + "\n")
    return folder


def _write(folder: Path, part: str, values: Mapping[str, Any]) -> None:
    code, types = zip(*(constant(name, value) for name, value in values.items()), strict=True)
    (folder / f"{part}.js").write_text("".join(code), encoding="utf-8")
    (folder / f"{part}.d.ts").write_text("".join(types), encoding="utf-8")


def _head() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    # Python writes 0.1.0.dev0 where npm writes 0.1.0-dev.0.
    version = re.sub(r"\.dev(\d+)$", r"-dev.\1", project["version"])
    return {
        "name": project["name"],
        "version": version,
        "description": "ABIs, IDL, addresses and quotes of Scrip's tokenised shares, for viem and @solana/kit",
        "license": project["license"],
        "type": "module",
        "sideEffects": False,
        "exports": {f"./{part}": {"types": f"./{part}.d.ts", "default": f"./{part}.js"} for part in PARTS},
        "files": ["*.js", "*.d.ts", "README.md", "LICENSE"],
        "dependencies": {"@noble/hashes": f"^{pinned['@noble/hashes']}"},
        "peerDependencies": {name: f"^{pinned[name]}" for name in ("viem", "@solana/kit")},
        "peerDependenciesMeta": {name: {"optional": True} for name in ("viem", "@solana/kit")},
    }


def main() -> int:
    folder = build(ROOT / "build" / "npm")
    command = ["npm", "pack", "--silent", "--pack-destination", str(ROOT / "build")]
    packed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    print(f"build/{packed.stdout.split()[-1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
