"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const part = (id) => document.getElementById(id);
const steps = data.pressed.length;
const promised = data.q.map((values) => Math.max(...values));
const [OWN, SERVED, RANDOM] = "012"; // how a button came to be pressed
const SAID = { [OWN]: "pressed", [SERVED]: "automatic", [RANDOM]: "random" };
const round = (value, digits = 2) => value.toFixed(digits).replace("-", "−");
const count = (value) => value.toLocaleString("en");

let now = 0; // the step that is shown
let playing = false;

// Pictures are stored as what changes from each to the next, and compressed.

async function unpack(text, size) {
  const packed = Uint8Array.from(atob(text.split(",")[1]), (c) => c.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(plain).arrayBuffer());
  for (let k = size; k < bytes.length; k++) bytes[k] ^= bytes[k - size];
  return bytes;
}

// A colour as canvas wants it: red in the lowest byte, opaque.
const colour = ([red, green, blue]) => (255 << 24) | (blue << 16) | (green << 8) | red;
const palette = Uint32Array.from(data.palette.map(colour));
const greys = Uint32Array.from({ length: 256 }, (_, grey) => colour([grey, grey, grey]));

function paint(canvas, [height, width], bytes, number, colours) {
  if (canvas.width !== width || canvas.height !== height)
    Object.assign(canvas, { width, height });
  const pixels = new Uint32Array(width * height);
  const first = number * pixels.length;
  for (let k = 0; k < pixels.length; k++) pixels[k] = colours[bytes[first + k]];
  const picture = new ImageData(new Uint8ClampedArray(pixels.buffer), width);
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

// The answers: for each button a bar, or the probabilities of its returns.

const low = Math.min(0, ...data.q.flat());
const high = Math.max(0, ...data.q.flat());
const across = (value, from, to) => `${(100 * (value - from)) / (to - from)}%`;

function makeAnswers() {
  const unit = "the points still to come in this life, clipped and discounted";
  const what = data.atoms
    ? `For each button: how likely it thinks each return is (${unit}), and their mean, Q. It presses the button with the largest Q.`
    : `A Q-value for each button: ${unit}, if it is pressed now. It presses the button with the largest.`;
  const served = data.how.includes(SERVED) ? " FIRE is pressed automatically when a life begins." : "";
  part("unit").textContent = what + served;
  part("drawn").innerHTML = data.atoms
    ? `<span class="ends">${[data.atoms[0], 0, data.atoms[1]].map((z) => `<span>${round(z, 0)}</span>`).join("")}</span>`
    : '<span class="unseen">bar</span>';
  for (const name of data.names) {
    const row = part("answers").insertRow();
    row.innerHTML = `<th scope="row">${name}</th><td><div class="bar" aria-hidden="true"></div></td>
      <td class="number"></td><td class="mark"></td>`;
    const bar = row.querySelector(".bar");
    if (data.atoms) {
      bar.classList.add("spread");
      bar.innerHTML = `<svg viewBox="0 0 ${data.returns} 1" preserveAspectRatio="none"><path/></svg>
        <b class="zero"></b><b class="mean"></b>`;
      bar.querySelector(".zero").style.left = acrossReturns(0);
    } else {
      bar.innerHTML = "<i></i><b></b>";
      bar.querySelector("b").style.left = across(0, low, high);
    }
  }
}

// A return is drawn in the middle of its column.
function acrossReturns(value) {
  const [first, last] = data.atoms;
  const half = (last - first) / (data.returns - 1) / 2;
  return across(value, first - half, last + half);
}

function drawAnswers() {
  const values = data.q[now];
  const how = data.how[now];
  for (const [a, row] of [...part("answers").rows].entries()) {
    const isPressed = a === data.pressed[now];
    row.classList.toggle("best", values[a] === promised[now]);
    row.classList.toggle("is-random", isPressed && how === RANDOM);
    row.querySelector(".number").textContent = round(values[a]);
    row.querySelector(".mark").textContent = isPressed ? `◄ ${SAID[how]}` : "";
    if (data.atoms) drawReturns(row, a, values[a]);
    else {
      const { style } = row.querySelector("i");
      style.left = across(Math.min(0, values[a]), low, high);
      style.right = across(high - Math.max(0, values[a]), 0, high - low);
    }
  }
}

function drawReturns(row, action, mean) {
  const first = (now * data.names.length + action) * data.returns;
  let columns = "";
  for (let z = 0; z < data.returns; z++) {
    const height = Math.min(1, data.probabilities[first + z] / data.fullHeight);
    columns += `M${z} 1v${-height}h1v${height}z`;
  }
  row.querySelector("path").setAttribute("d", columns);
  row.querySelector(".mean").style.left = acrossReturns(mean);
}

// The curve: V of each step, drawn anew when the page changes its width.

const LEFT = 34, RIGHT = 12, TOP = 8, BOTTOM = 22, HEIGHT = 150;
let width = 0;
const everything = data.came ? [...promised, ...data.came] : promised;
const bottom = Math.min(0, ...everything);
const top_ = Math.max(...everything, bottom + 1);
const x = (step) => LEFT + ((width - LEFT - RIGHT) * step) / Math.max(1, steps - 1);
const y = (value) =>
  TOP + ((HEIGHT - TOP - BOTTOM) * (top_ - value)) / (top_ - bottom);

function ticks(from, to, most) {
  const rough = (to - from) / most;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const gap = [1, 2, 5, 10].map((n) => n * unit).find((n) => n >= rough);
  const found = [];
  for (let k = Math.ceil(from / gap); k * gap <= to; k++) found.push(k * gap);
  return found;
}

const line = (values) => "M" + values.map((v, t) => `${x(t).toFixed(1)} ${y(v).toFixed(1)}`).join("L");
const stepsWith = (holds) => [...data.pressed.keys()].filter(holds);
const ended = stepsWith((t) => data.ended.includes(t));
const scored = stepsWith((t) => data.scores[t + 1] !== data.scores[t]);
const atRandom = stepsWith((t) => data.how[t] === RANDOM);

function drawCurve() {
  width = part("curve").clientWidth;
  const floor = HEIGHT - BOTTOM;
  const shapes = [];
  for (const value of ticks(bottom, top_, 4))
    shapes.push(
      `<path class="grid" d="M${LEFT} ${y(value)}H${width - RIGHT}"/>`,
      `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${round(value, 0)}</text>`,
    );
  const first = data.first;
  for (const step of ticks(first, first + steps - 1, Math.max(1, width / 110)))
    if (Number.isInteger(step))
      shapes.push(`<text x="${x(step - first)}" y="${HEIGHT - 6}" text-anchor="middle">${count(step)}</text>`);
  for (const t of scored) shapes.push(`<path class="point" d="M${x(t)} ${floor}v-6"/>`);
  for (const t of ended) shapes.push(`<path class="ended" d="M${x(t)} ${TOP}V${floor}"/>`);
  if (data.came) shapes.push(`<path class="came" d="${line(data.came)}"/>`);
  shapes.push(`<path class="promised" d="${line(promised)}"/>`);
  for (const t of atRandom)
    shapes.push(`<path class="random" d="M${x(t)} ${y(promised[t]) - 5}l4 7h-8z"/>`);
  shapes.push(`<path class="cursor"/><circle class="dot" r="4.5"/>`);
  part("curve").innerHTML = shapes.join("");
  moveCursor();
}

function moveCursor() {
  const [at, value] = [x(now), y(promised[now])];
  part("curve").querySelector(".cursor").setAttribute("d", `M${at} ${TOP}V${HEIGHT - BOTTOM}`);
  const dot = part("curve").querySelector(".dot");
  dot.setAttribute("cx", at);
  dot.setAttribute("cy", value);
}

// One step of the game, everywhere on the page.

let screens, frames;

function show(step) {
  now = Math.min(Math.max(step, 0), steps - 1);
  paint(part("screen"), data.size, screens, now, palette);
  for (const [k, canvas] of [...part("frames").children].entries())
    paint(canvas, data.frameSize, frames, now + k, greys);
  drawAnswers();
  moveCursor();
  part("step").textContent = `${count(data.first + now)}`;
  part("score").textContent = count(data.scores[now]);
  part("lives").textContent = data.lives[now];
  part("value").textContent = round(promised[now]);
  const facts = [...part("facts").children].filter((fact) => !fact.hidden);
  const words = [
    ...facts.map((fact) => fact.textContent.trim().replace(/\s+/g, " ")),
    `${data.names[data.pressed[now]]} ${SAID[data.how[now]]}`,
  ].join(", ");
  part("slider").value = now;
  part("slider").setAttribute("aria-valuetext", words);
  // The slider speaks for itself, and a playing game would talk without end.
  if (!playing && document.activeElement !== part("slider")) part("said").textContent = words;
}

let last; // when the step that is shown began, in milliseconds

function play(wanted) {
  if (wanted === playing) return;
  if (wanted && now === steps - 1) show(0);
  playing = wanted;
  last = performance.now();
  part("play").textContent = playing ? "Pause" : "Play";
  if (playing) requestAnimationFrame(goOn);
}

function goOn(time) {
  if (!playing) return;
  const length = 1000 / (data.stepsPerSecond * part("speed").value);
  if (time - last > 1000) last = time - length; // the page was not in sight
  const due = Math.floor((time - last) / length);
  if (due > 0) {
    last += due * length;
    show(now + due);
  }
  if (now === steps - 1) play(false);
  else requestAnimationFrame(goOn);
}

function seek(step) {
  play(false);
  show(step);
}

// What one can click, drag and press.

function addJump(group, name, find) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = name;
  button.disabled = find() === undefined;
  button.addEventListener("click", () => seek(find()));
  part(group).append(button);
}

function makeJumps() {
  const marks = Object.entries(data.marks);
  part("marks").hidden = marks.length === 0;
  for (const [name, step] of marks) addJump("marks", name, () => step);
  const kinds = { point: scored, "random press": atRandom, "lost life": ended };
  for (const [name, places] of Object.entries(kinds))
    addJump("next", name, () => places.find((t) => t > now) ?? places[0]);
}

function listen() {
  const stepAt = (event) => {
    const place = (event.clientX - part("curve").getBoundingClientRect().left - LEFT) / (width - LEFT - RIGHT);
    return Math.round(place * (steps - 1));
  };
  part("curve").addEventListener("pointerdown", (event) => {
    part("curve").setPointerCapture(event.pointerId);
    seek(stepAt(event));
  });
  part("curve").addEventListener("pointermove", (event) => {
    if (part("curve").hasPointerCapture(event.pointerId)) seek(stepAt(event));
  });
  part("slider").addEventListener("input", () => seek(part("slider").valueAsNumber));
  part("play").addEventListener("click", () => play(!playing));
  part("back").addEventListener("click", () => seek(now - 1));
  part("on").addEventListener("click", () => seek(now + 1));
  document.addEventListener("keydown", press);
}

function press(event) {
  const { key, target } = event;
  const far = event.shiftKey ? data.stepsPerSecond : 1;
  const actions = {
    " ": () => play(!playing),
    ArrowLeft: () => seek(now - far),
    ArrowRight: () => seek(now + far),
    Home: () => seek(0),
    End: () => seek(steps - 1),
  };
  const itsOwn = target.matches("select") || (target.matches("button") && key === " ");
  if (itsOwn || event.ctrlKey || event.altKey || event.metaKey || !(key in actions)) return;
  event.preventDefault();
  actions[key]();
}

// In a notebook the page is in a frame, which grows and shrinks with it.
function fit() {
  if (window.frameElement) window.frameElement.style.height = `${document.documentElement.offsetHeight}px`;
}

async function begin() {
  const { size, frameSize } = data;
  screens = await unpack(data.screens, size[0] * size[1]);
  frames = await unpack(data.frames, frameSize[0] * frameSize[1]);
  if (data.atoms) data.probabilities = await unpack(data.probabilities, Infinity);
  part("came").hidden = !data.came;
  part("lives").parentElement.hidden = Math.max(...data.lives) < 2; // Pong counts none
  part("slider").max = steps - 1;
  part("curve").setAttribute("aria-label",
    `A curve of V over ${count(steps)} steps, between ${round(Math.min(...promised))} and ${round(Math.max(...promised))}. ` +
    `${ended.length} lives end, ${atRandom.length} buttons are pressed at random. The slider below moves along it.`);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) part("speed").value = "0.25";
  part("player").hidden = false;
  makeAnswers();
  makeJumps();
  drawCurve();
  show(data.start);
  listen();
  new ResizeObserver(drawCurve).observe(part("curve"));
  new ResizeObserver(fit).observe(document.body);
}

begin().catch((error) => {
  document.documentElement.className = ""; // shows the strip
  part("player").hidden = true;
  throw error;
});
