#include "kept_lines.hpp"

namespace smflow::cli {

namespace {

struct Header {
  std::int64_t time;
  std::size_t host_size;
  std::size_t line_size;
};

bool write(std::FILE* file, const void* bytes, std::size_t size) {
  return std::fwrite(bytes, 1, size, file) == size;
}

bool read(std::FILE* file, void* bytes, std::size_t size) {
  return std::fread(bytes, 1, size, file) == size;
}

}  // namespace

void KeptLines::add(std::string_view host, std::string_view line, WallTime time) {
  const Header header{time.time_since_epoch().count(), host.size(), line.size()};
  complete_ = complete_ && write(file_.get(), &header, sizeof header) && write(file_.get(), host.data(), host.size()) &&
              write(file_.get(), line.data(), line.size());
}

bool KeptLines::replay(plan::JobObserver& observer) const {
  if (!complete_ || std::fflush(file_.get()) != 0) return false;
  std::rewind(file_.get());
  Header header{};
  std::string host;
  std::string line;
  while (read(file_.get(), &header, sizeof header)) {
    host.resize(header.host_size);
    line.resize(header.line_size);
    if (!read(file_.get(), host.data(), host.size()) || !read(file_.get(), line.data(), line.size())) break;
    observer.on_log(host, line, WallTime(std::chrono::milliseconds(header.time)));
  }
  return true;
}

void LineKeeper::on_log(std::string_view host, std::string_view line, WallTime time) {
  lines_.add(host, line, time);
  ForwardingObserver::on_log(host, line, time);
}

Result<plan::JobDescription> ReadJob::follow(const std::string& name, plan::JobObserver& observer) {
  if (lines_.replay(observer)) return job_;
  return service_.follow(name, observer);
}

}  // namespace smflow::cli
