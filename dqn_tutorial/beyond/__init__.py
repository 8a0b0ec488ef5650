"""What came after DQN (notebook 10); may import the core, but no other room."""
