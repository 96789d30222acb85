"""What an operator wrote, read in one way wherever it stands: in a file, an option, a manifest."""
