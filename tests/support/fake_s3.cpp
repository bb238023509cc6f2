#include "support/fake_s3.hpp"

#include "support/fake_clock.hpp"

#include <smflow/aws/checksum.hpp>
#include <smflow/aws/encoding.hpp>
#include <smflow/aws/service.hpp>

namespace smflow::test {

namespace {

std::string checksum_text_of(const std::string& content) {
  return aws::checksum_text(aws::crc64nvme(std::as_bytes(std::span(content))));
}

http::Response ok(std::string body = {}, http::Headers headers = {}) {
  return {200, std::move(headers), std::move(body)};
}

std::string text_of(const http::Request& request, bool& readable) {
  if (request.body == nullptr) return {};
  std::string text(request.body->size(), '\0');
  readable = request.body->read(0, std::as_writable_bytes(std::span(text))).has_value();
  return text;
}

std::string header(const FakeS3::Call& call, std::string_view name) {
  return std::string(http::find_header(call.headers, name).value_or(""));
}

bool says_otherwise(const FakeS3::Call& call, const std::string& content) {
  const std::string said = header(call, "x-amz-checksum-crc64nvme");
  return !said.empty() && said != checksum_text_of(content);
}

// Constant randomness is enough: nobody waits.
class Half : public RandomSource {
 public:
  std::uint64_t next() override { return 1ull << 63; }
};

}  // namespace

struct FakeS3::Query {
  std::string method;
  std::string key;  // without the bucket
  std::map<std::string, std::string> values;

  explicit Query(const http::Request& request) : method(request.method) {
    std::string_view rest(request.url);
    rest.remove_prefix(std::string_view("https://s3.fake/").size());
    const std::size_t mark = std::min(rest.find('?'), rest.size());
    const std::string_view path = rest.substr(0, mark);
    if (const std::size_t slash = path.find('/'); slash != std::string_view::npos) {
      key = aws::percent_decode(path.substr(slash + 1)).value();
    }
    rest.remove_prefix(std::min(mark + 1, rest.size()));
    while (!rest.empty()) {
      const std::string_view pair = rest.substr(0, rest.find('&'));
      const std::size_t equals = pair.find('=');
      values[std::string(pair.substr(0, equals))] = aws::percent_decode(pair.substr(equals + 1)).value();
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    }
  }

  bool has(const std::string& name) const { return values.contains(name); }
  std::string operation() const {
    if (method == "HEAD") return has("partNumber") ? "HeadPart" : "HeadObject";
    if (method == "GET") return has("list-type") ? "ListObjectsV2" : "GetObject";
    if (method == "DELETE") return has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
    if (method == "PUT") return has("partNumber") ? "UploadPart" : "PutObject";
    return has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
  }
};

http::Response s3_error(int status, const std::string& code) {
  return {status, {}, "<Error><Code>" + code + "</Code><RequestId>r-1</RequestId></Error>"};
}

FakeS3::Object FakeS3::make(std::string content) {
  Object object{std::move(content), "\"e" + std::to_string(next_++) + "\""};
  object.crc64nvme = checksum_text_of(object.content);
  return object;
}

void FakeS3::put(const std::string& key, std::string content) {
  const std::lock_guard lock(mutex_);
  objects_[key] = make(std::move(content));
}

void FakeS3::put(const std::string& key, Object object) {
  const std::lock_guard lock(mutex_);
  objects_[key] = std::move(object);
}

std::optional<FakeS3::Object> FakeS3::object(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  return found == objects_.end() ? std::nullopt : std::optional(found->second);
}

std::map<std::string, FakeS3::Object> FakeS3::objects() const {
  const std::lock_guard lock(mutex_);
  return objects_;
}

std::vector<FakeS3::Call> FakeS3::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

int FakeS3::count(const std::string& operation) const {
  int count = 0;
  for (const Call& call : calls()) count += call.operation == operation ? 1 : 0;
  return count;
}

std::size_t FakeS3::open_uploads() const {
  const std::lock_guard lock(mutex_);
  return uploads_.size();
}

std::vector<std::chrono::milliseconds> FakeS3::pauses() const {
  const std::lock_guard lock(mutex_);
  return pauses_;
}

int FakeS3::most_at_once() const {
  const std::lock_guard lock(mutex_);
  return most_;
}

FakeS3::Call FakeS3::note(const http::Request& request, const Query& query) {
  Call call{.operation = query.operation(), .key = query.key, .headers = request.headers};
  if (query.has("partNumber")) call.part = std::stoi(query.values.at("partNumber"));
  if (const std::string range = header(call, "Range"); !range.empty()) call.part = std::stoi(range.substr(6));
  const std::lock_guard lock(mutex_);
  call.number = ++numbers_[call.operation + " " + call.key + " " + std::to_string(call.part)];
  calls_.push_back(call);
  most_ = std::max(most_, ++now_);
  return call;
}

FakeS3::Sent FakeS3::send(const http::Request& request) {
  using Kind = http::TransportError::Kind;
  const Query query(request);
  Call call = note(request, query);
  const std::shared_ptr<void> leave(nullptr, [this](void*) {
    const std::lock_guard lock(mutex_);
    --now_;
  });
  if (request.cancel.stop_requested()) return tl::unexpected(http::TransportError{Kind::cancelled, "cancelled"});
  if (before) {
    if (auto instead = before(call)) return *std::move(instead);
  }
  bool readable = true;
  call.body = text_of(request, readable);
  if (!readable) {
    // As the real one does: the source's own error is the cause.
    std::string text(request.body->size(), '\0');
    auto read = request.body->read(0, std::as_writable_bytes(std::span(text)));
    return tl::unexpected(http::TransportError{Kind::local, "the body cannot be read", read.error()});
  }
  if (request.cancel.stop_requested()) return tl::unexpected(http::TransportError{Kind::cancelled, "cancelled"});
  Sent sent = [&] {
    const std::lock_guard lock(mutex_);
    return handle(call, query);
  }();
  if (after) after(call, sent);
  return deliver(call, request, std::move(sent));
}

FakeS3::Sent FakeS3::deliver(const Call& call, const http::Request& request, Sent sent) {
  using Kind = http::TransportError::Kind;
  if (!sent || call.operation != "GetObject" || sent->status >= 300) return sent;
  const bool whole = !spoil || spoil(call, sent->body);
  if (request.sink) {
    const auto bytes = std::as_bytes(std::span(sent->body));
    for (std::size_t at = 0; at < bytes.size(); at += 16384) {
      auto taken = request.sink(bytes.subspan(at, std::min<std::size_t>(16384, bytes.size() - at)));
      if (!taken) return tl::unexpected(http::TransportError{Kind::local, "the sink failed", taken.error()});
    }
    sent->body.clear();
  }
  if (!whole) return tl::unexpected(http::TransportError{Kind::broken, "the connection broke"});
  return sent;
}

FakeS3::Sent FakeS3::handle(const Call& call, const Query& query) {
  if (call.operation == "ListObjectsV2") return list(query);
  if (call.operation == "PutObject") return put_object(call);
  if (call.operation == "GetObject" || query.method == "HEAD") return get_object(call);
  if (call.operation == "UploadPart") return upload_part(call, query);
  if (call.operation == "CompleteMultipartUpload") return complete(call, query);
  if (call.operation == "CreateMultipartUpload") {
    const std::string id = "u" + std::to_string(next_++);
    uploads_[id] = {call.key, {}};
    return ok("<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
  }
  if (call.operation == "AbortMultipartUpload") {
    if (uploads_.erase(query.values.at("uploadId")) == 0) return s3_error(404, "NoSuchUpload");
  } else {
    objects_.erase(call.key);
  }
  return http::Response{204, {}, ""};
}

FakeS3::Sent FakeS3::put_object(const Call& call) {
  if (header(call, "If-None-Match") == "*" && objects_.contains(call.key)) return s3_error(412, "PreconditionFailed");
  if (says_otherwise(call, call.body)) return s3_error(400, "BadDigest");
  const Object& object = objects_[call.key] = make(call.body);
  return ok("", {{"ETag", object.etag}});
}

FakeS3::Sent FakeS3::get_object(const Call& call) {
  const bool body = call.operation == "GetObject";
  const auto found = objects_.find(call.key);
  if (found == objects_.end()) return body ? s3_error(404, "NoSuchKey") : http::Response{404, {}, ""};
  const Object& object = found->second;
  const std::string match = header(call, "If-Match");
  if (!match.empty() && match != object.etag) return s3_error(412, "PreconditionFailed");
  http::Response answer{200, {{"ETag", object.etag}, {"Last-Modified", object.modified}}, object.content};
  const std::string range = header(call, "Range");
  std::size_t first = 0;
  std::size_t last = 0;
  if (std::sscanf(range.c_str(), "bytes=%zu-%zu", &first, &last) == 2) {
    const std::string size = std::to_string(object.content.size());
    if (first >= object.content.size()) return s3_error(416, "InvalidRange");
    answer.status = 206;
    answer.body = object.content.substr(first, last - first + 1);
    const std::string end = std::to_string(first + answer.body.size() - 1);
    answer.headers.push_back({"Content-Range", "bytes " + std::to_string(first) + "-" + end + "/" + size});
  } else if (call.operation == "HeadPart") {
    answer.body.resize(object.part_sizes.at(static_cast<std::size_t>(call.part) - 1));
  } else if (!object.other_checksum.empty()) {
    answer.headers.insert(answer.headers.end(), object.other_checksum.begin(), object.other_checksum.end());
  } else if (!object.crc64nvme.empty()) {
    answer.headers.push_back({"x-amz-checksum-crc64nvme", object.crc64nvme});
  }
  answer.headers.push_back({"Content-Length", std::to_string(answer.body.size())});
  if (!body) answer.body.clear();
  return answer;
}

// Two keys a page, so that there are pages.
FakeS3::Sent FakeS3::list(const Query& query) {
  const std::string& prefix = query.values.at("prefix");
  const auto token = query.values.find("continuation-token");
  std::string text = "<ListBucketResult><EncodingType>url</EncodingType>";
  auto at = token == query.values.end() ? objects_.lower_bound(prefix) : objects_.upper_bound(token->second);
  std::string last;
  for (int keys = 0; at != objects_.end() && at->first.starts_with(prefix) && keys < 2; ++at, ++keys) {
    last = at->first;
    text += "<Contents><Key>" + aws::percent_encode(last, "/") + "</Key><Size>" +
            std::to_string(at->second.content.size()) + "</Size><ETag>" + at->second.etag +
            "</ETag><LastModified>2024-01-15T12:00:00.000Z</LastModified></Contents>";
  }
  if (at != objects_.end() && at->first.starts_with(prefix)) {
    text += "<IsTruncated>true</IsTruncated><NextContinuationToken>" + last + "</NextContinuationToken>";
  }
  return ok(text + "</ListBucketResult>");
}

FakeS3::Sent FakeS3::upload_part(const Call& call, const Query& query) {
  const auto upload = uploads_.find(query.values.at("uploadId"));
  if (upload == uploads_.end()) return s3_error(404, "NoSuchUpload");
  if (says_otherwise(call, call.body)) return s3_error(400, "BadDigest");
  const Object& part = upload->second.parts[call.part] = make(call.body);
  return ok("", {{"ETag", part.etag}});
}

FakeS3::Sent FakeS3::complete(const Call& call, const Query& query) {
  const auto upload = uploads_.find(query.values.at("uploadId"));
  if (upload == uploads_.end()) return s3_error(404, "NoSuchUpload");
  if (header(call, "If-None-Match") == "*" && objects_.contains(call.key)) return s3_error(412, "PreconditionFailed");
  std::string content;
  int expected = 1;
  for (const auto& [number, part] : upload->second.parts) {
    const std::string etag = part.etag.substr(1, part.etag.size() - 2);
    if (number != expected++ || call.body.find(etag) == std::string::npos) return s3_error(400, "InvalidPart");
    content += part.content;
  }
  if (says_otherwise(call, content) || header(call, "x-amz-mp-object-size") != std::to_string(content.size())) {
    return s3_error(400, "BadDigest");
  }
  objects_[call.key] = make(std::move(content));
  uploads_.erase(upload);
  return ok("<CompleteMultipartUploadResult/>");
}

// The client and what it refers to.
class FakeS3::NoWaitClient {
 public:
  NoWaitClient(FakeS3& transport, int attempts)
      : client(aws::s3, "eu-west-1", {.url = "https://s3.fake"},
               {.transport = transport,
                .credentials = &credentials_,
                .clock = clock_,
                .random = random_,
                .sleep =
                    [&transport](std::chrono::milliseconds pause, const std::stop_token& stop) {
                      const std::lock_guard lock(transport.mutex_);
                      transport.pauses_.push_back(pause);
                      return !stop.stop_requested();
                    },
                .retries = {.attempts = attempts}}) {}

 private:
  aws::FixedCredentials credentials_{{"KEY", "secret"}};
  FakeClock clock_;
  Half random_;

 public:
  aws::Client client;
};

std::shared_ptr<aws::Client> FakeS3::client(int attempts) {
  const auto whole = std::make_shared<NoWaitClient>(*this, attempts);
  return {whole, &whole->client};
}

}  // namespace smflow::test
