"""The booking backend: faces over policies over one core over PostgreSQL."""
