"""The server as the kiosk sees it: one method per call, our own outcomes outside."""
