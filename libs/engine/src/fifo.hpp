#pragma once

#include <filesystem>
#include <stop_token>
#include <string_view>

#include <sys/types.h>

#include <smflow/base/error.hpp>
#include <smflow/base/unique_fd.hpp>

// Named pipes that a program of the job reads.
namespace smflow::engine {

// E110 when it cannot be made. `mode` whatever the umask.
Result<void> make_fifo(const std::filesystem::path& fifo, mode_t mode);

// The end to write to, as soon as somebody reads the other. None when stop is requested first, or the FIFO is gone.
UniqueFd open_when_read(const std::filesystem::path& fifo, const std::stop_token& stop);

// False when nobody reads any more, or stop is requested. The calling thread has called ignore_broken_pipes().
bool write_to_reader(int fifo, std::string_view bytes, const std::stop_token& stop);

// In the calling thread: a reader that closes early is no reason to die.
void ignore_broken_pipes();

}  // namespace smflow::engine
