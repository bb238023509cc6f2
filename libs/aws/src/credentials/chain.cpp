#include <smflow/aws/credential_chain.hpp>

namespace smflow::aws {

namespace {

constexpr std::chrono::minutes advisory_window{15};
constexpr std::chrono::minutes mandatory_window{10};
constexpr std::chrono::seconds between_failures{30};

Error none_found(const std::vector<CredentialTrace>& trace) {
  std::string message = "there are no AWS credentials";
  for (const CredentialTrace& line : trace) {
    message.append(&line == &trace.front() ? ": " : "; ").append(line.source).append(": ").append(line.why);
  }
  return {.code = "E400", .exit = ExitCode::permission, .message = message, .fix = "aws configure, or aws sso login"};
}

std::string end_of(const std::string& key_id) {
  return "key ..." + key_id.substr(key_id.size() - std::min<std::size_t>(key_id.size(), 4));
}

}  // namespace

CredentialChain::CredentialChain(std::vector<CredentialProvider> providers, const Clock& clock, RandomSource& random)
    : providers_(std::move(providers)), clock_(clock), random_(random) {}

std::vector<CredentialTrace> CredentialChain::trace() const {
  const std::lock_guard lock(state_);
  return trace_;
}

CredentialChain::Need CredentialChain::need(WallTime now) const {
  if (!current_) return Need::mandatory;
  if (!current_->expires) return Need::none;
  const auto left = *current_->expires - now;
  if (left <= left.zero()) return Need::mandatory;
  if (now < next_try_ || left >= advisory_window) return Need::none;
  return left < mandatory_window ? Need::mandatory : Need::advised;
}

Result<Credentials> CredentialChain::get() {
  Need wanted;
  {
    const std::lock_guard lock(state_);
    wanted = need(clock_.now());
    if (wanted == Need::none) return *current_;
  }
  return refreshed(wanted == Need::advised);
}

Result<Credentials> CredentialChain::refreshed(bool advised_only) {
  std::unique_lock flight(refresh_, std::defer_lock);
  const bool ours = advised_only ? flight.try_lock() : (flight.lock(), true);
  {
    const std::lock_guard lock(state_);
    if (current_ && (!ours || need(clock_.now()) == Need::none)) return *current_;
  }
  if (!ours) flight.lock();
  auto fetched = fetch();
  const std::lock_guard lock(state_);
  if (fetched) {
    current_ = *fetched;
    next_try_ = {};
    return fetched;
  }
  const bool still_valid = current_ && (!current_->expires || *current_->expires > clock_.now());
  if (!still_valid) return fetched;
  next_try_ = clock_.now() + between_failures;
  return *current_;
}

Result<Credentials> CredentialChain::fetch() {
  if (chosen_ == nullptr) return search();
  auto found = chosen_->look();
  if (found && std::holds_alternative<Credentials>(*found)) return checked(std::get<Credentials>(*found), *chosen_);
  {
    const std::lock_guard lock(state_);
    if (chosen_->lasts_through_outages && current_) return extended(*current_);
  }
  if (!found) return tl::unexpected(std::move(found).error());
  return tl::unexpected(none_found({{chosen_->name, CredentialTrace::Use::failed, std::get<NotHere>(*found).why}}));
}

Result<Credentials> CredentialChain::search() {
  std::vector<CredentialTrace> trace;
  Result<Credentials> result = tl::unexpected(Error{});
  std::string decided_by;
  for (const CredentialProvider& provider : providers_) {
    if (!decided_by.empty()) {
      trace.push_back({provider.name, CredentialTrace::Use::skipped, decided_by + " comes first"});
      continue;
    }
    const auto found = provider.look();
    if (found && std::holds_alternative<NotHere>(*found)) {
      trace.push_back({provider.name, CredentialTrace::Use::skipped, std::get<NotHere>(*found).why});
      continue;
    }
    result = found ? checked(std::get<Credentials>(*found), provider) : tl::unexpected(found.error());
    trace.push_back({provider.name, result ? CredentialTrace::Use::used : CredentialTrace::Use::failed,
                     result ? end_of(result->access_key_id) : result.error().message});
    if (result) chosen_ = &provider;
    decided_by = provider.name;
  }
  if (decided_by.empty()) result = tl::unexpected(none_found(trace));
  const std::lock_guard lock(state_);
  trace_ = std::move(trace);
  return result;
}

// The time at random keeps many instances from asking a service that has just come back all at once.
Credentials CredentialChain::extended(Credentials credentials) {
  const std::chrono::milliseconds extra{120'000 + random_.next() % 480'000};
  credentials.expires = clock_.now() + advisory_window + extra;
  return credentials;
}

Result<Credentials> CredentialChain::checked(Credentials credentials, const CredentialProvider& provider) {
  const WallTime now = clock_.now();
  if (!credentials.expires || *credentials.expires > now) return credentials;
  if (provider.lasts_through_outages) return extended(std::move(credentials));
  return tl::unexpected(
      Error{.code = "E408",
            .exit = ExitCode::permission,
            .message = "the AWS credentials from " + provider.name + " expired at " + format_utc(*credentials.expires),
            .fix = "sign in again, and check this machine's clock"});
}

void CredentialChain::reject(const Credentials& expired) {
  const std::lock_guard lock(state_);
  if (current_ && current_->access_key_id == expired.access_key_id &&
      current_->session_token == expired.session_token) {
    current_.reset();
    next_try_ = {};
  }
}

}  // namespace smflow::aws
