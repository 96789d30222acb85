"""Imported by every Python that has this folder on PYTHONPATH, before anything else."""

import os

import kill_points

if target := os.environ.get(kill_points.VARIABLE):
    kill_points.arm(target)
