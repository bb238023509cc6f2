#include "report.hpp"

#include <fmt/format.h>

#include <smflow/base/json.hpp>
#include <smflow/base/redact.hpp>
#include <smflow/base/text.hpp>

namespace smflow::cli {

namespace {

std::string render(const Error& error, std::string headline) {
  std::string text = std::move(headline) + printable(redact(error.message));
  if (error.where) {
    text += fmt::format("\n  --> {}:{}:{}", printable(error.where->file), error.where->line, error.where->column);
  }
  if (!error.excerpt.empty()) text += "\n" + printable(redact(error.excerpt));
  if (!error.fix.empty()) text += "\n  = fix: " + printable(error.fix);
  return text;
}

}  // namespace

std::string render_error(const Error& error, const Screen& screen) {
  return render(error, screen.paint("1;31", "error[" + error.code + "]:") + " ");
}

std::string render_warning(const Error& warning, const Screen& screen) {
  return render(warning, screen.paint("1;33", "warning[" + warning.code + "]:") + " ");
}

std::string errors_as_json(const std::vector<Error>& errors) {
  OrderedJson list = OrderedJson::array();
  for (const Error& error : errors) {
    OrderedJson entry{{"code", error.code}, {"exit", static_cast<int>(error.exit)}, {"message", redact(error.message)}};
    if (error.where) {
      entry["where"] = {{"file", error.where->file}, {"line", error.where->line}, {"column", error.where->column}};
    }
    if (!error.fix.empty()) entry["fix"] = error.fix;
    entry["docs"] = "docs/guide/errors.md#" + error.code;
    list.push_back(std::move(entry));
  }
  return OrderedJson{{"schema", "smflow.error/1"}, {"errors", std::move(list)}}.dump(
      2, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace smflow::cli
