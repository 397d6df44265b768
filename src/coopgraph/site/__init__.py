"""The graph on the web: one renderer of pages, written as files (`publish`) or answered on demand (`served`)."""
