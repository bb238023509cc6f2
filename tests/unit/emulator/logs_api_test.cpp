#include "logs_api.hpp"

#include "scripted_service.hpp"

#include <gtest/gtest.h>

namespace smflow::emulator {

namespace {

class LogsApiTest : public testing::Test {
 protected:
  Json call(const std::string& operation, Json request) {
    request["logGroupName"] = log_group;
    const Answer answer = api.call(operation, request, {});
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? *answer : Json();
  }
  static std::vector<std::string> messages(const Json& page) {
    std::vector<std::string> texts;
    for (const Json& event : page["events"]) texts.push_back(event["message"]);
    return texts;
  }
  using Texts = std::vector<std::string>;

  FixedClock clock;
  LogStore store{clock, 4096, 8192};
  LogsApi api{store};
};

TEST_F(LogsApiTest, TheForwardTokenRepeatsAtTheEndAndFindsLateEvents) {
  for (const char* line : {"1", "2", "3"}) store.append("job/algo-1-1", line);
  Json request{{"logStreamName", "job/algo-1-1"}, {"startFromHead", true}, {"limit", 2}};
  Json page = call("GetLogEvents", request);
  EXPECT_EQ(messages(page), (Texts{"1", "2"}));
  request["nextToken"] = page["nextForwardToken"];
  page = call("GetLogEvents", request);
  EXPECT_EQ(messages(page), (Texts{"3"}));
  request["nextToken"] = page["nextForwardToken"];
  page = call("GetLogEvents", request);
  EXPECT_EQ(messages(page), Texts{});
  EXPECT_EQ(page["nextForwardToken"], request["nextToken"]);
  store.append("job/algo-1-1", "late");
  EXPECT_EQ(messages(call("GetLogEvents", request)), (Texts{"late"}));
}

TEST_F(LogsApiTest, ReadsBackwardFromTheNewest) {
  for (const char* line : {"1", "2", "3"}) store.append("job/algo-1-1", line);
  Json request{{"logStreamName", "job/algo-1-1"}, {"limit", 2}};
  Json page = call("GetLogEvents", request);
  EXPECT_EQ(messages(page), (Texts{"2", "3"}));
  request["nextToken"] = page["nextBackwardToken"];
  page = call("GetLogEvents", request);
  EXPECT_EQ(messages(page), (Texts{"1"}));
  request["nextToken"] = page["nextBackwardToken"];
  page = call("GetLogEvents", request);
  EXPECT_TRUE(page["events"].empty());
  EXPECT_EQ(page["nextBackwardToken"], request["nextToken"]);
}

TEST_F(LogsApiTest, FiltersSeveralStreamsInTheOrderTheEventsCame) {
  store.append("job/algo-2-1", "b loss=1");
  store.append("job/algo-1-1", "a loss=2");
  store.append("job/algo-1-1", "other");
  store.append("job-7/algo-1-1", "of another job loss=3");
  Json request{{"logStreamNamePrefix", "job/"}, {"filterPattern", "\"loss=\""}, {"limit", 1}};
  Texts all;
  for (Json page = call("FilterLogEvents", request);; page = call("FilterLogEvents", request)) {
    for (const std::string& text : messages(page)) all.push_back(text);
    if (!page.contains("nextToken")) break;
    request["nextToken"] = page["nextToken"];
  }
  EXPECT_EQ(all, (Texts{"b loss=1", "a loss=2"}));
}

TEST_F(LogsApiTest, StartIsIncludedAndEndIsNot) {
  store.append("job/algo-1-1", "first");
  clock.time += std::chrono::milliseconds(5);
  store.append("job/algo-1-1", "second");
  const std::int64_t second = clock.time.time_since_epoch().count();
  const Json stream{{"logStreamName", "job/algo-1-1"}};
  Json from = stream, to = stream;
  from["startTime"] = second;
  to["endTime"] = second;
  EXPECT_EQ(messages(call("GetLogEvents", from)), (Texts{"second"}));
  EXPECT_EQ(messages(call("GetLogEvents", to)), (Texts{"first"}));
}

TEST_F(LogsApiTest, DescribesStreamsInPages) {
  for (const char* name : {"job/algo-1-1", "job/algo-2-1", "other/algo-1-1"}) store.append(name, "x");
  Json request{{"logStreamNamePrefix", "job/"}, {"limit", 1}};
  Json page = call("DescribeLogStreams", request);
  EXPECT_EQ(page["logStreams"][0]["logStreamName"], "job/algo-1-1");
  request["nextToken"] = page["nextToken"];
  page = call("DescribeLogStreams", request);
  EXPECT_EQ(page["logStreams"][0]["logStreamName"], "job/algo-2-1");
  EXPECT_FALSE(page.contains("nextToken"));
}

TEST_F(LogsApiTest, TheGroupAppearsWithTheFirstLine) {
  const Json request{{"logGroupName", log_group}};
  EXPECT_EQ(api.call("DescribeLogStreams", request, {}).error().code, "ResourceNotFoundException");
  store.append("job/algo-1-1", "x");
  EXPECT_TRUE(api.call("DescribeLogStreams", request, {}));
  EXPECT_EQ(api.call("GetLogEvents", {{"logGroupName", log_group}, {"logStreamName", "no"}}, {}).error().code,
            "ResourceNotFoundException");
}

TEST_F(LogsApiTest, EscapesWhatThePlatformEscapes) {
  store.append("job/algo-1-1", "a\tb\rc");
  store.append("job/algo-1-1", "");
  store.append("job/algo-1-1", "\xff");
  EXPECT_EQ(messages(call("GetLogEvents", {{"logStreamName", "job/algo-1-1"}})), (Texts{"a#011b#015c", " ", "\uFFFD"}));
}

TEST_F(LogsApiTest, KeepsTheNewestWithinItsBounds) {
  for (int i = 0; i < 1000; ++i) store.append("job/algo-1-1", std::string(100, 'x') + std::to_string(i));
  const Texts kept = messages(call("GetLogEvents", {{"logStreamName", "job/algo-1-1"}}));
  EXPECT_LE(kept.size(), 4096u / 100);
  EXPECT_EQ(kept.back(), std::string(100, 'x') + "999");
  for (int stream = 2; stream < 6; ++stream) {
    for (int i = 0; i < 100; ++i) store.append("job/algo-" + std::to_string(stream) + "-1", std::string(100, 'y'));
  }
  EXPECT_TRUE(messages(call("GetLogEvents", {{"logStreamName", "job/algo-1-1"}})).empty());
}

TEST_F(LogsApiTest, RefusesWhatItCannotRead) {
  store.append("job/algo-1-1", "x");
  const auto code = [&](const std::string& operation, Json request) {
    request["logGroupName"] = log_group;
    return api.call(operation, request, {}).error().code;
  };
  EXPECT_EQ(code("GetLogEvents", {{"logStreamName", "job/algo-1-1"}, {"nextToken", "f/x"}}),
            "InvalidParameterException");
  EXPECT_EQ(code("GetLogEvents", {{"logStreamName", "job/algo-1-1"}, {"limit", 0}}), "InvalidParameterException");
  EXPECT_EQ(code("FilterLogEvents", {{"filterPattern", "{ $.a = 1 }"}}), "InvalidParameterException");
  EXPECT_EQ(code("PutLogEvents", Json::object()), "UnknownOperationException");
}

}  // namespace

}  // namespace smflow::emulator
