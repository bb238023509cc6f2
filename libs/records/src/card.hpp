#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include <smflow/records/run_index.hpp>

namespace smflow::records {

inline constexpr std::string_view started_cards = "smflow/v1/started";
inline constexpr std::string_view ended_cards = "smflow/v1/ended";

// "2026-11/23T130245Z~gan-20261123-130245-7f3a2": time first, so that a listing is in the order of time.
std::string card_stem(WallTime created, std::string_view run);
std::string card_key(std::string_view folder, std::string_view stem);

// Texts that occur in many runs, each once. Views of them stay valid as long as the pool.
class TextPool {
 public:
  std::string_view keep(std::string text) { return *texts_.insert(std::move(text)).first; }

 private:
  std::unordered_set<std::string> texts_;
};

RunSummary summary_of(const Run& run, TextPool& pool);

// Of a run that has ended the card says how.
OrderedJson card_of(const RunSummary& run);
// False when it is no card.
bool read_card(std::string_view text, TextPool& pool, RunSummary& summary);

std::string card_text(const Run& run);
Result<void> put_card(storage::Store& bucket, std::string_view folder, const Run& run);

}  // namespace smflow::records
