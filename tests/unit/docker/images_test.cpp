#include "support/fake_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <smflow/base/base64.hpp>
#include <smflow/base/json.hpp>
#include <smflow/docker/containers.hpp>
#include <smflow/docker/engine.hpp>

namespace smflow::docker {
namespace {

using namespace smflow::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string digest = "sha256:" + std::string(64, 'a');

// Answers of a script, streamed to the sink as the real transport does: piece by piece.
class Images : public testing::Test {
 protected:
  void SetUp() override {
    transport_.answer(200, "OK", {{"Api-Version", "1.41"}});
    transport_.answer(200, "{}");
    engine_ = Engine::connect({.url = "http://engine", .shown = "unix:///s"}, transport_).value();
    transport_.otherwise = [this](const FakeTransport::Exchange& exchange) -> FakeTransport::Sent {
      if (status_ != 200 || !exchange.request.sink) return http::Response{status_, {}, answer_};
      for (std::size_t at = 0; at < answer_.size(); at += piece_) {
        const std::string piece = answer_.substr(at, piece_);
        const auto taken = exchange.request.sink(std::as_bytes(std::span(piece)));
        if (!taken) {
          return tl::unexpected(
              http::TransportError{http::TransportError::Kind::local, "the sink failed", taken.error()});
        }
      }
      return http::Response{200, {}, ""};
    };
  }

  const FakeTransport::Exchange& last() const { return transport_.exchanges().back(); }
  Result<std::string> build(const BuildRequest& request = {}) {
    return engine_->build_image(request, [this](const Progress& progress) { seen_.push_back(progress.text); });
  }
  Result<std::string> push() { return push("127.0.0.1:5000/gan"); }
  Result<std::string> push(const std::string& repository) {
    return engine_->push_image(repository, "v1", {"127.0.0.1:5000", "AWS", "secret"},
                               [this](const Progress& progress) { seen_.push_back(progress.layer + progress.text); });
  }
  // The error of a push whose messages end with this one.
  Error refused(const std::string& words, const std::string& repository = "127.0.0.1:5000/gan") {
    answer_ = Json{{"errorDetail", {{"message", words}}}, {"error", words}}.dump();
    return push(repository).error();
  }

  FakeTransport transport_;
  std::optional<Engine> engine_;
  int status_ = 200;
  std::string answer_;
  std::size_t piece_ = 7;
  std::vector<std::string> seen_;
};

TEST_F(Images, AreInspected) {
  answer_ = R"({"Id": "sha256:1", "RepoTags": ["gan:v1"], "RepoDigests": ["r/gan@sha256:2"], "Os": "linux",
                "Architecture": "amd64", "Size": 12, "Config": {"Labels": {"a": "b", "c": 3}}})";
  const auto image = engine_->inspect_image("gan:v1");
  ASSERT_TRUE(image) << image.error().message;
  ASSERT_TRUE(*image);
  EXPECT_EQ((*image)->id, "sha256:1");
  EXPECT_THAT((*image)->digests, ElementsAre("r/gan@sha256:2"));
  EXPECT_EQ((*image)->labels.at("a"), "b");
  EXPECT_EQ((*image)->size, 12u);
  EXPECT_EQ(last().request.url, "http://engine/v1.41/images/gan%3Av1/json");
}

TEST_F(Images, ThatAreMissingAreNoError) {
  status_ = 404;
  const auto image = engine_->inspect_image("gan");
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_FALSE(*image);
}

TEST_F(Images, GiveTheirFilesByAContainerThatNeverRuns) {
  transport_.answer(201, R"({"Id": "c/1"})");
  transport_.answer(200, "a tar");
  transport_.answer(204);
  const auto tar = engine_->tar_of("sha256:1", "/opt/ml/code/a b");
  ASSERT_TRUE(tar) << tar.error().message;
  EXPECT_EQ(*tar, "a tar");
  const auto& sent = transport_.exchanges();
  ASSERT_EQ(sent.size(), 5u);
  EXPECT_THAT(sent[2].body, HasSubstr(R"("Image":"sha256:1")"));
  EXPECT_EQ(sent[3].request.method + " " + sent[3].request.url,
            "GET http://engine/v1.41/containers/c/1/archive?path=%2Fopt%2Fml%2Fcode%2Fa%20b");
  EXPECT_EQ(sent[4].request.method + " " + sent[4].request.url,
            "DELETE http://engine/v1.41/containers/c/1?force=1&v=1");
}

// A process number that Linux never gives away (PID_MAX_LIMIT).
constexpr int nobody = (1 << 22) + 1;

TEST_F(Images, NameTheProcessThatLooksIntoThem) {
  transport_.answer(201, R"({"Id": "c"})");
  transport_.answer(404);
  transport_.answer(204);
  ASSERT_TRUE(engine_->tar_of("gan", "/x"));
  const Json labels = Json::parse(transport_.exchanges()[2].body)["Labels"];
  EXPECT_EQ(labels["smflow.look"], std::to_string(::getpid()));
  EXPECT_NE(labels["smflow.machine"], "");
}

TEST_F(Images, LoseTheContainersOfProcessesThatWereKilled) {
  transport_.answer(201, R"({"Id": "c"})");
  transport_.answer(404);
  transport_.answer(204);
  ASSERT_TRUE(engine_->tar_of("gan", "/x"));
  const Json here = Json::parse(transport_.exchanges()[2].body)["Labels"]["smflow.machine"];
  const auto container = [](const char* id, const Json& process, const Json& machine) {
    return Json{{"Id", id},
                {"Names", Json::array({"/of_" + std::string(id)})},
                {"Labels", {{"smflow.look", process}, {"smflow.machine", machine}}}};
  };
  const std::string gone = std::to_string(nobody);
  const Json found = Json::array({container("left", gone, here), container("in_use", std::to_string(::getpid()), here),
                                  container("elsewhere", gone, "another machine"), container("odd", "-1", here),
                                  container("odder", gone + "x", here), Json{{"Id", "without"}}});
  transport_.answer(200, found.dump());
  transport_.answer(204);
  const auto removed = remove_abandoned_looks(*engine_);
  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_THAT(*removed, ElementsAre("of_left"));
  EXPECT_EQ(last().request.url, "http://engine/v1.41/containers/left?force=1&v=1");
  EXPECT_EQ(transport_.unused_answers(), 0u);
}

TEST_F(Images, WithoutTheFileAreNoError) {
  transport_.answer(201, R"({"Id": "c"})");
  transport_.answer(404, R"({"message": "Could not find the file"})");
  transport_.answer(204);
  const auto tar = engine_->tar_of("gan", "/x");
  ASSERT_TRUE(tar) << tar.error().message;
  EXPECT_FALSE(*tar);
}

TEST_F(Images, KeepNoContainerWhenTheirFilesCannotBeHad) {
  transport_.answer(201, R"({"Id": "c"})");
  transport_.answer(500, R"({"message": "no space"})");
  transport_.answer(204);
  const auto tar = engine_->tar_of("gan", "/x");
  ASSERT_FALSE(tar);
  EXPECT_EQ(tar.error().code, "E353");
  EXPECT_EQ(last().request.method, "DELETE");
  transport_.answer(201, "{}");
  EXPECT_EQ(engine_->tar_of("gan", "/x").error().code, "E354");
}

TEST_F(Images, OfAnEngineThatLiesAreErrors) {
  for (const char* body : {"", "[]", "{}", R"({"Id": 3})", R"({"Id": "a", "Config": [], "RepoTags": {}})"}) {
    answer_ = body;
    const auto image = engine_->inspect_image("gan");
    EXPECT_TRUE(image || image.error().code == "E354") << body;
  }
}

TEST_F(Images, AreTaggedAndRemoved) {
  status_ = 201;
  ASSERT_TRUE(engine_->tag_image("gan:v1", "r:1/gan", "v2"));
  EXPECT_EQ(last().request.url, "http://engine/v1.41/images/gan%3Av1/tag?repo=r%3A1%2Fgan&tag=v2");
  status_ = 404;
  answer_ = R"({"message": "No such image"})";
  const auto removed = engine_->remove_image("gan");
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, "E353");
  EXPECT_EQ(removed.error().exit, ExitCode::not_found);
}

TEST_F(Images, AreBuiltFromATar) {
  answer_ = R"({"stream":"Step 1/2 : FROM scratch\n"}
{"stream":" ---\u003e using\ncopying"}
{"stream":" done\n"}
{"aux":{"ID":")" +
            digest + R"("}})";
  const auto image = build({.context = http::body_of("tar"),
                            .dockerfile = "D",
                            .tags = {"gan:v1"},
                            .arguments = {{"A", "b\"c"}},
                            .labels = {{"l", "1"}},
                            .platform = "linux/amd64"});
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(*image, digest);
  EXPECT_THAT(seen_, ElementsAre("Step 1/2 : FROM scratch", "---> using", "copying done"));
  EXPECT_EQ(last().request.url,
            "http://engine/v1.41/build?buildargs=%7B%22A%22%3A%22b%5C%22c%22%7D&dockerfile=D&forcerm=1"
            "&labels=%7B%22l%22%3A%221%22%7D&platform=linux%2Famd64&rm=1&t=gan%3Av1&version=1");
  EXPECT_EQ(last().body, "tar");
}

TEST_F(Images, ThatFailToBuildNameTheStepAndItsLastLines) {
  answer_ = R"({"stream":"Step 1/2 : FROM base\n"}
{"stream":"not of this step\n"}
{"stream":"Step 2/2 : RUN make\n"}
)";
  for (int i = 0; i < 30; ++i) answer_ += "{\"stream\":\"line " + std::to_string(i) + "\\n\"}\r\n";
  answer_ += R"({"errorDetail":{"code":2,"message":"returned a non-zero code: 2"},"error":"returned"})";
  const auto image = build();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "E355");
  EXPECT_EQ(image.error().message, "'Step 2/2 : RUN make' failed: returned a non-zero code: 2");
  EXPECT_THAT(image.error().excerpt, HasSubstr("line 29"));
  EXPECT_THAT(image.error().excerpt, Not(HasSubstr("line 9\n")));
  EXPECT_THAT(image.error().excerpt, Not(HasSubstr("not of this step")));
}

TEST_F(Images, ThatFailToBuildInTheMiddleOfALineShowIt) {
  answer_ = R"({"stream":"Step 2/2 : RUN make\n"}
{"stream":"main.cpp:1\nno "}
{"stream":"luck"}
{"error":"returned a non-zero code: 2"})";
  const auto image = build();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().excerpt, "    main.cpp:1\n    no luck");
  EXPECT_THAT(seen_, ElementsAre("Step 2/2 : RUN make", "main.cpp:1", "no luck"));
}

TEST_F(Images, ThatTheDiskHasNoRoomForSayHowToFreeIt) {
  const std::string step = "{\"stream\":\"Step 2/2 : COPY a /a\\n\"}\n";
  for (const std::string& end :
       {std::string(R"({"error":"write /a: no space left on device"})"),
        std::string(R"({"stream":"OSError: [Errno 28] No space left on device"})") + "\n" + R"({"error":"code 1"})"}) {
    answer_ = step + end;
    const auto image = build();
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, "E393") << end;
    EXPECT_EQ(image.error().exit, ExitCode::machine);
    EXPECT_THAT(image.error().message, HasSubstr("is full: 'Step 2/2 : COPY a /a' failed: "));
    EXPECT_THAT(image.error().fix, HasSubstr("docker builder prune"));
  }
  EXPECT_THAT(build().error().excerpt, HasSubstr("[Errno 28]"));
  EXPECT_EQ(refused("write /var/lib/docker/x: no space left on device").code, "E393");
  EXPECT_EQ(engine_->pull_image("base:1", {}, {}).error().code, "E393");
  status_ = 500;
  answer_ = R"({"message": "Error processing tar file: no space left on device"})";
  EXPECT_EQ(build().error().code, "E393");
  EXPECT_EQ(engine_->pull_image("base:1", {}, {}).error().code, "E393");
  EXPECT_EQ(engine_->tar_of("base:1", "/x").error().code, "E393");
}

TEST_F(Images, SayThatTheBaseCannotBeHad) {
  const std::string error = R"({"error":"pull access denied for x, repository does not exist"})";
  answer_ = "{\"stream\":\"Step 1/2 : FROM x\\n\"}\n" + error;
  const auto image = build();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "E357");
  EXPECT_THAT(image.error().fix, HasSubstr("--base-image"));
  answer_ = "{\"stream\":\"Step 2/2 : RUN curl\\n\"}\n" + error;
  EXPECT_EQ(build().error().code, "E355");
}

TEST_F(Images, AreBuiltByBuildKitWhenThatIsAsked) {
  // A vertex "[1/1] RUN make", which has started, then its output, then its failure.
  const auto message = [](const std::string& bytes) {
    return R"({"id":"moby.buildkit.trace","aux":")" + to_base64(bytes) + "\"}\n";
  };
  const std::string vertex =
      "\x0a\x01"
      "d"
      "\x1a\x0e"
      "[1/1] RUN make";
  answer_ = message("\x0a\x15" + vertex + "\x2a" + std::string(1, '\0')) +
            message(std::string("\x1a\x0b\x0a\x01"
                                "d"
                                "\x22\x06"
                                "no way")) +
            message("\x0a\x17" + vertex +
                    "\x3a\x02"
                    "no") +
            R"({"errorDetail":{"message":"exit code: 2"},"error":"exit code: 2"})";
  const auto image = build({.tags = {"gan:v1"}, .buildkit = true});
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "E355");
  EXPECT_EQ(image.error().message, "'[1/1] RUN make' failed: exit code: 2");
  EXPECT_EQ(image.error().excerpt, "    no way") << "also without the end of its line";
  EXPECT_THAT(last().request.url, HasSubstr("version=2"));
  EXPECT_THAT(seen_, ElementsAre("[1/1] RUN make", "no way"));
  answer_ = R"({"id":"moby.buildkit.trace","aux":"////"})";
  EXPECT_EQ(build().error().code, "E354");
}

TEST_F(Images, OfAFileThatDoesNotParseSayWhatToCorrect) {
  status_ = 400;
  answer_ = R"({"message":"dockerfile parse error line 1: unknown instruction: FRM"})";
  const auto image = build();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "E353");
  EXPECT_EQ(image.error().fix, "correct that line of the Dockerfile");
}

TEST_F(Images, SurviveAHostileStream) {
  piece_ = 1000;
  const std::string deep(100'000, '[');
  for (const std::string& body :
       {std::string("garbage\n"), std::string("[]\n"), "{\"stream\":" + deep + "\n", std::string(3u << 20, 'x'),
        std::string(R"({"stream":5})"), std::string(R"({"aux":{"ID":"evil"}})"), std::string(R"({"aux":[1]})"),
        std::string(R"({"status":{},"progressDetail":7})"), std::string()}) {
    answer_ = body;
    const auto image = build();
    ASSERT_FALSE(image) << body.substr(0, 40);
    EXPECT_EQ(image.error().code, "E354") << body.substr(0, 40);
  }
}

TEST_F(Images, CannotSteerATerminal) {
  answer_ = "{\"stream\":\"\\u001b[2Jx\\n\"}\n";
  (void)build();
  EXPECT_THAT(seen_, ElementsAre("\\x1b[2Jx"));
}

TEST_F(Images, AreBuiltWithoutTheColoursOfTheBuilder) {
  answer_ = R"({"stream":"Step 1/2 : RUN make\n"}
{"stream":"\u001b[91mx.c:1: no luck\n\u001b[0m\u001b[1;"}
{"stream":"31mx.c:2: \u001b[2Jeither \u001b[0m\u001b[m\n\u001b[0mStep 2/2 : RUN exit 2\n"}
{"stream":"\u001b[91mred\u001b[9"}
{"errorDetail":{"message":"\u001b[91mexit code: 2\u001b[0m"},"error":""}
)";
  const auto image = build();
  ASSERT_FALSE(image);
  EXPECT_THAT(seen_, ElementsAre("Step 1/2 : RUN make", "x.c:1: no luck", "x.c:2: \\x1b[2Jeither",
                                 "Step 2/2 : RUN exit 2", "red\\x1b[9"));
  EXPECT_EQ(image.error().message, "'Step 2/2 : RUN exit 2' failed: exit code: 2");
  EXPECT_EQ(image.error().excerpt, "    red\\x1b[9");
}

TEST_F(Images, ArePushedWithALoginInTheHeader) {
  answer_ = R"({"status":"Preparing","progressDetail":{},"id":"1f"}
{"status":"Pushing","progressDetail":{"current":5,"total":10},"id":"1f"}
{"progressDetail":{},"aux":{"Tag":"v1","Digest":")" +
            digest + R"(","Size":528}})";
  const auto pushed = push();
  ASSERT_TRUE(pushed) << pushed.error().message;
  EXPECT_EQ(*pushed, digest);
  EXPECT_THAT(seen_, ElementsAre("1fPreparing", "1fPushing"));
  EXPECT_EQ(last().request.url, "http://engine/v1.41/images/127.0.0.1%3A5000/gan/push?tag=v1");
  EXPECT_EQ(last().header("X-Registry-Auth"),
            "eyJ1c2VybmFtZSI6IkFXUyIsInBhc3N3b3JkIjoic2VjcmV0Iiwic2VydmVyYWRkcmVzcyI6IjEyNy4wLjAuMTo1MDAwIn0=");
}

TEST_F(Images, ThatAPushBreaksOffForAreSentAgain) {
  for (const char* words :
       {"received unexpected HTTP status: 500 Internal Server Error", "unexpected EOF", "toomanyrequests",
        "open /var/lib/docker/x: permission denied", "sha256:401403 is unknown"}) {
    const Error error = refused(words);
    EXPECT_EQ(error.code, "E356") << words;
    EXPECT_EQ(error.exit, ExitCode::service);
    EXPECT_THAT(error.message, HasSubstr(words));
    EXPECT_THAT(error.fix, HasSubstr("run the same command again"));
  }
}

TEST_F(Images, SayThatTheRegistryLetsNobodyPush) {
  for (const char* words : {"no basic auth credentials", "unauthorized: authentication required", "denied",
                            "denied: requested access to the resource is denied", "unexpected status: 401 Unauthorized",
                            "error parsing HTTP 403 response body: invalid character '<'"}) {
    const Error error = refused(words);
    EXPECT_EQ(error.code, "E394") << words;
    EXPECT_EQ(error.exit, ExitCode::permission);
    EXPECT_THAT(error.message, HasSubstr(words));
    EXPECT_THAT(error.message, Not(HasSubstr("secret")));
    EXPECT_THAT(error.fix, HasSubstr("docker login 127.0.0.1:5000"));
  }
  EXPECT_THAT(refused("denied", "ann/gan").fix, testing::EndsWith("docker login"));
  const Error of_ecr =
      refused("denied: Your authorization token has expired", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/gan");
  EXPECT_THAT(of_ecr.fix, HasSubstr("signs in to Amazon ECR itself"));
}

TEST_F(Images, SayThatTheirTagIsTaken) {
  for (const char* words : {"tag invalid: The image tag 'v1' already exists in the 'denied: gan' repository and cannot "
                            "be overwritten because the repository is immutable.",
                            "ImageTagAlreadyExistsException: v1",
                            "unknown: Failed to process request due to 'gan:v1' configured as immutable."}) {
    const Error error = refused(words);
    EXPECT_EQ(error.code, "E395") << words;
    EXPECT_EQ(error.exit, ExitCode::conflict);
    EXPECT_THAT(error.fix, HasSubstr("another tag"));
  }
}

TEST_F(Images, ThatAreRefusedBeforeAnythingIsSentSayWhyToo) {
  for (const auto& [status, message, code] :
       {std::tuple{500, "no basic auth credentials", "E394"}, std::tuple{403, "requested access is denied", "E394"},
        std::tuple{404, "An image does not exist locally with the tag: gan", "E353"}}) {
    status_ = status;
    answer_ = Json{{"message", message}}.dump();
    EXPECT_EQ(push().error().code, code) << message;
  }
}

TEST_F(Images, ArePulledForThePlatformThatIsAsked) {
  answer_ = R"({"status":"Pulling from base","id":"1"})";
  ASSERT_TRUE(engine_->pull_image("base:1", {}, {}));
  EXPECT_EQ(last().request.url, "http://engine/v1.41/images/create?fromImage=base%3A1");
  ASSERT_TRUE(engine_->pull_image("base:1", {}, {}, {}, "linux/arm64/v8"));
  EXPECT_EQ(last().request.url, "http://engine/v1.41/images/create?fromImage=base%3A1&platform=linux%2Farm64%2Fv8");
}

}  // namespace
}  // namespace smflow::docker
