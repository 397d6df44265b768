"""Questions and their answers, from Python and for the command line."""
