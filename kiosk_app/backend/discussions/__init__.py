"""Mock discussions (system A): documented face and policy."""
