// The room from above: the divider runs left to right, ports are on the left, spouts on the right.
const INK = "#1f2933", MUTED = "#627180", RULE = "#dde2e7", LIGHT = "#ffd84d", WATER = "#2f8fc4";
const COLOURS = ["#0b7a75", "#d1651a"], GOOD = "#1d4e89", BAD = "#b5432a", TOUCH = "#b8336a";
const FONT = '"Source Sans 3", "Helvetica Neue", Arial, sans-serif';
const roomView = surface("replay-room"), pen = roomView.pen;
const across = data.x[1] - data.x[0], along = data.y[1] - data.y[0], margin = 0.075 * along;
let scale = 1, dot = 8;

function surface(id) {
  const canvas = document.getElementById(id);
  return { canvas, pen: canvas.getContext("2d"), width: 1, height: 1 };
}

// a canvas as many device pixels large as its place on the page has
function fit(view, heightOf) {
  const ratio = window.devicePixelRatio || 1;
  view.width = view.canvas.clientWidth;
  view.height = heightOf(view.width);
  view.canvas.style.height = `${view.height}px`;
  view.canvas.width = Math.round(view.width * ratio);
  view.canvas.height = Math.round(view.height * ratio);
  view.pen.setTransform(view.canvas.width / view.width, 0, 0, view.canvas.height / view.height, 0, 0);
}

function fitRoom() {
  fit(roomView, (width) => Math.round((across + 2 * margin) * width / (along + 2 * margin)));
  scale = roomView.width / (along + 2 * margin);
  dot = Math.max(8, 0.2 * data.square * scale);
}

const onRoom = ([x, y]) => [(y - data.y[0] + margin) * scale, (x - data.x[0] + margin) * scale];

function disc(centre, radius, fill, stroke, thick = 2) {
  pen.beginPath();
  pen.arc(...onRoom(centre), radius, 0, 2 * Math.PI);
  if (fill) { pen.fillStyle = fill; pen.fill(); }
  if (stroke) { pen.strokeStyle = stroke; pen.lineWidth = thick; pen.stroke(); }
}

function line(from, to, dashes = []) {
  pen.setLineDash(dashes);
  pen.beginPath(); pen.moveTo(...onRoom(from)); pen.lineTo(...onRoom(to)); pen.stroke();
  pen.setLineDash([]);
}

function cross(centre, radius) {
  const [x, y] = onRoom(centre);
  pen.beginPath();
  pen.moveTo(x - radius, y - radius); pen.lineTo(x + radius, y + radius);
  pen.moveTo(x - radius, y + radius); pen.lineTo(x + radius, y - radius);
  pen.stroke();
}

function write(target, text, x, y, { size = 11, colour = MUTED, align = "left", weight = 400, most } = {}) {
  target.font = `${weight} ${size}px ${FONT}`;
  target.textAlign = align; target.textBaseline = "middle"; target.fillStyle = colour;
  target.fillText(text, x, y, most);
}

const walls = () => [...onRoom([data.x[0], data.y[0]]), along * scale, across * scale];

function drawSquares() {
  pen.strokeStyle = RULE; pen.lineWidth = 1;
  for (let at = data.square; data.square && at < across; at += data.square) line([data.x[0] + at, data.y[0]], [data.x[0] + at, data.y[1]]);
  for (let at = data.square; data.square && at < along; at += data.square) line([data.x[0], data.y[0] + at], [data.x[1], data.y[0] + at]);
}

function drawRoom() {
  pen.clearRect(0, 0, roomView.width, roomView.height);
  pen.fillStyle = "#fafbfc"; pen.fillRect(...walls());
  drawSquares();
  pen.strokeStyle = "#9aa5b1"; pen.lineWidth = 1.5; pen.strokeRect(...walls());
  pen.strokeStyle = INK; pen.lineWidth = data.opaque ? 4 : 2;
  line([0, data.y[0]], [0, data.y[1]], data.opaque ? [] : [6, 5]);
}

function drawPlaces(now) {
  for (let agent = 0; agent < 2; agent++) {
    const port = placeOf("port", agent, now), lit = isLit(agent, now);
    disc(placeOf("spout", agent, now), 0.95 * dot, "#bfe3f5", "#5aa9cf");
    if (lit) { pen.globalAlpha = 0.35; disc(port, 1.7 * dot, LIGHT, null); pen.globalAlpha = 1; }
    disc(port, dot, lit ? LIGHT : "#e4e7eb", lit ? "#8a6d00" : "#7b8794");
  }
}
