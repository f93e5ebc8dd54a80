// Whatever a program names, prints or says of itself: no reader of a report sees more of it than printable ASCII.
#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <string>

#include "base/text.hpp"
#include "results/json.hpp"
#include "results/printable.hpp"
#include "tell/report.hpp"
#include "tests/example.hpp"
#include "tests/names.hpp"

namespace {

/// Our own signs taken out, which no stranger can do harm with, and our own colours where they are asked for.
std::string without_ours(std::string text, bool colours) {
  const auto drop = [&](const std::string& part) {
    for (size_t at = 0; (at = text.find(part)) != std::string::npos;) text.erase(at, part.size());
  };
  for (const char* sign : {"\u2514", "\u251c", "\u2502", "\u00b7"}) drop(sign);
  if (colours)
    for (const char* code : {"0", "1", "2", "32", "1;31", "35"}) drop(std::string("\033[") + code + "m");
  return text;
}

bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\n'; });
}

/// A record in which a program has named all that it can.
results::Record named(const std::string& name) {
  results::Record r = tests::example();
  r.expected = r.actual = r.hint = r.by_hand = "it holds " + name;
  r.lines = r.missing = r.too_many = {"\u2514 " + name + " 4   blocked in read(0) on " + name};
  r.log = {{0.5, "start: " + name, true}, {0.7, "type " + name, true}, {0.9, "printed " + name, false}};
  return r;
}

}  // namespace

TEST_CASE("of 1,000 names no byte outside printable ASCII reaches a reader") {
  std::mt19937 random(18);
  for (int i = 0; i < 1000; ++i) {
    const std::string name = tests::random_name(random);
    INFO(base::escape(name));
    REQUIRE(is_plain(base::escape(name)));
    REQUIRE(base::escape(name).find('\n') == std::string::npos);
    REQUIRE(is_plain(base::quote(name, 5)));
    REQUIRE(is_plain(base::shell_words({name, "x"})));
    const results::Record r = named(name);
    results::Record unknown = r, second = r;
    unknown.result = results::Result::could_not_check;
    second.id = "second";
    for (const auto& run : {tests::run_of({r}), tests::run_of({r, second}), tests::run_of({unknown})}) {
      REQUIRE(is_plain(without_ours(tell::report(run, {}), false)));
      REQUIRE(is_plain(without_ours(tell::report(run, {.colour = true}), true)));
      REQUIRE(is_plain(without_ours(results::to_json(run), false)));
    }
    REQUIRE(results::from_json(results::to_json(tests::run_of({r}))).records.at(0).actual == results::printable(r).actual);
    REQUIRE(is_plain(without_ours(results::to_line(r), false)));
  }
}
