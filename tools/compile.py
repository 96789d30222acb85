"""Compile every contract and interface whose kept artifact is not of the present sources (part of ``make``)."""

import sys

from scrip.evm.compiled import artifacts


def main() -> int:
    for name in artifacts.names():
        print(f"{name}: {len(artifacts.artifact(name).initcode):,} bytes")
    for name in artifacts.interfaces():
        print(f"{name}: {len(artifacts.abi(name))} functions and events")
    return 0


if __name__ == "__main__":
    sys.exit(main())
