#pragma once

#include <map>
#include <optional>
#include <string>

#include <smflow/base/terminal.hpp>

namespace smflow::test {

// An environment of the test's own. Lookups see later changes; it must outlive them.
class FakeEnvironment {
 public:
  FakeEnvironment() = default;
  FakeEnvironment(std::initializer_list<std::pair<const std::string, std::string>> values) : values_(values) {}

  std::string& operator[](const std::string& name) { return values_[name]; }
  EnvironmentLookup lookup() const {
    return [this](const char* name) -> std::optional<std::string> {
      const auto found = values_.find(name);
      return found == values_.end() ? std::nullopt : std::optional(found->second);
    };
  }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace smflow::test
