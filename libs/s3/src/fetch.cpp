#include "fetch.hpp"

#include "errors.hpp"
#include "part_retry.hpp"

namespace smflow::s3 {

namespace {

// Writers of one file wait for each other, and libcurl hands out 16 KiB at a time.
constexpr std::size_t bytes_a_write = 256u << 10;

class Fetch {
 public:
  Fetch(const FetchInput& input, const WriteAt& write) : input_(input), write_(write) {}

  aws::Outcome<Fetched> run() {
    return retry_part(
        input_.client, input_.stop, [this] { return once(); }, [this](const auto& error) { return verdict(error); });
  }

 private:
  // What is no part and has not begun to come is left to the attempts of the call.
  http::Verdict verdict(const aws::AwsError& error) {
    if (error.kind == aws::AwsError::Kind::answer) {
      return ++wrong_answers_ > 1 ? http::Verdict::fatal : http::Verdict::transient;
    }
    return input_.range || got_.size > 0 ? verdict_of_part(error) : http::Verdict::fatal;
  }

  aws::Outcome<Fetched> once() {
    got_ = {};
    checksum_ = aws::Checksum(input_.algorithm);
    waiting_.clear();
    auto answer = aws::get_object(input_.client, {.object = input_.object,
                                                  .range = input_.range,
                                                  .if_match = input_.if_match,
                                                  .sink = [this](auto bytes) { return take(bytes); },
                                                  .cancel = input_.stop});
    if (!answer) return tl::unexpected(std::move(answer).error());
    if (auto written = write_waiting(); !written) return tl::unexpected(of_our_side(std::move(written).error()));
    got_.head = std::move(answer->head);
    got_.checksum = checksum_.finish();
    if (got_.size == (input_.range ? input_.range->length : got_.head.size)) return got_;
    return tl::unexpected(aws::AwsError{.kind = aws::AwsError::Kind::answer,
                                        .service = "s3",
                                        .operation = "GetObject",
                                        .message = "the answer is cut short"});
  }

  Result<void> take(std::span<const std::byte> bytes) {
    if (input_.range && bytes.size() > input_.range->length - got_.size) {
      return tl::unexpected(wrong_bytes(input_.object, "more came than was asked for"));
    }
    checksum_.update(bytes);
    got_.size += bytes.size();
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
    return waiting_.size() < bytes_a_write ? Result<void>{} : write_waiting();
  }

  Result<void> write_waiting() {
    if (waiting_.empty()) return {};
    auto written = write_(got_.size - waiting_.size(), waiting_);
    waiting_.clear();
    return written;
  }

  static aws::AwsError of_our_side(Error cause) {
    return {.kind = aws::AwsError::Kind::local,
            .service = "s3",
            .operation = "GetObject",
            .message = cause.message,
            .cause = std::move(cause)};
  }

  const FetchInput& input_;
  const WriteAt& write_;
  Fetched got_;
  aws::Checksum checksum_{input_.algorithm};
  int wrong_answers_ = 0;
  std::vector<std::byte> waiting_;  // the last of what got_ counts
};

}  // namespace

aws::Outcome<Fetched> fetch(const FetchInput& input, const WriteAt& write) {
  return Fetch(input, write).run();
}

}  // namespace smflow::s3
