#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

namespace smflow::test {

// A loopback HTTP/1.1 server that plays a script, faults included. It reads bodies by Content-Length only.
//
// As a JSON file:
//
//   {"reset_connections": 0,                                     so many connections are reset before a request is read
//    "rules": [{"method": "PUT", "path": "/key", "times": 1,     all may be left out; 0 times is for ever
//               "operation": "DescribeTrainingJob",              the end of X-Amz-Target
//               "holds": "text",                                 somewhere in the body
//               "read_body": true,                               false: the actions start after the request's headers
//               "do": [ACTION, ...]}]}
//
//   {"answer": 200, "headers": {"ETag": "x"}, "body": "text"}    with its Content-Length; a body that is an object is
//   JSON
//   {"send": "bytes", "repeat": 1}                               as they stand
//   {"drip": "bytes", "every_ms": 50}                            one byte at a time
//   {"read": 1000}                                               so many more bytes of the body
//   {"stall_ms": 500}                                            0 is until the server stops
//   {"close": true}   {"reset": true}
//
// A request takes the first rule that fits and is not used up; without one the answer is 404. A connection stays open
// after the actions unless they end it.
struct Action {
  enum class Kind { send, drip, read, stall, close, reset };
  Kind kind;
  std::string bytes = {};
  std::size_t count = 1;                    // send: repetitions; read: bytes
  std::chrono::milliseconds duration = {};  // drip: between two bytes; stall: 0 is until the server stops
};

using FieldList = std::vector<std::pair<std::string, std::string>>;

Action answer(int status, std::string_view body = {}, const FieldList& headers = {});
Action send_bytes(std::string bytes, std::size_t repeat = 1);
Action drip(std::string bytes, std::chrono::milliseconds every);
Action read_more(std::size_t bytes);
Action stall(std::chrono::milliseconds duration = {});
Action close_connection();
Action reset_connection();

struct Rule {
  std::vector<Action> actions = {};
  std::string method = {};  // empty: any
  std::string path = {};    // without the query; empty: any
  int times = 1;            // 0: for ever
  bool read_body = true;
  std::string operation = {};  // empty: any
  std::string holds = {};      // empty: any body
};

struct Script {
  std::vector<Rule> rules = {};
  int reset_connections = 0;
};

Result<Script> parse_script(std::string_view json);

struct RecordedRequest {
  std::string method;
  std::string target;
  FieldList headers;  // names in lower case
  std::string body;   // what was read of it
  int connection;     // from 1

  std::string header(std::string_view lower_case_name) const;  // empty when there is none
};

class ScriptedServer {
 public:
  // Listens on a free port of 127.0.0.1; throws std::runtime_error when it cannot.
  explicit ScriptedServer(Script script);
  explicit ScriptedServer(std::vector<Rule> rules) : ScriptedServer(Script{std::move(rules)}) {}
  // Listens on a Unix socket instead.
  ScriptedServer(const std::filesystem::path& socket, std::vector<Rule> rules);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  int port() const { return port_; }
  std::string url(std::string_view path = "/") const;
  std::vector<RecordedRequest> requests() const;
  int connections() const;

 private:
  class Connection;
  void accept_all();
  bool chooses_by_body() const;
  std::optional<Rule> take_rule(const RecordedRequest& request, std::string_view body);
  std::size_t record(RecordedRequest request);
  void add_body(std::size_t request, std::string_view bytes);
  bool pause(std::chrono::milliseconds duration);  // false when the server stops

  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  Script script_;
  std::vector<int> used_;
  std::vector<RecordedRequest> requests_;
  int connections_ = 0;
  UniqueFd listener_;
  int port_ = 0;
  std::list<Connection> open_;  // with a thread each
  std::thread acceptor_;
};

}  // namespace smflow::test
