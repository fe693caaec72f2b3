"""The specification of the risk engine: contract, rules, scores, documents, properties."""
