// The search box: words that are looked for everywhere, field:text, and comparisons of parameters and metrics.
//   emoji state:failed -user:ann LEARNING_RATE<=2e-4 generator/loss<2 "two words"
const fields = {
  state: (run) => run.state + " " + stateOf(run).word,
  user: (run) => run.user,
  by: (run) => run.user,
  on: (run) => run.target,
  target: (run) => run.target,
  experiment: (run) => run.experiment,
  id: (run) => run.id,
  tag: (run) => (run.tags || []).join(" "),
};

const operators = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b || String(a).toLowerCase() === String(b).toLowerCase(),
  "!=": (a, b) => a !== b && String(a).toLowerCase() !== String(b).toLowerCase(),
};

// The full name, or its end behind a dot, slash or colon; case does not matter.
function findName(names, wanted) {
  const lower = wanted.toLowerCase();
  const exactly = names.findIndex((name) => name.toLowerCase() === lower);
  if (exactly >= 0) return exactly;
  return names.findIndex((name) => ["." + lower, "/" + lower, ":" + lower].some((end) => name.toLowerCase().endsWith(end)));
}

function readComparison(board, word) {
  const match = /^([^<>=!]+)(<=|>=|!=|<|>|=)(.+)$/.exec(word);
  if (!match) return null;
  const [, name, operator, text] = match;
  const wanted = text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  const test = operators[operator];
  const metric = findName(board.metrics, name);
  if (metric >= 0) return (run) => run.metric[metric] !== null && run.metric[metric].last !== null && test(run.metric[metric].last, wanted);
  const parameter = findName(board.parameters, name);
  if (parameter < 0) return { unknown: name };
  return (run) => {
    const found = parameterOf(board, run, parameter);
    return found !== null && test(found.value, wanted);
  };
}

function readWord(board, word) {
  const field = /^([a-z]+):(.+)$/i.exec(word);
  if (field && fields[field[1].toLowerCase()]) {
    const [read, text] = [fields[field[1].toLowerCase()], field[2].toLowerCase()];
    return (run) => String(read(run) || "").toLowerCase().includes(text);
  }
  const comparison = readComparison(board, word);
  if (comparison) return comparison;
  const text = word.toLowerCase();
  return (run) => haystack(board, run).includes(text);
}

function haystack(board, run) {
  if (run.haystack === undefined) {
    const changed = board.parameters.map((name, i) => {
      const found = parameterOf(board, run, i);
      return found && found.changed ? `${name}=${formatValue(found.value)}` : "";
    });
    run.haystack = [run.id, run.experiment, run.user, run.host, run.target, stateOf(run).word, run.note, ...(run.tags || []), ...changed]
      .join(" ").toLowerCase();
  }
  return run.haystack;
}

// {test, unknown}: names that no run has are told instead of hiding every run.
function readFilter(board, text) {
  const words = text.match(/[^\s"]*"[^"]*"?|[^\s"]+/g) || [];
  const tests = [];
  const unknown = [];
  for (const word of words) {
    const not = word.length > 1 && word.startsWith("-") && !/^-[\d.]/.test(word);
    const test = readWord(board, (not ? word.slice(1) : word).replaceAll('"', ""));
    if (test.unknown) unknown.push(test.unknown);
    else tests.push(not ? (run) => !test(run) : test);
  }
  return { test: (run) => tests.every((test) => test(run)), unknown };
}
