#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/docker/dockerfile.hpp>

namespace smflow::docker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(BaseImages, AreThoseOfTheFromLines) {
  EXPECT_THAT(
      base_images("# a\nFROM debian:12 AS build\nRUN x\nfrom --platform=linux/amd64 r:5000/base@sha256:1\r\n", {}),
      ElementsAre("debian:12", "r:5000/base@sha256:1"));
}

TEST(BaseImages, HaveTheArgumentsInPlace) {
  const std::string text = "ARG TAG=1\nARG BASE_IMAGE=\"base:${TAG}\"\nFROM $BASE_IMAGE\nFROM other:${TAG}-x\n";
  EXPECT_THAT(base_images(text, {}), ElementsAre("base:1", "other:1-x"));
  EXPECT_THAT(base_images(text, {{"BASE_IMAGE", "mine"}, {"TAG", "2"}}), ElementsAre("mine", "other:2-x"));
}

TEST(BaseImages, AreNoStagesAndNotNothing) {
  EXPECT_THAT(base_images("FROM scratch\nFROM a AS b\nFROM b\nFROM a\n", {}), ElementsAre("a"));
}

TEST(BaseImages, ThatAreNotKnownBeforeTheBuildAreLeftOut) {
  EXPECT_THAT(base_images("ARG A\nFROM $A\nFROM ${B:-c}\nFROM ${\nFROM\nFROM $\nFROM --x\nARG C=1\nFROM $C\n", {}),
              IsEmpty());
}

}  // namespace
}  // namespace smflow::docker
