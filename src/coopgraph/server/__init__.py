"""A graph on a SPARQL server: asked like the one on this machine, and brought there."""
