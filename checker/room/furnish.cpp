#include "room/furnish.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace room {
namespace {

namespace fs = std::filesystem;

void folder(const std::string& path, mode_t mode = 0755) {
  base::must(mkdir(path.c_str(), mode), "mkdir " + path);
  base::must(chmod(path.c_str(), mode), "chmod " + path);
}

// A bind mount may only be made read-only together with the flags it already has (mount(2), EPERM).
void make_read_only(const std::string& path) {
  struct statvfs info {};
  base::must(statvfs(path.c_str(), &info), "statvfs " + path);
  unsigned long kept = MS_NOSUID;
  if ((info.f_flag & ST_NODEV) != 0) kept |= MS_NODEV;
  if ((info.f_flag & ST_NOEXEC) != 0) kept |= MS_NOEXEC;
  if ((info.f_flag & ST_NOATIME) != 0) kept |= MS_NOATIME;
  if ((info.f_flag & ST_NODIRATIME) != 0) kept |= MS_NODIRATIME;
  if ((info.f_flag & ST_RELATIME) != 0) kept |= MS_RELATIME;
  base::must(mount("none", path.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | kept, nullptr),
             "make read-only " + path);
}

void bind_mount(const std::string& from, const std::string& to, bool read_only) {
  base::must(mount(from.c_str(), to.c_str(), nullptr, MS_BIND | MS_REC, nullptr), "bind " + from);
  if (read_only) make_read_only(to);
}

void fresh(const char* type, const std::string& path, unsigned long flags, const char* options) {
  folder(path);
  base::must(mount(type, path.c_str(), type, MS_NOSUID | flags, options), fmt::format("mount {} at {}", type, path));
}

// The system's folders: a link where the system has a link (/bin -> usr/bin), read-only binds elsewhere.
void system_folders(const std::string& root) {
  for (const char* name : {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
    std::error_code none;
    const std::string at = root + name;
    if (fs::is_symlink(name, none)) {
      base::must(symlink(fs::read_symlink(name).c_str(), at.c_str()), "link " + at);
    } else if (fs::is_directory(name, none)) {
      folder(at);
      bind_mount(name, at, true);
    }
  }
}

void system_files(const std::string& root) {
  folder(root + "/etc");
  base::write_file(root + "/etc/passwd", "root:x:0:0:root:/:/bin/sh\nstudent:x:1000:1000:student:/work:/bin/sh\n");
  base::write_file(root + "/etc/group", "root:x:0:\nstudent:x:1000:\n");
  base::write_file(root + "/etc/hosts", "127.0.0.1 localhost lab\n::1 localhost\n");
  if (fs::exists("/etc/ld.so.cache")) fs::copy_file("/etc/ld.so.cache", root + "/etc/ld.so.cache");
  if (fs::is_directory("/etc/alternatives")) {
    folder(root + "/etc/alternatives");
    bind_mount("/etc/alternatives", root + "/etc/alternatives", true);
  }
}

void devices(const std::string& root) {
  const std::string dev = root + "/dev";
  folder(dev);
  for (const char* name : {"null", "zero", "full", "random", "urandom", "tty"}) {
    const std::string at = dev + "/" + name;
    base::open_file(at, O_WRONLY | O_CREAT, 0666);
    bind_mount(std::string("/dev/") + name, at, false);
  }
  for (const auto& [name, target] : {std::pair{"fd", "/proc/self/fd"},
                                     {"stdin", "/proc/self/fd/0"},
                                     {"stdout", "/proc/self/fd/1"},
                                     {"stderr", "/proc/self/fd/2"},
                                     {"ptmx", "pts/ptmx"}})
    base::must(symlink(target, (dev + "/" + name).c_str()), "link in /dev");
  fresh("devpts", dev + "/pts", MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
  fresh("tmpfs", dev + "/shm", MS_NODEV, "size=64m,nr_inodes=1024,mode=1777");
  fresh("mqueue", dev + "/mqueue", MS_NODEV | MS_NOEXEC, nullptr);
}

}  // namespace

void install(const std::vector<Installed>& programs, const std::string& to) {
  for (const Installed& p : programs) base::write_file(to + "/" + p.name, p.bytes, 0755);
}

void furnish(const std::string& root, const std::vector<Installed>& programs) {
  base::must(mount("tmpfs", root.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=256m,nr_inodes=4096,mode=0755"),
             "mount tmpfs");
  system_folders(root);
  system_files(root);
  devices(root);
  folder(root + "/proc");
  folder(root + "/lab");
  folder(root + "/gates");
  install(programs, root + "/lab");
  fresh("tmpfs", root + "/tmp", MS_NODEV, "size=64m,nr_inodes=4096,mode=1777");
  fresh("tmpfs", root + "/work", MS_NODEV, "size=64m,nr_inodes=4096,mode=0755");
  make_read_only(root);
}

void lend(const std::string& here, const std::string& there) {
  base::must(mount("tmpfs", here.c_str(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64k,nr_inodes=256,mode=0755"),
             "mount tmpfs");
  bind_mount(here, there, true);
}

}  // namespace room
