// What both do, on the axis of time that all panels share, and the whole stretch under the slider.
const VIEW = 20 * data.pace;  // what the panels show, of watching
const timeView = surface("replay-time"), wholeView = surface("replay-whole");
const LEFT = 62, TITLE = 17, LANE = 18;
let panels = [];

// panels from the top: behaviour, then for each animal with cells its raster and the decoded partner
function layOut(width) {
  const narrow = width < 420, heights = [["behaviour", 0, 3 * LANE + 6]];
  brains.forEach((brain, agent) => {
    if (brain) heights.push(["raster", agent, narrow ? 92 : 112], ["decoded", agent, narrow ? 40 : 46]);
  });
  let top = 0;
  panels = heights.map(([name, agent, height]) => {
    const panel = { name, agent, left: LEFT, width: width - LEFT - 1, top: top + TITLE, height };
    top += TITLE + height + 5;
    return panel;
  });
  return top + 16;
}

function fitTime() {
  fit(timeView, layOut);
  fit(wholeView, () => 26);
}

const viewAt = (now) => {
  const length = Math.min(VIEW, data.span), from = within(now - length / 2, 0, data.span - length);
  return { from, to: from + length };
};
const xAt = (time, view) => panels[0].left + panels[0].width * (time - view.from) / (view.to - view.from);
const timeAt = (x, view) => view.from + (x - panels[0].left) / panels[0].width * (view.to - view.from);

function clipTo(panel) {
  timeView.pen.beginPath(); timeView.pen.rect(panel.left, panel.top, panel.width, panel.height); timeView.pen.clip();
}

function frame(panel, title) {
  timeView.pen.strokeStyle = "#cbd2d9"; timeView.pen.lineWidth = 1;
  timeView.pen.strokeRect(panel.left + 0.5, panel.top + 0.5, panel.width - 1, panel.height - 1);
  write(timeView.pen, title, panel.left, panel.top - 8, { size: 11.5, colour: INK, weight: 600, most: panel.width });
}

function bar(start, stop, view, top, height, colour) {
  timeView.pen.fillStyle = colour;
  timeView.pen.fillRect(xAt(start, view), top, Math.max(xAt(stop, view) - xAt(start, view), 1.5), height);
}

const laneTop = (panel, lane) => panel.top + 3 + lane * LANE;

function drawBehaviour(panel, view) {
  timeView.pen.save();
  clipTo(panel);
  for (const [start, stop] of interactions) bar(start, stop, view, laneTop(panel, 0), 3 * LANE, "rgba(184, 51, 106, 0.22)");
  for (const each of attempts) drawAttempt(panel, view, each);
  for (const { kind, agent, start, stop } of events) {
    const top = laneTop(panel, agent);
    if (kind === "drink") bar(start, stop, view, top + 6, LANE - 10, "#7cc4e8");
    if (kind === "poke") bar(start, start, view, top + 1, LANE - 2, COLOURS[agent]);
    if (kind === "empty_poke") bar(start, start, view, top + 5, LANE - 10, "#9aa5b1");
  }
  timeView.pen.restore();
  [called(0), called(1), "outcome"].forEach((name, lane) => write(timeView.pen, name, panel.left - 6, laneTop(panel, lane) + LANE / 2, { size: 10.5, align: "right" }));
  frame(panel, "pokes, windows, drinks, outcomes");
}

function drawAttempt(panel, view, { opener, outcome, opened, closed }) {
  bar(opened, closed, view, laneTop(panel, opener) + 1, LANE - 2, opener ? "rgba(209, 101, 26, 0.3)" : "rgba(11, 122, 117, 0.3)");
  mark(timeView.pen, xAt(closed, view), laneTop(panel, 2) + LANE / 2, 4.5, outcome);
}

function mark(ink, x, y, radius, outcome) {
  ink.beginPath();
  if (outcome === CORRECT) { ink.arc(x, y, radius, 0, 2 * Math.PI); ink.fillStyle = GOOD; ink.fill(); }
  if (outcome !== MISS) return;
  ink.moveTo(x - radius, y - radius); ink.lineTo(x + radius, y + radius);
  ink.moveTo(x - radius, y + radius); ink.lineTo(x + radius, y - radius);
  ink.strokeStyle = BAD; ink.lineWidth = 2; ink.stroke();
}

function drawAxis(view) {
  const bottom = panels[panels.length - 1].top + panels[panels.length - 1].height, least = 60 * (view.to - view.from) / panels[0].width;
  const apart = [1, 2, 5, 10, 20, 50, 100, 200].find((each) => each >= least) || 500;
  for (let tick = Math.ceil((data.start + view.from) / apart) * apart; tick <= data.start + view.to; tick += apart) {
    const x = xAt(tick - data.start, view);
    timeView.pen.fillStyle = "#9aa5b1"; timeView.pen.fillRect(x, bottom, 1, 4);
    if (x < timeView.width - 18) write(timeView.pen, String(tick), x, bottom + 11, { size: 10.5, align: "center" });
  }
  write(timeView.pen, data.unit, LEFT - 6, bottom + 11, { size: 10.5, align: "right" });
}

function drawTime(now) {
  const view = viewAt(now);
  timeView.pen.clearRect(0, 0, timeView.width, timeView.height);
  const draw = { behaviour: (panel) => drawBehaviour(panel, view), raster: (panel) => drawRaster(panel, panel.agent, view), decoded: (panel) => drawDecodedTrace(panel, panel.agent, view) };
  for (const panel of panels) draw[panel.name](panel);
  drawAxis(view);
  for (const panel of panels) {
    timeView.pen.fillStyle = panel.name === "raster" ? "#d81b60" : INK;
    timeView.pen.fillRect(xAt(now, view) - 0.75, panel.top, 1.5, panel.height);
  }
}

function drawWhole(now) {
  const ink = wholeView.pen, pad = 8, at = (time) => pad + (wholeView.width - 2 * pad) * time / data.span, view = viewAt(now);
  ink.clearRect(0, 0, wholeView.width, wholeView.height);
  ink.fillStyle = "#eef1f4"; ink.fillRect(at(view.from), 0, at(view.to) - at(view.from), wholeView.height);
  ink.fillStyle = "rgba(184, 51, 106, 0.5)";
  for (const [start, stop] of interactions) ink.fillRect(at(Math.max(start, 0)), 2, Math.max(at(stop) - at(start), 2), wholeView.height - 4);
  for (const { outcome, closed } of attempts) if (closed <= data.span) mark(ink, at(closed), outcome === CORRECT ? 8 : 18, 3.2, outcome);
  ink.fillStyle = INK; ink.fillRect(at(now) - 0.75, 0, 1.5, wholeView.height);
}
