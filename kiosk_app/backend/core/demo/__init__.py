"""A demo term that is the same for everybody who asks for the same day; no real person is in it."""
