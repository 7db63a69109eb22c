"""The CRM: where students come from and where staff look; a mirror, never the authority (M10)."""
