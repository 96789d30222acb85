"""Deploying the program and its issuer, and whether a build may take over."""
