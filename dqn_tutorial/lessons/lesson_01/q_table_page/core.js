// Catch and tabular Q-learning, as dqn_tutorial/catch.py and q_table.py have them.
//
// Nothing here knows of a page. tests/test_q_table_page.py runs it with Node, plays the
// same games in Python, and wants the same tables, bit by bit.

const ROWS = 10;
const COLUMNS = 5;
const ACTIONS = ["LEFT", "STAY", "RIGHT"];
const NUM_STATES = ROWS * COLUMNS * COLUMNS;

function stateIndex(ballRow, ballColumn, paddleColumn) {
  return (ballRow * COLUMNS + ballColumn) * COLUMNS + paddleColumn;
}

function newGame(ballColumn) {
  const paddleColumn = Math.floor(COLUMNS / 2);
  const state = stateIndex(0, ballColumn, paddleColumn);
  return { ballRow: 0, ballColumn, paddleColumn, state, reward: 0, terminated: false };
}

// The game after one action; `game` stays as it was.
function step(game, action) {
  const { ballColumn } = game;
  const ballRow = game.ballRow + 1;
  const paddleColumn = Math.min(Math.max(game.paddleColumn + action - 1, 0), COLUMNS - 1);
  const terminated = ballRow === ROWS - 1;
  const caught = ballColumn === paddleColumn;
  const reward = terminated ? (caught ? 1 : -1) : 0;
  const state = stateIndex(ballRow, ballColumn, paddleColumn);
  return { ballRow, ballColumn, paddleColumn, state, reward, terminated };
}

// The table: three Q-values for each state, one state after the other.
function newTable() {
  return new Float64Array(NUM_STATES * ACTIONS.length);
}

function rowOf(q, state) {
  return q.subarray(state * ACTIONS.length, (state + 1) * ACTIONS.length);
}

function largest(q, state) {
  return Math.max(...rowOf(q, state));
}

// The first of the largest, as NumPy's argmax.
function greedyAction(q, state) {
  return rowOf(q, state).indexOf(largest(q, state));
}

// Change one Q-value in place, and tell every number of the calculation.
function update(q, transition, learningRate, discount) {
  const { state, action, reward, nextState, terminated } = transition;
  const cell = state * ACTIONS.length + action;
  const oldValue = q[cell];
  const bestNext = largest(q, nextState);
  const target = reward + (terminated ? 0 : discount * bestNext);
  const tdError = target - oldValue;
  q[cell] += learningRate * tdError;
  const numbers = { learningRate, discount, bestNext, target, oldValue, tdError };
  return { ...transition, ...numbers, newValue: q[cell] };
}

// ε-greedy; `random` gives numbers from 0 up to 1.
function chooseAction(q, state, epsilon, random) {
  const explore = random() < epsilon;
  const action = explore ? Math.floor(random() * ACTIONS.length) : greedyAction(q, state);
  return { action, explore };
}

// For each column, whether the greedy policy catches a ball that falls in it.
function greedyCatches(q) {
  return [...Array(COLUMNS).keys()].map((ballColumn) => {
    let game = newGame(ballColumn);
    while (!game.terminated) game = step(game, greedyAction(q, game.state));
    return game.reward === 1;
  });
}

// Numbers from 0 up to 1, the same again for the same seed ("mulberry32").
function generator(seed) {
  let counter = seed;
  return () => {
    counter = (counter + 0x6d2b79f5) | 0;
    let mixed = Math.imul(counter ^ (counter >>> 15), counter | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (typeof module !== "undefined") {
  module.exports = {
    ACTIONS, COLUMNS, NUM_STATES, ROWS, chooseAction, generator, greedyAction,
    greedyCatches, largest, newGame, newTable, rowOf, stateIndex, step, update,
  };
}
