#!/usr/bin/env bash
# Builds the training image and pushes it to Amazon ECR; the same as `smflow build`. See ./build_and_push.sh --help.
root=$(dirname "$(readlink -f "$0")")
for smflow in "$root/build/release/bin/smflow" "$root/build/dev/bin/smflow"; do
  if [ -x "$smflow" ]; then
    exec "$smflow" build "$@"
  fi
done
if command -v smflow >/dev/null; then
  exec smflow build "$@"
fi
echo "error: smflow is not built yet" >&2
echo "  = fix: $root/quickstart.sh, or: cmake --preset release && cmake --build --preset release" >&2
exit 5
