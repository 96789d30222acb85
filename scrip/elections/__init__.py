"""What holders chose by the register of a record, as files: who gets cash and who gets stock, held to the chain."""
