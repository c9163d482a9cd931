"use strict";
// Draws one minute of a session, seen from above: the divider runs left to right, ports are on the left, spouts on the right.
(() => {
  const data = JSON.parse(document.getElementById("replay-data").textContent);
  const canvas = document.getElementById("replay-canvas");
  const slider = document.getElementById("replay-slider");
  const button = document.getElementById("replay-button");
  const clock = document.getElementById("replay-clock");
  const pen = canvas.getContext("2d");
  const MICE = ["#0b7a75", "#d1651a"];
  const TRAIL_S = 1.5;
  const MARGIN_CM = 1.6;
  const span = data.tracks.length * data.step;
  let now = 0, playing = false, last = 0, scale = 1;

  const place = ([x, y]) => [(y + MARGIN_CM) * scale, (x + data.width + MARGIN_CM) * scale];

  function resize() {
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    scale = width / (data.length + 2 * MARGIN_CM);
    const height = (2 * data.width + 2 * MARGIN_CM) * scale;
    canvas.style.height = `${height}px`;
    canvas.width = width * ratio;
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

  function drawRoom() {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const [left, top] = place([-data.width, 0]), [right, bottom] = place([data.width, data.length]);
    pen.fillStyle = "#fafbfc";
    pen.fillRect(left, top, right - left, bottom - top);
    pen.strokeStyle = "#9aa5b1";
    pen.lineWidth = 1.5;
    pen.strokeRect(left, top, right - left, bottom - top);
    pen.strokeStyle = "#1f2933";
    pen.lineWidth = data.opaque ? 4 : 2;
    pen.setLineDash(data.opaque ? [] : [6, 5]);
    const [x0, y0] = place([0, 0]), [x1, y1] = place([0, data.length]);
    pen.beginPath(); pen.moveTo(x0, y0); pen.lineTo(x1, y1); pen.stroke();
    pen.setLineDash([]);
  }

  function drawPlaces() {
    const lights = data.armed[Math.min(Math.floor(now / data.step), data.armed.length - 1)];
    for (let agent = 0; agent < 2; agent++) {
      disc(data.spout[agent], 7, "#bfe3f5", "#5aa9cf");
      disc(data.port[agent], 8, lights[agent] ? "#ffd84d" : "#e4e7eb", "#7b8794");
    }
  }

  function drawMouse(agent) {
    const colour = MICE[agent];
    for (let back = TRAIL_S; back > 0; back -= 0.0625) {
      if (now - back < 0) continue;
      pen.globalAlpha = 0.3 * (1 - back / TRAIL_S);
      disc(nose(agent, now - back), 4, colour, null);
    }
    pen.globalAlpha = 1;
    disc(nose(agent, now), 8, colour, "#ffffff");
  }

  function drawEvents() {
    for (const [kind, agent, start, stop] of data.events) {
      const since = now - (start - data.start);
      if (since < 0) continue;
      const going = now <= stop - data.start;
      if ((kind === "poke" || kind === "empty_poke") && going) disc(data.port[agent], 13, null, kind === "poke" ? MICE[agent] : "#9aa5b1");
      if (kind === "drink" && going) disc(data.spout[agent], 12, null, "#2f8fc4");
      if (since > 0.8) continue;
      pen.globalAlpha = 1 - since / 0.8;
      if (kind === "correct") disc(data.port[agent], 12 + 26 * since, null, "#24704a");
      if (kind === "miss") disc(data.port[agent], 12 + 26 * since, null, "#a63a2b");
      pen.globalAlpha = 1;
    }
  }

  function draw() {
    drawRoom();
    drawPlaces();
    drawMouse(0);
    drawMouse(1);
    drawEvents();
    clock.textContent = `${(data.start + now).toFixed(1)} s`;
    slider.value = String(now / span);
  }

  function tick(stamp) {
    if (!playing) return;
    now += Math.min((stamp - last) / 1000, 0.2);
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
