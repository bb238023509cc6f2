#pragma once

#include <string>
#include <string_view>

namespace smflow::storage::test {

// Builds tar streams member by member, sound or hostile, without libarchive: an own hand for what it must refuse.
class TarBuilder {
 public:
  // `type` as in the ustar header: '0' file, '1' hard link, '2' symbolic link, '3' device, '5' folder, '6' FIFO.
  TarBuilder& add(std::string_view name, char type, std::string_view content = "", std::string_view link = "",
                  unsigned mode = 0644);
  TarBuilder& file(std::string_view name, std::string_view content = "x") { return add(name, '0', content); }
  TarBuilder& folder(std::string_view name, unsigned mode = 0755) { return add(name, '5', "", "", mode); }
  TarBuilder& link(std::string_view name, std::string_view target) { return add(name, '2', "", target); }
  TarBuilder& hard_link(std::string_view name, std::string_view target) { return add(name, '1', "", target); }
  // A header that says `size` bytes follow, and nothing of them.
  TarBuilder& empty_promise(std::string_view name, unsigned long long size);
  TarBuilder& raw(std::string_view bytes);

  // The stream with the two blocks of zeros at its end.
  std::string tar() const { return bytes_ + std::string(1024, '\0'); }
  std::string tar_gz() const;

 private:
  void header(std::string_view name, char type, unsigned long long size, std::string_view link, unsigned mode);
  std::string bytes_;
};

// One gzip member.
std::string gzip(std::string_view bytes);

}  // namespace smflow::storage::test
