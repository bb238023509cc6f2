// Any bytes as the files of a run's record, with a 0 between them: record.json, outcome.json, submitted.json, a file of
// metrics, the log of the first host, a card, a manifest.
#include "card.hpp"
#include "json_access.hpp"
#include "memory_store.hpp"
#include "require.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include <smflow/base/text.hpp>
#include <smflow/records/data_manifest.hpp>
#include <smflow/records/run_diff.hpp>
#include <smflow/records/run_filter.hpp>
#include <smflow/records/run_metrics.hpp>

namespace {

using namespace smflow;
using namespace smflow::records;

constexpr std::string_view record_key = "exp/runs/gan-20260131-120000-x7k2a";
constexpr WallTime now{std::chrono::seconds{1'800'000'000}};
constexpr std::array<std::string_view, 5> names = {"record.json", "outcome.json", "submitted.json",
                                                   "metrics/train.jsonl", "logs/algo-1.txt"};

void look_at_run(fuzz::MemoryStore& store) {
  const auto run = read_run(store, record_key);
  if (!run) {
    fuzz::require(!run.error().message.empty(), "a refusal says why");
    return;
  }
  (void)run->duration(now);
  (void)run->parameter("GENERATOR.LATENT_SIZE");
  if (const auto metrics = read_metrics(store, *run)) (void)summarize(*metrics);
  Run other = *run;
  other.parameters.clear();
  (void)diff_runs({*run, other});
  if (!record_key.ends_with("/" + run->name)) return;
  TextPool pool;
  RunSummary summary;
  const bool read = read_card(compact(card_of(summary_of(*run, pool))), pool, summary);
  fuzz::require(read && summary.name == run->name, "a card of one's own is read back");
}

void look_at_card(const std::string& text) {
  fuzz::MemoryStore store;
  store.files["smflow/v1/ended/2026-11/23T130245Z~gan-20261123-130245-7f3a2.json"] = text;
  const auto index = RunIndex::open(store, {.cache = {}, .now = now});
  fuzz::require(index.has_value(), "a card that is none is passed over");
  const auto condition = parse_condition("training:A.B<=1");
  std::vector<const RunSummary*> runs;
  for (const RunSummary& run : index->runs()) {
    runs.push_back(&run);
    (void)condition->matches(run);
    (void)run.duration(now);
    (void)run.base_name();
    (void)run.short_name();
    (void)value_of(run, "loss");
    (void)RunFilter{.experiment = "a/*", .user = "ann", .states = {}, .since = now, .where = {}}.matches(run);
  }
  sort_by(runs, "-A.B");
  (void)index->find("latest");
  (void)record_of(store, "gan-20261123-130245-7f3a2");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string> parts = split({reinterpret_cast<const char*>(data), size}, '\0');
  fuzz::MemoryStore store;
  for (std::size_t i = 0; i < names.size() && i < parts.size(); ++i) {
    if (!parts[i].empty()) store.files[std::string(record_key) + "/" + std::string(names[i])] = parts[i];
  }
  look_at_run(store);
  if (parts.size() > 5) look_at_card(parts[5]);
  if (parts.size() > 6) (void)manifest_difference(parts[6], parts[0]);
  return 0;
}
