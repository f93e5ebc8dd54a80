// Lab 05: stories of each way to get signals: way "" by handlers, "--wait " and "--fd " without. Senders are
// peers of the program (play/subject/peer.hpp), so that it can name them. Each CHECKs by itself, as a case does.
#pragma once

#include <string>

namespace delivery {

/// One signal at a time, each to a program of its own: number, name and sender; the payload; that nobody sent it.
void reports_senders(const std::string& way);
void reports_values(const std::string& way);
void reports_the_kernel(const std::string& way);
/// Many at once: the lowest number first. Demanded of standard signals only where this kernel does so. Senders and values
/// are looked at where they are told right of a single one.
void reports_lowest_first(const std::string& way);
/// Of many standard ones the first, of real-time ones all, in the order sent.
void reports_merged_and_queued(const std::string& way);
/// Thousands, the most of them while it lets in.
void storm(const std::string& way);

}  // namespace delivery
