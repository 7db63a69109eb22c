"""Campus Kiosk: a booking client that keeps working offline, and the backend it talks to."""
