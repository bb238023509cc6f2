#include "owner.hpp"

#include "system_call.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <smflow/engine/sandbox_main.hpp>

namespace smflow::engine {

namespace {

std::optional<unsigned> number_in(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  unsigned number = 0;
  const auto [end, failed] = std::from_chars(text, text + std::strlen(text), number);
  if (failed != std::errc{} || *end != '\0') return std::nullopt;
  return number;
}

}  // namespace

std::optional<Owner> sudo_user() {
  if (::geteuid() != 0) return std::nullopt;
  const auto user = number_in("SUDO_UID");
  const auto group = number_in("SUDO_GID");
  if (!user || !group || *user == 0) return std::nullopt;
  return Owner{*user, *group};
}

void become(const Owner& owner) {
  const passwd* entry = ::getpwuid(owner.user);
  check(entry == nullptr ? ::setgroups(0, nullptr) : ::initgroups(entry->pw_name, owner.group),
        "take the groups of user " + std::to_string(owner.user));
  check(::setresgid(owner.group, owner.group, owner.group), "become group " + std::to_string(owner.group));
  check(::setresuid(owner.user, owner.user, owner.user), "become user " + std::to_string(owner.user));
  // Otherwise /proc/self stays root's, and a user namespace could not be mapped.
  ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

bool become_sudo_user() {
  const auto owner = sudo_user();
  if (owner) become(*owner);
  return owner.has_value();
}

}  // namespace smflow::engine
