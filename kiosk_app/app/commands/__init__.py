"""The commands of `kiosk` that need no window, one module for each group."""
