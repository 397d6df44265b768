"""What is wrong with graph files, and where."""
