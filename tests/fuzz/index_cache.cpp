// Any bytes as the file in which this machine keeps the cards of runs.
#include "index_cache.hpp"

#include "require.hpp"

#include <cstddef>
#include <cstdint>

#include <smflow/base/files.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smflow;
  static const auto folder = TemporaryDirectory::create(std::filesystem::temp_directory_path(), "smflow-fuzz-");
  if (!folder) return 0;
  const auto file = folder->path() / "index";
  if (!write_file(file, {reinterpret_cast<const char*>(data), size})) return 0;
  records::TextPool pool;
  const auto cards = records::load_cards(file, pool);
  if (cards.empty()) return 0;
  records::save_cards(file, cards);
  records::TextPool other;
  fuzz::require(records::load_cards(file, other).size() == cards.size(), "what was read is written and read again");
  return 0;
}
