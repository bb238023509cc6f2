#include "curve.hpp"
#include "payload.hpp"

#include <charconv>
#include <cmath>
#include <map>

#include <smflow/base/json_number.hpp>
#include <smflow/base/text.hpp>
#include <smflow/board/render.hpp>

namespace smflow::board {

namespace {

std::vector<std::string> metric_names(const Board& board) {
  std::vector<std::string> names;
  std::map<std::string_view, bool> known;
  for (const Run& run : board.runs) {
    for (const Metric& metric : run.metrics) {
      if (known.emplace(metric.name, true).second) names.push_back(metric.name);
    }
  }
  return names;
}

// Seven digits, as many as the points of the curves have.
OrderedJson rounded(double value) {
  constexpr int digits = 7;
  if (!std::isfinite(value)) return json_number(value);
  char text[32];
  const auto end = std::to_chars(std::begin(text), std::end(text), value, std::chars_format::general, digits).ptr;
  double result = value;
  std::from_chars(text, end, result);
  return result;
}

OrderedJson metric_json(const Run& run, const std::string& name) {
  for (const Metric& metric : run.metrics) {
    if (metric.name != name) continue;
    OrderedJson values = {rounded(metric.last), rounded(metric.least), rounded(metric.greatest)};
    if (!run.detail) return values;
    for (const Series& series : run.detail->series) {
      if (series.name == name) values.push_back(spark(series));
    }
    return values;
  }
  return nullptr;
}

OrderedJson run_json(const Run& run, std::size_t parameters, const std::vector<std::string>& metrics) {
  OrderedJson json{{"id", run.id},
                   {"experiment", run.experiment},
                   {"user", run.user},
                   {"host", run.host},
                   {"target", run.target},
                   {"state", run.state},
                   {"created", milliseconds(run.created)},
                   {"started", milliseconds(run.started)},
                   {"ended", milliseconds(run.ended)},
                   {"detail", run.detail != nullptr}};
  ParameterTable::Row row = run.parameters;
  row.resize(parameters);
  json["p"] = std::move(row);
  OrderedJson& values = json["m"] = OrderedJson::array();
  for (const std::string& name : metrics) values.push_back(metric_json(run, name));
  return json;
}

}  // namespace

std::string as_text(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

OrderedJson milliseconds(const std::optional<WallTime>& time) {
  return time ? OrderedJson(time->time_since_epoch().count()) : OrderedJson(nullptr);
}

std::string cards_json(const Board& board) {
  const std::vector<std::string> metrics = metric_names(board);
  const std::vector<std::string>& parameters = board.parameters.names();
  std::string text = as_text({{"v", 1},
                              {"title", board.title},
                              {"source", board.source},
                              {"version", board.version},
                              {"made", milliseconds(board.made)},
                              {"parameters", parameters},
                              {"metrics", metrics}});
  text.pop_back();
  text += ",\"values\":[" + join(board.parameters.values(), ",") + "],\"runs\":[";
  for (const Run& run : board.runs) {
    text += as_text(run_json(run, parameters.size(), metrics));
    text.push_back(',');
  }
  if (!board.runs.empty()) text.pop_back();
  return text + "]}";
}

}  // namespace smflow::board
