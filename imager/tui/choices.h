#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tui/model.h"

namespace drydock::tui {

// What can be chosen on the pages that list things, and why not.

// Why a disk cannot be saved. Empty: it can. So for all refusals here.
std::string source_refusal(const job::ListedDisk& drive);
// Why a disk cannot be overwritten by the image that was chosen.
std::string target_refusal(const Flow& flow, const job::ListedDisk& drive);
std::string place_refusal(const Model& model, const job::Destination& place);
std::string entry_refusal(const job::FolderEntry& entry);

// The entries of the open folder as they are listed: below the root, ".." comes first.
std::vector<job::FolderEntry> listed_entries(const Flow& flow);

// Where the mark stands when a list appears: on what was chosen before, else on the first thing
// that suits. Nothing is destroyed by what these lists choose.
int first_source(const Model& model);
int first_place(const Model& model, std::string_view chosen_before);
int first_entry(const Model& model);

// The drive that is marked in the list of drives, and marking it again after the list has changed.
// A drive that is gone leaves no mark, lest another one that took its row be chosen unseen.
std::string marked_drive(const Model& model);
void mark_drive(Model& model, std::string_view path);

// What an earlier save to `name` left among the entries, to be gone on with; null: nothing.
const job::FolderEntry* unfinished(const std::string& name,
                                   const std::vector<job::FolderEntry>& entries);

// The name of an unfinished image of that disk; empty: there is none.
std::string unfinished_name(const DiskId& disk, const std::vector<job::FolderEntry>& entries);

// Is the map of a rescue to `name` among the entries? Then that is gone on with.
bool rescue_begun(const std::string& name, const std::vector<job::FolderEntry>& entries);

// The disk at `path` as it was listed; nothing known where it was not.
DiskId identity_of(const Model& model, std::string_view path);

// The same with its size and the like.
Disk disk_at(const Model& model, std::string_view path);

// `name`, or with -2, -3 … before its extension, such that none of the entries has it.
std::string unused_name(const std::string& name, const std::vector<job::FolderEntry>& entries);

}  // namespace drydock::tui
