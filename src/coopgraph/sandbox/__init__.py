"""What SPARQL may do to the process that runs it, and the process that sees to it."""
