"""Deploying the contracts, and bringing what stands to the manifest."""
