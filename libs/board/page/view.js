// What is looked at stands in the address behind '#', so that a view is a link.
const view = { q: "", state: "", sort: "-created", columns: null, chosen: [], run: "", compare: false };

function readAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  view.q = parameters.get("q") || "";
  view.state = parameters.get("state") || "";
  view.sort = parameters.get("sort") || "-created";
  view.columns = parameters.has("columns") ? parameters.get("columns").split("|").filter(Boolean) : null;
  view.chosen = (parameters.get("chosen") || "").split(",").filter((id) => board.byId.has(id)).slice(0, mostChosen);
  view.run = parameters.get("run") || "";
  view.compare = parameters.has("compare");
}

function addressOf(changes = {}) {
  const wanted = { ...view, ...changes };
  const parameters = new URLSearchParams();
  if (wanted.compare) parameters.set("compare", "1");
  if (wanted.run) parameters.set("run", wanted.run);
  if (wanted.q) parameters.set("q", wanted.q);
  if (wanted.state) parameters.set("state", wanted.state);
  if (wanted.sort !== "-created") parameters.set("sort", wanted.sort);
  if (wanted.columns) parameters.set("columns", wanted.columns.join("|"));
  if (wanted.chosen.length) parameters.set("chosen", wanted.chosen.join(","));
  return "#" + parameters.toString();
}

// A step that the back button undoes.
function go(changes) {
  location.hash = addressOf(changes);
}

// A change of the same view.
function amend(changes) {
  Object.assign(view, changes);
  history.replaceState(null, "", addressOf());
}

const mostChosen = 8;

function choose(id, on) {
  const chosen = view.chosen.filter((other) => other !== id);
  if (on && chosen.length >= mostChosen) {
    say(`At most ${mostChosen} runs can be compared`);
    return false;
  }
  if (on) chosen.push(id);
  amend({ chosen });
  return true;
}
