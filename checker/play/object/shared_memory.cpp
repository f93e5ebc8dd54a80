#include "play/object/shared_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/futex.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "play/object/futex_words.hpp"
#include "play/verdict/failure.hpp"
#include "play/verdict/obstructed.hpp"
#include "room/reach.hpp"
#include "see/objects.hpp"

namespace play {
namespace {

bool is_there(const std::string& name) { return room::Reach("/dev/shm").look(name.substr(1)).has_value(); }

}  // namespace

SharedMemory::SharedMemory(Testbed& testbed, std::string name) : testbed_(&testbed), name_(std::move(name)) {}

SharedMemory::~SharedMemory() {
  if (start_) munmap(start_, size_);
}

Verdict SharedMemory::exists() const {
  if (is_there(name_)) return Verdict::yes();
  return Verdict::no(with_context(*testbed_, {"there is a shared memory object " + name_, "there is none"}));
}

Verdict SharedMemory::exists_for(const Observed& maker) const {
  if (is_there(name_)) return Verdict::yes();
  const std::string removed = name_ + " (deleted)";  // the path before it depends on who looks
  for (const see::Mapping& m : see::mappings_of(maker.pid()))
    if (m.path.ends_with(removed))
      return Verdict::no(with_context(*testbed_, {"there is a shared memory object " + name_, fmt::format("its name has gone: {} alone has the object mapped ({})", maker.name(), m.path)}))
          .is_explained_by("memory/removed-too-early");
  return exists();
}

Verdict SharedMemory::does_not_exist() const {
  if (!is_there(name_)) return Verdict::yes();
  return Verdict::no(with_context(*testbed_, {"the name " + name_ + " is free", "it is still there"}));
}

Verdict SharedMemory::loses_its_name() const {
  return comes_true(*testbed_, "the name " + name_ + " is removed", [&] { return !is_there(name_); });
}

void SharedMemory::map() {
  base::Fd object = room::Reach("/dev/shm").open(name_.substr(1), O_RDWR);
  if (!object) throw std::runtime_error("there is no object " + name_);
  struct stat info {};
  base::must(fstat(object.get(), &info), "fstat");
  if (info.st_size == 0) throw std::runtime_error(name_ + " has no bytes to be mapped");
  void* at = mmap(nullptr, static_cast<size_t>(info.st_size), PROT_READ | PROT_WRITE, MAP_SHARED, object.get(), 0);
  if (at == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  if (start_) munmap(start_, size_);
  start_ = static_cast<char*>(at);
  object_ = std::move(object);
  size_ = static_cast<std::uint64_t>(info.st_size);
  device_ = info.st_dev;
  inode_ = info.st_ino;
}

std::string SharedMemory::bytes() const {
  std::string copy(size_, '\0');
  size_t got = 0;
  for (ssize_t some = 1; got < size_ && some > 0; got += static_cast<size_t>(std::max<ssize_t>(some, 0)))
    some = base::must(pread(object_.get(), copy.data() + got, size_ - got, static_cast<off_t>(got)), "pread");
  if (got < size_) throw Obstructed(fmt::format("{} keeps its {} bytes", name_, size_), fmt::format("it has {} now", got));
  return copy;
}

void SharedMemory::change(std::uint64_t offset, char byte) const {
  if (offset >= size_) throw std::out_of_range("beyond the end of " + name_);
  testbed_->note_act(fmt::format("change byte {} of {}", offset, name_));
  base::must(pwrite(object_.get(), &byte, 1, static_cast<off_t>(offset)), "pwrite");
}

int SharedMemory::wake_for_nothing(std::uint64_t offset) const {
  if (offset + sizeof(std::uint32_t) > size_) throw std::out_of_range("beyond the end of " + name_);
  testbed_->note_act(fmt::format("wake who sleeps on the word at byte {} of {}, for nothing", offset, name_));
  return static_cast<int>(base::must(syscall(SYS_futex, start_ + offset, FUTEX_WAKE, INT_MAX), "futex"));
}

std::vector<see::Mapping> SharedMemory::mappings_in(const Observed& who) const {
  std::vector<see::Mapping> found = see::mappings_of(who.pid());
  std::erase_if(found, [&](const see::Mapping& m) { return !m.is_of(device_, inode_); });
  return found;
}

std::uint64_t SharedMemory::mapped_up_to_by(const Observed& who) const {
  std::uint64_t end = 0;
  for (const see::Mapping& m : mappings_in(who)) end = std::max(end, m.offset + (m.end - m.begin));
  return end;
}

Verdict SharedMemory::is_mapped_by(const Observed& who) const {
  const std::string expected = fmt::format("{} has {} mapped, shared and writable", who.name(), name_);
  std::vector<see::Mapping> found;
  Verdict verdict = comes_true(*testbed_, expected, [&] {
    found = mappings_in(who);
    return !found.empty();
  });
  if (found.empty()) return verdict;
  for (const see::Mapping& m : found)
    if (m.shared && m.writable) return Verdict::yes();
  const bool shared = found[0].shared;
  return Verdict::no(with_context(
             *testbed_, {expected, shared ? "its mapping cannot be written"
                                          : "its mapping is private: what it writes there becomes a copy that nobody "
                                            "else sees"}))
      .is_explained_by("memory/private-copy", !shared);
}

Verdict SharedMemory::is_one_page_of(const Observed& one, const Observed& other) const {
  for (const Observed* who : {&one, &other})
    if (Verdict mapped = is_mapped_by(*who); !mapped.passed()) return mapped;
  const auto first_page = [&](const Observed& who) -> std::optional<see::Mapping> {
    for (const see::Mapping& m : mappings_in(who))
      if (m.offset == 0 && m.shared) return m;
    return std::nullopt;
  };
  const std::string expected =
      fmt::format("{} and {} have one page of {} at two addresses", one.name(), other.name(), name_);
  const auto a = first_page(one), b = first_page(other);
  if (!a || !b)
    return Verdict::no(expected, fmt::format("{} has not mapped its beginning", (a ? other : one).name()));
  if (a->begin == b->begin) return Verdict::no(expected, fmt::format("both have it at {:#x}", a->begin));
  return Verdict::yes();
}

Verdict SharedMemory::has_waiter(const Observed& who) const {
  const std::string expected =
      fmt::format("{} sleeps in futex on a word of {}, where another process can wake it", who.name(), name_);
  // Any of its threads may be the one: another waits for that one, on a word that is its process's own affair.
  std::optional<FutexWord> elsewhere, here;
  std::string why, diagnosis;
  Verdict verdict = comes_true(*testbed_, expected, [&] {
    elsewhere = here = std::nullopt;
    for (const FutexWord& wait : futex_words_of(who.pid())) {
      const auto mapping = see::mapping_at(who.pid(), wait.address);
      if (!mapping || !mapping->is_of(device_, inode_)) {
        elsewhere = wait;
        continue;
      }
      if (mapping->shared && !wait.is_private) return true;
      here = wait;
      why = mapping->shared ? "it sleeps with FUTEX_PRIVATE_FLAG: the kernel looks for it among the threads of its own "
                              "process only"
                            : "it sleeps on a word of its private copy, which no other process can reach";
      diagnosis = mapping->shared ? "memory/private-futex" : "";
    }
    return false;
  });
  if (verdict.passed() || (!here && !elsewhere)) return verdict;
  if (!here)
    why = "it sleeps on " + see::mapped_at(who.pid(), elsewhere->address) + ", which no other process can reach";
  Verdict refused = Verdict::no(with_context(*testbed_, {expected, why}));
  return here && !diagnosis.empty() ? std::move(refused).is_explained_by(diagnosis) : refused;
}

bool SharedMemory::holds_an_address_of(const Observed& who) const {
  constexpr std::uint64_t lowest = std::uint64_t{1} << 32;  // below it lie counters and lengths too
  const std::string all = bytes();
  std::vector<see::Mapping> its = see::mappings_of(who.pid());
  std::erase_if(its, [](const see::Mapping& m) { return !m.writable || m.begin < lowest; });
  for (size_t at = 0; at + sizeof(std::uint64_t) <= all.size(); at += sizeof(std::uint32_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, all.data() + at, sizeof word);
    if (word >= lowest && std::any_of(its.begin(), its.end(), [&](const see::Mapping& m) { return m.contains(word); })) return true;
  }
  return false;
}

Verdict SharedMemory::is_the_only_way_of(const Observed& one, const Observed& other) const {
  for (const auto& [who, partner] : {std::pair{&one, &other}, std::pair{&other, &one}}) {
    int times = 0;
    for (const see::Descriptor& d : see::descriptors_of(who->pid())) {
      const bool is_this = d.device == device_ && d.inode == inode_;
      if (d.fd <= 2 || (is_this && ++times == 1)) continue;
      if (is_this)
        return Verdict::no(with_context(*testbed_, {who->name() + " has the object open at most once", fmt::format("descriptor {} refers to it too", d.fd)}));
      const auto theirs = see::descriptors_of(partner->pid());
      const bool carries = d.type == S_IFREG || d.type == S_IFIFO || d.type == S_IFSOCK;
      const bool both = carries && std::any_of(theirs.begin(), theirs.end(), [&](const see::Descriptor& t) { return t.fd > 2 && t.device == d.device && t.inode == d.inode; });
      return Verdict::no(with_context(
                             *testbed_, {who->name() + " has 0, 1, 2 and at most the object open", fmt::format("it also has descriptor {} ({}){}", d.fd, base::escape(d.target), both ? ", and so has the other side" : "")}))
          .means("memory/another-way", both);
    }
  }
  return Verdict::yes();
}

std::optional<std::uint64_t> SharedMemory::word_waited_on(const Observed& who) const {
  for (const FutexWord& wait : futex_words_of(who.pid()))
    for (const see::Mapping& m : mappings_in(who))
      if (m.contains(wait.address)) return wait.address - m.begin + m.offset;
  return std::nullopt;
}

}  // namespace play
