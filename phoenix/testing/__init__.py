"""What other projects test with: a small trading world, Gherkin steps, and the cards of the broker contract."""
