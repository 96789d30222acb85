"""What was found and shown, as values: findings of an audit, what a rehearsal showed."""
