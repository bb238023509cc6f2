#include "smflow/training/state_dict_file.hpp"

#include "state_dict_pickle.hpp"

#include <exception>
#include <functional>

#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>

#include <smflow/base/files.hpp>

namespace smflow::training {

namespace {

using Writer = caffe2::serialize::PyTorchStreamWriter;

void write_records(Writer& writer, std::span<const TensorBytes> tensors) {
  const std::string pickle = state_dict_pickle(tensors);
  writer.writeRecord("data.pkl", pickle.data(), pickle.size());
  constexpr std::string_view byte_order = "little";
  writer.writeRecord("byteorder", byte_order.data(), byte_order.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    writer.writeRecord(fmt::format("data/{}", i), tensors[i].bytes.data(), tensors[i].bytes.size());
  }
  writer.writeEndOfFile();
}

}  // namespace

Result<void> write_state_dict(const std::filesystem::path& file, std::span<const TensorBytes> tensors) {
  auto out = AtomicFile::create(file);
  if (!out) return tl::unexpected(out.error());
  Result<void> state;
  const std::function<std::size_t(const void*, std::size_t)> sink = [&](const void* bytes, std::size_t size) {
    state = out->write({static_cast<const char*>(bytes), size});
    return state ? size : std::size_t{0};
  };
  // The stream writer throws when the sink takes less than it was given; the sink's own error says why.
  try {
    Writer writer(sink);
    write_records(writer, tensors);
  } catch (const std::exception& problem) {
    if (state)
      state = tl::unexpected(Error{.code = "E333",
                                   .message = fmt::format("cannot write '{}': {}", file.string(), problem.what()),
                                   .fix = "look whether the disk is full and the folder may be written"});
  }
  return state ? out->commit() : state;
}

}  // namespace smflow::training
