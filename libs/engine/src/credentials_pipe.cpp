#include "credentials_pipe.hpp"

#include "fifo.hpp"

#include <smflow/contract/credentials.hpp>
#include <smflow/engine/hosts.hpp>

namespace smflow::engine {

Result<std::unique_ptr<CredentialsPipe>> CredentialsPipe::start(const std::filesystem::path& host_folder,
                                                                const std::map<std::string, std::string>& variables) {
  const std::filesystem::path fifo = debug_folder(host_folder) / contract::credentials::fifo_name;
  if (auto made = make_fifo(fifo, 0600); !made) return tl::unexpected(std::move(made).error());
  std::string text;
  for (const auto& [name, value] : variables) text += name + "=" + value + "\n";
  std::jthread thread([fifo, text](const std::stop_token& stop) {
    ignore_broken_pipes();
    const UniqueFd end = open_when_read(fifo, stop);
    if (end) write_to_reader(end.get(), text, stop);
  });
  return std::unique_ptr<CredentialsPipe>(new CredentialsPipe(std::move(thread)));
}

}  // namespace smflow::engine
