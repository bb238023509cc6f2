#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include <smflow/base/parallel.hpp>

namespace smflow {

namespace {

class Crew {
 public:
  Crew(std::size_t count, std::stop_token stop, const IndexedWork& work)
      : count_(count), work_(work), outside_(std::move(stop), [this] { inside_.request_stop(); }) {}

  void work() {
    for (auto index = next(); index; index = next()) {
      try {
        if (auto done = work_(*index, inside_.get_token()); !done) fail(std::move(done).error());
      } catch (...) {
        fail(std::current_exception());
      }
    }
  }

  Result<void> result() {
    if (exception_) std::rethrow_exception(exception_);
    if (error_) return tl::unexpected(*std::move(error_));
    if (begun_ < count_) return tl::unexpected(interrupted());
    return {};
  }

 private:
  std::optional<std::size_t> next() {
    const std::lock_guard lock(mutex_);
    if (begun_ == count_ || inside_.stop_requested()) return std::nullopt;
    return begun_++;
  }

  template <class Failure>
  void fail(Failure failure) {
    {
      const std::lock_guard lock(mutex_);
      if (!error_ && !exception_) set(std::move(failure));
    }
    inside_.request_stop();
  }
  void set(Error error) { error_ = std::move(error); }
  void set(std::exception_ptr exception) { exception_ = std::move(exception); }

  const std::size_t count_;
  const IndexedWork& work_;
  std::mutex mutex_;
  std::size_t begun_ = 0;
  std::optional<Error> error_;
  std::exception_ptr exception_;
  std::stop_source inside_;
  std::stop_callback<std::function<void()>> outside_;  // last: it may call at once
};

}  // namespace

Error interrupted() {
  return {.code = "E904", .exit = ExitCode::interrupted, .message = "it was interrupted before its end"};
}

Result<void> in_parallel(std::size_t count, int threads, std::stop_token stop, const IndexedWork& work) {
  Crew crew(count, std::move(stop), work);
  std::vector<std::jthread> others;
  const auto wanted = std::min<std::size_t>(count, static_cast<std::size_t>(std::max(threads, 1)));
  try {
    while (others.size() + 1 < wanted) others.emplace_back([&crew] { crew.work(); });
  } catch (const std::system_error&) {
    // No thread is to be had: those that are there do it all.
  }
  crew.work();
  others.clear();
  return crew.result();
}

}  // namespace smflow
