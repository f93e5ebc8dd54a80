// Lab 01, check one-stage: tries sockets of every family that no namespace keeps in, and the calls that lead round or out: rings,
// keyrings, perf, bpf, userfaultfd. All are refused.
#include <cerrno>
#include <initializer_list>
#include <cstdio>
#include <cstring>
#include <linux/vm_sockets.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
int main() {
  bool leak = false;
  for (int family = 0; family < 64; ++family)
    for (int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET}) {
      const int s = socket(family, type, 0);
      if (s < 0) continue;
      close(s);
      if (family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK || family == AF_PACKET) continue;
      std::printf("LEAK family %d type %d\n", family, type);
      leak = true;
      if (family != AF_VSOCK) continue;
      const int v = socket(AF_VSOCK, SOCK_STREAM, 0);
      sockaddr_vm host{};
      host.svm_family = AF_VSOCK;
      host.svm_cid = VMADDR_CID_HOST;
      host.svm_port = 1;
      if (type == SOCK_STREAM) {
        timeval short_time{1, 0};
        setsockopt(v, SOL_SOCKET, 20 /* SO_RCVTIMEO */, &short_time, sizeof short_time);
        setsockopt(v, AF_VSOCK, 6 /* SO_VM_SOCKETS_CONNECT_TIMEOUT */, &short_time, sizeof short_time);
        const int c = connect(v, reinterpret_cast<sockaddr*>(&host), sizeof host);
        std::printf("LEAK connect to the host: %s\n", c == 0 ? "connected" : std::strerror(errno));
      }
      close(v);
    }
  long zeros[16] = {};
  const struct { const char* name; long number, arguments[5]; } calls[] = {
      {"io_uring_setup", SYS_io_uring_setup, {1, reinterpret_cast<long>(zeros)}},
      {"add_key", SYS_add_key, {reinterpret_cast<long>("user"), reinterpret_cast<long>("mark"), reinterpret_cast<long>("x"), 1, -3}},
      {"keyctl", SYS_keyctl, {0, -3, 0}},
      {"request_key", SYS_request_key, {reinterpret_cast<long>("user"), reinterpret_cast<long>("victim"), 0, 0}},
      {"perf_event_open", SYS_perf_event_open, {reinterpret_cast<long>(zeros), 0, -1, -1, 0}},
      {"bpf", SYS_bpf, {0, reinterpret_cast<long>(zeros), sizeof zeros}},
      {"userfaultfd", SYS_userfaultfd, {1}}};
  for (const auto& call : calls) {
    const long came = syscall(call.number, call.arguments[0], call.arguments[1], call.arguments[2], call.arguments[3], call.arguments[4]);
    if (came < 0 && (errno == EPERM || errno == ENOSYS)) continue;
    std::printf("LEAK %s: %s\n", call.name, came < 0 ? std::strerror(errno) : "done");
    leak = true;
  }
  if (!leak) std::puts("a  b * ::");
  return 7;
}
