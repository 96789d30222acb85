"""No circle of imports in the package, neither of modules nor of packages: each can be read, and tested, without the
rest of its circle."""

from __future__ import annotations

from collections.abc import Iterator

from house.imports import Circle, Imports, circles


def counts(imports: Imports) -> dict[str, int]:
    """How many circles there are. Nodes that all reach one another are one, however many ways lead round."""
    return {"modules": len(circles(imports.modules)), "packages": len(circles(imports.packages))}


def check(imports: Imports) -> Iterator[str]:
    """A line for each circle, with the shortest way round, and for each import that cannot be followed."""
    for circle in circles(imports.modules):
        yield _line(imports.files[circle.way[0]], "modules", circle)
    for circle in circles(imports.packages):
        yield _line(circle.way[0].replace(".", "/"), "packages", circle)
    for place in imports.computed:
        yield f"{place}: imports by a computed name, which nobody can follow"


def _line(where: str, kind: str, circle: Circle) -> str:
    steps = [f"{node} ({place})" for node, place in zip(circle.way, circle.places, strict=False)]
    return f"{where}: {circle.size} {kind} import one another: {' → '.join([*steps, circle.way[-1]])}"
