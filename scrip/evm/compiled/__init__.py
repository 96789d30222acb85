"""The project's contracts as compiled: code, interface and storage layout, and whether one build fits another."""
