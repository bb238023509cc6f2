#pragma once

#include <clocale>

#include <locale.h>

namespace smflow::storage {

// libarchive converts names by the thread's locale; in the "C" locale of a program that never called setlocale it fails
// on every name beyond ASCII. This gives the current thread UTF-8 for a while and leaves the process alone.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{})) {
    if (locale_ != locale_t{}) before_ = ::uselocale(locale_);
  }
  ~Utf8Locale() {
    if (locale_ == locale_t{}) return;
    ::uselocale(before_);
    ::freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t locale_;
  locale_t before_{};
};

}  // namespace smflow::storage
