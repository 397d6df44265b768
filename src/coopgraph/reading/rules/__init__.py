"""Closed patterns of English and Chinese that state a link between two names: a seed for people, and a check."""
