#pragma once

#include "card.hpp"

namespace smflow::records {

// A card as it was read, and how the listing called it then.
struct CachedCard {
  std::string version;
  RunSummary run;
};

// The cards that were read earlier, by stem. A missing, damaged or foreign file is an empty cache.
std::vector<CachedCard> load_cards(const std::filesystem::path& file, TextPool& pool);
void save_cards(const std::filesystem::path& file, const std::vector<CachedCard>& cards);

}  // namespace smflow::records
