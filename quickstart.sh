#!/usr/bin/env bash
# Installs what is needed, builds, and runs the main job: a DCGAN trained on emoji, in local mode, without Docker and
# without AWS. What that job does not need is built after it. Safe to run again: what is there is not done twice.
# Arguments go to the job, for example
#   ./quickstart.sh --set-training TRAINING.NUM_EPOCHS=2
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
started=$SECONDS

step() { printf '\n==> %s\n' "$*"; }

step "system packages (system_packages.txt)"
tools/packages.sh install build run

step "uPlot, which draws the curves of smflow board (build/npm)"
# Without it they are plain lines.
tools/npm_packages.sh || echo "the board is built without it"

step "build what the job needs (build/release)"
if [ ! -f build/release/build.ninja ]; then
  cmake --preset release
fi
cmake --build --preset release --target smflow train gan_training emoji_dataset

step "data: the colour emoji of fonts-noto-color-emoji as PNG files (data/emoji)"
build/release/bin/emoji_dataset data/emoji

step "training job: ./run_sagemaker_job --config configs/quickstart/sagemaker_config.yaml $*"
prepared=$((SECONDS - started))
./run_sagemaker_job --config configs/quickstart/sagemaker_config.yaml "$@"
trained=$((SECONDS - started - prepared))

step "build the rest: SageMaker, Docker, the board (the job is done; after Ctrl-C: cmake --build --preset release)"
cmake --build --preset release

cat <<END

Done: $prepared s to prepare, $trained s for the job, $((SECONDS - started - prepared - trained)) s for the rest.
What to type next:
  ./run_sagemaker_job --config configs/quickstart/sagemaker_config.yaml --set-training TRAINING.NUM_EPOCHS=60
  build/release/bin/smflow config show --config configs/quickstart/sagemaker_config.yaml --origin
  build/release/bin/smflow board --config configs/quickstart/sagemaker_config.yaml     # then open board.html
  build/release/bin/smflow --help
  ./test.sh
END
