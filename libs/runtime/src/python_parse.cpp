#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include <smflow/runtime/python_value.hpp>

namespace smflow::runtime {

namespace {

constexpr int deepest = 100;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(std::string& text, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

// Recursive descent over one text. Every function returns false, or nothing, at the first character that does not fit.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<PythonValue> document() {
    skip_space();
    std::optional<PythonValue> value = read_value(0);
    skip_space();
    return rest_.empty() ? std::move(value) : std::nullopt;
  }

 private:
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  bool take(std::string_view token) {
    if (rest_.substr(0, token.size()) != token) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  std::optional<PythonValue> read_value(int depth) {
    if (rest_.empty() || depth > deepest) return std::nullopt;
    if (take("null")) return PythonValue();
    if (take("true")) return PythonValue(true);
    if (take("false")) return PythonValue(false);
    if (take("NaN")) return PythonValue(std::numeric_limits<double>::quiet_NaN());
    if (take("Infinity")) return PythonValue(std::numeric_limits<double>::infinity());
    if (take("-Infinity")) return PythonValue(-std::numeric_limits<double>::infinity());
    if (rest_.front() == '[') return read_list(depth);
    if (rest_.front() == '{') return read_dict(depth);
    if (rest_.front() != '"') return read_number();
    std::string text;
    if (!read_text(text)) return std::nullopt;
    return PythonValue(std::move(text));
  }

  std::size_t digits_at(std::size_t begin) const {
    std::size_t end = begin;
    while (end < rest_.size() && is_digit(rest_[end])) ++end;
    return end - begin;
  }

  std::optional<PythonValue> read_number() {
    std::size_t end = rest_.front() == '-' ? 1 : 0;
    const std::size_t whole = digits_at(end);
    if (whole == 0) return std::nullopt;
    end += rest_[end] == '0' ? 1 : whole;
    bool integer = true;
    if (end + 1 < rest_.size() && rest_[end] == '.' && digits_at(end + 1) > 0) {
      end += 1 + digits_at(end + 1);
      integer = false;
    }
    if (end < rest_.size() && (rest_[end] == 'e' || rest_[end] == 'E')) {
      const std::size_t sign = end + 1 < rest_.size() && (rest_[end + 1] == '+' || rest_[end + 1] == '-') ? 1 : 0;
      if (const std::size_t exponent = digits_at(end + 1 + sign); exponent > 0) {
        end += 1 + sign + exponent;
        integer = false;
      }
    }
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end);
    // strtod, not from_chars: a number too large must become infinity, one too small zero.
    if (!integer) return PythonValue(std::strtod(text.c_str(), nullptr));
    return PythonValue(PythonInt{text == "-0" ? "0" : std::move(text)});
  }

  std::optional<PythonValue> read_list(int depth) {
    take("[");
    PythonList list;
    skip_space();
    if (take("]")) return PythonValue(std::move(list));
    for (;;) {
      skip_space();
      std::optional<PythonValue> item = read_value(depth + 1);
      if (!item) return std::nullopt;
      list.push_back(*std::move(item));
      skip_space();
      if (take("]")) return PythonValue(std::move(list));
      if (!take(",")) return std::nullopt;
    }
  }

  std::optional<PythonValue> read_dict(int depth) {
    take("{");
    PythonDict dict;
    skip_space();
    if (take("}")) return PythonValue(std::move(dict));
    for (;;) {
      skip_space();
      std::string key;
      if (!read_text(key)) return std::nullopt;
      skip_space();
      if (!take(":")) return std::nullopt;
      skip_space();
      std::optional<PythonValue> value = read_value(depth + 1);
      if (!value) return std::nullopt;
      insert(dict, std::move(key), *std::move(value));
      skip_space();
      if (take("}")) return PythonValue(std::move(dict));
      if (!take(",")) return std::nullopt;
    }
  }

  static void insert(PythonDict& dict, std::string key, PythonValue value) {
    const auto same = std::find_if(dict.begin(), dict.end(), [&](const auto& entry) { return entry.first == key; });
    if (same != dict.end()) {
      same->second = std::move(value);
    } else {
      dict.emplace_back(std::move(key), std::move(value));
    }
  }

  bool read_text(std::string& text) {
    if (!take("\"")) return false;
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (static_cast<unsigned char>(c) < 0x20) return false;
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (c != '\\') {
        text += c;
      } else if (!read_escape(text)) {
        return false;
      }
    }
    return false;
  }

  bool read_escape(std::string& text) {
    static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (rest_.empty()) return false;
    const std::size_t which = letters.find(rest_.front());
    if (which != std::string_view::npos) {
      text += meanings[which];
      rest_.remove_prefix(1);
      return true;
    }
    std::uint32_t point = 0;
    if (!read_code_unit(point) || point == 0) return false;
    if (point >= 0xD800 && point < 0xDC00) {
      std::uint32_t low = 0;
      if (!take("\\") || !read_code_unit(low) || low < 0xDC00 || low > 0xDFFF) return false;
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    } else if (point >= 0xDC00 && point <= 0xDFFF) {
      return false;
    }
    append_utf8(text, point);
    return true;
  }

  bool read_code_unit(std::uint32_t& unit) {
    if (rest_.size() < 5 || !take("u")) return false;
    unit = 0;
    for (int i = 0; i < 4; ++i) {
      static constexpr std::string_view hex = "0123456789abcdef";
      const char c = rest_.front();
      const std::size_t digit = hex.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
      if (digit == std::string_view::npos) return false;
      unit = unit * 16 + static_cast<std::uint32_t>(digit);
      rest_.remove_prefix(1);
    }
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<PythonValue> parse_python_json(std::string_view text) {
  return Reader(text).document();
}

}  // namespace smflow::runtime
