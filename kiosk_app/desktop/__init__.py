"""What people see and touch: Qt widgets, models and delegates; decides nothing."""
