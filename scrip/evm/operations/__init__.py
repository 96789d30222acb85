"""What a network does day by day, each as a plan: parsed input and the chain's state in, steps out. Nothing is sent."""
