// What is replayed: the page's data as typed arrays, and what holds at a time. Times run from 0, the stretch's first sample.
const data = JSON.parse(document.getElementById("replay-data").textContent);
const TYPES = { f4: Float32Array, u1: Uint8Array, i1: Int8Array };
const MISS = 0, CORRECT = 1;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed.data), (letter) => letter.charCodeAt(0));
  return { values: new TYPES[packed.type](bytes.buffer), rows: packed.shape[0], shape: packed.shape };
}

const tracks = unpack(data.tracks), lights = unpack(data.lights);
const places = { port: unpack(data.port), spout: unpack(data.spout) };
const brains = data.brains.map((brain) => brain && {
  ...brain, raster: unpack(brain.raster), decoded: brain.decoded && unpack(brain.decoded),
});
const events = listed("eventKind", "eventAgent", "eventTime").map(([kind, agent, start, stop]) => ({ kind: data.kinds[kind], agent, start, stop }));
const attempts = listed("attemptOpener", "attemptOutcome", "attemptTime").map(([opener, outcome, opened, closed]) => ({ opener, outcome, opened, closed }));
const interactions = pairs(unpack(data.interaction));

function pairs(packed) {
  return Array.from({ length: packed.rows }, (_, row) => [packed.values[2 * row], packed.values[2 * row + 1]]);
}

function listed(first, second, time) {
  const [a, b] = [unpack(data[first]).values, unpack(data[second]).values];
  return pairs(unpack(data[time])).map(([start, stop], row) => [a[row], b[row], start, stop]);
}

const within = (value, low, high) => Math.max(low, Math.min(value, high));
const sampleAt = (time) => within(Math.floor(time / data.step + 1e-4), 0, tracks.rows - 1);

// [x, y] of one agent in a row of an array [T or 1, agent, 2]
function row(array, sample, agent) {
  const first = 4 * Math.min(sample, array.rows - 1) + 2 * agent;
  return [array.values[first], array.values[first + 1]];
}

const placeOf = (name, agent, time) => row(places[name], sampleAt(time), agent);
const isLit = (agent, time) => lights.values[2 * sampleAt(time) + agent] === 1;

// between two samples, on the straight line; agents of the grid are drawn so as well
function noseOf(agent, time) {
  const at = within(time / data.step, 0, tracks.rows - 1), before = Math.floor(at + 1e-4);
  const share = within(at - before, 0, 1), [a, b] = [row(tracks, before, agent), row(tracks, before + 1, agent)];
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}

// where one agent's cells say that its partner is
function decodedBy(agent, time) {
  const found = brains[agent] && brains[agent].decoded;
  if (!found) return null;
  const first = 2 * sampleAt(time);
  return !Number.isFinite(found.values[first]) ? null : [found.values[first], found.values[first + 1]];
}

const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const called = (agent) => `${data.animal} ${agent + 1}`;
const told = (time) => data.square ? `step ${Math.floor(data.start + time + 1e-4)}` : `${(data.start + time).toFixed(1)} ${data.unit}`;
const toldSpan = (span) => data.square ? `${Math.round(span)} ${Math.round(span) === 1 ? "step" : data.unit}` : `${span.toFixed(2)} ${data.unit}`;

const moments = {
  correct: attempts.filter((each) => each.outcome === CORRECT).map((each) => each.closed),
  miss: attempts.filter((each) => each.outcome === MISS).map((each) => each.closed),
  interaction: interactions.map(([start]) => Math.max(start, 0)),
};
for (const kind of Object.keys(moments)) moments[kind] = moments[kind].filter((time) => time <= data.span);
