"""What came after DQN, which notebook 10 explains; may import the core, but no other room."""
