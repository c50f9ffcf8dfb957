"""The only way out to the network: one door, `fetch`, and what guards it."""
