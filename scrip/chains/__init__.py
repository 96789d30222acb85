"""Networks as everything above them sees them, whatever kind of chain they are, and the one place that opens them."""
