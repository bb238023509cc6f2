#include <smflow/board/board.hpp>

namespace smflow::board {

std::uint32_t ParameterTable::index_of(std::string_view text, std::map<std::string, std::uint32_t, std::less<>>& known,
                                       std::vector<std::string>& list) {
  const auto found = known.find(text);
  if (found != known.end()) return found->second;
  const auto index = static_cast<std::uint32_t>(list.size());
  list.emplace_back(text);
  known.emplace(text, index);
  return index;
}

void ParameterTable::set(Row& row, std::string_view name, const OrderedJson& value, bool changed) {
  set_json(row, name, value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace), changed);
}

void ParameterTable::set_json(Row& row, std::string_view name, std::string_view json, bool changed) {
  const std::uint32_t column = index_of(name, known_names_, names_);
  if (row.size() <= column) row.resize(column + 1);
  row[column] = 1 + 2 * index_of(json, known_values_, values_) + (changed ? 1 : 0);
}

}  // namespace smflow::board
