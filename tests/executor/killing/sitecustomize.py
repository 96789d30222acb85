"""Imported by every Python that has this folder on PYTHONPATH, before anything else."""

import os

import kill_points

if target := os.environ.get(kill_points.VARIABLE):
    # Only who works on Solana is going to load httpx.
    kill_points.arm(target, ahead="SCRIP_SOLANA_LOCAL_RPC" in os.environ)
