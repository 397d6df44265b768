"""The review as a page in a browser on the same machine."""
