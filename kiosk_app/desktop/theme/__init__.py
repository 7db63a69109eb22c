"""Design tokens as one Theme: palette, style sheet, fonts and icons."""
