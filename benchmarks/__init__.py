"""What the trainer costs, measured: each module here is a command.

    throughput         steps per second and peak RAM, beside Stable-Baselines3
    profile_training   where a second of training goes
    growth             more games at once, more transitions remembered
    learning_curves    training score over minutes, beside Stable-Baselines3
    report             writes the tables of README.md from results/*.csv

The others help them; those whose names end in `_run`, and `peer_sb3`, are what they
start in a fresh process. Nothing here is installed with the package, and the package
needs nothing of it.
"""
