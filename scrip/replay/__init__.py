"""The main job: replay a real stock's history, day by day, over any list of ledgers, and hold it to the real curve."""
