#pragma once

#include "build_trace.hpp"

#include <deque>
#include <map>
#include <string>

#include <smflow/base/json.hpp>
#include <smflow/docker/engine.hpp>

namespace smflow::docker {

// What the messages of a build or a push come to. Engine API, ImageBuild and ImagePush: {"stream"}, {"status", "id",
// "progressDetail"}, {"aux"}, {"error", "errorDetail"}; Podman's and BuildKit's too.
class WorkLog {
 public:
  explicit WorkLog(const ProgressSink& progress) : progress_(progress) {}

  Result<void> take(const Json& message);

  const std::string& error() const { return error_; }    // of the engine; empty: it went well
  const std::string& image() const { return image_; }    // the id of what was built
  const std::string& digest() const { return digest_; }  // of what was pushed
  const std::string& step() const { return step_; }      // the last that began
  std::string last_lines() const;

 private:
  // A step of BuildKit's, of which several run at once.
  struct Vertex {
    std::string name = {};
    std::string partial = {};
    std::deque<std::string> lines = {};
    bool told = false;
  };

  void take_text(std::string_view text);
  void take_line(const std::string& line);
  void take_printed(std::deque<std::string>& lines, const std::string& text) const;
  void take_trace(const BuildTrace& trace);
  void take_vertex(const BuildTrace::Vertex& told);
  void take_output(const BuildTrace::Output& output);
  void take_line_of(Vertex& known, const std::string& line) const;
  Vertex* vertex(const std::string& digest);
  void take_layer(const Json& message);
  void take_result(const Json& aux);
  void report(const Progress& progress) const;

  const ProgressSink& progress_;
  std::string partial_;
  std::string step_;
  std::deque<std::string> lines_;
  std::map<std::string, Vertex> vertexes_;  // by digest
  std::string error_;
  std::string image_;
  std::string digest_;
};

Error failed_build(const WorkLog& log);

}  // namespace smflow::docker
