"""Who holds what at an instant: the register of a stock's holders, the tree over it, and the files of both."""
