#pragma once

namespace smflow {

// Makes a program say on stderr why it dies, then die as it would have: an uncaught exception with its type, its what()
// and the stack of the throw; SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT with the address and the stack. The form,
// which the entrypoint of the container turns into the failure reason:
//
//   smflow: crash: std::out_of_range: vector::_M_range_check
//   #0 main(+0x12ab) load_batch(int)+0x1f
//
// Call it once at the start of main, before threads start. The signal part uses async-signal-safe calls only and a
// stack of its own on the calling thread, so that an overflowing stack is reported too; it prints mangled names. Names
// of the program itself need `-rdynamic` (CMake: ENABLE_EXPORTS). A stop after 10 s guards against a handler that
// hangs.
void install_crash_handlers();

}  // namespace smflow
