"""What the backend reaches beyond itself: each a protocol, a real one and one to go without."""
