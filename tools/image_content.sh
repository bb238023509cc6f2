#!/usr/bin/env bash
# Compiles what a training image needs, and lays it out below a folder as it stands in the image: /usr/local/bin/train and
# /opt/ml/code. Dockerfile.sagemaker runs it inside the image that is built on.
#   tools/image_content.sh FOLDER [BUILD_TYPE]
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
out=$1
build_type=${2:-Release}

# The folder of a Python PyTorch with headers; nothing when there is none.
python_torch() {
  local python folder
  for python in python3 python /opt/conda/bin/python3; do
    folder=$("$python" -c 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])' 2>/dev/null) ||
      continue
    if [ -e "$folder/include/torch/csrc/api/include/torch/torch.h" ]; then
      echo "$folder"
      return
    fi
  done
}

has_old_abi() { # folder of PyTorch
  grep -qs '_GLIBCXX_USE_CXX11_ABI=0' "$1/share/cmake/Torch/TorchConfig.cmake"
}

# The distribution's has the other ABI: its sources, which apt checks, are compiled with this one.
compile_old_abi_yaml_cpp() { # prefix
  local sources=/etc/apt/sources.list.d/smflow-sources.list
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >$sources
  apt-get -q update
  (mkdir yaml-cpp && cd yaml-cpp && apt-get -q source --download-only yaml-cpp && tar -xf yaml-cpp_*.orig.tar.* --strip-components=1)
  cmake -S yaml-cpp -B yaml-cpp/build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-D_GLIBCXX_USE_CXX11_ABI=0 \
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DYAML_BUILD_SHARED_LIBS=OFF -DYAML_CPP_BUILD_TESTS=OFF \
    -DYAML_CPP_BUILD_TOOLS=OFF -DYAML_CPP_BUILD_CONTRIB=OFF -DCMAKE_INSTALL_PREFIX="$1"
  cmake --build yaml-cpp/build --parallel "$(nproc)" --target install
}

torch=$(python_torch)
# From here on the distribution's own tools and libraries, not a Python distribution's.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
options=()
if [ -n "$torch" ]; then
  echo "libtorch of the Python PyTorch in $torch"
  options+=("-DSMFLOW_TORCH_ROOT=$torch")
  if has_old_abi "$torch"; then
    compile_old_abi_yaml_cpp "$PWD/yaml-cpp/prefix"
    options+=("-DCMAKE_PREFIX_PATH=$PWD/yaml-cpp/prefix")
  fi
fi

# With the tables of source lines, for the place of a crash, compressed; a build type with -g has all for a debugger.
cmake -B build/image -G Ninja -DCMAKE_BUILD_TYPE="$build_type" -DCMAKE_CXX_FLAGS="-g1 -gz" -DCMAKE_INSTALL_PREFIX=/usr/local \
  -DSMFLOW_ONLY_CONTAINER=ON -DSMFLOW_WITH_TORCH=ON "${options[@]}"
cmake --build build/image --parallel "$(nproc)"
DESTDIR=$out cmake --install build/image

# Two builds of the same sources are the same layer: no time of today, and the base's own folders stay as they are.
for folder in usr usr/local usr/local/bin opt; do
  if [ -d "/$folder" ]; then
    chmod --reference="/$folder" "$out/$folder"
    chown --reference="/$folder" "$out/$folder"
  fi
done
find "$out" -exec touch --no-dereference --date=@0 {} +
