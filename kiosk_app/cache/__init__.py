"""The kiosk's two encrypted files: queue.db (never dropped) and mirror.db (rebuildable)."""
