#include "json_value.hpp"

#include <smflow/config/documents.hpp>

namespace smflow::config {

namespace {

struct ToJson {
  OrderedJson operator()(std::monostate) const { return nullptr; }
  OrderedJson operator()(const Value::List& list) const {
    OrderedJson json = OrderedJson::array();
    for (const Value& element : list) json.push_back(json_value(element));
    return json;
  }
  OrderedJson operator()(const TextMap& names) const {
    OrderedJson json = OrderedJson::object();
    for (const auto& [name, text] : names) json[name] = text;
    return json;
  }
  template <class Scalar>
  OrderedJson operator()(const Scalar& scalar) const {
    return scalar;
  }
};

}  // namespace

OrderedJson json_value(const Value& value) {
  return std::visit(ToJson{}, value.data);
}

std::string values_json(const Config& config, Origins origins) {
  OrderedJson json = OrderedJson::object();
  const Schema& schema = config.schema();
  for (const Section& section : schema.sections) json[section.name] = OrderedJson::object();
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    const Field& field = schema.fields[i];
    OrderedJson value = json_value(config.value(i));
    if (origins == Origins::shown) {
      value = OrderedJson{{"value", std::move(value)}, {"origin", config.origin(i).text}};
    }
    json[field.section][field.key] = std::move(value);
  }
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace smflow::config
