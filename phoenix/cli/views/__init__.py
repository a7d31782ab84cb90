"""What people see: readings as tables and text for a terminal."""
