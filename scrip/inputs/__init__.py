"""What operators write and Scrip reads: batch files and quotes' files, each checked whole."""
