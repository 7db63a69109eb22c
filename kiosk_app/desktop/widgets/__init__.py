"""Controls shared by the pages."""
