"""What instructions would do, told by the model before anything is signed."""

from scrip.preview.changes import (
    Facts,
    Preview,
    admitted,
    ceilings,
    differences,
    facts,
    limited,
    moment,
    preview,
    priced,
    shares,
)

__all__ = [
    "Facts",
    "Preview",
    "admitted",
    "ceilings",
    "differences",
    "facts",
    "limited",
    "moment",
    "preview",
    "priced",
    "shares",
]
