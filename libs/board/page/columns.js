// The columns of the table: some that every run has, then parameters ("p:name"), then metrics ("m:name" the last value,
// "min:name", "max:name").
const fixedColumns = [
  { key: "id", title: "Run", read: (run) => run.id },
  { key: "state", title: "Status", read: (run) => stateOf(run).word },
  { key: "created", title: "Created", read: (run) => run.created, number: true },
  { key: "duration", title: "Duration", read: (run) => run.duration, number: true },
  { key: "user", title: "By", optional: true, read: (run) => run.user },
  { key: "target", title: "On", optional: true, read: (run) => run.target },
];
const mostParameters = 6;
const mostMetrics = 3;
// They differ from run to run without saying anything about it.
const onlyPlaces = /:(S3|ECR)\.|\.(JOB_NAME|CONFIG_FILE|DATA_DIR|OUTPUT_DIR|ARN|CODE|WORK_DIR|INSTANCE_TYPE)$/;

function parameterColumn(board, index) {
  const name = parameterName(board.parameters[index]);
  const value = (run) => parameterOf(board, run, index);
  return { key: "p:" + board.parameters[index], kind: "parameter", title: name.option, above: name.section, index,
    read: (run) => (value(run) ? value(run).value : null), number: board.values.length > 0 && isNumeric(board, index) };
}

function isNumeric(board, index) {
  const run = board.runs.find((other) => other.p[index]);
  return Boolean(run) && typeof parameterOf(board, run, index).value === "number";
}

function metricColumn(board, index, which = "last") {
  const name = metricName(board.metrics[index]);
  return { key: `${which === "last" ? "m" : which}:${board.metrics[index]}`, kind: "metric", index, which, number: true,
    title: name.name, from: name.group, above: (which === "last" ? "" : which + " ") + name.group,
    read: (run) => (run.metric[index] ? run.metric[index][which] : null) };
}

function columnOf(board, key) {
  const fixed = fixedColumns.find((column) => column.key === key);
  if (fixed) return fixed;
  const colon = key.indexOf(":");
  const [kind, name] = [key.slice(0, colon), key.slice(colon + 1)];
  if (kind === "p") {
    const index = board.parameters.indexOf(name);
    return index < 0 ? null : parameterColumn(board, index);
  }
  const index = board.metrics.indexOf(name);
  return index < 0 || !["m", "min", "max"].includes(kind) ? null : metricColumn(board, index, kind === "m" ? "last" : kind);
}

// The parameters that tell the shown runs apart.
function differing(board, runs) {
  return board.parameters.map((_, index) => index).filter((index) => {
    let first = -1;
    return runs.some((run) => {
      const code = run.p[index] ? (run.p[index] - 1) >> 1 : -2;
      if (first === -1) first = code;
      return code !== first;
    });
  });
}

function columnsFor(board, runs) {
  const columns = view.columns ? view.columns.map((key) => columnOf(board, key)).filter(Boolean) : automaticColumns(board, runs);
  columns.filter((column) => column.kind === "metric").forEach((column, rank) => (column.rank = rank));
  const said = fixedColumns.filter((column) => !column.optional || runs.some((run) => column.read(run) !== column.read(runs[0])));
  return [...said, ...columns];
}

function automaticColumns(board, runs) {
  const parameters = differing(board, runs).filter((index) => !onlyPlaces.test(board.parameters[index])).slice(0, mostParameters);
  const metrics = lossesFirst(board.metrics).slice(0, mostMetrics).map((name) => board.metrics.indexOf(name));
  return [...metrics.map((index) => metricColumn(board, index)), ...parameters.map((index) => parameterColumn(board, index))];
}

// In both directions numbers come first, then what is no finite number, then what is missing; equal ones keep the newest
// first.
function sorted(board, runs, key) {
  const down = key.startsWith("-");
  const column = columnOf(board, down ? key.slice(1) : key) || columnOf(board, "created");
  const rows = runs.map((run) => ({ run, value: column.read(run) }));
  const behind = (value) => (value === null || value === undefined ? 2 : typeof value === "number" && !Number.isFinite(value) ? 1 : 0);
  rows.sort((a, b) => {
    if (behind(a.value) || behind(b.value)) return behind(a.value) - behind(b.value) || b.run.created - a.run.created;
    const order = typeof a.value === "number" && typeof b.value === "number" ? a.value - b.value
      : String(a.value).localeCompare(String(b.value), "en", { numeric: true });
    return (down ? -order : order) || b.run.created - a.run.created;
  });
  return rows.map((row) => row.run);
}
