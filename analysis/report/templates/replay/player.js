// One time for all panels: it plays, steps and jumps.
const RATES = [0.1, 0.25, 0.5, 1, 2, 4, 8];
const byId = (name) => document.getElementById(`replay-${name}`);
const slider = byId("slider"), playButton = byId("play"), clock = byId("clock"), rateShown = byId("rate"), status = byId("status");
let now = 0, playing = false, last = 0, rate = 1;

function draw() {
  drawChamber(now);
  drawTime(now);
  drawWhole(now);
  clock.textContent = told(now);
  slider.value = String(now);
  if (!playing) slider.setAttribute("aria-valuetext", told(now));
}

function resize() {
  fitRoom();
  fitTime();
  draw();
}

function tick(stamp) {
  if (!playing) return;
  const passed = Math.max(stamp - last, 0) / 1000;  // a frame may bear a time before the click
  if (!calm.matches || passed >= 0.25) {
    now += rate * data.pace * Math.min(passed, calm.matches ? 0.5 : 0.2);
    last = stamp;
    if (now >= data.span) { now = data.span; toggle(false); }
    draw();
  }
  if (playing) requestAnimationFrame(tick);
}

function toggle(on) {
  playing = on;
  playButton.textContent = on ? "Pause" : "Play";
  if (!on) { draw(); return; }
  if (now >= data.span - 1e-4) now = 0;
  say("");
  last = performance.now();
  requestAnimationFrame(tick);
}

function seek(time) {
  now = within(time, 0, data.span);
  say("");
  draw();
}

// to the sample before or after; between two samples, to the nearest in that direction
function step(direction) {
  toggle(false);
  const at = now / data.step;
  seek(data.step * (direction > 0 ? Math.floor(at + 1e-3) + 1 : Math.ceil(at - 1e-3) - 1));
}

function jump(kind, direction) {
  const ahead = direction > 0 ? moments[kind].filter((time) => time > now + 1e-3) : moments[kind].filter((time) => time < now - 1e-3).reverse();
  toggle(false);
  if (ahead.length) seek(ahead[0]);
  say(ahead.length ? `${wordsAt(kind, now)} at ${told(now)}` : `no ${direction > 0 ? "later" : "earlier"} ${kind} in this stretch`);
}

function wordsAt(kind, time) {
  const found = attempts.find((each) => Math.abs(each.closed - time) < 1e-3);
  return found && kind !== "interaction" ? `${kind}, opened by ${called(found.opener)},` : kind;
}

function say(words) {
  status.textContent = words;
}

function setRate(direction) {
  rate = RATES[within(RATES.indexOf(rate) + direction, 0, RATES.length - 1)];
  rateShown.textContent = `${rate} ×`;
}
