"""natrix over every contract and module (part of ``make lint``); exit 1 if it finds anything.

natrix's own command compiles each file by itself, twice, and cannot compile a module that says ``uses:``. So its rules
run here on what the compiler says about each deployable contract and about the modules under it: one compilation per
deployable, every module seen in a context where it is complete. A module that no deployable imports is an issue too.

Rules are switched off in ``pyproject.toml``, ``[tool.natrix]``.
"""

import contextlib
import hashlib
import io
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from natrix import read_pyproject_config
from natrix.ast_node import Node
from natrix.rules.common import Issue, RuleRegistry
from vyper.cli.vyper_compile import compile_files
from vyper.exceptions import VyperException

from scrip.evm.compiled.artifacts import names, source

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / "contracts"
STAMP = ROOT / "build" / ".lint_vyper"
STATE_CHANGING_BUILTINS = {
    "raw_call",
    "raw_log",
    "send",
    "raw_create",
    "create_from_blueprint",
    "create_minimal_proxy_to",
    "create_copy_of",
}
# The two things a module is judged by: its annotated syntax tree, and the compiler's data on each function.
Unit = tuple[dict, dict]


def compile_units(contract: Path) -> dict[str, Unit]:
    """Our own source files under one deployable, by path; raises VyperException."""
    outputs = compile_files([contract], ["annotated_ast", "metadata"], warnings_control="none")
    output = json.loads(json.dumps(outputs[contract], default=str))  # what natrix expects: the command line's JSON
    syntax, functions = output["annotated_ast_dict"], output["metadata"]["function_info"]
    units = {}
    for tree in [syntax["ast"], *syntax["imports"]]:
        path = Path(tree["resolved_path"] or "")
        if tree["is_interface"] or not path.is_relative_to(CONTRACTS):
            continue
        name = path.relative_to(ROOT).as_posix()
        own = {key: value for key, value in functions.items() if Path(value["module_path"]).resolve() == path}
        units[name] = (tree, own)
    return units


def try_compile(contract: Path) -> dict[str, Unit] | str:
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the compiler announces there what is reported below
            return compile_units(contract)
    except VyperException as error:
        return str(error)


def acts(module: str, trees: dict[str, dict], node: Node, seen: set[tuple[str, str]]) -> bool:
    """Whether a function of a module logs or calls out, itself or in another that it calls, of whichever module.

    `trees` are all modules by the name that others call them by; `seen` which functions were looked at.
    """
    inner = node.get_descendants()
    names = {child.get("id") for child in inner if child.ast_type == "Name"}
    if {child.ast_type for child in inner} & {"Log", "ExtCall"} or names & STATE_CHANGING_BUILTINS:
        return True
    owners = [(child, child.get("value") or {}) for child in inner if child.ast_type == "Attribute"]
    called = {(owner.get("id"), child.get("attr")) for child, owner in owners}
    called = {(module if owner == "self" else owner, name) for owner, name in called} - seen
    seen |= called
    return any(
        acts(owner, trees, Node.from_dict(item), seen)
        for owner, name in called
        if owner in trees
        for item in trees[owner]["body"]
        if item["ast_type"] == "FunctionDef" and item["name"] == name
    )


def has_one_answer(tree: dict, issue: Issue) -> bool:
    """Whether the function that an issue is about does nothing but raise, or return a constant."""
    line = issue.start_position[0]
    functions = [item for item in tree["body"] if item["ast_type"] == "FunctionDef"]
    [function] = [item for item in functions if item["lineno"] <= line <= item["end_lineno"]]
    [first, *rest] = function["body"]
    constants = {"Int", "NameConstant"}
    answer = first["ast_type"] == "Return" and (first["value"] or {}).get("ast_type") in constants
    return not rest and (first["ast_type"] == "Raise" or answer)


def is_excused(module: str, trees: dict[str, dict], issue: Issue) -> bool:
    """What natrix cannot tell apart. It counts storage reads and writes only, but a function that logs, calls out or
    asks the environment is neither a view (NTX4) nor pure (NTX5), whatever it does to storage. And a public constant
    (NTX2) is a getter, which standards spell; so do they the arguments (NTX10) of what has one answer or none. How much
    a batch of the timelock may hold (NTX1) is snekmate's to say, whose function has the same frame."""
    tree = trees[module]
    if issue.code == "NTX1":
        return module == "Timelock" and "'execute_batch'" in issue.message
    if issue.code == "NTX10":
        return has_one_answer(tree, issue)
    if issue.code not in {"NTX2", "NTX4", "NTX5"}:
        return False
    node = next(Node.from_dict(item) for item in tree["body"] if item["lineno"] == issue.start_position[0])
    if issue.code == "NTX2":
        return bool(node.get("is_public"))
    if acts(module, trees, node, set()) or node.get("body")[0]["ast_type"] == "Raise":
        return True
    inner = node.get_descendants()
    kinds = {child.ast_type for child in inner}
    names = {child.get("id") for child in inner if child.ast_type == "Name"}
    return issue.code == "NTX5" and bool(names & {"block", "msg", "tx", "chain"} or "StaticCall" in kinds)


def lint(name: str, units: dict[str, Unit], disabled: set[str]) -> list[Issue]:
    """What natrix finds in one of these files, without what it cannot tell apart."""
    tree, functions = units[name]
    trees = {Path(path).stem: one for path, (one, _) in units.items()}
    subject = {"contract_name": name, "ast": tree, "metadata": {"function_info": functions}}
    found = [issue for rule in RuleRegistry.get_rules() for issue in rule.run(subject)]
    stem = Path(name).stem
    return [issue for issue in found if issue.code not in disabled and not is_excused(stem, trees, issue)]


def main() -> int:
    sources = sorted(CONTRACTS.rglob("*.vy*"))
    total = hashlib.sha256()
    for path in [*sources, ROOT / "pyproject.toml", ROOT / "requirements" / "main.txt", Path(__file__)]:
        total.update(f"{path.name}\0".encode() + path.read_bytes())
    if STAMP.is_file() and STAMP.read_text() == total.hexdigest():
        print("natrix: no contract has changed since they were last found clean")
        return 0

    deployables = [source(name) for name in names()]
    print(f"natrix: {len(deployables)} deployable contracts (about 2 s each)", flush=True)
    units: dict[str, Unit] = {}
    failures = 0
    with ProcessPoolExecutor(max_workers=2) as pool:
        for contract, result in zip(deployables, pool.map(try_compile, deployables), strict=True):
            if isinstance(result, str):
                failures += 1
                print(f"{contract.relative_to(ROOT)}: does not compile\n{result}")
                continue
            for name, (tree, functions) in result.items():
                # A function that one contract leaves out may be in another.
                units[name] = (tree, functions | units.get(name, (tree, {}))[1])

    config = read_pyproject_config()
    RuleRegistry.discover_rules()
    RuleRegistry.get_rules(config["rule_configs"])
    for name in sorted(units):
        for issue in lint(name, units, config["disabled_rules"]):
            failures += 1
            print(f"{name}:{issue.position}: {issue.code} {issue.message}")
    for path in sources:
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".vy" and path not in deployables and name not in units:
            failures += 1
            print(f"{name}: no contract that compiles imports it")
    print(f"natrix: {len(units)} files, {failures} issues")
    if failures == 0:
        STAMP.parent.mkdir(exist_ok=True)
        STAMP.write_text(total.hexdigest())
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
