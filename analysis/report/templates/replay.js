"use strict";
// Draws a stretch of a session, seen from above: the divider runs left to right, ports are on the left, spouts on the right.
(() => {
  const data = JSON.parse(document.getElementById("replay-data").textContent);
  const canvas = document.getElementById("replay-canvas");
  const slider = document.getElementById("replay-slider");
  const button = document.getElementById("replay-button");
  const clock = document.getElementById("replay-clock");
  const pen = canvas.getContext("2d");
  const COLOURS = ["#0b7a75", "#d1651a"];
  const TRAIL = 1.5 * data.pace;  // 1.5 s of watching
  const FADE = 0.8 * data.pace;
  const width = data.x[1] - data.x[0], length = data.y[1] - data.y[0];
  const margin = 0.053 * length;
  const span = data.tracks.length * data.step;
  let now = 0, playing = false, last = 0, scale = 1, dot = 8;

  const place = ([x, y]) => [(y - data.y[0] + margin) * scale, (x - data.x[0] + margin) * scale];
  const frame = (time) => Math.max(0, Math.min(Math.floor(time / data.step + 1e-6), data.tracks.length - 1));
  const spot = (name, agent, time) => data[name][Math.min(frame(time), data[name].length - 1)][agent];

  function resize() {
    const ratio = window.devicePixelRatio || 1;
    const pixels = canvas.clientWidth;
    scale = pixels / (length + 2 * margin);
    dot = Math.max(8, 0.2 * data.square * scale);
    const height = (width + 2 * margin) * scale;
    canvas.style.height = `${height}px`;
    canvas.width = pixels * ratio;
    canvas.height = height * ratio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw();
  }

  function nose(agent, time) {
    const at = Math.max(0, Math.min(time / data.step, data.tracks.length - 1));
    const before = Math.floor(at), after = Math.min(before + 1, data.tracks.length - 1), share = at - before;
    const [a, b] = [data.tracks[before][agent], data.tracks[after][agent]];
    return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
  }

  function disc(centre, radius, fill, stroke) {
    const [x, y] = place(centre);
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    if (fill) { pen.fillStyle = fill; pen.fill(); }
    if (stroke) { pen.strokeStyle = stroke; pen.lineWidth = 2; pen.stroke(); }
  }

  function line(from, to) {
    pen.beginPath(); pen.moveTo(...place(from)); pen.lineTo(...place(to)); pen.stroke();
  }

  function drawRoom() {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const [left, top] = place([data.x[0], data.y[0]]), [right, bottom] = place([data.x[1], data.y[1]]);
    pen.fillStyle = "#fafbfc";
    pen.fillRect(left, top, right - left, bottom - top);
    pen.strokeStyle = "#dde2e7";
    pen.lineWidth = 1;
    for (let at = data.square; data.square && at < width; at += data.square) line([data.x[0] + at, data.y[0]], [data.x[0] + at, data.y[1]]);
    for (let at = data.square; data.square && at < length; at += data.square) line([data.x[0], data.y[0] + at], [data.x[1], data.y[0] + at]);
    pen.strokeStyle = "#9aa5b1";
    pen.lineWidth = 1.5;
    pen.strokeRect(left, top, right - left, bottom - top);
    pen.strokeStyle = "#1f2933";
    pen.lineWidth = data.opaque ? 4 : 2;
    pen.setLineDash(data.opaque ? [] : [6, 5]);
    line([0, data.y[0]], [0, data.y[1]]);
    pen.setLineDash([]);
  }

  function drawPlaces() {
    const lights = data.armed[frame(now)];
    for (let agent = 0; agent < 2; agent++) {
      disc(spot("spout", agent, now), 0.9 * dot, "#bfe3f5", "#5aa9cf");
      disc(spot("port", agent, now), dot, lights[agent] ? "#ffd84d" : "#e4e7eb", "#7b8794");
    }
  }

  function drawAnimal(agent) {
    const colour = COLOURS[agent];
    for (let back = TRAIL; back > 0; back -= TRAIL / 24) {
      if (now - back < 0) continue;
      pen.globalAlpha = 0.3 * (1 - back / TRAIL);
      disc(nose(agent, now - back), 0.5 * dot, colour, null);
    }
    pen.globalAlpha = 1;
    disc(nose(agent, now), dot, colour, "#ffffff");
  }

  function drawEvents() {
    for (const [kind, agent, start, stop] of data.events) {
      const since = now - (start - data.start);
      if (since < 0) continue;
      const going = now <= Math.max(stop, start + data.step) - data.start, then = start - data.start;
      if ((kind === "poke" || kind === "empty_poke") && going) disc(spot("port", agent, then), 1.6 * dot, null, kind === "poke" ? COLOURS[agent] : "#9aa5b1");
      if (kind === "drink" && going) disc(nose(agent, now), 1.5 * dot, null, "#2f8fc4");
      if (since > FADE) continue;
      pen.globalAlpha = 1 - since / FADE;
      const radius = (1.5 + 2.6 * since / FADE) * dot;
      if (kind === "correct") disc(spot("port", agent, then), radius, null, "#24704a");
      if (kind === "miss") disc(spot("port", agent, then), radius, null, "#a63a2b");
      pen.globalAlpha = 1;
    }
  }

  function draw() {
    drawRoom();
    drawPlaces();
    drawAnimal(0);
    drawAnimal(1);
    drawEvents();
    clock.textContent = data.square ? `step ${Math.floor(data.start + now)}` : `${(data.start + now).toFixed(1)} ${data.unit}`;
    slider.value = String(now / span);
  }

  function tick(stamp) {
    if (!playing) return;
    now += data.pace * Math.min(Math.max(stamp - last, 0) / 1000, 0.2);  // a frame may bear a time before the click
    last = stamp;
    if (now >= span) { now = span; toggle(false); }
    draw();
    if (playing) requestAnimationFrame(tick);
  }

  function toggle(on) {
    playing = on;
    button.textContent = on ? "Pause" : "Play";
    if (!on) return;
    if (now >= span) now = 0;
    last = performance.now();
    requestAnimationFrame(tick);
  }

  button.addEventListener("click", () => toggle(!playing));
  slider.addEventListener("input", () => { now = Number(slider.value) * span; draw(); });
  window.addEventListener("resize", resize);
  resize();
})();
