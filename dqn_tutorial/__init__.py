"""Playing Atari Games with DQN: the package behind the notebooks.

Read the modules in the order of the notebooks; each opens with what it is and which
section of which paper it follows.

    01  catch, q_table                         a game of 250 states, and a table for it
    02  preprocessing, games, atari, atari_roms   screens to states; N games at once
    03  networks, exploration                  from states to Q-values, and to an action
    04  replay, frame_store, resources         what the agent remembers
    05  learning                               what the network is trained towards
    06  config, agent, training, history, checkpoints   all of it together
        video, side_by_side                    how does it look
        __main__, doctor, quiet_tensorflow     the command line, and what it leans on
        plotting, notebook, lessons            what only the notebooks use
    07  evaluation, pretrained                 how good is it
    08  sweep, sweep_table                     what each ingredient buys
    09  lessons/bugs, lessons/museum     what goes wrong without a word
        distributional, n_step                 what the series does without

Nothing is imported here: `from dqn_tutorial.replay import ReplayBuffer` says where a
thing lives.

Glossary of the short names, with an example of each
    N       games played at once                        16
    B       transitions in a batch                      32
    A       actions of a game                           4
    g       which of the N games                        0
    q       Q-values, (250, 3) of a table               q[217, 2] == 1.0
    q_values    Q-values of states, (B, A) float32      array([[0.1, -0.2, 0.9, 0.0]])
    state   the last four frames, (4, 84, 84) uint8     oldest first
    frame   one grey picture a step, (84, 84) uint8     values 0 to 255
    screen  what the console shows, (210, 160, 3) uint8     red, green, blue
    rng     a numpy.random.Generator, always passed in  np.random.default_rng(0)
    step    one action of one game, four emulator frames
    update  one gradient step on one batch
    over    a game ended, terminated or truncated; a lost life is terminated, not over
"""
