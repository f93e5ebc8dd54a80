// Lab 05: stories that are told of each way to get signals: way "" by handlers, "--wait " and "--fd " without. Senders are
// peers of the program (play/peer.hpp), so that it can name them. Each CHECKs by itself, as a case does.
#pragma once

#include <string>

namespace delivery {

/// One signal at a time: number, name, sender and payload.
void tell_of_each(const std::string& way);
/// Many at once: the lowest number first. Demanded of standard signals only where this kernel does so.
void tell_in_order(const std::string& way);
/// Of many standard ones the first, of real-time ones all, in the order sent.
void tell_merged_and_queued(const std::string& way);
/// Thousands, the most of them while it lets in.
void storm(const std::string& way);

}  // namespace delivery
