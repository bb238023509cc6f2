// Pictures across epochs: one slider for all runs of the page.
// perRun: [{label, run, samples}]
function samplesPart(perRun) {
  const withAny = perRun.filter((one) => one.samples.length > 0);
  if (withAny.length === 0) return h("p", { class: "muted" }, "No sample images were recorded.");
  let places = [];
  const word = h("output", { class: "sample-at", for: "sample" });
  const slider = h("input", { type: "range", id: "sample", class: "sample-slider", min: "0", max: "0", step: "1", "aria-label": "Epoch", oninput: show });
  const figures = withAny.map((one) => {
    const picture = h("img", { class: "sample", decoding: "async" });
    const caption = h("figcaption", {}, withAny.length > 1 ? h("span", { class: "line-name" }, one.label) : null, h("span", { class: "muted" }));
    return { ...one, picture, caption, element: h("figure", { class: "sample-figure" }, picture, caption) };
  });
  const strip = h("div", { class: "strip" });
  function show() {
    const place = places[Number(slider.value)];
    word.textContent = "epoch " + place;
    slider.setAttribute("aria-valuetext", "epoch " + place);
    for (const figure of figures) showSample(figure, place);
    for (const thumb of strip.children) thumb.setAttribute("aria-current", String(thumb.dataset.place === String(place)));
  }
  // Who looks at the last epoch goes on looking at the last one.
  function renewPlaces() {
    const place = Number(slider.value) < places.length - 1 ? places[Number(slider.value)] : undefined;
    places = Array.from(new Set(figures.flatMap((one) => one.samples.map((sample) => sample.place)))).sort((a, b) => a - b);
    slider.max = String(places.length - 1);
    slider.value = String(place === undefined ? places.length - 1 : Math.max(0, places.indexOf(place)));
    if (figures.length === 1) renew(strip, thumbs(figures[0].samples, places, (wanted) => { slider.value = String(places.indexOf(wanted)); show(); }));
    show();
  }
  const turn = (by) => { slider.value = String(Math.max(0, Math.min(places.length - 1, Number(slider.value) + by))); show(); };
  const part = h("div", { class: "samples" },
    h("div", { class: "controls" },
      h("button", { type: "button", class: "button small", "aria-label": "Earlier", onclick: () => turn(-1) }, icon("back")), playButton(slider, turn),
      h("button", { type: "button", class: "button small", "aria-label": "Later", onclick: () => turn(1) }, icon("next")), slider, word),
    h("div", { class: "sample-row" }, figures.map((figure) => figure.element)), strip);
  part.add = (one) => {
    for (const figure of figures) if (figure.run.id === one.run.id) figure.samples = one.samples;
    renewPlaces();
  };
  renewPlaces();
  return part;
}

// The pictures of one run that have come since.
function renewSamples(part, one) {
  const samples = part.querySelector(".samples");
  if (samples) samples.add(one);
  else renew(part, part.firstChild.cloneNode(true), samplesPart([one]));
}

function thumbs(samples, places, choose) {
  const step = Math.max(1, Math.ceil(places.length / 12));
  return samples.filter((sample, i) => sample.type && (i % step === 0 || i === samples.length - 1)).map((sample) =>
    h("button", { type: "button", class: "thumb", "data-place": sample.place, "aria-label": "Epoch " + sample.place, onclick: () => choose(sample.place) },
      h("img", { src: sample.source(), alt: "", loading: "lazy" }), h("span", {}, sample.place)));
}

// The picture of that epoch, or the last one before.
function showSample(figure, place) {
  const sample = figure.samples.filter((other) => other.place <= place).pop() || figure.samples[0];
  const source = sample.source();
  figure.picture.hidden = source === null;
  if (source !== null && figure.picture.getAttribute("src") !== source) figure.picture.src = source;
  figure.picture.alt = `Samples of run ${figure.run.tail}, epoch ${sample.place}`;
  figure.caption.lastChild.textContent = `epoch ${sample.place}${sample.step === null ? "" : ", step " + sample.step.toLocaleString("en-US")}${source === null ? `: ${sample.file} is not in this page` : ""}`;
}

function playButton(slider, turn) {
  let timer = 0;
  const isLast = () => slider.value === slider.max;
  const stop = () => { clearInterval(timer); timer = 0; paint(); };
  const button = h("button", { type: "button", class: "button small", onclick: () => {
    if (timer) return stop();
    if (isLast()) turn(-Infinity);
    timer = setInterval(() => { if (!button.isConnected || isLast()) stop(); else turn(1); }, 350);
    paint();
  } });
  function paint() {
    button.setAttribute("aria-label", timer ? "Pause" : "Play");
    replace(button, icon(timer ? "pause" : "play"));
  }
  paint();
  return button;
}
