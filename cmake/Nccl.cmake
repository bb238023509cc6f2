# NCCL, which tensors on GPUs travel by between hosts, as SMFLOW_NCCL_FOUND, SMFLOW_NCCL_DEFINITIONS and
# SMFLOW_NCCL_INCLUDE_DIRS. For a libtorch that Gloo was found for.
#
# c10d's header of it needs those of NCCL and of the CUDA toolkit. Where Python's PyTorch is a wheel, wheels that it
# depends on have them; elsewhere a toolkit does. The libraries are found by libtorch_cuda when it is loaded.
set(SMFLOW_NCCL_FOUND OFF)
set(SMFLOW_NCCL_DEFINITIONS USE_C10D_NCCL USE_DISTRIBUTED)
set(SMFLOW_NCCL_INCLUDE_DIRS)
file(GLOB wheel_folders ${SMFLOW_TORCH_ROOT}/../nvidia/*/include)
foreach(header nccl.h cuda_runtime_api.h cublas_v2.h cusparse.h cusolverDn.h)
  find_path(SMFLOW_FOLDER_OF_${header} ${header} HINTS ${wheel_folders} /usr/local/cuda/include)
  mark_as_advanced(SMFLOW_FOLDER_OF_${header})
  if(NOT SMFLOW_FOLDER_OF_${header})
    return()
  endif()
  list(APPEND SMFLOW_NCCL_INCLUDE_DIRS ${SMFLOW_FOLDER_OF_${header}})
endforeach()
list(REMOVE_DUPLICATES SMFLOW_NCCL_INCLUDE_DIRS)
list(REMOVE_ITEM SMFLOW_NCCL_INCLUDE_DIRS ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES})
smflow_torch_compiles(
  SMFLOW_NCCL_COMPILES
  "#include <ATen/cuda/CUDAContext.h>
   #include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
   int main() {
     const c10::intrusive_ptr<c10d::Store> store;
     const auto options = c10d::ProcessGroupNCCL::Options::create();
     const auto nccl = c10::make_intrusive<c10d::ProcessGroupNCCL>(store, 0, 1, options);
     return at::cuda::getDeviceProperties(0)->uuid.bytes[0];
   }"
  DEFINITIONS ${SMFLOW_NCCL_DEFINITIONS}
  INCLUDES ${SMFLOW_NCCL_INCLUDE_DIRS})
set(SMFLOW_NCCL_FOUND ${SMFLOW_NCCL_COMPILES})
