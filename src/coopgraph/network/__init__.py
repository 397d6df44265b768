"""Claims as a network: NetworkX graphs, measures, smaller graphs."""
