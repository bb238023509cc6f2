#include "pipe_channel.hpp"

#include "fifo.hpp"

#include <array>

#include <fcntl.h>
#include <unistd.h>

#include <smflow/storage/store.hpp>

namespace smflow::engine {

namespace fs = std::filesystem;

Result<std::unique_ptr<PipeChannel>> PipeChannel::make(const Input& input, fs::path folder) {
  std::vector<fs::path> objects;
  if (input.is_file) {
    objects.push_back(input.source);
  } else {
    const auto store = storage::open_store("file://" + input.source.string());
    if (!store) return tl::unexpected(store.error());
    const auto listed = (*store)->list("");
    if (!listed) return tl::unexpected(listed.error());
    for (const storage::ObjectInfo& object : *listed) objects.push_back(input.source / object.key);
  }
  return std::unique_ptr<PipeChannel>(new PipeChannel(std::move(folder) / input.channel, std::move(objects)));
}

fs::path PipeChannel::fifo(int epoch) const {
  return place_.string() + "_" + std::to_string(epoch);
}

// The program may be another user than we are.
Result<void> PipeChannel::make(int epoch) const {
  return make_fifo(fifo(epoch), 0666);
}

Result<void> PipeChannel::start(std::function<void(const std::string& reason)> on_fault) {
  on_fault_ = std::move(on_fault);
  if (auto made = make(0); !made) return made;
  thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  return {};
}

void PipeChannel::serve(const std::stop_token& stop) const {
  ignore_broken_pipes();
  for (int epoch = 0; !stop.stop_requested(); ++epoch) {
    UniqueFd end = open_when_read(fifo(epoch), stop);
    if (!end) return;
    if (const auto written = write_objects(end.get(), stop); !written) return on_fault_(written.error().message);
    // Before the end of this one is seen, so that a program need not wait for the next.
    const auto next = make(epoch + 1);
    ::unlink(fifo(epoch).c_str());
    if (!next) return;
  }
}

Result<void> PipeChannel::write_objects(int fifo, const std::stop_token& stop) const {
  std::array<char, 64 << 10> buffer{};
  for (const fs::path& object : objects_) {
    const UniqueFd file(::open(object.c_str(), O_RDONLY | O_CLOEXEC));
    ssize_t got = 0;
    while ((got = ::read(file.get(), buffer.data(), buffer.size())) > 0) {
      if (!write_to_reader(fifo, {buffer.data(), static_cast<std::size_t>(got)}, stop)) return {};
    }
    if (got < 0) return tl::unexpected(system_error("cannot read '" + object.string() + "'", errno));
  }
  return {};
}

}  // namespace smflow::engine
