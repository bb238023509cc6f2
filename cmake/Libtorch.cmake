# libtorch, as TORCH_INCLUDE_DIRS, TORCH_LIBRARIES and Torch_VERSION, and smflow::openmp, the OpenMP that it runs on.
#
# SMFLOW_TORCH_ROOT names the folder `torch` of a Python PyTorch. It is linked by hand: what its CMake files look for, the
# CUDA toolkit with its compiler, is not in the images that only run PyTorch.
include(CheckCXXSourceCompiles)

# smflow_torch_compiles(VARIABLE SOURCE [DEFINITIONS ...] [INCLUDES ...])
#   whether a program links with this libtorch.
function(smflow_torch_compiles variable source)
  cmake_parse_arguments(arg "" "" "DEFINITIONS;INCLUDES" ${ARGN})
  get_directory_property(definitions COMPILE_DEFINITIONS)
  list(APPEND definitions ${arg_DEFINITIONS})
  list(TRANSFORM definitions PREPEND -D OUTPUT_VARIABLE CMAKE_REQUIRED_DEFINITIONS)
  set(CMAKE_REQUIRED_INCLUDES ${arg_INCLUDES} ${TORCH_INCLUDE_DIRS})
  set(CMAKE_REQUIRED_LIBRARIES ${TORCH_LIBRARIES})
  check_cxx_source_compiles("${source}" ${variable})
endfunction()

add_library(smflow_openmp INTERFACE)
add_library(smflow::openmp ALIAS smflow_openmp)

if(NOT SMFLOW_TORCH_ROOT)
  find_package(Torch QUIET)
  if(NOT Torch_FOUND)
    if(SMFLOW_ONLY_CONTAINER)
      message(FATAL_ERROR "the base image has no libtorch, neither in a Python with PyTorch nor as libtorch-dev; "
                          "take one that has: --base-image pytorch/pytorch:2.8.0-cuda12.6-cudnn9-runtime")
    elseif(SMFLOW_WITH_TORCH STREQUAL "ON")
      message(FATAL_ERROR "libtorch was not found; install libtorch-dev, or set CMAKE_PREFIX_PATH or SMFLOW_TORCH_ROOT, "
                          "or -DSMFLOW_WITH_TORCH=OFF")
    endif()
    return()
  endif()
  find_package(OpenMP REQUIRED COMPONENTS CXX)
  target_link_libraries(smflow_openmp INTERFACE OpenMP::OpenMP_CXX)
  set(SMFLOW_TORCH_FOUND ON)
  return()
endif()

set(torch_header ${SMFLOW_TORCH_ROOT}/include/torch/csrc/api/include/torch/torch.h)
if(NOT EXISTS ${torch_header})
  message(FATAL_ERROR "no libtorch in '${SMFLOW_TORCH_ROOT}': ${torch_header} is missing")
endif()
file(STRINGS ${SMFLOW_TORCH_ROOT}/version.py Torch_VERSION REGEX "^__version__")
string(REGEX REPLACE ".*['\"](.*)['\"].*" "\\1" Torch_VERSION "${Torch_VERSION}")
set(TORCH_INCLUDE_DIRS ${SMFLOW_TORCH_ROOT}/include ${SMFLOW_TORCH_ROOT}/include/torch/csrc/api/include)

# Linked although nothing of ours names a symbol of it: libtorch_cuda registers itself.
set(TORCH_LIBRARIES -Wl,--push-state,--no-as-needed)
foreach(name torch torch_cpu c10 torch_cuda c10_cuda)
  if(EXISTS ${SMFLOW_TORCH_ROOT}/lib/lib${name}.so)
    list(APPEND TORCH_LIBRARIES ${SMFLOW_TORCH_ROOT}/lib/lib${name}.so)
  endif()
endforeach()
# CUDA's own libraries are found by libtorch_cuda when it is loaded.
list(APPEND TORCH_LIBRARIES -Wl,--pop-state -Wl,--allow-shlib-undefined)

# Wheels up to 2.6 have the C++ ABI of before GCC 5: std::string is another type there, for everything that is linked.
set(torch_config ${SMFLOW_TORCH_ROOT}/share/cmake/Torch/TorchConfig.cmake)
if(EXISTS ${torch_config})
  file(STRINGS ${torch_config} old_abi REGEX "_GLIBCXX_USE_CXX11_ABI=0")
  if(old_abi)
    add_compile_definitions(_GLIBCXX_USE_CXX11_ABI=0)
  endif()
endif()

# A wheel brings its own OpenMP. With a second one beside it every core has two threads.
file(GLOB own_openmp ${SMFLOW_TORCH_ROOT}/lib/libgomp*.so* ${SMFLOW_TORCH_ROOT}/../torch.libs/libgomp*.so*)
if(own_openmp)
  list(GET own_openmp 0 own_openmp)
  target_compile_options(smflow_openmp INTERFACE -fopenmp)
  target_link_libraries(smflow_openmp INTERFACE ${own_openmp})
else()
  find_package(OpenMP REQUIRED COMPONENTS CXX)
  target_link_libraries(smflow_openmp INTERFACE OpenMP::OpenMP_CXX)
endif()
set(SMFLOW_TORCH_FOUND ON)
