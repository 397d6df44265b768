"""Documents to texts, texts to proposals: what a machine suggests and a person decides."""
