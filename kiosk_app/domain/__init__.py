"""What is true: seats, tokens, states, times and identifiers. Pure; `now` is an argument."""
