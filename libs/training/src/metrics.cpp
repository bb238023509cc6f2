#include "smflow/training/metrics.hpp"

#include <cerrno>
#include <cmath>

#include <fcntl.h>
#include <fmt/format.h>

#include <smflow/base/files.hpp>
#include <smflow/base/json_number.hpp>
#include <smflow/base/text.hpp>
#include <smflow/base/write_all.hpp>

namespace smflow::training {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t metrics_file_limit = 4ull << 30;

std::string four_digits(double value) {
  const bool hidden = value != 0 && std::abs(value) < 1e-3;
  return hidden || std::abs(value) >= 1e9 ? fmt::format("{:.4e}", value) : fmt::format("{:.4f}", value);
}

// Nine significant digits bring a float back exactly.
OrderedJson nine_digits(double value) {
  return json_number(std::isfinite(value) ? std::stod(fmt::format("{:.9g}", value)) : value);
}

bool keeps(std::string_view line, std::int64_t keep_step) {
  const auto json = parse_json(line, "metrics line");
  if (!json || !json->is_object()) return false;
  const auto step = json->find("step");
  return step != json->end() && step->is_number_integer() && step->get<std::int64_t>() <= keep_step;
}

Result<std::string> kept_lines(const fs::path& file, std::int64_t keep_step) {
  std::error_code ignored;
  if (keep_step < 0 || !fs::exists(file, ignored)) return std::string{};
  const auto text = read_file(file, metrics_file_limit);
  if (!text) return tl::unexpected(text.error());
  std::string kept;
  for (std::size_t begin = 0, end; (end = text->find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string_view line = std::string_view(*text).substr(begin, end - begin);
    if (keeps(line, keep_step)) kept.append(line).push_back('\n');
  }
  return kept;
}

}  // namespace

std::string progress_line(std::int64_t epoch, std::int64_t epochs, std::int64_t batch, std::int64_t batches,
                          std::span<const NamedValue> values) {
  std::string line = fmt::format("[{}/{}][{}/{}]", epoch, epochs, batch, batches);
  for (const NamedValue& value : values) line += fmt::format(" {}: {}", value.name, four_digits(value.value));
  return line;
}

Result<MetricsFile> MetricsFile::open(const fs::path& file, const Clock& clock, std::int64_t keep_step) {
  const auto kept = kept_lines(file, keep_step);
  if (!kept) return tl::unexpected(kept.error());
  if (auto done = write_file(file, *kept); !done) return tl::unexpected(done.error());
  UniqueFd fd(::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!fd) return tl::unexpected(system_error(fmt::format("cannot write '{}'", file.string()), errno));
  return MetricsFile(std::move(fd), file.string(), clock);
}

Result<void> MetricsFile::scalars(std::int64_t step, std::int64_t epoch, std::span<const NamedValue> values) {
  OrderedJson json = line(step);
  json["epoch"] = epoch;
  OrderedJson& members = json["m"] = OrderedJson::object();
  for (const NamedValue& value : values) members[std::string(value.name)] = nine_digits(value.value);
  return write(json);
}

Result<void> MetricsFile::event(std::int64_t step, std::string_view event, std::string_view file) {
  OrderedJson json = line(step);
  json["event"] = event;
  if (!file.empty()) json["file"] = file;
  return write(json);
}

OrderedJson MetricsFile::line(std::int64_t step) const {
  OrderedJson json;
  json["v"] = 1;
  json["t"] = static_cast<double>(clock_->now().time_since_epoch().count()) / 1000;
  json["step"] = step;
  return json;
}

Result<void> MetricsFile::write(const OrderedJson& line) {
  return write_all(fd_.get(), line.dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + '\n', name_);
}

}  // namespace smflow::training
