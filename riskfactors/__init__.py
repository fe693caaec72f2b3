"""What is published and what follows from it: evidence, rules, figures and the evidence library."""
