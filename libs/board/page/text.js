// How values read.
const dash = "–";

function formatNumber(value) {
  if (value === null || value === undefined) return dash;
  if (typeof value !== "number") return String(value);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return value.toLocaleString("en-US");
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(3);
  return size >= 1e4 ? value.toFixed(0) : value.toPrecision(4);
}

function trimZeros(text) {
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

// A parameter, as a person would have written it in the file.
function formatValue(value) {
  if (value === null || value === undefined) return dash;
  if (value === "") return '""';
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function formatDuration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return dash;
  const seconds = Math.round(milliseconds / 1000);
  if (milliseconds < 10000) return (milliseconds / 1000).toFixed(1) + " s";
  if (seconds < 60) return seconds + " s";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${Math.floor(hours / 24)} d ${String(hours % 24).padStart(2, "0")} h`;
}

const monthDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const monthDayYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });

function formatWhen(milliseconds, now = Date.now()) {
  if (!milliseconds) return dash;
  const minutes = Math.round((now - milliseconds) / 60000);
  if (minutes >= 0 && minutes < 1) return "just now";
  if (minutes >= 0 && minutes < 60) return `${minutes} min ago`;
  if (minutes >= 0 && minutes < 24 * 60) return `${Math.round(minutes / 60)} h ago`;
  const date = new Date(milliseconds);
  return new Date(now).getFullYear() === date.getFullYear() ? `${monthDay.format(date)}, ${clock.format(date)}` : monthDayYear.format(date);
}

const formatExact = (milliseconds) => (milliseconds ? exact.format(new Date(milliseconds)) : "");

function formatBytes(bytes) {
  if (bytes < 1024) return bytes + " B";
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let unit = -1;
  do {
    bytes /= 1024;
    ++unit;
  } while (bytes >= 1024 && unit + 1 < units.length);
  return bytes.toFixed(1) + " " + units[unit];
}

const counted = (count, noun) => `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

// "training:TRAINING.LEARNING_RATE" in parts.
function parameterName(full) {
  const colon = full.indexOf(":");
  const key = full.slice(colon + 1);
  const dot = key.indexOf(".");
  return { config: colon < 0 ? "" : full.slice(0, colon), key, section: dot < 0 ? "" : key.slice(0, dot), option: key.slice(dot + 1) };
}

// What is trained for comes before what is only watched.
const lossesFirst = (names) => [...names].sort((a, b) => /loss/i.test(b) - /loss/i.test(a));

function metricName(full) {
  const slash = full.indexOf("/");
  return slash < 0 ? { group: "", name: full } : { group: full.slice(0, slash), name: full.slice(slash + 1) };
}

const states = {
  running: { word: "Running", icon: "running" },
  succeeded: { word: "Succeeded", icon: "check" },
  failed: { word: "Failed", icon: "cross" },
  stopped: { word: "Stopped", icon: "square" },
  timed_out: { word: "Timed out", icon: "clock" },
  lost: { word: "Lost", icon: "question" },
};
const stateOf = (run) => states[run.state] || states.lost;
