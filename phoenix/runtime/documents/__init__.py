"""What programs see: readings as JSON values, the same for every surface. Numbers are text, instants ISO 8601 UTC."""
