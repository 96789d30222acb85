"""ABI values as bytes: eth-abi's own codec, whatever else in the process has changed the one that all share.

Ape puts a decoder into eth-abi's registry that reads missing bytes as zeros. With it an address without code, or a node
that answers nothing, says 0 to every question: 0 decimals, no supply, nobody's role. Here too few bytes are an error.
"""

from __future__ import annotations

from eth_abi.codec import ABICodec
from eth_abi.decoding import UnsignedIntegerDecoder
from eth_abi.encoding import UnsignedIntegerEncoder
from eth_abi.registry import ABIRegistry, BaseEquals, registry


def _own() -> ABIRegistry:
    """A copy in which unsigned integers are read as the library reads them."""
    own: ABIRegistry = registry.copy()  # type: ignore[no-untyped-call]
    own.unregister("uint")
    uint = BaseEquals("uint")  # type: ignore[no-untyped-call]
    own.register(uint, UnsignedIntegerEncoder, UnsignedIntegerDecoder, label="uint")
    return own


CODEC = ABICodec(_own())
"""Encodes and decodes by lists of types, as eth-abi's functions of these names do; DecodingError for too few bytes."""
encode = CODEC.encode
decode = CODEC.decode
