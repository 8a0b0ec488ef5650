"""What the trainer costs, measured: each module here is a command.

    throughput         steps per second and peak RAM, beside Stable-Baselines3
    profile_training   where a second of training goes
    growth             more games at once, more transitions remembered
    learning_curves    training score over minutes, beside Stable-Baselines3
    recipe             what each changed setting learns in equal CPU time
    report             writes the tables of README.md from results/*.csv

The others help them; those whose names end in `_run`, and the peers, are what they
start in a fresh process. Nothing here is installed with the package, and the package
needs nothing of it.
"""
