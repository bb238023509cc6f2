#include "transfer_line.hpp"

#include <fmt/format.h>

#include <smflow/base/text.hpp>

namespace smflow::cli {

void TransferLine::show_on(Screen* screen) {
  const std::lock_guard lock(mutex_);
  if (screen_ != nullptr) screen_->clear_live();
  screen_ = screen;
  begin_.reset();
  under_way_.clear();
  bytes_ = 0;
  objects_ = 0;
}

void TransferLine::moved(const s3::ObjectProgress& object) {
  const std::lock_guard lock(mutex_);
  if (screen_ == nullptr) return;
  if (!begin_) begin_ = clock_.steady_now();
  std::uint64_t& before = under_way_[object.uri];
  bytes_ = bytes_ - before + object.done;  // an object that is begun anew goes back
  before = object.done;
  if (object.done == object.total) {
    under_way_.erase(object.uri);
    ++objects_;
  }
  screen_->live(text(object));
}

std::string TransferLine::text(const s3::ObjectProgress& latest) const {
  constexpr std::uint64_t large = 16u << 20;
  const double seconds = std::chrono::duration<double>(clock_.steady_now() - *begin_).count();
  const double bytes = static_cast<double>(bytes_);
  std::string text = latest.upload ? "uploading " : "downloading ";
  if (latest.total >= large) {
    const std::string name = latest.uri.substr(latest.uri.rfind('/') + 1);
    text += fmt::format("{} ▕{}▏ of {}, ", printable(name),
                        progress_bar(static_cast<double>(latest.done), static_cast<double>(latest.total), 20),
                        format_bytes(static_cast<double>(latest.total)));
  }
  if (objects_ > 0) text += counted(objects_, "object") + ", ";
  text += format_bytes(bytes);
  return seconds < 1 ? text : text + fmt::format(", {}/s", format_bytes(bytes / seconds));
}

}  // namespace smflow::cli
