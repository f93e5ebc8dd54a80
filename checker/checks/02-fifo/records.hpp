// Lab 02: what `serve` has printed, looked at as far as a check is about it. N, NAME and the text of a line can be right or wrong
// one by one, and each is asked for by one check: the others let pass whatever stands there.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "words.hpp"

namespace fifo {

/// The next lines are these, with or without a number before them, whichever.
Verdict prints_records(Program& serve, const std::vector<std::string>& records);
/// The next lines end with the texts of these records, whatever N and NAME say.
Verdict prints_texts(Program& serve, const std::vector<std::string>& records);
/// The next line ends with `text`; `frame`, "ann: ", becomes what the program has put between its number and that.
Verdict prints_framed(Program& serve, const std::string& text, std::string& frame);
/// It prints lines that end with these, in this order, whatever comes before and between.
Verdict prints_in_turn(Program& serve, const std::vector<std::string>& texts);
/// Whether one of these lines is so, its number taken away.
bool any_line(const std::string& printed, const std::function<bool(const std::string& record)>& is_so);
/// It ends or comes to rest, and has printed nothing more. Who is woken by a clock is as good as at rest.
Verdict has_nothing_more(Program& serve);

/// Of what `serve` has printed: the texts of each NAME are those of `sent`, whole and in their order. An empty record is let pass.
struct Sender {
  std::string name;
  std::vector<std::string> texts;
};
Verdict all_are_there(Program& serve, const std::vector<Sender>& sent);

}  // namespace fifo
