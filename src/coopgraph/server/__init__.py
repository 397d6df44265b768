"""The same graph on a SPARQL server."""
