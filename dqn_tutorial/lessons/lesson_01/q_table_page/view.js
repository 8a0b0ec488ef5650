// What stands on the page: it reads the controls, plays with core.js, and draws.

const SEED = 0; // of the balls and the random moves: after Reset, the same ones again
const WINDOW = 50; // games that a point of the curve averages
const SHOWN = 500; // games that the curve shows, at most
const KEYS = { ArrowLeft: 0, ArrowDown: 1, ArrowRight: 2 };

let q, random, game, last, returns, curve;
let goal = 0; // the agent plays on until so many games are over
let timer = 0;

const find = (selector) => document.querySelector(selector);
const findAll = (selector) => [...document.querySelectorAll(selector)];
const setting = (id) => Number(find(`#${id}`).value);
const catches = () => greedyCatches(q).filter(Boolean).length;

// ---- Playing

function reset() {
  clearInterval(timer);
  goal = 0;
  q = newTable();
  random = generator(SEED);
  last = null;
  returns = [];
  curve = [{ training: null, greedy: (2 * catches() - COLUMNS) / COLUMNS }];
  dropBall();
  show(`The table is empty. ${position()}`);
}

function dropBall() {
  game = newGame(Math.floor(random() * COLUMNS));
}

function take(action, reason) {
  const { state } = game;
  game = step(game, action);
  const { reward, state: nextState, terminated } = game;
  const transition = { state, action, reward, nextState, terminated };
  last = update(q, transition, setting("learning-rate"), setting("discount"));
  last.reason = reason;
  if (!terminated) return;
  returns.push(reward);
  curve.push({ training: score(), greedy: (2 * catches() - COLUMNS) / COLUMNS });
}

function takeByAgent() {
  if (game.terminated) dropBall();
  const { action, explore } = chooseAction(q, game.state, setting("epsilon"), random);
  take(action, explore ? "chosen at random" : "chosen as the largest");
}

function takeByHand(action) {
  finish();
  if (game.terminated) dropBall();
  else take(action, "your move");
  show(summary());
}

// Let the agent play until `games` games are over, some steps at a time.
function playUntil(games, stepsAtOnce, milliseconds) {
  finish();
  goal = games;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) finish();
  else timer = setInterval(playOn, milliseconds, stepsAtOnce);
}

function playOn(steps) {
  for (let k = 0; k < steps && returns.length < goal; k++) takeByAgent();
  if (returns.length >= goal) finish();
  else draw();
}

function finish() {
  clearInterval(timer);
  if (!goal) return;
  while (returns.length < goal) takeByAgent();
  goal = 0;
  show(summary());
}

// ---- In words

const signed = (text) => text.replace("-", "−");

// 0 is exactly 0; other numbers have up to three decimals, small ones all three.
function digits(number) {
  if (number === undefined) return "–";
  const short = String(Number(number.toFixed(3)));
  return signed(Number(short) || !number ? short : number.toFixed(3));
}

// Two decimals, without what a small square has no room for: .73, −.50, 1.
function short(number) {
  const fixed = number.toFixed(Math.abs(number) < 0.995 ? 2 : 0);
  return signed(fixed.replace("0.", "."));
}

function score() {
  const recent = returns.slice(-WINDOW);
  return recent.reduce((sum, reward) => sum + reward, 0) / recent.length;
}

function position() {
  const { ballRow, ballColumn, paddleColumn } = game;
  return `Ball in row ${ballRow}, column ${ballColumn}; paddle in column ${paddleColumn}.`;
}

function summary() {
  if (!game.terminated) return position();
  const played = returns.length === 1 ? "1 game" : `${returns.length} games`;
  const counted = Math.min(returns.length, WINDOW);
  const result = game.reward > 0 ? "Caught: +1." : "Missed: −1.";
  return `${result} ${played}, mean score of the last ${counted}: ${digits(score())}.`;
}

function show(words) {
  find("#said").textContent = words;
  draw();
}

// ---- In pictures

// Matplotlib's PuOr, the colours of the notebook's picture, from −1 to 1.
const PUOR = (
  "7f3b08 b35806 e08214 fdb863 fee0b6 f7f7f7 d8daeb b2abd2 8073ac 542788 2d004b"
).split(" ").map((hex) => [0, 2, 4].map((k) => parseInt(hex.slice(k, k + 2), 16)));

function colourOf(value) {
  const place = (Math.min(Math.max(value, -1), 1) + 1) * 5;
  const k = Math.min(Math.floor(place), PUOR.length - 2);
  return PUOR[k].map((from, c) => Math.round(from + (PUOR[k + 1][c] - from) * (place - k)));
}

// Black or white, whatever stands out more on a colour.
function inkOn(rgb) {
  const [r, g, b] = rgb.map((c) => (c / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff";
}

function draw() {
  drawBoard();
  drawSquares();
  drawParts();
  drawMoves();
  drawUpdate();
  drawCurve();
}

function drawBoard() {
  const { ballRow, ballColumn, paddleColumn } = game;
  const place = (row, column) => `translate(${100 * column}%, ${100 * row}%)`;
  const [ball, paddle] = [find("#ball"), find("#paddle")];
  ball.style.transition = paddle.style.transition = ballRow ? "" : "none";
  ball.style.transform = place(ballRow, ballColumn);
  paddle.style.transform = place(ROWS - 1, paddleColumn);
  find("#board").setAttribute("aria-label", `Catch. ${position()}`);
}

// The ball's column whose part of the table is shown.
function shownColumn() {
  const part = find("[name=part]:checked").value;
  return part === "ball" ? game.ballColumn : Number(part);
}

function drawSquares() {
  const column = shownColumn();
  find("#shown-column").textContent = column;
  find("#dot").style.transform = `translateX(calc(${column} * var(--cell)))`;
  findAll("#squares td").forEach((square, k) => {
    const state = stateIndex(Math.floor(k / COLUMNS), column, k % COLUMNS);
    const value = largest(q, state);
    const colour = colourOf(value);
    square.textContent = rowOf(q, state).some(Boolean) ? short(value) : "";
    square.style.background = `rgb(${colour})`;
    square.style.color = inkOn(colour);
    square.classList.toggle("now", state === game.state);
    square.classList.toggle("updated", state === last?.state);
  });
}

function drawParts() {
  const caught = greedyCatches(q);
  findAll("#parts canvas").forEach((canvas, column) => {
    const context = canvas.getContext("2d");
    for (let row = 0; row < ROWS - 1; row++)
      for (let paddle = 0; paddle < COLUMNS; paddle++) {
        context.fillStyle = `rgb(${colourOf(largest(q, stateIndex(row, column, paddle)))})`;
        context.fillRect(paddle, row, 1, 1);
      }
    const label = canvas.parentElement;
    const [mark, words] = caught[column] ? ["✓", "caught"] : ["✗", "missed"];
    label.querySelector(".mark").innerHTML = `${mark}<span class=unseen> ${words}</span>`;
    label.classList.toggle("shown", column === shownColumn());
  });
}

function drawMoves() {
  const values = rowOf(q, game.state);
  find("#row-title").textContent = game.terminated
    ? "The game is over. Next ball: key ← ↓ or →"
    : `Row ${game.state} of the table. Play: keys ← ↓ →`;
  findAll(".moves button").forEach((button, action) => {
    button.querySelector("b").textContent = game.terminated ? "–" : digits(values[action]);
    const best = !game.terminated && action === greedyAction(q, game.state);
    button.classList.toggle("best", best && values.some((value) => value !== values[action]));
  });
}

function drawUpdate() {
  const latest = last ?? {}; // before the first update: the same lines, without numbers
  const which = last
    ? `Q(${latest.state}, ${ACTIONS[latest.action]}), ${latest.reason}`
    : "None yet. Press “One update”, or play.";
  const term = (number, name, mark = "") =>
    `<span class=term><b class="${mark}">${digits(number)}</b> <small>${name}</small></span>`;
  const future = latest.terminated
    ? " <small>the game is over: nothing to add</small>"
    : ` + ${term(latest.discount, "discount")} × ${term(latest.bestNext, "best next", "now")}`;
  find("#update").innerHTML = `
    <p class=which>${which}</p>
    <p>${term(latest.target, "target")} = ${term(latest.reward, "reward")}${future}</p>
    <p>${term(latest.tdError, "TD error")} = ${term(latest.target, "target")} −
      ${term(latest.oldValue, "old value")}</p>
    <p>${term(latest.newValue, "new value")} = ${term(latest.oldValue, "old value")} +
      ${term(latest.learningRate, "learning rate")} × ${term(latest.tdError, "TD error")}</p>`;
}

function drawCurve() {
  const points = curve.slice(-SHOWN);
  const first = curve.length - points.length; // games before the first point
  const line = (name) =>
    points
      .map((point, k) => [(100 * k) / Math.max(points.length - 1, 1), point[name]])
      .filter(([, value]) => value !== null)
      .map(([x, value]) => `${x.toFixed(2)},${(50 - 40 * value).toFixed(2)}`)
      .join(" ");
  find("#training-line").setAttribute("points", line("training"));
  find("#greedy-line").setAttribute("points", line("greedy"));
  find("#first-game").textContent = `game ${first}`;
  find("#last-game").textContent = returns.length > first ? returns.length : "";
  const { training, greedy } = curve.at(-1);
  find("#greedy-score").textContent = digits(greedy);
  find("#training-score").textContent = training === null ? "" : digits(training);
  find("#curve").setAttribute("aria-label", `Two lines, of ${returns.length} games`);
}

// ---- Beginning

function build() {
  const numbers = [...Array(COLUMNS).keys()];
  const names = numbers.map((k) => `<th scope="col">paddle in column ${k}</th>`);
  find("#names-of-columns").innerHTML = `<th scope="col">ball's row</th>${names.join("")}`;
  const below = numbers.map((k) => `<th>${k}</th>`);
  find("#numbers-below").innerHTML = `<th></th>${below.join("")}`;
  const squares = "<td></td>".repeat(COLUMNS);
  for (let row = 0; row < ROWS - 1; row++)
    find("#squares tbody").insertRow().innerHTML = `<th scope="row">${row}</th>${squares}`;
  const part = (k) => `<label><input class="unseen" type="radio" name="part" value="${k}">
    <canvas width="${COLUMNS}" height="${ROWS - 1}" aria-hidden="true"></canvas>
    column ${k}<br><span class="mark"></span></label>`;
  find("#parts").insertAdjacentHTML("beforeend", numbers.map(part).join(""));
  const scale = PUOR.map((rgb) => `rgb(${rgb})`);
  find(".scale i").style.background = `linear-gradient(to right, ${scale})`;
}

function connect() {
  const click = (id, act) => find(id).addEventListener("click", act);
  click("#one-update", () => {
    finish();
    takeByAgent();
    show(summary());
  });
  click("#one-game", () => playUntil(returns.length + 1, 1, 120));
  click("#hundred-games", () => playUntil(returns.length + 100, 18, 16));
  click("#reset", reset);
  findAll(".moves button").forEach((button, action) =>
    button.addEventListener("click", () => takeByHand(action))
  );
  addEventListener("keydown", (event) => {
    const other = event.ctrlKey || event.altKey || event.metaKey;
    if (other || !(event.key in KEYS) || event.target.matches("input")) return;
    event.preventDefault();
    takeByHand(KEYS[event.key]);
  });
  findAll(".settings input").forEach((slider) => {
    const tell = () => (slider.nextElementSibling.textContent = slider.value);
    slider.addEventListener("input", tell);
    tell();
  });
  find("#parts").addEventListener("change", draw);
}

// In a notebook the page stands in a frame, which is to be as high as the page.
function fitFrame() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (window.frameElement) window.frameElement.style.height = `${height}px`;
}

build();
connect();
reset();
new ResizeObserver(fitFrame).observe(document.body);
