#include "work_log.hpp"

#include "failure.hpp"
#include "message_stream.hpp"

#include <algorithm>
#include <array>

#include <smflow/base/base64.hpp>
#include <smflow/base/text.hpp>

namespace smflow::docker {

namespace {

constexpr std::size_t lines_kept = 20;
constexpr std::size_t longest_line = 8192;
constexpr std::string_view digest_mark = "sha256:";

bool is_digest(std::string_view text) {
  return text.starts_with(digest_mark) && text.size() == digest_mark.size() + 64 &&
         text.find_first_not_of("0123456789abcdef", digest_mark.size()) == std::string_view::npos;
}

// The classic builder's "Step 3/8 : RUN make", Podman's "STEP 3/8: RUN make".
bool begins_step(std::string_view line) {
  return (line.starts_with("Step ") || line.starts_with("STEP ")) && line.find(": ") != std::string_view::npos;
}

// "the image cannot be had" in the words of Docker and Podman.
bool is_about_the_base(const std::string& error) {
  return says_any_of(
      error, {"pull access denied", "manifest unknown", "manifest for ", "no such host", "repository does not exist",
              "no basic auth credentials", "unauthorized: ", "initializing source", "no active sessions"});
}

// The base image is fetched in a step of its own, or before the first.
bool is_fetching(const std::string& step) {
  constexpr std::array<std::string_view, 3> signs = {": FROM ", "] FROM ", "load metadata for "};
  return step.empty() ||
         std::ranges::any_of(signs, [&](std::string_view sign) { return step.find(sign) != std::string::npos; });
}

// Beside the steps of the Dockerfile BuildKit has some of its own.
bool is_step(const std::string& vertex) {
  return vertex.starts_with('[') && !vertex.starts_with("[internal] ");
}

// Takes the lines that `text` ends, the first of which began with `rest`; what is left over becomes `rest`.
template <class Take>
void each_line(std::string& rest, std::string_view text, const Take& take) {
  rest += text;
  for (std::size_t end; (end = rest.find('\n')) != std::string::npos; rest.erase(0, end + 1)) take(rest.substr(0, end));
  if (rest.size() > longest_line) take(std::exchange(rest, {}));
}

// The classic builder makes each piece of a step's standard error red.
std::string without_colours(std::string_view text) {
  constexpr std::string_view begin = "\x1b[";
  std::string plain;
  for (;;) {
    const std::size_t at = text.find(begin);
    plain += text.substr(0, at);
    if (at == std::string_view::npos) return plain;
    text.remove_prefix(at + begin.size());
    const std::size_t end = text.find_first_not_of("0123456789;");
    if (end != std::string_view::npos && text[end] == 'm') {
      text.remove_prefix(end + 1);
    } else {
      plain += begin;
    }
  }
}

std::string shown(std::string_view text) {
  return printable(utf8_prefix(trim(without_colours(text)), 4096));
}

}  // namespace

Result<void> WorkLog::take(const Json& message) {
  if (message.contains("error") || message.contains("errorDetail")) {
    error_ = text_in(message.value("errorDetail", Json()), "message");
    if (error_.empty()) error_ = text_in(message, "error");
    if (error_.empty()) error_ = "no reason was given";
    // What fails ends where it is, also in the middle of a line.
    take_line(std::exchange(partial_, {}));
    return {};
  }
  if (text_in(message, "id") == "moby.buildkit.trace") {
    const auto bytes = from_base64(text_in(message, "aux"));
    const auto trace = bytes ? decode_build_trace(*bytes) : std::nullopt;
    if (!trace) return tl::unexpected(not_understood("a trace of BuildKit's that is none"));
    take_trace(*trace);
    return {};
  }
  if (message.contains("aux")) take_result(message["aux"]);
  if (message.contains("stream")) take_text(text_in(message, "stream"));
  if (message.contains("status")) take_layer(message);
  return {};
}

// A message holds a piece of a line, or several.
void WorkLog::take_text(std::string_view text) {
  each_line(partial_, text, [&](const std::string& line) { take_line(line); });
}

void WorkLog::take_line(const std::string& line) {
  const std::string text = shown(line);
  if (text.empty()) return;
  if (begins_step(text)) {
    step_ = text;
    lines_.clear();
    report({.kind = Progress::Kind::step, .text = text});
    return;
  }
  take_printed(lines_, text);
}

void WorkLog::take_trace(const BuildTrace& trace) {
  // The end of a step's output comes with the step's failure.
  for (const BuildTrace::Output& output : trace.outputs) take_output(output);
  for (const BuildTrace::Vertex& told : trace.vertexes) take_vertex(told);
}

void WorkLog::take_vertex(const BuildTrace::Vertex& told) {
  Vertex* const known = vertex(told.digest);
  if (known == nullptr) return;
  known->name = shown(told.name);
  if ((told.started || told.cached) && !std::exchange(known->told, true) && is_step(known->name)) {
    report({.kind = Progress::Kind::step, .text = known->name + (told.cached ? " (cached)" : "")});
  }
  // Those that only had to end because of the first fail as well.
  if (told.error.empty() || !step_.empty()) return;
  take_line_of(*known, std::exchange(known->partial, {}));
  step_ = known->name;
  lines_ = known->lines;
}

void WorkLog::take_output(const BuildTrace::Output& output) {
  Vertex* const known = vertex(output.digest);
  if (known == nullptr) return;
  each_line(known->partial, output.text, [&](const std::string& line) { take_line_of(*known, line); });
}

void WorkLog::take_line_of(Vertex& known, const std::string& line) const {
  if (const std::string text = shown(line); !text.empty()) take_printed(known.lines, text);
}

void WorkLog::take_printed(std::deque<std::string>& lines, const std::string& text) const {
  lines.push_back(text);
  if (lines.size() > lines_kept) lines.pop_front();
  report({.kind = Progress::Kind::output, .text = text});
}

// Null for one too many, and for a digest that is none.
WorkLog::Vertex* WorkLog::vertex(const std::string& digest) {
  constexpr std::size_t most = 1000;
  constexpr std::size_t longest = 200;
  if (digest.size() > longest) return nullptr;
  const auto found = vertexes_.find(digest);
  if (found != vertexes_.end()) return &found->second;
  return vertexes_.size() < most ? &vertexes_[digest] : nullptr;
}

void WorkLog::take_layer(const Json& message) {
  const Json detail = message.value("progressDetail", Json());
  report({.kind = Progress::Kind::layer,
          .text = shown(text_in(message, "status")),
          .layer = shown(text_in(message, "id")),
          .done = number_in(detail, "current"),
          .total = number_in(detail, "total")});
}

void WorkLog::take_result(const Json& aux) {
  if (const std::string id = text_in(aux, "ID"); is_digest(id)) image_ = id;
  if (const std::string digest = text_in(aux, "Digest"); is_digest(digest)) digest_ = digest;
}

void WorkLog::report(const Progress& progress) const {
  if (progress_) progress_(progress);
}

std::string WorkLog::last_lines() const {
  std::string text;
  for (const std::string& line : lines_) text += (text.empty() ? "    " : "\n    ") + line;
  return text;
}

Error failed_build(const WorkLog& log) {
  if (is_fetching(log.step()) && is_about_the_base(log.error())) {
    return {.code = "E357",
            .exit = ExitCode::not_found,
            .message = "the image to build on cannot be had: " + shown(log.error()),
            .fix = "name another with --base-image, or sign in to its registry"};
  }
  const std::string step = log.step().empty() ? "the build" : "'" + log.step() + "'";
  const std::string failure = step + " failed: " + shown(log.error());
  if (says_full_disk(log.error()) || says_full_disk(log.last_lines())) {
    Error error = full_disk(failure);
    error.excerpt = log.last_lines();
    return error;
  }
  return {.code = "E355",
          .exit = ExitCode::machine,
          .message = failure,
          .fix = "correct what the lines above name; the steps before it are kept",
          .excerpt = log.last_lines()};
}

}  // namespace smflow::docker
