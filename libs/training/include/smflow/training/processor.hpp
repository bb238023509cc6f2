#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace smflow::training {

// Cores that this process may use: those of its affinity mask, and no more than its control group's quota allows
// (rounded up, at least 1). Never the machine's count: a container with 2 of 64 cores gets 2 threads. `root` is where
// /proc and /sys are looked up.
int usable_cores(const std::filesystem::path& root = "/");

enum class Blas { openblas, mkl, blis, atlas, reference, none };

// The BLAS mapped into a process, from the text of its /proc/<pid>/maps.
Blas loaded_blas(std::string_view maps);
Blas loaded_blas();

// What to tell the user when `blas` is the reference implementation, which is about eight times slower; else empty.
std::string slow_blas_warning(Blas blas);

// Makes OpenBLAS work in the calling thread only, so that the program's own threads are the only ones on the cores.
// Without effect on any other BLAS.
void keep_blas_in_calling_thread();

// Makes malloc keep large freed blocks. Tensors of every step then reuse the same pages, instead of having fresh ones
// zeroed by the kernel each time. Costs memory that is not given back; call it first thing in a program.
void keep_freed_memory();

// CPU features as the kernel names them in /proc/cpuinfo: "avx2", "avx512_bf16", "amx_bf16".
bool cpu_has(std::string_view feature, const std::filesystem::path& root = "/");

}  // namespace smflow::training
