#include "build_view.hpp"

#include <algorithm>
#include <array>

#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

bool ends_a_layer(std::string_view status) {
  constexpr std::array<std::string_view, 4> ends = {"Pushed", "Layer already exists", "Mounted from", "Pull complete"};
  return std::ranges::any_of(ends, [&](std::string_view end) { return status.starts_with(end); });
}

}  // namespace

void BuildView::show(const docker::Progress& progress) {
  using Kind = docker::Progress::Kind;
  if (progress.kind == Kind::layer) return show_layer(progress);
  if (progress.kind == Kind::step) return screen_.line(screen_.paint("1", progress.text));
  if (screen_.terminal()) return screen_.live("  " + std::string(utf8_prefix_characters(progress.text, 100)));
  screen_.line("  " + progress.text);
}

void BuildView::show_layer(const docker::Progress& layer) {
  if (ends_a_layer(layer.text)) screen_.line("  layer " + layer.layer + ": " + layer.text);
  // An engine that lies has no end of layers.
  if (layer.layer.empty() || layers_.size() > 1000) return;
  layers_[layer.layer] = layer;
  double done = 0;
  double total = 0;
  for (const auto& [name, each] : layers_) {
    total += static_cast<double>(each.total);
    done += static_cast<double>(std::min(each.done, each.total));
  }
  if (total == 0) return;
  screen_.live("▕" + progress_bar(done, total, 30) + "▏ " + format_bytes(done) + " of " + format_bytes(total));
}

}  // namespace smflow::cli
