"""Texts, formats and a sentence for every error code, in English and French, on a student's screens in Arabic too."""
