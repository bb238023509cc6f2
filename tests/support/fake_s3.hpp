#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <smflow/aws/client.hpp>

namespace smflow::test {

// Amazon S3 in memory, spoken to over https://s3.fake/bucket/key: objects, ranges, listings by prefix, multipart
// uploads. It checks what S3 checks: checksums, part numbers, preconditions. Safe to use from several threads.
class FakeS3 : public http::Transport {
 public:
  using Sent = tl::expected<http::Response, http::TransportError>;

  struct Object {
    std::string content;
    std::string etag;
    std::string crc64nvme = {};  // empty: it has none
    std::string modified = "Mon, 15 Jan 2024 12:00:00 GMT";
    http::Headers other_checksum = {};         // in place of crc64nvme
    std::vector<std::size_t> part_sizes = {};  // it was uploaded in
  };
  struct Call {
    std::string operation;  // "UploadPart"
    std::string key;
    int part = 0;           // the number of one, or the first byte of a range
    int number = 0;         // counts such calls from 1
    std::string body = {};  // as sent
    http::Headers headers = {};
  };

  // The faults. `before` answers in the place of S3, which then does nothing; `after` changes the answer once S3 has
  // done it, `spoil` the bytes of an object on their way. An error of `spoil` breaks the transfer after those bytes.
  std::function<std::optional<Sent>(const Call&)> before = {};
  std::function<void(const Call&, Sent&)> after = {};
  std::function<bool(const Call&, std::string& bytes)> spoil = {};

  Sent send(const http::Request& request) override;

  void put(const std::string& key, std::string content);  // as another program does it
  void put(const std::string& key, Object object);
  std::optional<Object> object(const std::string& key) const;
  std::map<std::string, Object> objects() const;
  std::vector<Call> calls() const;
  int count(const std::string& operation) const;
  std::size_t open_uploads() const;
  int most_at_once() const;  // calls
  std::vector<std::chrono::milliseconds> pauses() const;

  // A client that speaks to it, and only notes the pauses between attempts; the fraction of their length is 1/2.
  std::shared_ptr<aws::Client> client(int attempts = 3);

 private:
  struct Query;
  struct Upload {
    std::string key;
    std::map<int, Object> parts;
  };

  Call note(const http::Request& request, const Query& query);
  Sent handle(const Call& call, const Query& query);
  Sent put_object(const Call& call);
  Sent get_object(const Call& call);
  Sent list(const Query& query);
  Sent upload_part(const Call& call, const Query& query);
  Sent complete(const Call& call, const Query& query);
  Sent deliver(const Call& call, const http::Request& request, Sent sent);
  Object make(std::string content);

  class NoWaitClient;

  mutable std::mutex mutex_;
  std::map<std::string, Object> objects_;
  std::map<std::string, Upload> uploads_;
  std::vector<Call> calls_;
  std::map<std::string, int> numbers_;
  std::vector<std::chrono::milliseconds> pauses_;
  int next_ = 1;
  int now_ = 0;
  int most_ = 0;
};

// An error as S3 writes it.
http::Response s3_error(int status, const std::string& code);

}  // namespace smflow::test
