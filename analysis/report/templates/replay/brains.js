// The cells of both animals on the axis of time: a raster each, brightest at a cell's own 99th percentile, and the decoded partner.
const DARK = [[5, 62, 60], [122, 52, 6]];  // of a cell that fires most, in its animal's hue
const pictures = brains.map((brain, agent) => brain && picture(brain.raster, DARK[agent]));

function picture(raster, dark) {
  const [rows, bins] = raster.shape, canvas = document.createElement("canvas");
  canvas.width = bins; canvas.height = rows;
  const target = canvas.getContext("2d"), image = target.createImageData(bins, rows);
  raster.values.forEach((value, at) => {
    const share = Math.pow(value / 255, 0.75);
    for (let part = 0; part < 3; part++) image.data[4 * at + part] = 255 + share * (dark[part] - 255);
    image.data[4 * at + 3] = 255;
  });
  target.putImageData(image, 0, 0);
  return canvas;
}

function drawRaster(panel, agent, view) {
  const brain = brains[agent], bin = brain.perBin * data.step, { pen: ink } = timeView;
  ink.imageSmoothingEnabled = false;
  ink.save();
  clipTo(panel);
  ink.drawImage(pictures[agent], 0, 0, pictures[agent].width, pictures[agent].height,
    xAt(0, view), panel.top, xAt(bin * pictures[agent].width, view) - xAt(0, view), panel.height);
  ink.restore();
  drawBands(panel, brain);
  frame(panel, `cells of ${called(agent)}`);
}

function drawBands(panel, brain) {
  const rows = brain.raster.shape[0];
  let first = 0;
  for (const [name, count] of brain.bands) {
    const top = panel.top + panel.height * first / rows, height = panel.height * count / rows;
    if (first) { timeView.pen.fillStyle = "rgba(31, 41, 51, 0.45)"; timeView.pen.fillRect(panel.left - 4, top - 0.5, panel.width + 4, 1); }
    if (height >= 9) write(timeView.pen, name, panel.left - 6, top + height / 2, { size: 10.5, align: "right" });
    first += count;
  }
}

const heightIn = (panel, y) => panel.top + panel.height * (1 - within((y - data.y[0]) / along, 0, 1));

function trace(panel, view, yAt, colour, dashes) {
  const ink = timeView.pen, first = Math.max(sampleAt(view.from) - 1, 0), last = Math.min(sampleAt(view.to) + 1, tracks.rows - 1);
  let drawing = false;
  ink.strokeStyle = colour; ink.lineWidth = 1.8; ink.setLineDash(dashes);
  ink.beginPath();
  for (let sample = first; sample <= last; sample++) {
    const y = yAt(sample);
    if (!Number.isFinite(y)) { drawing = false; continue; }
    ink[drawing ? "lineTo" : "moveTo"](xAt(sample * data.step, view), heightIn(panel, y));
    drawing = true;
  }
  ink.stroke();
  ink.setLineDash([]);
}

function drawDecodedTrace(panel, agent, view) {
  const brain = brains[agent], score = brain.score === null ? "" : `, R² ${brain.score.toFixed(2)}`;
  const ends = data.square ? ["last row", "first row"] : ["spout", "port"];
  timeView.pen.save();
  clipTo(panel);
  trace(panel, view, (sample) => row(tracks, sample, 1 - agent)[1], COLOURS[1 - agent], []);
  if (brain.decoded) trace(panel, view, (sample) => brain.decoded.values[2 * sample + 1], COLOURS[agent], [4, 3]);
  timeView.pen.restore();
  write(timeView.pen, ends[0], panel.left - 6, panel.top + 7, { size: 10.5, align: "right" });
  write(timeView.pen, ends[1], panel.left - 6, panel.top + panel.height - 7, { size: 10.5, align: "right" });
  frame(panel, `place of ${called(1 - agent)}, ${brain.decoded ? `and decoded${score}` : "not decoded"}`);
}
