#include "client_fixture.hpp"

#include <smflow/aws/operations/log_events.hpp>
#include <smflow/base/json.hpp>

namespace smflow::aws {
namespace {

class LogEvents : public ClientTest {
 protected:
  Json sent() const { return Json::parse(transport_.exchanges().back().body); }
  std::unique_ptr<Client> client_ = client(logs);
};

TEST_F(LogEvents, StreamsAreListedByPrefixPageByPage) {
  transport_.answer(200, R"({"logStreams":[{"logStreamName":"j/algo-1-1","storedBytes":0}],"nextToken":"n"})");
  const auto page = describe_log_streams(*client_, "g", "j/");
  EXPECT_EQ(page->names, std::vector<std::string>{"j/algo-1-1"});
  EXPECT_EQ(page->next_token, "n");
  EXPECT_EQ(transport_.exchanges().back().header("X-Amz-Target"), "Logs_20140328.DescribeLogStreams");
  EXPECT_EQ(sent().at("orderBy"), "LogStreamName");
  EXPECT_FALSE(sent().contains("nextToken"));
  transport_.answer(400, R"({"__type":"ResourceNotFoundException","message":"no such group"})");
  EXPECT_EQ(describe_log_streams(*client_, "g", "j/", "n").error().kind, AwsError::Kind::not_found);
  EXPECT_EQ(sent().at("nextToken"), "n");
}

TEST_F(LogEvents, OfAStreamAreReadFromItsHead) {
  transport_.answer(200, R"({"events":[{"timestamp":1700000000123,"message":"hallo","ingestionTime":1}],
                             "nextForwardToken":"f/1","nextBackwardToken":"b/1"})");
  const auto page = get_log_events(*client_, {.group = "g", .stream = "s", .start_time = 5});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->events.at(0).timestamp, 1700000000123);
  EXPECT_EQ(page->events.at(0).message, "hallo");
  EXPECT_EQ(page->next_token, "f/1");
  EXPECT_EQ(sent().at("startFromHead"), true);
  EXPECT_EQ(sent().at("startTime"), 5);
  transport_.answer(200, R"({"events":[],"nextForwardToken":"f/1"})");
  EXPECT_TRUE(get_log_events(*client_, {.group = "g", .stream = "s", .token = "f/1"})->events.empty());
  EXPECT_EQ(sent().at("nextToken"), "f/1");
  EXPECT_EQ(sent().at("startFromHead"), true);
}

TEST_F(LogEvents, WithoutATokenOrWithAWrongTypeCannotBeUnderstood) {
  for (const char* body : {R"({"events":[]})", R"({"events":[{"message":"a"}],"nextForwardToken":"f"})",
                           R"({"events":[{"timestamp":"1","message":"a"}],"nextForwardToken":"f"})",
                           R"({"events":7,"nextForwardToken":"f"})"}) {
    transport_.answer(200, body);
    EXPECT_EQ(get_log_events(*client_, {.group = "g", .stream = "s"}).error().kind, AwsError::Kind::answer) << body;
  }
}

TEST_F(LogEvents, AreFoundOverAllStreams) {
  transport_.answer(200, R"({"events":[{"logStreamName":"s","timestamp":7,"message":"m","eventId":"3"}]})");
  const auto page = filter_log_events(
      *client_, {.group = "g", .stream_prefix = "j/", .pattern = "ERROR", .start_time = 1, .end_time = 9}, "n");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->events.at(0).stream, "s");
  EXPECT_EQ(page->events.at(0).id, "3");
  EXPECT_EQ(page->events.at(0).event.timestamp, 7);
  EXPECT_EQ(page->next_token, "");
  EXPECT_EQ(sent(), Json::parse(R"({"logGroupName":"g","limit":10000,"logStreamNamePrefix":"j/",
      "filterPattern":"ERROR","startTime":1,"endTime":9,"nextToken":"n"})"));
}

}  // namespace
}  // namespace smflow::aws
