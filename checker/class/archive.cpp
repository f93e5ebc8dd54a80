#include "class/archive.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <memory>
#include <sys/stat.h>

namespace intake {
namespace {

struct FreesReader {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Reader = std::unique_ptr<archive, FreesReader>;

// Those that are read in this process: "all" would start programs for the rare ones.
Reader reader_of(const std::string& bytes) {
  Reader reader(archive_read_new());
  for (const auto support : {archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_xz,
                             archive_read_support_filter_zstd, archive_read_support_format_zip, archive_read_support_format_tar,
                             archive_read_support_format_gnutar, archive_read_support_format_7zip, archive_read_support_format_rar,
                             archive_read_support_format_rar5})
    support(reader.get());
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) reader.reset();
  return reader;
}

// At most `most` bytes of the entry that is next; false where there are more, or where it cannot be read.
bool read_entry(archive* reader, size_t most, std::string& bytes) {
  char piece[1 << 16];
  for (la_ssize_t got; (got = archive_read_data(reader, piece, sizeof piece)) != 0;) {
    if (got < 0) return false;
    bytes.append(piece, static_cast<size_t>(got));
    if (bytes.size() > most) return false;
  }
  return true;
}

std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  std::string path = name == nullptr ? "" : name;
  std::ranges::replace(path, '\\', '/');  // as some programs of Windows separate folders
  while (path.starts_with("./")) path.erase(0, 2);
  return path;
}

void take(archive* reader, archive_entry* entry, const std::string& path, int nesting, Contents& contents) {
  const bool source = is_source(path);
  if (is_beside_the_point(path) || (!source && !is_archive(path))) return;
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) {
    if (archive_entry_filetype(entry) != AE_IFDIR) contents.notes.push_back(path + " is left out: it is a link or a device, no file");
    return;
  }
  if (!source && nesting >= deepest_nesting)
    return contents.notes.push_back(path + " is left out: an archive in an archive in an archive");
  std::string bytes;
  if (!read_entry(reader, source ? most_in_source : most_in_archive, bytes))
    return contents.notes.push_back(path + " is left out: it is damaged, encrypted or too large");
  if (!source) return read_archive(bytes, path, nesting + 1, contents);
  add(contents, {path, std::move(bytes), archive_entry_mtime_is_set(entry) ? archive_entry_mtime(entry) : 0});
}

}  // namespace

void read_archive(const std::string& bytes, const std::string& path, int nesting, Contents& contents) {
  const Reader reader = reader_of(bytes);
  if (!reader) return contents.notes.push_back(path + " is left out: it is no archive of a kind that is read here");
  archive_entry* entry = nullptr;
  size_t entries = 0;
  std::uint64_t unpacked = 0;
  for (int result; (result = archive_read_next_header(reader.get(), &entry)) != ARCHIVE_EOF && contents.refused.empty();) {
    if (result < ARCHIVE_WARN) return contents.notes.push_back(path + " is damaged: what stands behind its fault is not read");
    unpacked += archive_entry_size_is_set(entry) ? static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_entry_size(entry))) : 0;
    if (++entries > most_entries || unpacked > most_unpacked) {
      contents.refused = fmt::format("{} unpacks to more than {} MiB or {} files", path, most_unpacked >> 20, most_entries);
      return;
    }
    const std::string name = name_of(entry);
    if (const std::string why = why_not_a_name(name); !why.empty()) {
      contents.refused = fmt::format("{} holds a name that is none of a file: {}", path, why);
      return;
    }
    if (!name.empty()) take(reader.get(), entry, path + "/" + name, nesting, contents);
  }
}

}  // namespace intake
