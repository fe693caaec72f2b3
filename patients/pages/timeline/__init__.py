"""The page of a case: summary, timeline, and a card for each milestone reached."""
