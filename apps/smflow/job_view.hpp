#pragma once

#include <cstdio>
#include <memory>

#include <smflow/base/clock.hpp>
#include <smflow/base/terminal.hpp>
#include <smflow/plan/training_service.hpp>

namespace smflow::cli {

// How a followed job looks. Log lines are data and go to `out`; everything for people goes to `screen`.
std::unique_ptr<plan::JobObserver> make_text_view(std::FILE* out, Screen& screen, const Clock& clock, int hosts);

// One JSON object a line on `out`: {"event":"status"|"log", ...}.
std::unique_ptr<plan::JobObserver> make_json_view(std::FILE* out);

}  // namespace smflow::cli
