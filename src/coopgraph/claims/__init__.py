"""What a graph consists of: claims with their passages, the folder that they are kept in, its files."""
