"""What the course's notebooks import: device, data, train, plots and check."""
