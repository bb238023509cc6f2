// One operation of S3 as a command: s3_tool OPERATION BUCKET [KEY [MORE...]]. Endpoint and keys come from the
// environment. Writes what came of it as one JSON document, a refusal as {"error": ...}.
#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <smflow/aws/checksum.hpp>
#include <smflow/aws/operations/s3.hpp>
#include <smflow/aws/session.hpp>
#include <smflow/base/files.hpp>
#include <smflow/base/json.hpp>
#include <smflow/s3/transfer.hpp>

namespace {

using namespace smflow;
using Words = std::vector<std::string>;

std::uint64_t checksum(const std::string& text) {
  return aws::crc64nvme(std::as_bytes(std::span(text)));
}

OrderedJson as_json(const aws::AwsError& error) {
  return {{"error", error.code}, {"status", error.status}, {"message", error.message}};
}

template <class T>
OrderedJson outcome(const aws::Outcome<T>& made, const std::function<OrderedJson()>& result) {
  return made ? result() : as_json(made.error());
}

OrderedJson as_json(const aws::ObjectHead& head) {
  return {{"size", head.size}, {"etag", head.etag}, {"has_time", head.modified.has_value()}};
}

OrderedJson put(aws::Client& client, const Words& words, bool only_new) {
  const std::string text = read_file(words.at(4)).value();
  const auto etag = aws::put_object(client, {.object = {words.at(2), words.at(3)},
                                             .body = http::body_of(text),
                                             .crc64nvme = checksum(text),
                                             .only_new = only_new});
  return outcome(etag, [&] { return OrderedJson{{"etag", *etag}}; });
}

OrderedJson get(aws::Client& client, const Words& words) {
  aws::GetObjectInput input{.object = {words.at(2), words.at(3)}};
  if (words.size() > 6) input.range = {std::stoull(words.at(5)), std::stoull(words.at(6))};
  const auto got = aws::get_object(client, input);
  if (!got) return as_json(got.error());
  if (!write_file(words.at(4), got->body)) return {{"error", "cannot write the file"}};
  return as_json(got->head);
}

OrderedJson head(aws::Client& client, const Words& words) {
  const auto found = aws::head_object(client, {words.at(2), words.at(3)});
  return outcome(found, [&] { return as_json(*found); });
}

OrderedJson list(aws::Client& client, const Words& words) {
  const auto objects = aws::list_objects(client, words.at(2), words.at(3));
  if (!objects) return as_json(objects.error());
  OrderedJson json = OrderedJson::array();
  for (const aws::ListedObject& one : *objects) json.push_back({one.key, one.size, one.etag});
  return json;
}

OrderedJson copy(aws::Client& client, const Words& words) {
  const auto copied = aws::copy_object(client, {words.at(2), words.at(3)}, {words.at(4), words.at(5)});
  return outcome(copied, [] { return OrderedJson::object(); });
}

OrderedJson remove(aws::Client& client, const Words& words) {
  const auto deleted = aws::delete_object(client, {words.at(2), words.at(3)});
  return outcome(deleted, [] { return OrderedJson::object(); });
}

aws::Outcome<std::vector<aws::UploadedPart>> upload_parts(aws::Client& client, const aws::MultipartUpload& upload,
                                                          const std::string& text, std::size_t part_size) {
  std::vector<aws::UploadedPart> parts;
  for (std::size_t at = 0; at < text.size(); at += part_size) {
    const std::string part = text.substr(at, part_size);
    const int number = static_cast<int>(parts.size()) + 1;
    const auto etag = aws::upload_part(
        client, {.upload = upload, .number = number, .body = http::body_of(part), .crc64nvme = checksum(part)});
    if (!etag) return tl::unexpected(etag.error());
    parts.push_back({number, *etag});
  }
  return parts;
}

OrderedJson multipart(aws::Client& client, const Words& words, bool completes) {
  const std::string text = read_file(words.at(4)).value();
  const auto upload = aws::create_multipart_upload(client, {words.at(2), words.at(3)});
  if (!upload) return as_json(upload.error());
  const auto parts = upload_parts(client, *upload, text, std::stoull(words.at(5)));
  if (!parts) return as_json(parts.error());
  const auto ended = completes ? aws::complete_multipart_upload(
                                     client, {*upload, *parts, text.size(), checksum(text), /*only_new=*/false})
                               : aws::abort_multipart_upload(client, *upload);
  return outcome(ended, [&] { return OrderedJson{{"parts", parts->size()}}; });
}

OrderedJson outcome(const Result<void>& done) {
  return done ? OrderedJson::object() : OrderedJson{{"error", done.error().code}, {"message", done.error().message}};
}

OrderedJson upload(aws::Client& client, const Words& words) {
  return outcome(s3::upload_file(client, {words.at(2), words.at(3)}, words.at(4), true));
}

OrderedJson download(aws::Client& client, const Words& words) {
  return outcome(s3::download_file(client, {words.at(2), words.at(3)}, words.at(4)));
}

OrderedJson bucket(aws::Client& client, const Words& words) {
  const auto region = aws::head_bucket(client, words.at(2));
  return outcome(region, [&] { return OrderedJson{{"region", *region}}; });
}

using Command = std::function<OrderedJson(aws::Client&, const Words&)>;
const std::map<std::string, Command> commands = {
    {"put", [](auto& client, const auto& words) { return put(client, words, false); }},
    {"put-new", [](auto& client, const auto& words) { return put(client, words, true); }},
    {"get", get},
    {"head", head},
    {"list", list},
    {"copy", copy},
    {"delete", remove},
    {"multipart", [](auto& client, const auto& words) { return multipart(client, words, true); }},
    {"abort", [](auto& client, const auto& words) { return multipart(client, words, false); }},
    {"upload", upload},
    {"download", download},
    {"bucket", bucket}};

}  // namespace

int main(int argc, char** argv) {
  const Words words(argv, argv + argc);
  const SystemClock clock;
  SystemRandom random;
  const auto transport = http::make_transport({});
  const auto session = aws::Session::open({}, *transport, clock, random).value();
  const auto client = session->client(aws::s3).value();
  std::cout << commands.at(words.at(1))(*client, words).dump() << "\n";
}
