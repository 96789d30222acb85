"""Every class of instruction that there is."""

from scrip.instructions.base import Instruction


def leaves(base: type[Instruction] = Instruction) -> set[type[Instruction]]:
    """The classes below that have none below them."""
    below = base.__subclasses__()
    return {kind for kind in below if not kind.__subclasses__()} | {leaf for kind in below for leaf in leaves(kind)}
