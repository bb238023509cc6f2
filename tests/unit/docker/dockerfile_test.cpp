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

TEST(BaseImages, AreThoseThatIsCopiedFromToo) {
  EXPECT_THAT(base_images("FROM a AS build\nFROM b\nCOPY --chown=1:1 --from=tools:2 /x /y\ncopy --from=Build /x /y\n"
                          "COPY --from=0 /x /y\nCOPY --from=$A /x /y\nCOPY x --from=c\nCOPY --from= /x /y\n",
                          {}),
              ElementsAre("a", "b", "tools:2"));
}

TEST(BaseImages, StandBetweenBlanksOfAnyKindAndNumber) {
  EXPECT_THAT(base_images("\xef\xbb\xbf"
                          "FROM\tdebian:12\n \t FROM   --platform=a  --b \t base \t AS\tx  \nFROM x\nFROM \"quoted\"",
                          {}),
              ElementsAre("debian:12", "base", "quoted"));
}

TEST(BaseImages, AreNotThoseOfAFromThatTheBuilderRefuses) {
  EXPECT_THAT(base_images("from torch import nn\nFROM a b\nFROM a AS\nFROM a WITH b\nFROM a AS b c\n", {}), IsEmpty());
}

TEST(BaseImages, HaveTheArgumentsInPlace) {
  const std::string text = "ARG TAG=1\nARG BASE_IMAGE=\"base:${TAG}\"\nFROM $BASE_IMAGE\nFROM other:${TAG}-x\n";
  EXPECT_THAT(base_images(text, {}), ElementsAre("base:1", "other:1-x"));
  EXPECT_THAT(base_images(text, {{"BASE_IMAGE", "mine"}, {"TAG", "2"}}), ElementsAre("mine", "other:2-x"));
}

TEST(BaseImages, HaveTheArgumentsAsTheBuilderReadsThem) {
  const std::string arguments = "ARG A=1 B='$A b' EMPTY= UNSET C=${A}2\n";
  for (const auto& [from, image] :
       {std::pair{"x:$A", "x:1"}, std::pair{"x$UNSET$EMPTY", "x"}, std::pair{"x:\"${C}\"", "x:12"},
        std::pair{"'x'$B", "x$A b"}, std::pair{"x\\$A", "x$A"}, std::pair{"${A:-x}", "1"},
        std::pair{"${EMPTY:-x}", "x"}, std::pair{"y${EMPTY-x}", "y"}, std::pair{"${NONE-x:$A}", "x:1"},
        std::pair{"y${A:+-x}", "y-x"}, std::pair{"y${EMPTY:+-x}", "y"}, std::pair{"${NONE:-${NO:-\"a}\"}}", "a}"},
        std::pair{"y${A:-$NONE}", "y1"}}) {
    EXPECT_THAT(base_images(arguments + "FROM " + from, {}), ElementsAre(image)) << from;
  }
}

TEST(BaseImages, AreNoStagesAndNotNothing) {
  EXPECT_THAT(base_images("FROM scratch\nFROM a AS b\nFROM b\nFROM a\n", {}), ElementsAre("a"));
  EXPECT_THAT(base_images("FROM a AS Build\nFROM build AS b\nFROM BUILD\nFROM c as c\n", {}), ElementsAre("a", "c"));
}

TEST(BaseImages, ThatAreNotKnownBeforeTheBuildAreLeftOut) {
  EXPECT_THAT(base_images("ARG A\nFROM $A\nFROM $B\nFROM ${\nFROM\nFROM $\nFROM --x\nARG C=1\nFROM $C\n", {}),
              IsEmpty());
  EXPECT_THAT(base_images("ARG A=x-$TARGETARCH\nARG TARGETOS\nFROM $A\nFROM y$TARGETOS\nFROM ${BUILDARCH:-z}\n", {}),
              IsEmpty());
}

TEST(BaseImages, WithAFormThatIsNotKnownAreLeftOut) {
  for (const char* from : {"${A#1}", "${A/1/2}", "${A:}", "${:-a}", "${A:-b", "b${A:-${A%1}c}d"}) {
    EXPECT_THAT(base_images(std::string("ARG A=1\nFROM ") + from + "\n", {}), IsEmpty()) << from;
  }
}

TEST(BaseImages, AreNoContentsOfHereDocuments) {
  for (const char* instruction :
       {"RUN <<EOF\nFROM x\n# EOF\n EOF\nEOF", "run python3 <<EOF\r\nFROM x\r\nEOF\r", "RUN <<-EOF\n\tFROM x\n\t\tEOF",
        "RUN <<'EOF'\nFROM x\nEOF", "RUN <<E\"O\"\\F\nFROM x\nEOF", "RUN <<'a b'\nFROM x\na b",
        "RUN << EOF\nFROM x\nEOF", "RUN <<$EOF\nFROM x\n$EOF",
        "RUN cat \\\n  3<<EOF \\\n  # a comment\n > y\nFROM x\nEOF",
        "RUN --mount=type=cache,target=/x <<EOF sh\nFROM x \\\nEOF", "COPY <<A <<-'B' /x\nFROM x\nB\nA\nFROM y\n\tB",
        "ADD <<EOF /x\nFROM x\nEOF", "ONBUILD RUN <<EOF\nFROM x\nEOF"}) {
    EXPECT_THAT(base_images(std::string("FROM first\n") + instruction + "\nFROM last", {}),
                ElementsAre("first", "last"))
        << instruction;
  }
}

TEST(BaseImages, StandAfterWhatIsNoHereDocument) {
  for (const char* instruction :
       {"RUN \"<<EOF\"", "RUN [\"sh\", \"-c\", \"<<EOF\"]", "RUN \\<<EOF", "RUN cat <<<EOF", "RUN cat<<EOF", "RUN a <<",
        "RUN a <<''", "USER <<EOF", "ONBUILD USER <<EOF", "# RUN <<EOF", "RUN echo $((1 << 2))", "RUN <<NEVER"}) {
    EXPECT_THAT(base_images(std::string(instruction) + "\nFROM last\nEOF\n", {}), ElementsAre("last")) << instruction;
  }
}

TEST(BaseImages, AreNotInLinesThatContinueOthers) {
  for (const char* instruction :
       {"RUN a; \\\nFROM x", "RUN a; \\ \t\r\nFROM x", "RUN a; \\\n# why \\\n\n  # why\nFROM x", "\\\nRUN \\\nFROM x",
        "# a comment \\", "RUN a \\\\", "RUN a `"}) {
    EXPECT_THAT(base_images(std::string("FROM first\n") + instruction + "\nFROM last", {}),
                ElementsAre("first", "last"))
        << instruction;
  }
  EXPECT_THAT(base_images("FROM \\\n  # why\n  debian:12 \\\n  AS a\nFR\\\nOM b\n", {}), ElementsAre("debian:12", "b"));
}

TEST(BaseImages, FollowTheDirectiveForContinuedLines) {
  const std::string text = "FROM a\\b\nRUN x `\nFROM y\nRUN z \\\nFROM last";
  for (const char* directive : {"# escape=`\n", "#Escape = ` \r\n", "# syntax=docker/dockerfile:1\n#escape=`\n"}) {
    EXPECT_THAT(base_images(directive + text, {}), ElementsAre("a\\b", "last")) << directive;
  }
  for (const char* comment : {"\n# escape=`\n", "# why\n# escape=`\n", "# why=not\n# escape=`\n", "# escape=/\n"}) {
    EXPECT_THAT(base_images(comment + text, {}), ElementsAre("ab", "y")) << comment;
  }
}

TEST(BaseImages, OfEveryPieceOfAFileAreNamed) {
  const std::string text =
      "# escape=`\nARG A=\"${B:-'c'}\" D\nFROM --platform=$P ${A:+x`}}`\n AS y\nRUN <<'E' <<-F\nFROM z\nE\n\tF\nFROM "
      "${A}";
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    for (std::size_t size = 0; begin + size <= text.size(); ++size) {
      for (const std::string& image : base_images(text.substr(begin, size), {{"D", ""}})) EXPECT_NE(image, "");
    }
  }
}

TEST(Arguments, AreDeclaredInWhateverStage) {
  for (const char* text :
       {"ARG A\nFROM x", "FROM x\narg B=1 \\\n  A=2", "ARG A=\"b c\"", "FROM x AS y\nFROM z\nARG A"}) {
    EXPECT_TRUE(declares_argument(text, "A")) << text;
  }
  for (const char* text : {"", "FROM x", "# ARG A", "ARG B=A", "ARG AB", "ENV A=1", "RUN <<E\nARG A\nE", "ARG"}) {
    EXPECT_FALSE(declares_argument(text, "A")) << text;
  }
}

TEST(BaseImages, OfAHostileFileAreFoundSoon) {
  const auto times = [](std::size_t count, const std::string& text) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  const std::size_t many = 20'000;
  EXPECT_THAT(base_images("FROM " + times(many, "${A:-"), {}), IsEmpty());
  EXPECT_THAT(base_images("FROM " + times(many, "${A:-") + "b" + times(many, "}"), {}), IsEmpty());
  EXPECT_THAT(base_images(times(many, "RUN <<X\n") + "FROM a", {}), ElementsAre("a"));
  EXPECT_THAT(base_images("RUN" + times(many, " <<X") + "\nFROM a", {}), ElementsAre("a"));
  EXPECT_THAT(base_images("RUN " + times(many, "\\\n") + "\nFROM a", {}), IsEmpty());
}

}  // namespace
}  // namespace smflow::docker
