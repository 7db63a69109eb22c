"""The words both ends speak: structs, error catalogue and routes; no behaviour beyond decoding."""
