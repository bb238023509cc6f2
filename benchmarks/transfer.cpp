#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include <smflow/aws/session.hpp>
#include <smflow/s3/opener.hpp>

// transfer up|down PATH s3://BUCKET/KEY: PATH is a file, or a folder (which is there) that is synced with the prefix
// KEY. Endpoint and keys come from the environment.
namespace {

namespace fs = std::filesystem;
using namespace smflow;

enum class Direction { up, down };

Direction direction_of(const std::string& word) {
  if (word == "up") return Direction::up;
  if (word == "down") return Direction::down;
  throw std::runtime_error("usage: transfer up|down PATH s3://BUCKET/KEY");
}

std::size_t transfer_folder(const s3::ClientSource& source, Direction direction, const fs::path& folder,
                            const std::string& uri) {
  const auto store = value_or_throw(s3::StoreOpener(source)(uri));
  const auto report = value_or_throw(direction == Direction::up ? storage::sync_up(*store, "", folder)
                                                                : storage::sync_down(*store, "", folder));
  if (!report.left_out.empty()) throw std::runtime_error(report.left_out.front() + " was left out");
  return report.copied;
}

std::size_t transfer_file(const s3::ClientSource& source, Direction direction, const fs::path& file,
                          const std::string& uri) {
  const auto place = value_or_throw(s3::parse_s3_uri(uri));
  const aws::ObjectName object{place.bucket, place.prefix};
  const auto client = value_or_throw(source());
  value_or_throw(direction == Direction::up ? s3::upload_file(*client, object, file, false)
                                            : s3::download_file(*client, object, file));
  return 1;
}

std::size_t transfer(Direction direction, const fs::path& path, const std::string& uri) {
  const SystemClock clock;
  SystemRandom random;
  const auto transport = http::make_transport({});
  const auto session = value_or_throw(aws::Session::open({}, *transport, clock, random));
  const auto source = s3::client_of(*session);
  return fs::is_directory(path) ? transfer_folder(source, direction, path, uri)
                                : transfer_file(source, direction, path, uri);
}

}  // namespace

int main(int count, char** words) {
  try {
    const auto direction = direction_of(count == 4 ? words[1] : "");
    fmt::print("{}\n", transfer(direction, words[2], words[3]));
    return 0;
  } catch (const std::exception& problem) {
    fmt::print(stderr, "error: {}\n", problem.what());
    return 1;
  }
}
