"""PostgreSQL: tables, migrations, the write functions and every statement."""
