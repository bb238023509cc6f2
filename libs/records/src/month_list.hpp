#pragma once

#include "index_cache.hpp"

#include <map>

namespace smflow::records {

// The cards of the runs of one month that have ended, in one object: a cache in the bucket for whoever has none on this
// machine. It may be removed at any time. A card of it counts only while the listing calls the run's own card the same.
//
//   smflow/v1/months/<yyyy-mm>~<number of cards>.jsonl.gz, a line a card: version, stem and card, with tabs between
struct MonthList {
  std::string key;
  std::size_t cards = 0;
};

inline constexpr std::string_view month_lists = "smflow/v1/months";

std::string_view month_of(std::string_view card_stem);

// By month, of several the one with the most cards.
std::map<std::string, MonthList> newest_lists(const std::vector<storage::ObjectInfo>& objects);

// Nothing when it cannot be read: the cards themselves can.
std::string read_month_list(storage::Store& bucket, const MonthList& list);
std::vector<CachedCard> cards_in(const std::string& month_list, TextPool& pool);

// Whoever may not write has none to give.
void write_month_list(storage::Store& bucket, std::string_view month, const std::vector<const CachedCard*>& cards);

}  // namespace smflow::records
