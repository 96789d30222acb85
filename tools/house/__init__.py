"""Rules that take more than one file to judge, one concern a module; ``tools/check_house.py`` runs them."""
