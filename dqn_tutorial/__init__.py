"""Playing Atari Games with DQN: the package behind the notebooks.

Each module opens with what it is and which section of which paper it follows. In
reading order:

    config          every number of a run, with its unit and its source; the presets
    catch           a game of 250 states, seen as pixels like an Atari game
    q_table         tabular Q-learning: what came before the network
    preprocessing   from a screen to what the network sees
    parallel_env    N copies of one game: all that training needs from a game
    atari           the Atari games: N at once, or one to look at
    envs            from the settings to a game
    networks        the Q-networks: pixels in, one number per action out
    exploration     the schedule for epsilon, and the epsilon-greedy choice
    replay          the replay buffer: what the agent remembers
    frame_store     where it keeps its frames, compressed or raw
    n_step          batches with several rewards before the next state
    adam            the optimizer, one kernel for each variable
    learning        the targets, the loss and one gradient step
    agent           two networks, an optimizer: act, learn, sync
    training        the training loop
    evaluation      how a score is measured

    atari_roms, machine, quiet_tensorflow      plumbing; read it when you need it

These are the core. Around it are rooms, and imports go only along the arrows:

    cli  ->  lessons  ->  runs  ->  viewing | beyond  ->  core

    beyond/    Double DQN, dueling networks and C51: beyond the lesson
    viewing/   figures, videos, and helpers for notebooks
    runs/      a run in a folder: checkpoints, history, resume, curves and videos of it,
               sweeps, trained agents
    cli/       the command line, `python -m dqn_tutorial`
    lessons/   the figures and checks of one notebook each

Where to add what:

    an algorithm    its loss in beyond/, one line in beyond/factory.py, and its name in
                    config.ALGORITHMS
    a sampler       such as prioritized replay: a ReplayBuffer subclass in beyond/,
                    chosen in beyond/factory.make_replay, its settings in config. What
                    weighs a batch or returns TD errors also passes through
                    replay.Batch, learning.loss_towards and training.learn
    a game          an Atari game needs no code, only its name. For another one, a
                    ParallelEnv and a single env as in catch.py, chosen in envs.py, and
                    its module in the layers of pyproject.toml
    a figure        lessons/lesson_04/figures.py for notebook 04, and so on

This file imports nothing: write `from dqn_tutorial.replay import ReplayBuffer`, so that
an import says where a thing lives.

Glossary of the short names, with an example of each
    N       games played at once, num_envs              16
    B       transitions in a batch                      32
    A       actions of a game                           4
    g       which of the N games                        0
    q       Q-values, (250, 3) of a table               q[217, 2] == 1.0
    q_values    Q-values of states, (B, A) float32      array([[0.1, -0.2, 0.9, 0.0]])
    state   the last four frames, (4, 84, 84) uint8     oldest first
    frame   one grey picture per step, (84, 84) uint8   values 0 to 255
    screen  what the console shows, (210, 160, 3) uint8     red, green, blue
    rng     a numpy.random.Generator, always passed in  np.random.default_rng(0)
    step    one action of one game, four emulator frames
    update  one gradient step on one batch
    terminated  nothing more can be won from here: game over, or a life lost
    game_over   a game has ended, terminated or truncated; a lost life alone is not that
"""
