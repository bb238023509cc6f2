#include "s3_fixture.hpp"
#include "support/scripted_server.hpp"

#include <thread>

#include <smflow/aws/checksum.hpp>
#include <smflow/aws/service.hpp>

namespace smflow::s3 {
namespace {

using smflow::test::slurp;
using testing::ElementsAre;

// Over real connections, to a server that plays a script.
class OverHttp : public testing::Test {
 protected:
  aws::Client& client(std::vector<test::Rule> rules) {
    server_.emplace(std::move(rules));
    client_.emplace(
        aws::s3, "eu-west-1", aws::EndpointOptions{.url = server_->url("")},
        aws::ClientParts{.transport = *transport_, .credentials = &keys_, .clock = clock_, .random = random_});
    return *client_;
  }
  int count(const std::string& method) const {
    int count = 0;
    for (const auto& request : server_->requests()) count += request.method == method ? 1 : 0;
    return count;
  }

  const test::TemporaryFolder folder_;
  const aws::ObjectName object_{"bucket", "key"};
  std::unique_ptr<http::Transport> transport_ = http::make_transport({});
  aws::FixedCredentials keys_{{"KEY", "secret"}};
  SystemClock clock_;
  SystemRandom random_;
  std::optional<test::ScriptedServer> server_;
  std::optional<aws::Client> client_;
};

const std::string created = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";

TEST_F(OverHttp, PartsAreReadFromTheFileAsTheyAreSent) {
  aws::Client& s3 = client({{.actions = {test::answer(200, created)}, .method = "POST"},
                            {.actions = {test::answer(200, "", {{"ETag", "\"p\""}})}, .method = "PUT", .times = 0},
                            {.actions = {test::answer(200, "<CompleteMultipartUploadResult/>")}, .method = "POST"}});
  const std::string content = random_bytes(1'000'000);
  const auto done =
      upload_file(s3, object_, folder_.write("f", content), true, {.connections = 4, .least_part = 300'000});
  ASSERT_TRUE(done) << done.error().message;
  std::map<std::string, std::string> parts;
  for (const auto& request : server_->requests()) {
    if (request.method == "PUT") parts[request.target] = request.body;
  }
  std::string sent;
  for (const auto& [target, body] : parts) sent += body;
  EXPECT_EQ(parts.size(), 4u);
  EXPECT_TRUE(sent == content);
}

TEST_F(OverHttp, AStalledUploadIsCancelledAndAborted) {
  aws::Client& s3 = client({{.actions = {test::answer(200, created)}, .method = "POST"},
                            {.actions = {test::stall()}, .method = "PUT", .times = 0, .read_body = false},
                            {.actions = {test::answer(204)}, .method = "DELETE"}});
  std::stop_source source;
  std::jthread user([&] {
    while (count("PUT") < 2) std::this_thread::yield();
    source.request_stop();
  });
  const auto done = upload_file(s3, object_, folder_.write("f", random_bytes(600'000)), true,
                                {.connections = 2, .least_part = 300'000, .stop = source.get_token()});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().exit, ExitCode::interrupted);
  EXPECT_EQ(count("DELETE"), 1);
}

TEST_F(OverHttp, ADownloadThatBreaksIsAskedForAgain) {
  const std::string content = random_bytes(100'000);
  const std::string head = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 100000\r\nx-amz-checksum-crc64nvme: " +
                           aws::checksum_text(aws::crc64nvme(std::as_bytes(std::span(content)))) + "\r\n\r\n";
  aws::Client& s3 = client({{.actions = {test::send_bytes(head + content.substr(0, 50'000)), test::reset_connection()}},
                            {.actions = {test::send_bytes(head + content.substr(0, 99'999)), test::close_connection()}},
                            {.actions = {test::send_bytes(head + content)}}});
  ASSERT_TRUE(download_file(s3, object_, folder_ / "f", {}, content.size()));
  EXPECT_TRUE(slurp(folder_ / "f") == content);
}

TEST_F(OverHttp, AnIgnoredRangeIsNoSuccess) {
  const std::string content = random_bytes(1000);
  aws::Client& s3 =
      client({{.actions = {test::send_bytes("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")}, .method = "HEAD"},
              {.actions = {test::answer(200, content)}, .method = "GET", .times = 0}});
  const auto done = download_file(s3, object_, folder_ / "f", {.connections = 2, .least_part = 300});
  ASSERT_FALSE(done);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "f"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace
}  // namespace smflow::s3
