#include "month_list.hpp"

#include "json_access.hpp"

#include <charconv>

#include <smflow/base/text.hpp>
#include <smflow/storage/gzip.hpp>

namespace smflow::records {

namespace {

constexpr std::string_view ending = ".jsonl.gz";
constexpr std::size_t month_length = std::string_view("2026-01").size();
constexpr std::uint64_t largest_list = 256ull << 20;
constexpr std::size_t largest_text = 1u << 30;

}  // namespace

std::string_view month_of(std::string_view card_stem) {
  return card_stem.substr(0, month_length);
}

std::map<std::string, MonthList> newest_lists(const std::vector<storage::ObjectInfo>& objects) {
  std::map<std::string, MonthList> lists;
  for (const storage::ObjectInfo& object : objects) {
    std::string_view name = std::string_view(object.key).substr(month_lists.size() + 1);
    if (!name.ends_with(ending) || name.size() <= month_length + ending.size() || name[month_length] != '~') continue;
    name.remove_suffix(ending.size());
    MonthList list{.key = object.key};
    const char* end = name.data() + name.size();
    if (std::from_chars(name.data() + month_length + 1, end, list.cards).ptr != end) continue;
    MonthList& known = lists[std::string(month_of(name))];
    if (list.cards >= known.cards) known = std::move(list);
  }
  return lists;
}

std::string read_month_list(storage::Store& bucket, const MonthList& list) {
  const auto bytes = bucket.get(list.key, largest_list);
  return bytes ? storage::gunzip(*bytes, largest_text).value_or("") : std::string();
}

std::vector<CachedCard> cards_in(const std::string& month_list, TextPool& pool) {
  std::vector<CachedCard> cards;
  for (const std::string& line : split(month_list, '\n')) {
    const std::size_t first = line.find('\t');
    const std::size_t second = first == std::string::npos ? first : line.find('\t', first + 1);
    if (second == std::string::npos) continue;
    CachedCard card{.version = line.substr(0, first), .run = {}};
    if (!read_card(std::string_view(line).substr(second + 1), pool, card.run)) continue;
    card.run.card_stem = line.substr(first + 1, second - first - 1);
    cards.push_back(std::move(card));
  }
  return cards;
}

void write_month_list(storage::Store& bucket, std::string_view month, const std::vector<const CachedCard*>& cards) {
  std::string text;
  for (const CachedCard* card : cards) {
    text += card->version + "\t" + card->run.card_stem + "\t" + compact(card_of(card->run)) + "\n";
  }
  const std::string key =
      std::string(month_lists) + "/" + std::string(month) + "~" + std::to_string(cards.size()) + std::string(ending);
  static_cast<void>(bucket.put(key, storage::gzip(text)));
}

}  // namespace smflow::records
