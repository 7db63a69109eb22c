"""Mail to students: messages, the words in them, calendar files, and the ways out."""
