#!/usr/bin/env bash
# Writes the files that are generated from the declared options below a folder laid out like the repository:
#   tools/generated_files.sh build/dev/bin/smflow .
# The build target `generated_files` does it for the repository; a test compares.
set -euo pipefail
smflow=$1
root=$2
mkdir -p "$root/configs/defaults" "$root/docs/reference"
for config in sagemaker training; do
  "$smflow" config reference "$config" --yaml > "$root/configs/defaults/${config}_config.yaml"
  "$smflow" config schema "$config" > "$root/configs/defaults/${config}_config.schema.json"
  "$smflow" config reference "$config" > "$root/docs/reference/${config}_config.md"
done
