"""The graph for assistants: its questions as tools, its things as resources, every answer with its evidence."""
