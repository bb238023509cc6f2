#include "index_cache.hpp"

#include <bit>
#include <cstring>
#include <unordered_map>

#include <smflow/base/files.hpp>

namespace smflow::records {

namespace {

// Read on the machine that wrote it only, so numbers are as memory has them.
constexpr std::string_view magic = "smflow-index-2\n";
constexpr std::uint64_t largest_file = 1ull << 30;

// Writer and reader take the same fields in the same order; texts that repeat are numbers into a table.
class Writer {
 public:
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void operator()(const Number& value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void operator()(const std::string& text) {
    (*this)(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  void operator()(std::string_view text) {
    const auto [entry, is_new] = numbers_.try_emplace(text, static_cast<std::uint32_t>(table_.size()));
    if (is_new) table_.push_back(text);
    (*this)(entry->second);
  }
  template <class Rep, class Period>
  void operator()(const std::chrono::duration<Rep, Period>& duration) {
    (*this)(static_cast<std::int64_t>(duration.count()));
  }
  void operator()(const WallTime& time) { (*this)(time.time_since_epoch()); }
  void operator()(const RunState& state) { (*this)(static_cast<std::uint8_t>(state)); }
  template <class First, class Second>
  void operator()(const std::pair<First, Second>& pair) {
    (*this)(pair.first);
    (*this)(pair.second);
  }
  template <class Item>
  void operator()(const std::vector<Item>& items) {
    (*this)(static_cast<std::uint32_t>(items.size()));
    for (const Item& item : items) (*this)(item);
  }
  void operator()(const MetricSummary& metric);

  std::string finish(std::uint32_t cards) {
    Writer head;
    head.bytes_ = magic;
    head(static_cast<std::uint32_t>(table_.size()));
    for (const std::string_view text : table_) head(std::string(text));
    head(cards);
    return head.bytes_ + bytes_;
  }

 private:
  std::string bytes_;
  std::vector<std::string_view> table_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

class Reader {
 public:
  Reader(std::string_view bytes, TextPool& pool) : left_(bytes) {
    good_ = left_.starts_with(magic);
    if (good_) left_.remove_prefix(magic.size());
    std::uint32_t texts = 0;
    (*this)(texts);
    for (; texts > 0 && good_; --texts) {
      std::string text;
      (*this)(text);
      table_.push_back(pool.keep(std::move(text)));
    }
  }

  bool good() const { return good_; }
  bool complete() const { return good_ && left_.empty(); }

  template <class Number>
  requires std::is_arithmetic_v<Number>
  void operator()(Number& value) {
    const std::string_view bytes = take(sizeof value);
    if (good_) std::memcpy(&value, bytes.data(), sizeof value);
  }
  void operator()(bool& flag) {
    std::uint8_t number = 0;
    (*this)(number);
    good_ = good_ && number <= 1;
    flag = number == 1;
  }
  void operator()(std::string& text) {
    std::uint32_t size = 0;
    (*this)(size);
    text = take(size);
  }
  void operator()(std::string_view& text) {
    std::uint32_t number = 0;
    (*this)(number);
    good_ = good_ && number < table_.size();
    if (good_) text = table_[number];
  }
  template <class Rep, class Period>
  void operator()(std::chrono::duration<Rep, Period>& duration) {
    constexpr std::int64_t longest = 253'402'300'800'000;  // until the year 10000, in milliseconds
    std::int64_t count = 0;
    (*this)(count);
    good_ = good_ && count >= -longest && count <= longest;
    if (!good_) return;
    duration = std::chrono::duration<Rep, Period>(count);
  }
  void operator()(WallTime& time) {
    WallTime::duration since{};
    (*this)(since);
    time = WallTime(since);
  }
  void operator()(RunState& state) {
    std::uint8_t number = 0;
    (*this)(number);
    good_ = good_ && number <= static_cast<std::uint8_t>(RunState::lost);
    state = static_cast<RunState>(number);
  }
  template <class First, class Second>
  void operator()(std::pair<First, Second>& pair) {
    (*this)(pair.first);
    (*this)(pair.second);
  }
  template <class Item>
  void operator()(std::vector<Item>& items) {
    std::uint32_t size = 0;
    (*this)(size);
    good_ = good_ && size <= left_.size();
    if (!good_) return;
    items.resize(size);
    for (Item& item : items) (*this)(item);
  }
  void operator()(MetricSummary& metric);

 private:
  std::string_view take(std::size_t size) {
    good_ = good_ && size <= left_.size();
    if (!good_) return {};
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  std::string_view left_;
  std::vector<std::string_view> table_;
  bool good_ = true;
};

template <class Archive, class Metric>
void metric_fields(Archive& archive, Metric& metric) {
  archive(metric.name);
  archive(metric.last);
  archive(metric.last_step);
  archive(metric.least);
  archive(metric.least_step);
  archive(metric.greatest);
  archive(metric.greatest_step);
  archive(metric.points);
}

void Writer::operator()(const MetricSummary& metric) {
  metric_fields(*this, metric);
}
void Reader::operator()(MetricSummary& metric) {
  metric_fields(*this, metric);
}

template <class Archive, class Card>
void card_fields(Archive& archive, Card& card) {
  auto& run = card.run;
  for (auto* text : {&card.version, &run.name, &run.record_key, &run.card_stem, &run.experiment, &run.user, &run.host,
                     &run.mode, &run.instance_type, &run.region, &run.commit, &run.image, &run.config_hash,
                     &run.data_hash, &run.parent, &run.reason}) {
    archive(*text);
  }
  archive(run.created);
  archive(run.instance_count);
  archive(run.spot);
  archive(run.max_run_time);
  archive(run.dirty);
  archive(run.state);
  archive(run.started);
  archive(run.ended);
  archive(run.billable_time);
  archive(run.parameters);
  archive(run.changed);
  archive(run.metrics);
}

}  // namespace

std::vector<CachedCard> load_cards(const std::filesystem::path& file, TextPool& pool) {
  std::vector<CachedCard> cards;
  const auto bytes = read_file(file, largest_file);
  if (!bytes) return cards;
  Reader reader(*bytes, pool);
  std::uint32_t count = 0;
  reader(count);
  for (; count > 0 && reader.good(); --count) card_fields(reader, cards.emplace_back());
  if (!reader.complete()) cards.clear();
  return cards;
}

void save_cards(const std::filesystem::path& file, const std::vector<CachedCard>& cards) {
  Writer writer;
  for (const CachedCard& card : cards) card_fields(writer, card);
  // A cache that cannot be written is read from the bucket again.
  static_cast<void>(write_file(file, writer.finish(static_cast<std::uint32_t>(cards.size()))));
}

}  // namespace smflow::records
