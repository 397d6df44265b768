"""From graph files to a checked store in which all is derived."""
