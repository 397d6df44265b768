"""RDF as values and as text."""
