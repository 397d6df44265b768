"""The picture of a network: one HTML file, or SVG."""
