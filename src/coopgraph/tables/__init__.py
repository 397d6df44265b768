"""Tables as documents whose paragraphs are rows."""
