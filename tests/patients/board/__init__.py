"""The board: meetings with an agenda, cases presented, recommendations signed, followed up."""
