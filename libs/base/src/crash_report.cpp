#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string_view>
#include <typeinfo>

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <unistd.h>

#include <smflow/base/crash_report.hpp>

namespace smflow {

namespace {

constexpr std::array<int, 5> fatal_signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr int most_frames = 48;
constexpr std::size_t handler_stack_bytes = 128u << 10;
constexpr unsigned handler_seconds = 10;

// One report, whichever thread comes first.
std::atomic_flag reported = ATOMIC_FLAG_INIT;

// A line that is built without memory allocation and written in one call.
class Line {
 public:
  Line& operator<<(std::string_view text) {
    const std::size_t room = std::min(text.size(), text_.size() - 1 - size_);
    std::memcpy(text_.data() + size_, text.data(), room);
    size_ += room;
    return *this;
  }

  Line& number(std::uintptr_t value, unsigned base) {
    std::array<char, 24> digits{};
    std::size_t at = digits.size();
    do {
      digits[--at] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    return *this << std::string_view(digits.data() + at, digits.size() - at);
  }

  ~Line() {
    text_[size_++] = '\n';
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text_.data(), size_);
  }

 private:
  std::array<char, 2048> text_;
  std::size_t size_ = 0;
};

std::uintptr_t address(const void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}

std::string_view file_name(const char* path) {
  const std::string_view text = path == nullptr ? "?" : path;
  return text.substr(text.rfind('/') + 1);
}

// `frame` is a return address: the call itself stands before it, perhaps as the last instruction of its function.
void print_frame(int number, const void* frame, bool demangled) {
  const void* call = static_cast<const char*>(frame) - 1;
  Dl_info info{};
  Line line;
  (line << "#").number(static_cast<std::uintptr_t>(number), 10) << " ";
  if (dladdr(call, &info) == 0) {
    (line << "0x").number(address(call), 16);
    return;
  }
  ((line << file_name(info.dli_fname) << "(+0x").number(address(call) - address(info.dli_fbase), 16)) << ")";
  if (info.dli_sname == nullptr) return;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      demangled ? abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status) : nullptr, &std::free);
  line << " " << (name == nullptr ? info.dli_sname : name.get());
  (line << "+0x").number(address(call) - address(info.dli_saddr), 16);
}

// The stack of the caller's caller: not inlined, so that exactly two frames are the report's own.
[[gnu::noinline]] void print_stack(bool demangled) {
  std::array<void*, most_frames> frames{};
  const int count = backtrace(frames.data(), most_frames);
  for (int i = 2; i < count; ++i) print_frame(i - 2, frames[static_cast<std::size_t>(i)], demangled);
}

[[gnu::noinline]] void on_signal(int signal, siginfo_t* info, void*) {
  if (!reported.test_and_set()) {
    alarm(handler_seconds);
    {
      Line line;
      const char* name = sigabbrev_np(signal);
      line << "smflow: crash: SIG" << (name == nullptr ? "?" : name);
      if (signal == SIGSEGV || signal == SIGBUS) (line << " at address 0x").number(address(info->si_addr), 16);
    }
    print_stack(false);
    alarm(0);
  }
  // The default action is back (SA_RESETHAND), and happens when the handler returns.
  raise(signal);
}

void print_exception() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  Line line;
  line << "smflow: crash: ";
  if (type == nullptr) {
    line << "std::terminate called without an exception";
    return;
  }
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status),
                                                         &std::free);
  line << (name == nullptr ? type->name() : name.get());
  try {
    std::rethrow_exception(std::current_exception());
  } catch (const std::exception& error) {
    line << ": " << error.what();
  } catch (...) {
  }
}

[[noreturn, gnu::noinline]] void on_terminate() {
  if (!reported.test_and_set()) {
    print_exception();
    print_stack(true);
  }
  std::signal(SIGABRT, SIG_DFL);
  std::abort();
}

}  // namespace

void install_crash_handlers() {
  // The first call loads libgcc_s, which allocates; a handler must not.
  void* frame = nullptr;
  backtrace(&frame, 1);
  static std::array<char, handler_stack_bytes> handler_stack;
  stack_t stack{};
  stack.ss_sp = handler_stack.data();
  stack.ss_size = handler_stack.size();
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  for (const int signal : fatal_signals) sigaction(signal, &action, nullptr);
  std::set_terminate(on_terminate);
}

}  // namespace smflow
