"""What a strategy has to show before it may trade live: its shadow record, statistics over it, and the checklist."""
