"""The page of a case: summary, timeline, a card for each milestone."""
