#include "body.hpp"

#include <algorithm>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include <smflow/base/write_all.hpp>

namespace smflow::emulator {

namespace {

UniqueFd unnamed_file() {
  std::error_code failed;
  const auto folder = std::filesystem::temp_directory_path(failed);
  UniqueFd file;
  if (!failed) file.reset(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  return file;
}

}  // namespace

bool Body::append(const char* data, std::size_t size) {
  if (!file_ && text_.size() + size <= in_memory) {
    text_.append(data, size);
    return true;
  }
  if (!file_) {
    file_ = std::make_shared<UniqueFd>(unnamed_file());
    if (!append_to_file(text_.data(), text_.size())) return false;
    text_ = {};
  }
  return append_to_file(data, size);
}

bool Body::append_to_file(const char* data, std::size_t size) {
  size_in_file_ += size;
  return write_all(file_->get(), {data, size}, "the body").has_value();
}

std::string Body::read(std::uint64_t offset, std::size_t size) const {
  if (offset >= this->size()) return {};
  if (!file_) return text_.substr(offset, size);
  std::string bytes(std::min<std::uint64_t>(size, size_in_file_ - offset), '\0');
  const ssize_t got = ::pread(file_->get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return bytes;
}

}  // namespace smflow::emulator
