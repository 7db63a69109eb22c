"""Work that nobody waits for: mail, reminders and what is done by the clock."""
