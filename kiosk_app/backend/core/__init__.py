"""The one booking core: seats, tokens, states and the change feed; knows no framework."""
