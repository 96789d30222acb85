"""The runbook as a test reads it: its sections' blocks, carried out line by line."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator

from support.network_cli import SCRIPTS, Cli

RUNBOOK = (SCRIPTS / "README.md").read_text(encoding="utf-8")
HOUR = 3_600
BETWEEN = "between two blocks"
ASKED = re.compile(r"Type (\S+) to go on|(Sign as \S+\?|Go on\?)")


def section(title: str) -> str:
    """What stands under a heading."""
    _, _, rest = RUNBOOK.partition(f" {title}\n")
    assert rest, title
    return re.split(r"^#+ ", re.sub(r"^```\n.*?^```", _kept, rest, flags=re.M | re.S), flags=re.M)[0]


def _kept(block: re.Match[str]) -> str:
    """A block whose comments are no headings."""
    return block[0].replace("\n#", "\n\\#")


def steps(title: str) -> Iterator[str]:
    """The lines of a section's blocks."""
    for number, block in enumerate(re.findall(r"^```\n(.*?)^```", section(title), flags=re.M | re.S)):
        if number:
            yield BETWEEN
        yield from (line.removeprefix("\\") for line in block.splitlines())


def no_tool(line: str) -> None:
    """No line but the project's own commands is foreseen."""
    raise AssertionError(line)


def as_it_stands(line: str) -> str:
    """A line that leaves nothing open."""
    return line


def follow(
    cli: Cli,
    title: str,
    between: int = 0,
    tool: Callable[[str], None] = no_tool,
    filled: Callable[[str], str] = as_it_stands,
) -> list[str]:
    """Do what a section says, line by line; what each command said. So many seconds pass between two blocks.

    `tool` does what the tools of others would, and `filled` puts into a line what it leaves open.
    """
    said = []
    for line in steps(title):
        if line == BETWEEN:
            cli.pass_time(between)
        elif later := re.fullmatch(r"# (\d+) h later", line):
            cli.pass_time(int(later[1]) * HOUR)
        elif line.startswith("sed -i "):
            subprocess.run(line, shell=True, check=True, cwd=cli.folder)
        elif line.startswith("ape run "):
            said.append(obey(cli, filled(line)))
        else:
            tool(line)
    return said


def obey(cli: Cli, line: str) -> str:
    """Give one command, and agree to what it asks; what it said. AssertionError for another exit code than foreseen."""
    command, _, expected = line.partition("  # exit ")
    found = cli.run(command.removeprefix("ape run "))
    if asked := ASKED.search(found.err):
        assert found.code == 1, f"{line}: sent though nobody agreed"
        found = cli.run(command.removeprefix("ape run "), f"{asked[1] or 'y'}\n")
    assert found.code == int(expected or 0), f"{line}\n{found.out}\n{found.err}"
    return found.out
