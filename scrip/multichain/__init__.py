"""What several chains do as one: a corporate action under one id and one instant, and shares moved between ceilings.

No chain waits for another, so the order makes it safe. An action is scheduled on all chains and then looked at on all
of them; where one cannot schedule it, it is cancelled on every other, and that decision is on disk before the first
cancellation. A ceiling is lowered and final where shares leave before it is raised where they arrive. A run that finds
another's decision goes on with it.
"""
