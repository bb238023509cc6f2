#include "encoding.hpp"
#include "page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <smflow/board/render.hpp>

namespace smflow::board {

namespace {

using testing::HasSubstr;
using testing::Not;

std::string rendered(const Board& board) {
  std::string page;
  const Sink sink = [&](std::string_view piece) -> Result<void> {
    page.append(piece);
    return {};
  };
  EXPECT_TRUE(render(board, {}, sink));
  return page;
}

Board board_of(const std::string& text) {
  Board board{.title = text, .source = text, .version = text, .made = {}, .parameters = {}, .runs = {}};
  Run run{.id = text,
          .experiment = text,
          .user = text,
          .host = text,
          .target = text,
          .state = text,
          .started = {},
          .ended = {},
          .parameters = {},
          .metrics = {{text, 1, 1, 1}},
          .detail = {}};
  board.parameters.set(run.parameters, text, text, true);
  run.detail = std::make_shared<Detail>(Detail{.phases = {{text, {}, {}, text}},
                                               .reason = text,
                                               .command = text,
                                               .replicate = text,
                                               .samples = {{1, 1, text, "\x89PNG\r\n\x1a\n" + text}},
                                               .log = {text, text, false}});
  board.runs = {run};
  return board;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++found;
  return found;
}

}  // namespace

TEST(BoardPage, HoldsNothingOfARecordAsHtml) {
  const std::string hostile = "</script><img src=x onerror=alert(1)>{{script}}{{data}}";
  const std::string page = rendered(board_of(hostile));
  EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(page, HasSubstr("<title>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;{{script}}{{data}}</title>"));
  // Its own, the cards, the detail, the picture.
  EXPECT_EQ(count(page, "<script"), count(page, "</script>"));
  EXPECT_EQ(count(page, "<script"), 4u);
}

TEST(BoardPage, AllowsItsOwnScriptAndStyleOnly) {
  const std::string page = rendered({});
  EXPECT_THAT(page, HasSubstr("default-src 'none'; script-src " + policy_source(page_script()) + "; style-src " +
                              policy_source(page_style()) + "; img-src data:; base-uri 'none'"));
  EXPECT_THAT(page, HasSubstr("<script>" + std::string(page_script()) + "</script>"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
}

TEST(BoardPage, NamesNoOtherAddress) {
  const std::string page = rendered({});
  for (const std::string_view text : {"src=\"http", "href=\"http", "url(http", "@import", "//cdn"}) {
    EXPECT_THAT(page, Not(HasSubstr(text)));
  }
}

TEST(BoardPage, ScriptCannotEndItsElement) {
  EXPECT_THAT(std::string(page_script()), Not(HasSubstr("</script")));
  EXPECT_THAT(std::string(page_script()), Not(HasSubstr("<!--")));
  EXPECT_THAT(std::string(page_style()), Not(HasSubstr("</style")));
}

TEST(BoardPage, NeverParsesTextAsHtml) {
  const std::string script(page_script());
  const std::string own = script.substr(script.rfind("\"use strict\";\n(() => {"));
  for (const char* way :
       {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "new Function"}) {
    EXPECT_THAT(own, Not(HasSubstr(way)));
  }
}

TEST(BoardPage, IsTheSameForTheSameBoard) {
  EXPECT_EQ(rendered(board_of("a")), rendered(board_of("a")));
}

TEST(BoardPage, IsSmallWithoutData) {
  EXPECT_LT(rendered({}).size(), 160u << 10);
}

TEST(BoardPage, EndsWhenTheSinkSaysSo) {
  int pieces = 0;
  const Sink sink = [&](std::string_view) -> Result<void> {
    if (++pieces == 3) return tl::unexpected(Error{.code = "E900", .message = "full"});
    return {};
  };
  const auto done = render(board_of("a"), {}, sink);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "full");
  EXPECT_EQ(pieces, 3);
}

TEST(LivePage, AsksItsServerAndHoldsNoData) {
  const std::string page = render_live(board_of("secret-name"));
  EXPECT_THAT(page, HasSubstr("connect-src 'self'"));
  EXPECT_THAT(page, HasSubstr("data-live=\"1\""));
  EXPECT_THAT(page, Not(HasSubstr("id=\"cards\"")));
}

}  // namespace smflow::board
