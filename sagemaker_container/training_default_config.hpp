#pragma once

#include <string>

#include <smflow/config/option.hpp>

// Every option of the training program, with its default: the one-stop reference of what a training can be told. Adding
// an option is adding it here. The values in force are read as config.training.num_epochs.
namespace smflow::gan {

CHOICE(NumberFormat, fp32, bf16)

enum class ImageSize { pixels_32, pixels_64, pixels_128 };
CHOICE_TEXT(ImageSize, "32, 64, 128")
constexpr int in_pixels(ImageSize size) {
  return 32 << static_cast<int>(size);
}

struct DataloaderOptions {
  SECTION(DataloaderOptions, "Where the pictures come from and how they are read.");
  OPTION(std::string, data_dir,
         "The folder with one folder of pictures a class. A relative one lies below the channel `traindata`.",
         .example = "img_align_celeba", .identity = false) = "";
  OPTION(int, num_workers, "Threads that read pictures beside the training. The batches do not depend on it.",
         .unit = "threads", .min = 0, .max = 256, .identity = false) = 2;
  OPTION(int, batch_size, "Pictures in one training step.", .unit = "pictures", .min = 2, .max = 65536) = 128;
  OPTION(ImageSize, image_size, "Width and height in pixels that pictures are brought to.") = ImageSize::pixels_64;
  OPTION(int, max_unreadable, "Pictures that may be unreadable before the training gives up.", .unit = "pictures",
         .min = 0, .max = 1000000, .identity = false) = 100;
  OPTION(bool, cache, "Keep decoded pictures on local disk from the first epoch on.", .identity = false) = true;
};

struct GeneratorOptions {
  SECTION(GeneratorOptions, "The network that makes pictures.");
  OPTION(int, num_channels, "Colour channels of a picture; only 3 is supported.", .min = 3, .max = 3) = 3;
  OPTION(int, latent_size, "Random numbers that one picture is made from.", .min = 1, .max = 65536) = 100;
  OPTION(int, feature_size, "Channels of the last hidden layer; each layer before it has twice as many.", .min = 1,
         .max = 1024) = 64;
};

struct DiscriminatorOptions {
  SECTION(DiscriminatorOptions, "The network that tells made pictures from real ones.");
  OPTION(int, num_channels, "Colour channels of a picture; only 3 is supported.", .min = 3, .max = 3) = 3;
  OPTION(int, feature_size, "Channels of the first hidden layer; each layer after it has twice as many.", .min = 1,
         .max = 1024) = 64;
};

struct TrainingOptions {
  SECTION(TrainingOptions, "How the networks are trained.");
  OPTION(int, num_epochs, "How often the training sees all pictures.", .unit = "epochs", .min = 1, .max = 1000000) = 5;
  OPTION(double, learning_rate, "Step size of both Adam optimisers.", .min = 0, .max = 10) = 0.0002;
  OPTION(double, beta_1, "Decay of Adam's mean of gradients.", .min = 0, .max = 0.999999) = 0.5;
  OPTION(int, num_gpu, "GPUs to use; 0 is the CPU. Without a GPU the training says so and uses the CPU.",
         .unit = "GPUs", .min = 0, .max = 64, .identity = false) = 1;
  OPTION(int, seed, "Decides first weights, order of pictures and random numbers. The same seed gives the same run.",
         .min = 0, .max = 2147483647) = 999;
  OPTION(
      NumberFormat, precision,
      "Numbers of the convolutions: `fp32`, or `bf16`, which is faster on GPUs; on a CPU our own fp32 kernels are.") =
      NumberFormat::fp32;
  OPTION(int, log_every, "Steps between two lines of the log and of the metrics.", .unit = "steps", .min = 1,
         .max = 1000000, .identity = false) = 10;
  OPTION(int, sample_every, "Epochs between two sample pictures.", .unit = "epochs", .min = 1, .max = 1000000,
         .identity = false) = 1;
  OPTION(int, checkpoint_every, "Epochs between two checkpoints; one more is written when the job is stopped.",
         .unit = "epochs", .min = 1, .max = 1000000, .identity = false) = 1;
};

struct TrainingConfig {
  CONFIGURATION(TrainingConfig, "training", "One training of a DCGAN.");
  GROUP(DataloaderOptions, dataloader);
  GROUP(GeneratorOptions, generator);
  GROUP(DiscriminatorOptions, discriminator);
  GROUP(TrainingOptions, training);
};

}  // namespace smflow::gan
