"""The HTTP side: one application from parts that are handed in; nothing is built at import."""
