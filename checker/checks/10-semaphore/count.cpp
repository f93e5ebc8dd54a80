// Lab 10: how many may enter. Whoever is inside stands at a gate, so it is exact who is inside and who is not.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fmt/format.h>

#include "stories.hpp"

namespace permits {

void the_first_makes_them(Kind kind) {
  // Enough of them that N and N - 1 are told from anything else; and as many as there can be.
  bool one_for_each = false;  // seen of the first, which may still have so many semaphores
  for (const int n : {std::uniform_int_distribution(300, 31000)(lab.dice()), 32767}) {
    const auto permits = fresh(kind);
    const std::string name = fmt::format("first-of-{}", n);
    auto gate = lab.gate(name);
    auto first = limit(*permits, n, {"gate", name, "true"});
    let_it_get_on(first, gate);
    CHECK(are_made(*permits, n, first).hints("Before, with a smaller N, the set had at least N semaphores. The second argument of semget(2) is how many semaphores are in the set, not how far one of them counts: one holds all permits.", one_for_each));
    CHECK(is_private(*permits));
    if (const auto* const set = dynamic_cast<const play::SemaphoreSet*>(permits.get())) one_for_each = set->count_of(n - 1).has_value();
  }
}

void who_finds_none_sleeps(Kind kind) {
  const auto permits = fresh(kind);
  play::Crowd crowd(lab.testbed(), "one-", 3);
  std::deque<Program> programs;
  for (int i = 0; i < 3; ++i) {
    programs.push_back(limit(*permits, 1, {"gate", crowd.at(i), "true"}));
    let_it_get_on(programs.back(), crowd.gate(i));
    if (i == 0) CHECK(is_taken(*permits, 0));
    if (i == 0) hold_on_to(*permits);
    if (i > 0) CHECK(waits(*permits, programs.back(), crowd.gate(i)));
  }
}

void stat_tells_and_drop_ends(Kind kind) {
  const auto permits = fresh(kind);
  const int n = std::uniform_int_distribution(2, 9)(lab.dice());
  std::vector<std::string> names;
  for (int i = 0; i < n + 2; ++i) {
    names.push_back(fmt::format("seen-{}", i));
    auto gate = lab.gate(names.back());
    auto one = limit(*permits, n, {"gate", names.back(), "true"});
    let_it_get_on(one, gate);
    if (i == 0) CHECK(are_made(*permits, n, one));
    if (i == 0 || i == n + 1) CHECK(tells(*permits));
  }
  const auto unused = fresh(kind);
  auto gate = lab.gate("unused");
  auto maker = limit(*unused, 1, {"gate", "unused", "true"});
  let_it_get_on(maker, gate);
  CHECK(are_made(*unused, 1, maker));
  auto drop = ask(*unused, "drop");
  Verdict dropped = drop.exits_with(0);
  const bool refused = dropped.ended_with(125) && kind == Kind::sysv && unused->count().has_value() && drop.has_complained_of(EINVAL);
  CHECK(std::move(dropped).hints("semctl(2) wants the identifier that semget(2) has returned. The key is something else: the name by which it is found.", refused));
  CHECK(drop.prints_only(""));
  CHECK(unused->is_gone().means("ipc/object-left"));
  if (kind == Kind::sysv) {
    // All 32 bits of a key count: with the highest one it is another key.
    const auto two = fresh(kind);
    auto another = lab.gate("another");
    auto one = limit(*two, 1, {"gate", "another", "true"});
    let_it_get_on(one, another);
    const std::string other = fmt::format("{:#x}", std::stoul(two->name(), nullptr, 0) ^ 0x80000000UL);
    CHECK(lab.start_words({"--sysv", "stat", other}).exits_with(125));
  }
  for (const char* verb : {"stat", "drop"}) {
    auto nothing = ask(*unused, verb);
    CHECK(nothing.exits_with(125));
    CHECK(nothing.complains(unused->name()));
    CHECK(unused->is_gone());
  }
}

void comes_back_however_it_ends(Kind kind) {
  const auto made = fresh(kind);
  const Semaphore& permits = *made;
  auto gate = lab.gate("inside");
  auto first = limit(permits, 3, {"gate", "inside", "true"});
  CHECK(gate.is_reached());
  CHECK(is_taken(permits, 2));
  const bool said_so = flag(permits) > 0;
  gate.open();
  CHECK(first.exits());
  CHECK(has_all(permits, 3));
  const bool says_so_no_more = said_so && flag(permits) == 0;
  lab.file("plain").put("not a program", 0644);
  const std::string status = std::to_string(lab.some_status());
  const Words endings[] = {{"sh", "-c", "kill -KILL $$"}, {"sh", "-c", "exit " + status},  {"sh", "-c", "kill -TERM $$"},
                           {"no-such-command"},           {"sh", "-c", "kill -HUP $$"},    {"sh", "-c", "kill -INT $$"},
                           {"sh", "-c", "exit 124"},      {"sh", "-c", "exit 125"},        {"./plain"},
                           {"true"}};
  for (const Words& command : endings) {
    auto next = limit(permits, 3, command);
    CHECK(unless_on_another(next.is_gone().is_explained_by("semaphore/gone-with-its-maker", says_so_no_more), permits, next));
    CHECK(has_all(permits, 3));
  }
}

void never_more_always_all(Kind kind) {
  constexpr int all = 8, n = 3;
  const auto permits = fresh(kind);
  const auto* const set = dynamic_cast<const play::SemaphoreSet*>(permits.get());
  play::Crowd crowd(lab.testbed(), "g", all);
  std::deque<Program> programs;
  for (int i = 0; i < all; ++i) {
    programs.push_back(limit(*permits, n, {"gate", crowd.at(i), "true"}));
    if (i > n) continue;
    CHECK(crowd.stands_at(std::min(i + 1, n)));
    CHECK(set_again(permits->counts(std::max(n - i - 1, 0)), *permits));
  }
  for (int left = all; left > 0; --left) {
    const int inside = std::min(n, left);
    CHECK(crowd.stands_at(inside));
    CHECK(permits->counts(n - inside));
    if (set) CHECK(set->has_waiting(left - inside));
    CHECK(programs[static_cast<size_t>(crowd.let_one_go())].exits());
  }
  CHECK(permits->counts(n));
}

void a_later_n_is_ignored(Kind kind) {
  // While some are free, a lower and a higher one come; while none is, a higher one.
  const auto many = fresh(kind), one = fresh(kind);
  play::Crowd some(lab.testbed(), "some-", 3), none(lab.testbed(), "none-", 2);
  const int n[] = {5, 2, 9};
  for (int i = 0; i < 3; ++i) {
    limit(*many, n[i], {"gate", some.at(i), "true"});
    Verdict all_in = some.stands_at(i + 1);
    const bool set_anew = i > 0 && many->count() != 5 - some.last_seen();  // else something beside the permits keeps it out
    CHECK(std::move(all_in).means("semaphore/later-n-counts", set_anew));
    CHECK(many->counts(4 - i).means("semaphore/later-n-counts", i > 0));
  }
  limit(*one, 1, {"gate", none.at(0), "true"});
  CHECK(none.stands_at(1));
  limit(*one, 5, {"gate", none.at(1), "true"});
  CHECK(more(none.stands_at(1), none, 1, "semaphore/later-n-counts"));
  CHECK(higher(one->counts(0), *one, 0, "semaphore/later-n-counts"));
}

}  // namespace permits
