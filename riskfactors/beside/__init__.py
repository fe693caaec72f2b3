"""What was published as it stands beside a finding."""
