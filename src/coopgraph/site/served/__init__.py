"""The site on the network: pages on demand, SPARQL and questions from processes that can be ended."""
