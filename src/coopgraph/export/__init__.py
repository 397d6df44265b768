"""The graph in other forms."""
