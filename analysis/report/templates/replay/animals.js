// Both animals and what happens to them: trails, what each perceives, pokes and their windows, outcomes, clicks, drinks.
const TRAIL = 3 * data.pace, FADE = 0.8 * data.pace;  // 3 s of watching; how long an outcome is seen

function drawTrail(agent, now) {
  const n = 48;
  pen.strokeStyle = COLOURS[agent];
  for (let k = 0; k < n; k++) {
    const from = now - TRAIL * (1 - k / n), to = now - TRAIL * (1 - (k + 1) / n);
    if (to <= 0) continue;
    pen.globalAlpha = 0.55 * (k + 1) / n;
    pen.lineWidth = 0.25 * dot + 0.75 * dot * (k + 1) / n;
    line(noseOf(agent, Math.max(from, 0)), noseOf(agent, to));
  }
  pen.globalAlpha = 1;
}

// where the partner is perceived; a line joins noses that perceive each other
function drawRanges(now) {
  if (data.range === null) return;
  pen.save();
  pen.beginPath(); pen.rect(...walls()); pen.clip();
  for (let agent = 0; agent < 2; agent++) {
    pen.globalAlpha = 0.09; disc(noseOf(agent, now), data.range * scale, COLOURS[agent], null);
    pen.globalAlpha = 0.55; pen.setLineDash([3, 4]); disc(noseOf(agent, now), data.range * scale, null, COLOURS[agent], 1.2);
    pen.setLineDash([]);
  }
  pen.restore();
  if (distance(noseOf(0, now), noseOf(1, now)) > data.range) return;
  pen.strokeStyle = MUTED; pen.lineWidth = 1.2;
  line(noseOf(0, now), noseOf(1, now));
}

function drawInteraction(now) {
  if (!interactions.some(([start, stop]) => start <= now && now <= stop)) return;
  pen.strokeStyle = TOUCH; pen.lineWidth = 0.5 * dot;
  line(noseOf(0, now), noseOf(1, now));
}

function drawAnimal(agent, now) {
  const nose = noseOf(agent, now), radius = 1.1 * dot;
  disc(nose, radius, COLOURS[agent], "#ffffff");
  write(pen, String(agent + 1), onRoom(nose)[0], onRoom(nose)[1] + 0.5, { size: 1.35 * dot, colour: "#ffffff", align: "center", weight: 700 });
}

// a place that may lie beyond the walls, brought to where the picture ends
const inPicture = ([x, y]) => {
  const over = 0.5 * margin;
  return [within(x, data.x[0] - over, data.x[1] + over), within(y, data.y[0] - over, data.y[1] + over)];
};

// a hollow diamond in the colour of the animal whose cells say so, tied to where the partner is
function drawDecoded(agent, now) {
  const said = decodedBy(agent, now);
  if (!said) return;
  const shown = inPicture(said), [x, y] = onRoom(shown), radius = 1.05 * dot;
  pen.strokeStyle = COLOURS[agent]; pen.lineWidth = 1;
  line(shown, noseOf(1 - agent, now), [2, 3]);
  pen.beginPath();
  pen.moveTo(x, y - radius); pen.lineTo(x + radius, y); pen.lineTo(x, y + radius); pen.lineTo(x - radius, y); pen.closePath();
  pen.fillStyle = "rgba(255, 255, 255, 0.9)"; pen.fill();
  pen.lineWidth = 2.2; pen.stroke();
}

// what is left of a window: a ring around the opener's port that runs down, and the time
function drawWindow(now) {
  for (const { opener, opened, closed } of attempts) {
    if (now < opened || now > closed || now > opened + data.window) continue;
    const [x, y] = onRoom(placeOf("port", opener, now)), left = opened + data.window - now;
    pen.strokeStyle = COLOURS[opener]; pen.lineWidth = 0.5 * dot;
    pen.beginPath(); pen.arc(x, y, 2.1 * dot, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * left / data.window); pen.stroke();
    const side = x > roomView.width - 80 ? -1 : 1;
    write(pen, `${toldSpan(left)} left`, x + side * 3 * dot, y, { size: 12, colour: INK, weight: 600, align: side > 0 ? "left" : "right" });
  }
}

function drawSound(centre) {
  const [x, y] = onRoom(centre);
  pen.strokeStyle = INK; pen.lineWidth = 1.8;
  for (let k = 0; k < 3; k++) { pen.beginPath(); pen.arc(x, y, (1.5 + 0.55 * k) * dot, 0.75 * Math.PI, 1.25 * Math.PI); pen.stroke(); }
}

function drawGoing({ kind, agent, start }, now) {
  if (kind === "poke") disc(placeOf("port", agent, start), 1.5 * dot, null, COLOURS[agent], 3);
  if (kind === "empty_poke") disc(placeOf("port", agent, start), 1.5 * dot, null, "#9aa5b1", 3);
  if (kind === "drink") disc(noseOf(agent, now), 1.6 * dot, null, WATER, 3);
}

function drawFading({ kind, agent, start }, since) {
  const radius = calm.matches ? 2.6 * dot : (1.6 + 2.2 * since / FADE) * dot;
  pen.globalAlpha = calm.matches ? 1 : 1 - 0.8 * since / FADE;
  pen.lineWidth = 3;
  if (kind === "correct") disc(placeOf("port", agent, start), radius, null, GOOD, 3);
  if (kind === "miss") { pen.strokeStyle = BAD; cross(placeOf("port", agent, start), 0.7 * radius); }
  if (kind === "click") for (const heard of agent < 0 ? [0, 1] : [agent]) drawSound(placeOf("spout", heard, start));
  pen.globalAlpha = 1;
}

function drawEvents(now) {
  for (const event of events) {
    const since = now - event.start;
    if (since < -1e-4) continue;
    if (now <= Math.max(event.stop, event.start + data.step)) drawGoing(event, now);
    if (since <= FADE) drawFading(event, since);
  }
}

function drawChamber(now) {
  drawRoom();
  drawRanges(now);
  drawPlaces(now);
  for (let agent = 0; agent < 2; agent++) drawTrail(agent, now);
  drawInteraction(now);
  drawEvents(now);
  for (let agent = 0; agent < 2; agent++) drawDecoded(agent, now);
  for (let agent = 0; agent < 2; agent++) drawAnimal(agent, now);
  drawWindow(now);
}
