"""What comes in beside touches: scans, links, and the PIN that opens the kiosk for staff."""
