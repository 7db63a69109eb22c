"""Mock exams (system B): documented face and policy."""
