"""What makes a window a kiosk: scans and links that arrive, printing, rest and the lock (K3, K6)."""
