// Buttons, slider, pointer and keys; keys act while the focus is in the replay.
const KEYS = {
  " ": () => toggle(!playing),
  ArrowRight: () => step(1),
  ArrowLeft: () => step(-1),
  c: () => jump("correct", 1),
  C: () => jump("correct", -1),
  m: () => jump("miss", 1),
  M: () => jump("miss", -1),
  i: () => jump("interaction", 1),
  I: () => jump("interaction", -1),
  "+": () => setRate(1),
  "=": () => setRate(1),
  "-": () => setRate(-1),
  Home: () => seek(0),
  End: () => seek(data.span),
};

function onKey(event) {
  const native = event.key === " " && event.target.closest("button, summary");  // which a space presses
  if (native || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
}

function seekTo(event) {
  if (event.buttons !== 1) return;
  seek(timeAt(event.clientX - timeView.canvas.getBoundingClientRect().left, dragged));
}

let dragged = null;  // the view at which a drag began
timeView.canvas.addEventListener("pointerdown", (event) => {
  toggle(false);
  dragged = viewAt(now);
  seekTo(event);
});
timeView.canvas.addEventListener("pointermove", (event) => { if (dragged) seekTo(event); });
for (const end of ["pointerup", "pointerleave", "pointercancel"]) timeView.canvas.addEventListener(end, () => { dragged = null; });

byId("player").addEventListener("keydown", onKey);
playButton.addEventListener("click", () => toggle(!playing));
for (const [name, direction] of [["back", -1], ["on", 1]]) byId(name).addEventListener("click", () => step(direction));
for (const [name, direction] of [["slower", -1], ["faster", 1]]) byId(name).addEventListener("click", () => setRate(direction));
for (const button of byId("player").querySelectorAll("[data-jump]")) {
  button.disabled = !moments[button.dataset.jump].length;
  button.addEventListener("click", () => jump(button.dataset.jump, Number(button.dataset.direction)));
}
slider.max = String(data.span);
slider.addEventListener("input", () => seek(Number(slider.value)));
calm.addEventListener("change", draw);
new ResizeObserver(resize).observe(byId("player"));
window.addEventListener("resize", resize);  // a zoom changes the pixels and not the size
resize();
