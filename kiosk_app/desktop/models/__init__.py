"""Rows for the views, read from the mirror and never from the network."""
