#include "support/fake_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/base/json.hpp>
#include <smflow/docker/containers.hpp>
#include <smflow/docker/log_frames.hpp>

namespace smflow::docker {
namespace {

using namespace smflow::test;
using testing::ElementsAre;

class ContainersTest : public testing::Test {
 protected:
  void SetUp() override {
    transport_.answer(200, "OK", {{"Api-Version", "1.41"}});
    transport_.answer(200, "{}");
    engine_ = Engine::connect({.url = "http://engine", .shown = "unix:///s"}, transport_).value();
  }

  const FakeTransport::Exchange& last() const { return transport_.exchanges().back(); }
  Containers containers() const { return Containers(*engine_); }
  Json created(const ContainerRequest& request) {
    transport_.answer(201, R"({"Id": "c1"})");
    EXPECT_EQ(containers().create(request).value(), "c1");
    return Json::parse(last().body);
  }

  FakeTransport transport_;
  std::optional<Engine> engine_;
};

TEST_F(ContainersTest, AreMadeAsAsked) {
  const Json body = created({.name = "smflow-job-algo-1",
                             .image = "gan:1",
                             .command = {"train"},
                             .hostname = "algo-1",
                             .environment = {{"A", "b=c"}},
                             .labels = {{"smflow.job", "job"}},
                             .mounts = {{.source = "/data", .target = "/opt/ml/input/data/x"}},
                             .own_folders = {"/opt/ml/code"},
                             .shared_memory = 1u << 30,
                             .memory = 2u << 30,
                             .cpus = 1.5,
                             .limits = {{"nofile", 65536}},
                             .all_gpus = true,
                             .network = "net",
                             .address = "10.213.7.2",
                             .hosts = {{"algo-1", "10.213.7.2"}},
                             .published = {5678}});
  EXPECT_EQ(last().request.url, "http://engine/v1.41/containers/create?name=smflow-job-algo-1");
  EXPECT_EQ(body["Image"], "gan:1");
  EXPECT_EQ(body["Cmd"], Json({"train"}));
  EXPECT_EQ(body["Env"], Json({"A=b=c"}));
  const Json& host = body["HostConfig"];
  EXPECT_EQ(
      host["Mounts"],
      Json::array({{{"Type", "bind"}, {"Source", "/data"}, {"Target", "/opt/ml/input/data/x"}, {"ReadOnly", true}},
                   {{"Type", "volume"}, {"Target", "/opt/ml/code"}, {"VolumeOptions", {{"NoCopy", true}}}}}));
  EXPECT_EQ(host["Memory"], host["MemorySwap"]);
  EXPECT_EQ(host["NanoCpus"], 1'500'000'000);
  EXPECT_EQ(host["Ulimits"], Json::array({{{"Name", "nofile"}, {"Soft", 65536}, {"Hard", 65536}}}));
  EXPECT_EQ(host["ExtraHosts"], Json({"algo-1:10.213.7.2"}));
  EXPECT_EQ(host["DeviceRequests"][0]["Count"], -1);
  EXPECT_EQ(host["PortBindings"]["5678/tcp"][0], (Json{{"HostIp", "127.0.0.1"}, {"HostPort", ""}}));
  EXPECT_EQ(body["ExposedPorts"], (Json{{"5678/tcp", Json::object()}}));
  EXPECT_EQ(body["NetworkingConfig"]["EndpointsConfig"]["net"]["IPAMConfig"]["IPv4Address"], "10.213.7.2");
}

TEST_F(ContainersTest, LeaveOutWhatIsNotAsked) {
  const Json body = created({.name = {}, .image = "gan:1"});
  for (const char* member : {"Cmd", "Hostname", "NetworkingConfig"}) EXPECT_FALSE(body.contains(member)) << member;
  for (const char* member : {"Memory", "NanoCpus", "DeviceRequests", "NetworkMode", "ShmSize", "Ulimits"}) {
    EXPECT_FALSE(body["HostConfig"].contains(member)) << member;
  }
}

TEST_F(ContainersTest, OfAnImageThatIsNotThereSayHowToBuildIt) {
  transport_.answer(404, R"({"message": "No such image: gan:1"})");
  EXPECT_EQ(containers().create({.name = {}, .image = "gan:1"}).error().code, "E364");
}

TEST_F(ContainersTest, TellWhyTheyDoNotStart) {
  for (const auto& [message, code] :
       {std::pair{R"({"message": "could not select device driver \"\" with capabilities: [[gpu]]"})", "E365"},
        std::pair{R"({"message": "setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all"})", "E365"},
        std::pair{R"({"message": "exec: \"train\": executable file not found in $PATH"})", "E366"},
        std::pair{R"({"message": "no space"})", "E353"}}) {
    transport_.answer(500, message);
    EXPECT_EQ(containers().start("c1").error().code, code);
  }
}

TEST_F(ContainersTest, OfPodmanGetGpusByTheirNamesOfCdi) {
  transport_.answer(200, "OK", {{"Api-Version", "1.41"}});
  transport_.answer(200, R"({"Version": "5.4.2", "Components": [{"Name": "Podman Engine"}]})");
  engine_ = Engine::connect({.url = "http://engine", .shown = "unix:///s"}, transport_).value();
  const Json body = created({.name = {}, .image = "gan:1", .all_gpus = true});
  EXPECT_EQ(body["HostConfig"]["DeviceRequests"],
            Json::array({{{"Driver", "cdi"}, {"DeviceIDs", {"nvidia.com/gpu=all"}}}}));
  for (const auto& [state, code] :
       {std::pair{R"({"State": {"Running": true}})", "E365"}, std::pair{R"({"State": {"Running": false}})", ""}}) {
    for (int device = 0; device < 2; ++device) transport_.answer(404, "");
    transport_.answer(200, state);
    const auto checked = containers().check_gpus("c1");
    EXPECT_EQ(checked ? "" : checked.error().code, code);
  }
  // {"mtime":"2026-11-28T03:00:00Z"}
  transport_.answer(200, "", {{"X-Docker-Container-Path-Stat", "eyJtdGltZSI6IjIwMjYtMTEtMjhUMDM6MDA6MDBaIn0="}});
  EXPECT_TRUE(containers().check_gpus("c1"));
  EXPECT_NE(last().request.url.find("nvidiactl"), std::string::npos);
}

TEST_F(ContainersTest, ThatHaveGoneAreSignalledAndRemovedWithoutAnError) {
  for (const int status : {404, 409}) {
    transport_.answer(status, R"({"message": "gone"})");
    EXPECT_TRUE(containers().signal("c1", "SIGTERM"));
    transport_.answer(status, R"({"message": "gone"})");
    EXPECT_TRUE(containers().remove("c1"));
  }
}

TEST_F(ContainersTest, AreListedByLabels) {
  transport_.answer(200, R"([{"Id": "c1", "Names": ["/one"], "State": "running", "Labels": {"a": "b"}}, 7])");
  const auto found = containers().list({"smflow.job"});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_THAT(found->front().names, ElementsAre("/one"));
  EXPECT_EQ(found->front().labels.at("a"), "b");
}

TEST_F(ContainersTest, TellWhereTheirPortsAre) {
  transport_.answer(200, R"({"State": {"Running": true}, "NetworkSettings": {"Ports": {"80/tcp": null,
                             "5678/tcp": [{"HostIp": "127.0.0.1", "HostPort": "49153"}]}}})");
  EXPECT_EQ(containers().inspect("c1").value().published, (std::map<int, int>{{5678, 49153}}));
}

TEST_F(ContainersTest, WithoutAStateAreNotUnderstood) {
  for (const char* answer : {"{}", R"({"State": 3})", "[]", "nothing"}) {
    transport_.answer(200, answer);
    EXPECT_EQ(containers().inspect("c1").error().code, "E354") << answer;
  }
}

TEST_F(ContainersTest, TellWhenAFileHasChanged) {
  // {"name":"a","mtime":"2026-11-28T03:00:00.25+01:00"}
  const http::Headers stat{
      {"X-Docker-Container-Path-Stat", "eyJuYW1lIjoiYSIsIm10aW1lIjoiMjAyNi0xMS0yOFQwMzowMDowMC4yNSswMTowMCJ9"}};
  transport_.answer(200, "", stat);
  EXPECT_EQ(format_utc(containers().changed("c1", "/opt/ml/a").value().value()), "2026-11-28T02:00:00.250Z");
  EXPECT_EQ(last().request.method, "HEAD");
  // {"name":"ab?","mtime":"2026-11-28T03:00:00Z"}, by Podman
  transport_.answer(200, "",
                    {{"X-Docker-Container-Path-Stat", "eyJuYW1lIjoiYWI_IiwibXRpbWUiOiIyMDI2LTExLTI4VDAzOjAwOjAwWiJ9"}});
  EXPECT_EQ(format_utc(containers().changed("c1", "/opt/ml/a").value().value()), "2026-11-28T03:00:00.000Z");
  transport_.answer(404, "");
  EXPECT_FALSE(containers().changed("c1", "/opt/ml/a").value());
  transport_.answer(200, "");
  EXPECT_EQ(containers().changed("c1", "/opt/ml/a").error().code, "E354");
}

TEST_F(ContainersTest, NetworksCarryPacketsOfTheSizeThatIsAsked) {
  const Networks networks(*engine_);
  transport_.answer(201, "{}");
  EXPECT_TRUE(networks.create({.name = "n", .subnet = "10.213.0.0/24", .mtu = 1400}).value());
  EXPECT_EQ(Json::parse(last().body)["Options"], (Json{{"com.docker.network.driver.mtu", "1400"}}));
  transport_.answer(201, "{}");
  EXPECT_TRUE(networks.create({.name = "n", .subnet = "10.213.0.0/24"}).value());
  EXPECT_FALSE(Json::parse(last().body).contains("Options"));
}

TEST_F(ContainersTest, NetworksWhoseSubnetIsTakenAreNoError) {
  const Networks networks(*engine_);
  transport_.answer(403, R"({"message": "Pool overlaps with other one on this address space"})");
  EXPECT_FALSE(networks.create({.name = "n", .subnet = "10.213.0.0/24"}).value());
  transport_.answer(500, R"({"message": "no bridges"})");
  EXPECT_EQ(networks.create({.name = "n", .subnet = "10.213.0.0/24"}).error().code, "E353");
}

std::string frame(char stream, const std::string& text) {
  return std::string{stream, 0, 0, 0, 0, 0, static_cast<char>(text.size() >> 8), static_cast<char>(text.size())} + text;
}

TEST(LogFramesTest, GiveTheBytesOfEachStreamWhereverTheyAreCut) {
  const std::string log = frame(1, "out\n") + frame(2, "") + frame(2, "err") + frame(1, std::string(300, 'x'));
  for (std::size_t piece = 1; piece <= log.size(); ++piece) {
    std::map<OutputStream, std::string> texts;
    const LogFrames::Sink sink = [&](OutputStream stream, std::span<const std::byte> bytes) -> Result<void> {
      texts[stream].append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return {};
    };
    LogFrames frames(sink);
    for (std::size_t at = 0; at < log.size(); at += piece) {
      const std::string part = log.substr(at, piece);
      ASSERT_TRUE(frames.feed(std::as_bytes(std::span(part))));
    }
    EXPECT_EQ(texts[OutputStream::standard], "out\n" + std::string(300, 'x'));
    EXPECT_EQ(texts[OutputStream::error], "err");
  }
}

TEST(LogFramesTest, RefuseWhatIsNoFrame) {
  const LogFrames::Sink sink = [](OutputStream, std::span<const std::byte>) -> Result<void> { return {}; };
  LogFrames frames(sink);
  const std::string text = "plain text, unframed";
  EXPECT_EQ(frames.feed(std::as_bytes(std::span(text))).error().code, "E354");
}

}  // namespace
}  // namespace smflow::docker
