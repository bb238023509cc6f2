#include "card.hpp"
#include "index_cache.hpp"
#include "month_list.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

#include <smflow/base/files.hpp>
#include <smflow/base/parallel.hpp>
#include <smflow/base/sha256.hpp>
#include <smflow/base/text.hpp>

namespace smflow::records {

namespace {

constexpr std::string_view card_ending = ".json";
constexpr std::size_t time_and_tail = std::string_view("-20261123-130245-7f3a2").size();
constexpr std::size_t tail = 5;
constexpr std::uint64_t largest_card = 1u << 20;

struct ListedCard {
  std::string key;
  std::string version;
};
using ListedCards = std::map<std::string, ListedCard>;  // by stem

std::string version_of(std::string_view folder, const storage::ObjectInfo& object) {
  const std::string content =
      object.etag.empty() ? std::to_string(object.size) + "-" + std::to_string(object.modified) : object.etag;
  return std::string(folder == ended_cards ? "e" : "s") + content;
}

void add_listed(ListedCards& cards, std::string_view folder, const std::vector<storage::ObjectInfo>& objects) {
  for (const storage::ObjectInfo& object : objects) {
    if (!object.key.ends_with(card_ending)) continue;
    std::string stem = object.key.substr(folder.size() + 1);
    stem.resize(stem.size() - card_ending.size());
    cards[std::move(stem)] = {object.key, version_of(folder, object)};
  }
}

struct Listed {
  ListedCards cards;
  std::map<std::string, MonthList> months;
};

// An ended card takes the place of the other.
Result<Listed> list_cards(storage::Store& bucket) {
  const std::array<std::string_view, 3> folders = {started_cards, ended_cards, month_lists};
  std::array<std::vector<storage::ObjectInfo>, 3> found;
  auto done = in_parallel(folders.size(), folders.size(), {}, [&](std::size_t index, std::stop_token) -> Result<void> {
    auto objects = bucket.list(folders[index]);
    if (!objects) return tl::unexpected(std::move(objects).error());
    found[index] = *std::move(objects);
    return {};
  });
  if (!done) return tl::unexpected(std::move(done).error());
  Listed listed{.cards = {}, .months = newest_lists(found[2])};
  for (std::size_t index = 0; index < 2; ++index) add_listed(listed.cards, folders[index], found[index]);
  return listed;
}

std::filesystem::path cache_file(const storage::Store& bucket, const std::filesystem::path& folder) {
  return folder / (sha256_hex(bucket.uri()).substr(0, 16) + ".index");
}

// A job on somebody's machine ends with its command at the latest; nobody can write its outcome after that.
bool is_lost(const RunSummary& run, WallTime now) {
  constexpr std::chrono::hours to_save_and_upload{2};
  return run.state == RunState::open && run.mode != "sagemaker" && run.max_run_time.count() > 0 &&
         now > run.created + run.max_run_time + to_save_and_upload;
}

Error no_such_run(std::string_view wanted, const std::vector<RunSummary>& runs) {
  std::vector<std::string> names;
  for (const RunSummary& run : runs) names.push_back(run.name);
  const std::string near = nearest(wanted, names);
  return {.code = "E372",
          .exit = ExitCode::not_found,
          .message = "there is no run '" + std::string(wanted) + "' among " + counted(runs.size(), "run"),
          .fix = near.empty() ? "smflow runs list shows them" : "did you mean '" + near + "'?"};
}

Error several_runs(std::string_view wanted, const std::vector<const RunSummary*>& runs) {
  constexpr std::size_t shown = 5;
  std::vector<std::string> names;
  for (const RunSummary* run : runs) {
    if (names.size() < shown) names.push_back(run->name);
  }
  if (runs.size() > shown) names.push_back("...");
  return {.code = "E373",
          .exit = ExitCode::usage,
          .message = "'" + std::string(wanted) + "' is the beginning of " + counted(runs.size(), "run"),
          .fix = "one of: " + join(names, ", ")};
}

// The number in "latest~2"; 0 of "latest".
std::optional<std::size_t> latest(std::string_view wanted) {
  constexpr std::string_view word = "latest";
  if (wanted == word) return 0;
  if (!wanted.starts_with(word) || wanted.size() < word.size() + 2 || wanted[word.size()] != '~') return std::nullopt;
  const std::string_view digits = wanted.substr(word.size() + 1);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

class RunIndex::Content {
  using Missing = std::vector<std::pair<std::string, const ListedCard*>>;  // by stem

 public:
  Result<void> load(storage::Store& bucket, const IndexOptions& options) {
    auto listed = list_cards(bucket);
    if (!listed) return tl::unexpected(std::move(listed).error());
    const auto file = cache_file(bucket, options.cache);
    std::map<std::string, CachedCard, std::less<>> known;
    if (!options.cache.empty()) {
      for (CachedCard& card : load_cards(file, pool)) known.emplace(card.run.card_stem, std::move(card));
    }
    const std::size_t before = known.size();
    std::vector<CachedCard> cards;
    Missing missing;
    for (const auto& [stem, card] : listed->cards) {
      const auto found = known.find(stem);
      if (found != known.end() && found->second.version == card.version) {
        cards.push_back(std::move(found->second));
      } else {
        missing.emplace_back(stem, &card);
      }
    }
    const bool changed = !missing.empty() || cards.size() != before;
    take_from_months(bucket, listed->months, missing, cards);
    if (auto read = read_missing(bucket, missing, options, cards); !read) return read;
    if (!missing.empty()) write_months(bucket, listed->months, cards, options.now);
    // Names know seconds only.
    std::ranges::sort(cards, std::greater<>(), [](const CachedCard& card) {
      return std::tuple(card.run.created, std::string_view(card.run.card_stem));
    });
    if (changed && !options.cache.empty()) save_cards(file, cards);
    for (CachedCard& card : cards) {
      if (is_lost(card.run, options.now)) card.run.state = RunState::lost;
      runs.push_back(std::move(card.run));
    }
    return {};
  }

  TextPool pool;
  std::vector<RunSummary> runs;
  std::size_t cards_read = 0;
  std::vector<std::string> not_understood;

 private:
  // Where many of a month are missing, its list is worth a request.
  void take_from_months(storage::Store& bucket, const std::map<std::string, MonthList>& months, Missing& missing,
                        std::vector<CachedCard>& cards) {
    constexpr std::size_t many = 20;
    std::map<std::string_view, std::size_t> counts;
    for (const auto& [stem, card] : missing) ++counts[month_of(stem)];
    std::vector<const MonthList*> worth_it;
    for (const auto& [month, list] : months) {
      if (counts[month] >= many) worth_it.push_back(&list);
    }
    std::vector<std::string> texts(worth_it.size());
    static_cast<void>(in_parallel(texts.size(), bucket.transfers_at_once(), {},
                                  [&](std::size_t index, std::stop_token) -> Result<void> {
                                    texts[index] = read_month_list(bucket, *worth_it[index]);
                                    return {};
                                  }));
    std::map<std::string, CachedCard, std::less<>> known;
    for (const std::string& text : texts) {
      for (CachedCard& card : cards_in(text, pool)) known.emplace(card.run.card_stem, std::move(card));
    }
    std::erase_if(missing, [&](const auto& one) {
      const auto found = known.find(one.first);
      if (found == known.end() || found->second.version != one.second->version) return false;
      cards.push_back(std::move(found->second));
      return true;
    });
  }

  // The month that goes on changes with each run that ends.
  static void write_months(storage::Store& bucket, const std::map<std::string, MonthList>& months,
                           const std::vector<CachedCard>& cards, WallTime now) {
    constexpr std::size_t enough = 200;
    constexpr std::size_t enough_now = 1000;
    std::map<std::string, std::vector<const CachedCard*>> ended;
    for (const CachedCard& card : cards) {
      if (card.run.state != RunState::open) ended[std::string(month_of(card.run.card_stem))].push_back(&card);
    }
    for (const auto& [month, of_month] : ended) {
      const auto list = months.find(month);
      const std::size_t covered = list == months.end() ? 0 : list->second.cards;
      const std::size_t least = format_utc(now).starts_with(month) ? enough_now : enough;
      if (of_month.size() >= covered + least) write_month_list(bucket, month, of_month);
    }
  }

  Result<void> read_missing(storage::Store& bucket, const Missing& missing, const IndexOptions& options,
                            std::vector<CachedCard>& cards) {
    std::mutex mutex;  // guards pool, cards and the counts
    const int threads = std::max(bucket.transfers_at_once(), static_cast<int>(std::thread::hardware_concurrency()));
    return in_parallel(missing.size(), threads, {}, [&](std::size_t index, std::stop_token) -> Result<void> {
      const auto& [stem, listed] = missing[index];
      const auto text = bucket.get(listed->key, largest_card);
      if (!text && text.error().code == "E150") return {};  // removed since it was listed
      if (!text) return tl::unexpected(text.error());
      const std::lock_guard lock(mutex);
      CachedCard card{.version = listed->version, .run = {}};
      if (read_card(*text, pool, card.run)) {
        card.run.card_stem = stem;
        cards.push_back(std::move(card));
      } else {
        not_understood.push_back(listed->key);
      }
      ++cards_read;
      if (options.progress) options.progress(cards_read, missing.size());
      return {};
    });
  }
};

RunIndex::RunIndex(std::unique_ptr<Content> content) : content_(std::move(content)) {}
RunIndex::~RunIndex() = default;
RunIndex::RunIndex(RunIndex&&) noexcept = default;
RunIndex& RunIndex::operator=(RunIndex&&) noexcept = default;

Result<RunIndex> RunIndex::open(storage::Store& bucket, const IndexOptions& options) {
  auto content = std::make_unique<Content>();
  if (auto loaded = content->load(bucket, options); !loaded) return tl::unexpected(std::move(loaded).error());
  return RunIndex(std::move(content));
}

const std::vector<RunSummary>& RunIndex::runs() const {
  return content_->runs;
}

std::size_t RunIndex::cards_read() const {
  return content_->cards_read;
}

const std::vector<std::string>& RunIndex::not_understood() const {
  return content_->not_understood;
}

Result<const RunSummary*> RunIndex::find(std::string_view wanted) const {
  const std::vector<RunSummary>& all = runs();
  if (const auto number = latest(wanted); number && *number < all.size()) return &all[*number];
  std::vector<const RunSummary*> found;
  for (const RunSummary& run : all) {
    if (run.name == wanted) return &run;
    if (!wanted.empty() && (run.name.starts_with(wanted) || run.short_name().starts_with(wanted)))
      found.push_back(&run);
  }
  if (found.empty()) return tl::unexpected(no_such_run(wanted, all));
  if (found.size() > 1) return tl::unexpected(several_runs(wanted, found));
  return found.front();
}

std::string_view RunSummary::base_name() const {
  const std::string_view all = name;
  return all.size() > time_and_tail ? all.substr(0, all.size() - time_and_tail) : all;
}

std::string_view RunSummary::short_name() const {
  const std::string_view all = name;
  return all.size() > time_and_tail ? all.substr(all.size() - tail) : all;
}

std::string_view RunSummary::parameter(std::string_view path) const {
  const auto exact = [&](std::string_view whole) -> std::string_view {
    const auto at =
        std::ranges::lower_bound(parameters, whole, {}, &std::pair<std::string_view, std::string_view>::first);
    return at != parameters.end() && at->first == whole ? at->second : std::string_view();
  };
  if (path.find(':') != std::string_view::npos) return exact(path);
  const std::string_view training = exact("training:" + std::string(path));
  return training.empty() ? exact("sagemaker:" + std::string(path)) : training;
}

const MetricSummary* RunSummary::metric(std::string_view metric_name) const {
  const auto found = std::ranges::find(metrics, metric_name, &MetricSummary::name);
  return found == metrics.end() ? nullptr : &*found;
}

std::chrono::milliseconds RunSummary::duration(WallTime now) const {
  const WallTime begin = started == WallTime{} ? created : started;
  if (ended != WallTime{}) return ended - begin;
  return state == RunState::open ? now - begin : std::chrono::milliseconds(0);
}

CachedWords cached_words(const std::filesystem::path& cache) {
  CachedWords words{.names = {}};
  std::vector<std::pair<std::string, std::string>> found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(cache, failed)) {
    TextPool pool;
    for (CachedCard& card : load_cards(entry.path(), pool)) {
      words.experiments.insert(card.run.experiment);
      words.users.insert(card.run.user);
      for (const MetricSummary& metric : card.run.metrics) words.metrics.insert(metric.name);
      found.emplace_back(std::move(card.run.card_stem), std::move(card.run.name));
    }
  }
  std::ranges::sort(found, std::greater<>());
  for (auto& [stem, name] : found) words.names.push_back(std::move(name));
  return words;
}

Result<std::vector<std::string>> keys_of_cards(storage::Store& bucket, const RunSummary& run) {
  std::vector<std::string> keys;
  for (const std::string_view folder : {ended_cards, started_cards}) {
    std::string key = card_key(folder, run.card_stem);
    const auto there = bucket.exists(key);
    if (!there) return tl::unexpected(there.error());
    if (*there) keys.push_back(std::move(key));
  }
  const auto lists = bucket.list(month_lists);
  if (!lists) return tl::unexpected(lists.error());
  const std::string of_month = std::string(month_lists) + "/" + std::string(month_of(run.card_stem)) + "~";
  for (const storage::ObjectInfo& list : *lists) {
    if (list.key.starts_with(of_month)) keys.push_back(list.key);
  }
  return keys;
}

Result<std::size_t> add_missing_cards(storage::Store& bucket) {
  constexpr std::string_view record_file = "/record.json";
  auto objects = bucket.list("");
  if (!objects) return tl::unexpected(std::move(objects).error());
  std::set<std::string, std::less<>> keys;
  for (const storage::ObjectInfo& object : *objects) keys.insert(object.key);
  std::size_t added = 0;
  for (const std::string& key : keys) {
    if (!key.ends_with(record_file)) continue;
    const auto run = read_run(bucket, std::string_view(key).substr(0, key.size() - record_file.size()));
    if (!run) continue;  // something else of that name, or of a newer version
    const std::string stem = card_stem(run->created, run->name);
    bool missed = false;
    for (const std::string_view folder : {started_cards, ended_cards}) {
      if (folder == ended_cards && run->state == RunState::open) continue;
      if (keys.contains(card_key(folder, stem))) continue;
      missed = true;
      if (auto put = put_card(bucket, folder, *run); !put) return tl::unexpected(std::move(put).error());
    }
    if (missed) ++added;
  }
  return added;
}

}  // namespace smflow::records
