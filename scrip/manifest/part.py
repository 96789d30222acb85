"""What every part of a manifest is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a manifest: unknown fields are errors, and nothing is coerced from one type to another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
