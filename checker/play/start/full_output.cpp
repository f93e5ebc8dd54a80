#include "play/start/full_output.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "base/fd.hpp"

namespace play {
namespace {

// In the child, just before exec. By single bytes at the end: there may be room for one where there is none for many.
void fill() {
  const int flags = base::must(fcntl(1, F_GETFL), "F_GETFL");
  base::must(fcntl(1, F_SETFL, flags | O_NONBLOCK), "F_SETFL");
  const std::string filling(4096, '.');
  for (const size_t size : {filling.size(), size_t{1}})
    while (write(1, filling.data(), size) > 0) {}
  if (errno != EAGAIN) base::fail("fill its output");
  base::must(fcntl(1, F_SETFL, flags), "F_SETFL");
}

}  // namespace

room::Order behind_full_output() {
  room::Order order;
  order.prepare = fill;
  return order;
}

}  // namespace play
