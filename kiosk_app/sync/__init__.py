"""The engine: what a person may ask for, replay, pull and the state of the link. No Qt."""
