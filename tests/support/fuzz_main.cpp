// Stands in for libFuzzer's main where there is none: gives every file in the folders of the command line to the
// fuzzer, once.
#include <cstdint>
#include <filesystem>
#include <iostream>

#include <smflow/base/files.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// For the mutators that some fuzzers have; nobody calls them here.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t*, std::size_t size, std::size_t) {
  return size;
}

int main(int count, char** arguments) try {
  std::size_t inputs = 0;
  for (int at = 1; at < count; ++at) {
    for (const auto& entry : std::filesystem::directory_iterator(arguments[at])) {
      const std::string input = smflow::value_or_throw(smflow::read_file(entry.path()));
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
      ++inputs;
    }
  }
  std::cout << inputs << " inputs\n";
  return inputs > 0 ? 0 : 1;
} catch (const std::exception& failure) {
  std::cerr << failure.what() << "\n";
  return 1;
}
