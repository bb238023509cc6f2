#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include <smflow/base/clock.hpp>
#include <smflow/base/terminal.hpp>
#include <smflow/plan/training_service.hpp>

namespace smflow::cli {

struct TextViewOptions {
  bool several_hosts = false;  // log lines begin with their host
  bool live = true;            // a line at the bottom with status, time and what is left
  std::string hint = {};       // at its end: "Ctrl-C stops"
};

// How a followed job looks. Log lines are data and go to `out`; everything for people goes to `screen`.
std::unique_ptr<plan::JobObserver> make_text_view(std::FILE* out, Screen& screen, const Clock& clock,
                                                  TextViewOptions options);

// One JSON object a line on `out`: {"event":"status"|"log"|"notice", ...}.
std::unique_ptr<plan::JobObserver> make_json_view(std::FILE* out);

}  // namespace smflow::cli
