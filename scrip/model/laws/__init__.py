"""The accounting laws as formulas over integers: they keep nothing, name nobody and refuse nothing."""
