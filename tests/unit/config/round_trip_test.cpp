#include "error_cases.hpp"
#include "random_config.hpp"
#include "sample_loading.hpp"
#include "support/temporary_folder.hpp"

#include <cstdlib>
#include <locale>

#include <gtest/gtest.h>

#include <smflow/base/json.hpp>
#include <smflow/base/text.hpp>
#include <smflow/config/documents.hpp>

// What is written reads back equal, here and in Python, whatever the values are.
namespace smflow::config::test {
namespace {

constexpr int rounds = 400;

Config reloaded(const Config& config) {
  Config again(config.schema_ptr());
  again.merge_text(effective_yaml(config), "effective.yaml");
  return again;
}

TEST(RoundTrip, OfTheDefaultsThroughTheTemplateChangesNothing) {
  Config config(schema_of<SampleConfig>());
  config.merge_text(template_yaml(config.schema()), "template.yaml");
  EXPECT_EQ(told(config), "");
  EXPECT_TRUE(changed(config).empty());
}

TEST(RoundTrip, OfRandomConfigsGivesTheSameConfig) {
  std::mt19937_64 random(20261124);
  for (int i = 0; i < rounds; ++i) {
    const Config config = random_config(schema_of<SampleConfig>(), random);
    const Config again = reloaded(config);
    ASSERT_EQ(told(again.errors()), "") << effective_yaml(config);
    ASSERT_EQ(to_text(difference(config, again)), "") << effective_yaml(config);
    ASSERT_EQ(identity_hash(config, Scope::everything), identity_hash(again, Scope::everything));
  }
}

TEST(RoundTrip, OfAValueThroughAnOverrideGivesTheSameValue) {
  std::mt19937_64 random(4711);
  for (int i = 0; i < rounds; ++i) {
    const Config config = random_config(schema_of<SampleConfig>(), random);
    for (const char* path : {"VALUE.NOTE", "VALUE.SHIFT", "VALUE.BYTES", "MANY.SIZES", "MANY.RATES", "MANY.FLAGS"}) {
      const Value& value = config.value(path);
      const auto* text = std::get_if<std::string>(&value.data);
      Config again(config.schema_ptr());
      again.merge_assignments(std::vector<std::string>{std::string(path) + "=" + (text ? *text : to_text(value))});
      ASSERT_EQ(told(again.errors()), "");
      ASSERT_EQ(to_text(again.value(path)), to_text(value));
    }
  }
}

// Origins stand in comments of the dump: nothing in them may end the comment's line, for any reader of YAML.
TEST(RoundTrip, SurvivesOriginsWithLineBreaks) {
  for (const char* evil : {"\nEVIL: 1", "\rEVIL: 1",
                           "\xC2\x85"
                           "EVIL: 1",
                           "\xE2\x80\xA8"
                           "EVIL: 1",
                           "\xE2\x80\xA9"
                           "EVIL: 1"}) {
    Config config(schema_of<SampleConfig>());
    config.merge_text("MACHINE: {OWNER: me}\n", std::string("a") + evil + ".yaml");
    config.merge_assignments(std::vector<std::string>{std::string("VALUE.NOTE=a") + evil});
    ASSERT_EQ(told(config), "");
    const std::string dump = effective_yaml(config);
    for (const std::string& line : split(dump, '\n')) EXPECT_FALSE(line.starts_with("EVIL")) << dump;
    for (const char* line_break : {"\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
      EXPECT_EQ(dump.find(line_break), std::string::npos) << dump;
    }
    EXPECT_EQ(told(reloaded(config).errors()), "");
  }
}

// Python reads the commented YAML as the JSON of the same values; what is commented out there is the default.
constexpr const char* compare_in_python = R"(
import json, sys, yaml
def same(a, b):
    if type(a) is not type(b): return False
    if isinstance(a, dict): return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list): return len(a) == len(b) and all(map(same, a, b))
    return a == b
count = 0
with open(sys.argv[1], encoding='utf-8', newline='') as file:
    for case in json.load(file):
        read = yaml.safe_load(case['yaml'])
        for section, options in case['values'].items():
            for key, value in options.items():
                if key not in read[section] and '# %s: ' % key in case['yaml']: continue
                if not same(read[section].pop(key), value): sys.exit('%s.%s in:\n%s' % (section, key, case['yaml']))
        if any(read.values()): sys.exit('left over: %s' % read)
        count += 1
print(count)
)";

TEST(RoundTrip, OfRandomConfigsThroughPythonGivesTheSameValues) {
  if (std::system("/usr/bin/python3 -c 'import yaml' 2>/dev/null") != 0) GTEST_SKIP() << "needs python3-yaml";
  const smflow::test::TemporaryFolder folder;
  std::mt19937_64 random(8675309);
  OrderedJson cases = OrderedJson::array();
  const auto add = [&](const Config& config) {
    cases.push_back({{"yaml", effective_yaml(config)}, {"values", OrderedJson::parse(values_json(config))}});
  };
  add(Config(schema_of<SampleConfig>()));
  for (int i = 0; i < 100; ++i) add(random_config(schema_of<SampleConfig>(), random));
  const std::string command = "/usr/bin/python3 " + folder.write("compare.py", compare_in_python).string() + " " +
                              folder.write("cases.json", cases.dump()).string() + " > " + (folder / "out").string() +
                              " 2>&1";
  const int status = std::system(command.c_str());
  EXPECT_EQ(status, 0);
  EXPECT_EQ(smflow::test::slurp(folder / "out"), "101\n");
}

struct CommaNumbers : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
  std::string do_truename() const override { return "wahr"; }
};

// Everything a configuration says, in one text.
std::string everything() {
  std::mt19937_64 random(1);
  std::string text;
  for (int i = 0; i < 20; ++i) {
    const Config config = random_config(schema_of<SampleConfig>(), random);
    text += effective_yaml(config) + values_json(config) + canonical_text(config, Scope::everything) +
            to_text(difference(config, reloaded(config)));
  }
  const Schema& schema = *schema_of<SampleConfig>();
  text += template_yaml(schema) + reference_markdown(schema) + to_json_schema(schema);
  for (const ErrorCase& one : read_error_cases()) {
    text += told(one.load(schema_of<SampleConfig>(), schema_of<SiblingConfig>()));
  }
  const Config numbers = merged("VALUE: {RATE: 3.5, SHIFT: 1234567.25, BYTES: 1234567, SMALL: 1e6}\n");
  return text + told(numbers) + values_json(numbers);
}

TEST(Locale, WithADecimalCommaChangesNothing) {
  const std::string before = everything();
  const std::locale old = std::locale::global(std::locale(std::locale::classic(), new CommaNumbers));
  const std::string with_comma = everything();
  std::locale::global(old);
  EXPECT_EQ(before, with_comma);
  EXPECT_NE(before.find("1234567.25"), std::string::npos);
}

}  // namespace
}  // namespace smflow::config::test
