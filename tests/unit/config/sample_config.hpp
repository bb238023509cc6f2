#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <smflow/config/option.hpp>

// A configuration made for these tests: each type and each word of About at least once, and a second one beside it for
// hints.
namespace smflow::config::test {

CHOICE(Mode, File, FastFile, Pipe, auto_)

using OptionalInt = std::optional<int>;
using OptionalText = std::optional<std::string>;
using OptionalMode = std::optional<Mode>;
using OptionalInts = std::optional<std::vector<int>>;

struct MachineOptions {
  SECTION(MachineOptions, "The machine that does the work.");
  OPTION(std::string, kind, "What kind of machine it is.", .pattern = R"(local|local_gpu|ml\.[a-z0-9-]+\.[a-z0-9]+)",
         .pattern_words = "local, local_gpu, or an instance type like ml.g5.xlarge", .example = "ml.g5.xlarge",
         .spellings = {{"local-gpu", "local_gpu"}}) = "local";
  OPTION(int, count, "How many machines there are.", .unit = "machines", .min = 1, .max = 100,
         .renamed_from = {"NUMBER", "OLD.COUNT"}) = 1;
  OPTION(bool, spot, "Rent spare capacity.", .identity = false) = false;
  OPTION(int, run_time, "How long it may run.", .unit = "seconds", .min = 1) = 100;
  OPTION(int, wait_time, "How long it may wait.", .unit = "seconds", .max = 1000) = 100;
  OPTION(std::string, owner, "Who pays for it.", .example = "vision-team", .required = true, .identity = false) = "";
  OPTION(std::string, region, "Where it stands.", .env = "SAMPLE_REGION") = "eu-west-1";
  OPTION(std::string, zone, "A part of the region.", .pattern = "[a-c]") = "a";
  OPTION(bool, turbo, "Makes it faster.", .deprecated = "every machine is fast now; leave it out.") = false;
};

struct ValueOptions {
  SECTION(ValueOptions, "A value of each type.");
  OPTION(std::int64_t, bytes, "A whole number of 64 bits.") = 0;
  OPTION(int, small, "A whole number of 32 bits.") = 0;
  OPTION(double, rate, "A number with limits.", .min = 0, .max = 10) = 0.5;
  OPTION(double, shift, "A number without limits.") = 0;
  OPTION(std::string, note, "A text that may be anything.") = "";
  OPTION(Mode, mode, "How data comes in.") = Mode::File;
  OPTION(OptionalInt, limit, "A whole number or nothing.", .min = 1) = std::nullopt;
  OPTION(OptionalText, remark, "A text or nothing.") = std::nullopt;
  OPTION(OptionalMode, fallback, "Another mode or nothing.") = Mode::Pipe;
};

struct ManyOptions {
  SECTION(ManyOptions, "Values of several parts.");
  OPTION(std::vector<int>, sizes, "Whole numbers.", .unit = "pixels", .min = 1, .max = 1024) = {32, 64};
  OPTION(std::vector<double>, rates, "Numbers in a list.", .env = "SAMPLE_RATES") = {};
  OPTION(std::vector<bool>, flags, "Switches in a list.") = {};
  OPTION(std::vector<std::string>, names, "Texts in a list.", .pattern = "[^ ]*", .example = "[a, b]") = {};
  OPTION(std::vector<Mode>, modes, "Choices in a list.") = {Mode::File};
  OPTION(OptionalInts, steps, "Whole numbers or nothing.") = std::nullopt;
  OPTION(TextMap, tags, "Labels that the bill shows.", .example = "{team: vision}") = {{"made-by", "smflow"}};
};

struct SampleConfig {
  CONFIGURATION(SampleConfig, "sample", "One sample of a configuration.");
  GROUP(MachineOptions, machine);
  GROUP(ValueOptions, value);
  GROUP(ManyOptions, many);

  static std::vector<Rule> rules() {
    return {{"MACHINE.SPOT", "MACHINE.WAIT_TIME", ">=", "MACHINE.RUN_TIME", "a spot machine waits as long as it runs"},
            {"MACHINE.KIND starts-with ml.", "MACHINE.REGION", "!=", "", "a rented machine stands somewhere"},
            {"not VALUE.REMARK", "VALUE.SHIFT", "<", "1000", "a large shift needs a remark"}};
  }
};

struct TrainOptions {
  SECTION(TrainOptions, "How the training goes.");
  OPTION(int, epochs, "How often all data are seen.", .min = 1) = 5;
  OPTION(int, batch_size, "Pictures in one step.", .min = 1) = 16;
};
struct ValueTwin {
  SECTION(ValueTwin, "A section with the name of another configuration's.");
  OPTION(int, seed, "Where the random numbers begin.") = 1;
};
struct SiblingConfig {
  CONFIGURATION(SiblingConfig, "training", "One training.");
  GROUP(TrainOptions, train);
  GROUP(ValueTwin, value);
};

}  // namespace smflow::config::test
