#include <gtest/gtest.h>

#include <smflow/base/base64.hpp>

namespace smflow {
namespace {

TEST(Base64, EqualsTheExamplesOfTheRfc) {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : rows) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
}

TEST(Base64, TakesOnlyWhatItWrites) {
  for (const char* text : {"Zg=", "Zg", "Zh==", "Zm9=", "Zg==Zg==", "====", "Z===", "Zm9v\n", "Zm-v", "Zm9v Zg=="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Base64, HasAnAlphabetForUrls) {
  EXPECT_EQ(to_base64("\xfb\xff\xfe"), "+//+");
  EXPECT_EQ(to_base64("\xfb\xff\xfe", Base64::for_urls), "-__-");
  EXPECT_EQ(to_base64("fo", Base64::for_urls), "Zm8=");
}

}  // namespace
}  // namespace smflow
