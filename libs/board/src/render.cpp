#include "encoding.hpp"
#include "page.hpp"
#include "payload.hpp"

#include <smflow/base/base64.hpp>
#include <smflow/board/render.hpp>
#include <smflow/storage/gzip.hpp>

namespace smflow::board {

namespace {

enum class Data { inside, asked_for };

std::string policy(Data data) {
  const bool asks = data == Data::asked_for;
  return "default-src 'none'; script-src " + policy_source(page_script()) + "; style-src " +
         policy_source(page_style()) + "; img-src data:" + (asks ? " 'self'; connect-src 'self'" : "") +
         "; base-uri 'none'; form-action 'none'";
}

// A type that no browser runs; base64 holds nothing that could end the element.
std::string slot(const std::string& id, std::string_view bytes) {
  return "<script type=\"text/plain\" id=\"" + id + "\">" + to_base64(bytes) + "</script>\n";
}

Result<void> write_data(const Board& board, const RenderOptions& options, const Sink& sink) {
  if (auto done = sink(slot("cards", storage::gzip(cards_json(board)))); !done) return done;
  std::vector<const Run*> detailed;
  for (const Run& run : board.runs) {
    if (run.detail) detailed.push_back(&run);
  }
  const std::size_t each = points_each(detailed, options.points);
  for (const Run* run : detailed) {
    const std::string index = std::to_string(run - board.runs.data());
    if (auto done = sink(slot("d-" + index, storage::gzip(detail_payload(*run, each)))); !done) return done;
    const std::vector<Sample>& samples = run->detail->samples;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (picture_type(samples[i].picture).empty()) continue;
      if (auto done = sink(slot("s-" + index + "-" + std::to_string(i), samples[i].picture)); !done) return done;
    }
  }
  return {};
}

// The template up to each "{{name}}", then what stands for it; what was put in is not looked at again.
Result<void> fill(const Board& board, Data data, const RenderOptions& options, const Sink& sink) {
  std::string_view rest = page_template();
  for (std::size_t begin; (begin = rest.find("{{")) != std::string_view::npos;) {
    const std::size_t end = rest.find("}}", begin);
    const std::string_view name = rest.substr(begin + 2, end - begin - 2);
    if (auto done = sink(rest.substr(0, begin)); !done) return done;
    rest.remove_prefix(end + 2);
    Result<void> done;
    if (name == "policy") done = sink(policy(data));
    if (name == "title") done = sink(escape_html(board.title));
    if (name == "style") done = sink(page_style());
    if (name == "script") done = sink(page_script());
    if (name == "live") done = sink(data == Data::asked_for ? "1" : "0");
    if (name == "data" && data == Data::inside) done = write_data(board, options, sink);
    if (!done) return done;
  }
  return sink(rest);
}

}  // namespace

Result<void> render(const Board& board, const RenderOptions& options, const Sink& sink) {
  return fill(board, Data::inside, options, sink);
}

std::string render_live(const Board& board) {
  std::string page;
  const Sink sink = [&](std::string_view piece) -> Result<void> {
    page.append(piece);
    return {};
  };
  static_cast<void>(fill(board, Data::asked_for, {}, sink));
  return page;
}

bool has_charts() {
  return page_has_charts();
}

}  // namespace smflow::board
