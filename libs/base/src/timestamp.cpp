#include <ctime>

#include <smflow/base/timestamp.hpp>

namespace smflow {

namespace {

// Reads a text from its front; once something did not fit, nothing fits any more.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (text_.empty() || text_.front() < '0' || text_.front() > '9') return fail();
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  bool skip(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  void expect(std::string_view expected) {
    if (!skip(expected)) fail();
  }
  std::string_view take(std::size_t count) {
    if (text_.size() < count) {
      fail();
      return {};
    }
    const std::string_view taken = text_.substr(0, count);
    text_.remove_prefix(count);
    return taken;
  }
  bool next_is_digit() const { return !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; }
  int fail() {
    failed_ = true;
    text_ = {};
    return 0;
  }
  bool complete() const { return !failed_ && text_.empty(); }

 private:
  std::string_view text_;
  bool failed_ = false;
};

std::optional<WallTime> utc(std::tm time) {
  if (time.tm_mon < 0 || time.tm_mon > 11 || time.tm_mday < 1 || time.tm_mday > 31 || time.tm_hour > 23 ||
      time.tm_min > 59 || time.tm_sec > 60) {
    return std::nullopt;
  }
  return WallTime{std::chrono::seconds{::timegm(&time)}};
}

std::chrono::milliseconds fraction(Reader& reader) {
  int milliseconds = 0;
  if (!reader.skip(".")) return {};
  if (!reader.next_is_digit()) reader.fail();
  for (int weight = 100; reader.next_is_digit(); weight /= 10) milliseconds += weight * reader.digits(1);
  return std::chrono::milliseconds{milliseconds};
}

std::chrono::minutes offset(Reader& reader) {
  if (reader.skip("Z") || reader.skip("UTC")) return {};
  const int sign = reader.skip("-") ? -1 : 1;
  if (sign == 1) reader.expect("+");
  const int hours = reader.digits(2);
  reader.skip(":");
  return std::chrono::minutes{sign * (hours * 60 + reader.digits(2))};
}

int month_of(std::string_view name) {
  constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t at = names.find(name);
  return name.size() == 3 && at % 3 == 0 ? static_cast<int>(at / 3) : -1;
}

}  // namespace

std::optional<WallTime> parse_iso8601(std::string_view text) {
  Reader reader(text);
  std::tm time{};
  time.tm_year = reader.digits(4) - 1900;
  reader.expect("-");
  time.tm_mon = reader.digits(2) - 1;
  reader.expect("-");
  time.tm_mday = reader.digits(2);
  if (!reader.skip("T")) reader.expect(" ");
  time.tm_hour = reader.digits(2);
  reader.expect(":");
  time.tm_min = reader.digits(2);
  reader.expect(":");
  time.tm_sec = reader.digits(2);
  const auto milliseconds = fraction(reader);
  const auto east = offset(reader);
  const auto seconds = utc(time);
  if (!reader.complete() || !seconds) return std::nullopt;
  return *seconds + milliseconds - east;
}

std::optional<WallTime> parse_http_date(std::string_view text) {
  Reader reader(text);
  std::tm time{};
  reader.take(3);
  reader.expect(", ");
  time.tm_mday = reader.digits(2);
  reader.expect(" ");
  time.tm_mon = month_of(reader.take(3));
  reader.expect(" ");
  time.tm_year = reader.digits(4) - 1900;
  reader.expect(" ");
  time.tm_hour = reader.digits(2);
  reader.expect(":");
  time.tm_min = reader.digits(2);
  reader.expect(":");
  time.tm_sec = reader.digits(2);
  reader.expect(" GMT");
  return reader.complete() ? utc(time) : std::nullopt;
}

}  // namespace smflow
