#include "card.hpp"

#include "json_access.hpp"

#include <algorithm>
#include <optional>

#include <smflow/base/files.hpp>
#include <smflow/base/json_number.hpp>

namespace smflow::records {

namespace {

constexpr std::size_t longest_value = 256;
constexpr std::size_t longest_reason = 200;

// "20261123-130245", so that the card of a run is found by its name alone.
std::optional<std::string> time_of(std::string_view run) {
  constexpr std::string_view form = "-00000000-000000-xxxxx";
  if (run.size() <= form.size()) return std::nullopt;
  run.remove_prefix(run.size() - form.size());
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = run[i] >= '0' && run[i] <= '9';
    if (form[i] == '0' && !digit) return std::nullopt;
    if (form[i] == '-' && run[i] != '-') return std::nullopt;
  }
  return std::string(run.substr(1, std::string_view("20261123-130245").size()));
}

std::string data_hash(const Run& run) {
  for (const DataState& data : run.data) {
    if (data.channel == "traindata") return data.hash;
  }
  return run.data.empty() ? std::string() : run.data.front().hash;
}

void add_parameters(const Run& run, TextPool& pool, RunSummary& summary) {
  for (const Parameter& parameter : run.parameters) {
    std::string value = compact(parameter.value);
    if (value.size() > longest_value) continue;
    const std::string_view path = pool.keep(parameter.config + ":" + parameter.path);
    summary.parameters.emplace_back(path, pool.keep(std::move(value)));
    if (parameter.changed) summary.changed.push_back(path);
  }
  std::ranges::sort(summary.parameters);
  std::ranges::sort(summary.changed);
}

void add_end(OrderedJson& card, const RunSummary& run) {
  card["state"] = to_string(run.state);
  card["reason"] = run.reason;
  if (run.started != WallTime{}) card["started"] = format_utc(run.started);
  if (run.ended != WallTime{}) card["ended"] = format_utc(run.ended);
  if (run.billable_time.count() != 0) card["billable_s"] = run.billable_time.count();
  card["metrics"] = OrderedJson::object();
  for (const MetricSummary& one : run.metrics) {
    card["metrics"][one.name] = {
        json_number(one.last), one.last_step, json_number(one.least), one.least_step, json_number(one.greatest),
        one.greatest_step,     one.points};
  }
}

void read_parameters(const OrderedJson& card, TextPool& pool, RunSummary& summary) {
  const OrderedJson& values = member_at(card, {"params"});
  if (values.is_object()) {
    for (const auto& [path, value] : values.items()) {
      summary.parameters.emplace_back(pool.keep(path), pool.keep(compact(value)));
    }
  }
  const OrderedJson& changed = member_at(card, {"changed"});
  if (changed.is_array()) {
    for (const OrderedJson& path : changed) summary.changed.push_back(pool.keep(plain_text(path)));
  }
  std::ranges::sort(summary.parameters);
  std::ranges::sort(summary.changed);
}

void read_metrics(const OrderedJson& card, RunSummary& summary) {
  const OrderedJson& metrics = member_at(card, {"metrics"});
  if (!metrics.is_object()) return;
  for (const auto& metric : metrics.items()) {
    const OrderedJson& values = metric.value();
    if (!values.is_array() || values.size() < 7) continue;
    const auto number = [&](std::size_t at) { return number_at({{"n", values[at]}}, {"n"}); };
    const auto integer = [&](std::size_t at) { return integer_at({{"n", values[at]}}, {"n"}); };
    summary.metrics.push_back({.name = metric.key(),
                               .last = number(0),
                               .last_step = integer(1),
                               .least = number(2),
                               .least_step = integer(3),
                               .greatest = number(4),
                               .greatest_step = integer(5),
                               .points = static_cast<std::uint64_t>(integer(6))});
  }
}

}  // namespace

std::string card_stem(WallTime created, std::string_view run) {
  const std::string time = time_of(run).value_or(format_compact_utc(created));
  return time.substr(0, 4) + "-" + time.substr(4, 2) + "/" + time.substr(6, 2) + "T" + time.substr(9) + "Z~" +
         std::string(run);
}

std::string card_key(std::string_view folder, std::string_view stem) {
  return std::string(folder) + "/" + std::string(stem) + ".json";
}

RunSummary summary_of(const Run& run, TextPool& pool) {
  RunSummary summary{.name = run.name,
                     .record_key = run.record_key,
                     .card_stem = card_stem(run.created, run.name),
                     .experiment = run.experiment,
                     .user = run.user,
                     .host = run.host,
                     .created = run.created,
                     .mode = run.mode,
                     .instance_type = run.instance_type,
                     .instance_count = run.instance_count,
                     .region = run.region,
                     .spot = run.spot,
                     .max_run_time = run.max_run_time,
                     .commit = run.source.commit,
                     .dirty = run.source.dirty,
                     .image = run.image_digest.empty() ? run.image_uri : run.image_digest,
                     .config_hash = run.config_hash,
                     .data_hash = data_hash(run),
                     .parent = run.parent,
                     .state = run.state,
                     .reason = run.reason.substr(0, longest_reason),
                     .started = run.started.value_or(WallTime{}),
                     .ended = run.ended.value_or(WallTime{}),
                     .billable_time = run.billable_time.value_or(std::chrono::seconds(0)),
                     .metrics = run.metrics};
  add_parameters(run, pool, summary);
  return summary;
}

OrderedJson card_of(const RunSummary& run) {
  OrderedJson card{{"schema", "smflow.card/1"},
                   {"id", run.name},
                   {"record", run.record_key},
                   {"exp", run.experiment},
                   {"by", run.user},
                   {"host", run.host},
                   {"at", format_utc(run.created)},
                   {"mode", run.mode},
                   {"type", run.instance_type},
                   {"count", run.instance_count},
                   {"region", run.region},
                   {"spot", run.spot},
                   {"max_run_s", run.max_run_time.count()},
                   {"commit", run.commit},
                   {"dirty", run.dirty},
                   {"image", run.image},
                   {"cfg", run.config_hash},
                   {"data", run.data_hash},
                   {"parent", run.parent},
                   {"params", OrderedJson::object()},
                   {"changed", run.changed}};
  for (const auto& [path, value] : run.parameters) {
    card["params"][std::string(path)] = OrderedJson::parse(value, nullptr, false);
  }
  if (run.state != RunState::open) add_end(card, run);
  return card;
}

bool read_card(std::string_view text, TextPool& pool, RunSummary& summary) {
  if (is_nested_deeply(text)) return false;
  const OrderedJson card = OrderedJson::parse(text, nullptr, false);
  if (text_at(card, {"schema"}) != "smflow.card/1") return false;
  summary.name = text_at(card, {"id"});
  summary.record_key = text_at(card, {"record"});
  summary.experiment = text_at(card, {"exp"});
  summary.user = text_at(card, {"by"});
  summary.host = text_at(card, {"host"});
  summary.created = time_at(card, {"at"}).value_or(WallTime{});
  summary.mode = text_at(card, {"mode"});
  summary.instance_type = text_at(card, {"type"});
  summary.instance_count = integer_at(card, {"count"}, 1);
  summary.region = text_at(card, {"region"});
  summary.spot = flag_at(card, {"spot"});
  summary.max_run_time = seconds_at(card, {"max_run_s"}).value_or(std::chrono::seconds(0));
  summary.commit = text_at(card, {"commit"});
  summary.dirty = flag_at(card, {"dirty"});
  summary.image = text_at(card, {"image"});
  summary.config_hash = text_at(card, {"cfg"});
  summary.data_hash = text_at(card, {"data"});
  summary.parent = text_at(card, {"parent"});
  summary.state = run_state(text_at(card, {"state"})).value_or(RunState::open);
  summary.reason = text_at(card, {"reason"});
  summary.started = time_at(card, {"started"}).value_or(WallTime{});
  summary.ended = time_at(card, {"ended"}).value_or(WallTime{});
  summary.billable_time = seconds_at(card, {"billable_s"}).value_or(std::chrono::seconds(0));
  read_parameters(card, pool, summary);
  read_metrics(card, summary);
  // Others write cards too, and what is removed with a run is found by this key.
  return !summary.name.empty() && summary.record_key.ends_with("/" + summary.name) &&
         is_safe_relative_path(summary.record_key);
}

std::optional<std::string> record_of(storage::Store& bucket, std::string_view run) {
  const auto text = bucket.get(card_key(started_cards, card_stem({}, run)));
  if (!text) return std::nullopt;
  std::string record = text_at(ordered_document(*text), {"record"});
  return record.empty() ? std::nullopt : std::optional(std::move(record));
}

std::string card_text(const Run& run) {
  TextPool pool;
  return compact(card_of(summary_of(run, pool))) + "\n";
}

Result<void> put_card(storage::Store& bucket, std::string_view folder, const Run& run) {
  auto put = bucket.put(card_key(folder, card_stem(run.created, run.name)), card_text(run));
  // Whoever came first has written the same.
  if (!put && put.error().code == "E142") return {};
  return put;
}

}  // namespace smflow::records
