#include "fs/fat_files.h"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstring>

#include "fs/fat.h"
#include "io/faulty.h"
#include "unit/fs/cluster_listing.h"
#include "unit/fs/fs_builders.h"

namespace drydock::fs {
namespace {

using test::FatVolume;
using FatNames = std::vector<std::string>;

constexpr std::uint32_t kFatLast = 0x0FFFFFFF;

// A volume of FatVolume whose file holds the number of each of its clusters in every byte.
struct FatFilesVolume : FatVolume {
  explicit FatFilesVolume(unsigned kind) : FatVolume(kind) {
    for (std::uint64_t cluster = 2; cluster < 40; ++cluster)
      if (kind != 32 || cluster > 2)
        std::ranges::fill(disk.content().subspan(at(cluster), 512),
                          static_cast<std::byte>(cluster));
  }

  std::uint64_t at(std::uint64_t cluster) const { return data_offset() + (cluster - 2) * 512; }
  std::uint64_t root() const { return bits == 32 ? data_offset() : fat_offset(2); }
  // The only folder's.
  std::uint64_t folder() const { return at(clusters + 1); }

  // `entry` has 11 bytes of name and the attributes.
  void put_entry(std::uint64_t offset, std::string_view entry, std::uint32_t cluster,
                 std::uint32_t bytes) {
    std::ranges::fill(disk.content().subspan(offset, 32), std::byte{0});
    test::put_text(disk, offset, entry);
    test::put16(disk, offset + 20, static_cast<std::uint16_t>(cluster >> 16));
    test::put16(disk, offset + 26, static_cast<std::uint16_t>(cluster));
    test::put32(disk, offset + 28, bytes);
  }
  // One piece of a long name, of up to 13 units, filled up as Windows does.
  void put_piece(std::uint64_t offset, std::uint8_t number, std::u16string_view text,
                 std::string_view short_name) {
    constexpr std::array kPlaces{1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
    unsigned sum = 0;
    for (const char c : short_name)
      sum = ((sum << 7 | sum >> 1) + static_cast<std::uint8_t>(c)) & 255;
    byte(offset) = number;
    byte(offset + 11) = 0x0F;
    byte(offset + 13) = static_cast<std::uint8_t>(sum);
    for (std::size_t i = 0; i < 13; ++i)
      test::put16(disk, offset + static_cast<std::uint64_t>(kPlaces[i]),
                  i < text.size()    ? text[i]
                  : i == text.size() ? 0
                                     : 0xFFFF);
  }
  std::uint8_t& byte(std::uint64_t offset) {
    return reinterpret_cast<std::uint8_t&>(disk.content()[offset]);
  }

  io::FaultySource without(Extent lost) const {
    io::Faults faults;
    faults.unreadable.add(lost);
    return {disk, faults};
  }
};

// Calls `use` with the files of a volume.
void with_fat_files(const io::BlockSource& volume, const std::function<void(Files&)>& use) {
  unsigned visits = 0;
  const auto visited =
      files_fat(volume, [&](Files& files, const FileNode& root, std::string_view path) {
        BOOST_TEST(path == "");
        BOOST_TEST((root.kind == FileNode::Kind::folder));
        ++visits;
        use(files);
        return Result<bool>(true);
      });
  BOOST_TEST(visited.has_value());
  BOOST_TEST(visits == 1u);
}

std::string why_no_fat_files(const io::BlockSource& volume) {
  const auto visited = files_fat(
      volume, [](Files&, const FileNode&, std::string_view) { return Result<bool>(true); });
  return visited ? "" : visited.error().what;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_fat_files)

BOOST_AUTO_TEST_CASE(lists_reads_and_places_a_file) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    BOOST_TEST_CONTEXT(bits) {
      const FatFilesVolume volume(bits);
      std::string content;
      for (const char cluster : {5, 6, 7, 8}) content += std::string(512, cluster);
      content.resize(4 * 512 - 10);
      with_fat_files(volume.disk, [&](Files& files) {
        BOOST_TEST((test::names_in_root(files) == FatNames{"FILE.TXT", "FOLDER"}));
        BOOST_TEST(test::text_at(files, "FILE.TXT") == content);
        BOOST_TEST(test::pieces_at(files, "file.txt") ==
                   "0+2038@" + std::to_string(volume.at(5)) + " ");
        BOOST_TEST((test::names_in(files, test::node_at(files, "FOLDER")) == FatNames{}));
        BOOST_TEST((test::node_at(files, "FOLDER").kind == FileNode::Kind::folder));
        BOOST_TEST(!look_up(files, files.root().value(), "OTHER").value().has_value());
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(follows_a_chain_forwards_and_backwards) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    BOOST_TEST_CONTEXT(bits) {
      FatFilesVolume volume(bits);
      volume.set_entry(5, 7);
      volume.set_entry(7, 6);
      volume.set_entry(6, 20);
      volume.set_entry(20, 21);  // more than the file needs
      volume.set_entry(21, kFatLast);
      with_fat_files(volume.disk, [&](Files& files) {
        const auto place = [&](std::uint64_t cluster) {
          return std::to_string(volume.at(cluster));
        };
        BOOST_TEST(test::pieces_at(files, "FILE.TXT") == "0+512@" + place(5) + " 512+512@" +
                                                             place(7) + " 1024+512@" + place(6) +
                                                             " 1536+502@" + place(20) + " ");
        const FileNode file = test::node_at(files, "FILE.TXT");
        std::array<std::byte, 100> some{};
        const auto read = [&](std::uint64_t offset) {
          BOOST_TEST(files.read(file, offset, some).has_value());
          return std::pair(std::to_integer<int>(some.front()), std::to_integer<int>(some.back()));
        };
        BOOST_TEST((read(1600) == std::pair(20, 20)));
        BOOST_TEST((read(450) == std::pair(5, 7)));
        BOOST_TEST((read(1000) == std::pair(7, 6)));
        BOOST_TEST(!files.read(file, 1939, some).has_value());
        BOOST_TEST(!files.read(file, UINT64_MAX, some).has_value());
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(a_node_is_read_again_from_its_number) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    FatFilesVolume volume(bits);
    volume.put_entry(volume.folder(), "IN FOLD    \x20", 30, 77);
    volume.set_entry(30, kFatLast);
    with_fat_files(volume.disk, [&](Files& files) {
      for (const char* path : {"", "FILE.TXT", "FOLDER", "FOLDER/IN FOLD"}) {
        const FileNode node = test::node_at(files, path);
        const FileNode again = files.node(node.id).value();
        BOOST_TEST((again.kind == node.kind && again.id == node.id && again.bytes == node.bytes));
      }
      BOOST_TEST(test::node_at(files, "FOLDER/IN FOLD").id == volume.folder());
      BOOST_TEST(test::text_at(files, "FOLDER/IN FOLD") == std::string(77, 30));
      // No entry, none in use, none at all.
      for (const std::uint64_t id : {std::uint64_t{512}, volume.root(), volume.folder() + 32,
                                     volume.folder() + 1, volume.disk.geometry().bytes})
        BOOST_TEST(!files.node(id).has_value());
    });
  }
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_no_file) {
  FatFilesVolume volume(16);
  const auto put = [&](unsigned place, std::string_view entry) {
    volume.put_entry(volume.root() + std::uint64_t{place} * 32, entry, 0, 0);
  };
  put(3, "A LABEL    \x08");
  put(4,
      "\xE5"
      "ELETED    \x20");
  put(5, "           \x20");
  put(6, "KEPT       \x20");
  put(8, "BEHIND     \x20");
  volume.put_entry(volume.folder(), ".          \x10",
                   static_cast<std::uint32_t>(volume.clusters + 1), 0);
  volume.put_entry(volume.folder() + 32, "..         \x10", 0, 0);
  volume.put_entry(volume.folder() + 64, "HIDDEN  SYS\x06", 0, 0);
  with_fat_files(volume.disk, [&](Files& files) {
    BOOST_TEST((test::names_in_root(files) == FatNames{"FILE.TXT", "FOLDER", "KEPT"}));
    BOOST_TEST((test::names_in(files, test::node_at(files, "FOLDER")) == FatNames{"HIDDEN.SYS"}));
    BOOST_TEST(test::pieces_at(files, "KEPT") == "");
    BOOST_TEST(test::text_at(files, "KEPT") == "");
    unsigned told = 0;
    const auto first = [&](std::string_view, std::uint64_t) { return ++told == 2; };
    BOOST_TEST(files.list(files.root().value(), first).has_value());
    BOOST_TEST(told == 1u);
    BOOST_TEST(!files.list(test::node_at(files, "FILE.TXT"), first).has_value());
  });
}

BOOST_AUTO_TEST_CASE(short_names_as_they_were_written) {
  FatFilesVolume volume(16);
  const auto put = [&](unsigned place, std::string_view entry) {
    volume.put_entry(volume.root() + std::uint64_t{place} * 32, entry, 0, 0);
  };
  put(1, "SMALL   TXT\x20\x18");
  put(2, "NAME    EXT\x20\x08");
  put(3, "NAME    EXT\x20\x10");
  put(4,
      "\x9A"
      "BUNG   \x8E\x99 \x20");
  put(5,
      "\x05"
      "X         \x20");
  put(6, "A B C   D  \x20");
  with_fat_files(volume.disk, [&](Files& files) {
    BOOST_TEST((test::names_in_root(files) ==
                FatNames{"small.txt", "name.EXT", "NAME.ext", "ÜBUNG.ÄÖ", "σX", "A B C.D"}));
  });
}

BOOST_AUTO_TEST_CASE(long_names) {
  FatFilesVolume volume(16);
  const std::uint64_t at = volume.folder();
  volume.put_piece(at, 0x42, u" fourteenth", "SHORT   TXT");
  volume.put_piece(at + 32, 1, u"Größe 😀 to a", "SHORT   TXT");
  volume.put_entry(at + 64, "SHORT   TXT\x20", 0, 0);
  // No NUL: exactly as long as its pieces. Halves of surrogate pairs, at the end and before
  // another.
  const std::u16string halves{u'a', 0xD800, u'b', 0xDC00, 0xDBFF, 0xDBFF, 0xDC00,
                              u'c', u'd',   u'e', u'f',   u'g',   0xD83D};
  volume.put_piece(at + 96, 0x41, halves, "HALVES     ");
  volume.put_entry(at + 128, "HALVES     \x20", 0, 0);
  with_fat_files(volume.disk, [&](Files& files) {
    BOOST_TEST((test::names_in(files, test::node_at(files, "FOLDER")) ==
                FatNames{"Größe 😀 to a fourteenth", "a\uFFFDb\uFFFD\uFFFD\U0010FC00cdefg\uFFFD"}));
  });
}

BOOST_AUTO_TEST_CASE(a_long_name_that_does_not_fit_is_ignored) {
  const auto listed = [](auto change) {
    FatFilesVolume volume(16);
    const std::uint64_t at = volume.folder();
    volume.put_piece(at, 0x43, u"third", "SHORT      ");
    volume.put_piece(at + 32, 2, u"second piece ", "SHORT      ");
    volume.put_piece(at + 64, 1, u"first piece, ", "SHORT      ");
    volume.put_entry(at + 96, "SHORT      \x20", 0, 0);
    change(volume, at);
    std::string name;
    with_fat_files(volume.disk, [&](Files& files) {
      for (const std::string& one : test::names_in(files, test::node_at(files, "FOLDER")))
        name += one;
    });
    return name;
  };
  BOOST_TEST(listed([](auto&, auto) {}) == "first piece, second piece third");
  BOOST_TEST(listed([](auto& v, auto at) { v.byte(at + 99) ^= 1; }) == "SHOST");
  for (const std::uint64_t piece : {0u, 32u, 64u}) {
    BOOST_TEST(listed([&](auto& v, auto at) { v.byte(at + piece + 13) ^= 1; }) == "SHORT");
    BOOST_TEST(listed([&](auto& v, auto at) { v.byte(at + piece) = 0xE5; }) == "SHORT");
    BOOST_TEST(listed([&](auto& v, auto at) { v.byte(at + piece) ^= 4; }) == "SHORT");
  }
  BOOST_TEST(listed([](auto& v, auto at) { v.byte(at) = 0x55; }) == "SHORT");
  BOOST_TEST(listed([](auto& v, auto at) { v.byte(at) = 0x40; }) == "SHORT");
  BOOST_TEST(listed([](auto& v, auto at) { v.byte(at) = 0x7F; }) == "SHORT");
  // Begins anew in the middle.
  BOOST_TEST(listed([](auto& v, auto at) { v.byte(at + 64) = 0x41; }) == "first piece, ");
  BOOST_TEST(listed([](auto& v, auto at) { v.byte(at + 65) = '/'; }) == "SHORT");
  BOOST_TEST(listed([](auto& v, auto at) { test::put16(v.disk, at + 65, 0); }) == "SHORT");
  BOOST_TEST(listed([](auto& v, auto at) { v.put_piece(at + 64, 0x41, u"..", "SHORT      "); }) ==
             "SHORT");
  // Something else between it and its short name.
  BOOST_TEST(listed([](auto& v, auto at) {
               v.put_entry(at + 96, "LABEL      \x08", 0, 0);
               v.put_entry(at + 128, "SHORT      \x20", 0, 0);
             }) == "SHORT");
}

BOOST_AUTO_TEST_CASE(chains_that_are_broken_end_in_an_error) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    BOOST_TEST_CONTEXT(bits) {
      const auto told = [&](auto change) {
        FatFilesVolume volume(bits);
        change(volume);
        std::string pieces;
        with_fat_files(volume.disk, [&](Files& files) {
          pieces = test::pieces_at(files, "FILE.TXT");
          BOOST_TEST(test::text_at(files, "FILE.TXT").starts_with("Error: "));
          if (pieces.contains(volume.at(5) == 0 ? "" : std::to_string(volume.at(5))))
            pieces += "; five";
        });
        return pieces;
      };
      // Of a circle nothing is told, however few of its clusters the file needs.
      BOOST_TEST(told([](auto& v) {
                   v.set_entry(6, 5);
                 }).starts_with("Error: a chain of its clusters leads in a circle"));
      BOOST_TEST(told([](auto& v) {
                   v.set_entry(5, 5);
                 }).starts_with("Error: a chain of its clusters leads in a circle"));
      BOOST_TEST(told([](auto& v) {
                   v.set_entry(7, 6);
                 }).starts_with("Error: a chain of its clusters leads in a circle"));
      BOOST_TEST(told([](auto& v) {
                   v.set_entry(6, 5);
                   v.put_root_entry(1, "FILE    TXT\x20", 5, 3 * 512);
                 }).starts_with("Error: a chain of its clusters leads in a circle"));
      // The last cluster that the file needs is the first one that comes again.
      BOOST_TEST(told([](auto& v) {
                   v.set_entry(8, 20);
                   v.set_entry(20, 21);
                   v.set_entry(21, 6);
                   v.put_root_entry(1, "FILE    TXT\x20", 5, 7 * 512);
                 }).starts_with("Error: a chain of its clusters leads in a circle"));
      // Of others, what comes before the damage.
      for (const std::uint32_t next :
           {0u, 1u, static_cast<std::uint32_t>(FatFilesVolume(bits).clusters + 2), 0x0FFFFFF7u}) {
        const std::string outside = told([&](auto& v) { v.set_entry(6, next); });
        BOOST_TEST(outside.starts_with("0+1024@"), outside);
        BOOST_TEST(outside.contains("leads from cluster 6 to "), outside);
        BOOST_TEST(outside.ends_with("which is none; five"), outside);
      }
      const std::string early = told([](auto& v) { v.set_entry(7, kFatLast); });
      BOOST_TEST(early.starts_with("0+1536@"), early);
      BOOST_TEST(early.contains("Error: a chain of its clusters ends too soon"), early);
      BOOST_TEST(told([](auto& v) { v.put_root_entry(1, "FILE    TXT\x20", 0, 10); }) ==
                 "Error: a chain of its clusters leads to cluster 0, which does not exist");
      BOOST_TEST(told([](auto& v) {
                   v.put_root_entry(1, "FILE    TXT\x20", 5, 0xFFFFFFFF);
                 }).contains("is larger than the volume"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_chain_may_go_wrong_behind_what_the_file_needs) {
  for (const std::uint32_t next : {0u, 1u, 0xFFFFu, 9u}) {
    FatFilesVolume volume(16);
    volume.set_entry(8, next);
    with_fat_files(volume.disk, [&](Files& files) {
      BOOST_TEST(test::pieces_at(files, "FILE.TXT").starts_with("0+2038@"));
      BOOST_TEST(!test::text_at(files, "FILE.TXT").starts_with("Error"));
    });
  }
}

BOOST_AUTO_TEST_CASE(folders_that_are_broken_tell_what_they_have) {
  const auto listed = [](auto change) {
    FatFilesVolume volume(32);
    const auto own = static_cast<std::uint32_t>(volume.clusters + 1);
    volume.set_entry(own, 30);
    volume.set_entry(30, kFatLast);
    for (std::uint64_t i = 0; i < 16; ++i) {
      volume.put_entry(volume.folder() + i * 32, "\xE5", 0, 0);
      volume.put_entry(volume.at(30) + i * 32, "\xE5", 0, 0);
    }
    volume.put_entry(volume.folder(), "ONE        \x20", 0, 0);
    volume.put_entry(volume.at(30) + 32, "TWO        \x20", 0, 0);
    change(volume, own);
    FatNames names;
    with_fat_files(volume.disk, [&](Files& files) {
      names = test::names_in(files, test::node_at(files, "FOLDER"));
    });
    return names;
  };
  const std::string circle = "Error: a chain of its clusters leads in a circle (cluster 3001)";
  BOOST_TEST((listed([](auto&, auto) {}) == FatNames{"ONE", "TWO"}));
  BOOST_TEST(
      (listed([](auto& v, auto own) { v.set_entry(30, own); }) == FatNames{"ONE", "TWO", circle}));
  BOOST_TEST((listed([](auto& v, auto own) { v.set_entry(own, own); }) == FatNames{"ONE", circle}));
  BOOST_TEST(
      (listed([](auto& v, auto own) { v.set_entry(own, 1); }) ==
       FatNames{"ONE", "Error: a chain of its FAT leads from cluster 3001 to 1, which is none"}));
  BOOST_TEST((listed([](auto& v, auto) { v.put_root_entry(2, "FOLDER     \x10", 0, 0); }) ==
              FatNames{"Error: a chain of its clusters leads to cluster 0, which does not exist"}));
}

BOOST_AUTO_TEST_CASE(a_folder_larger_than_one_can_be_ends) {
  FatFilesVolume volume(16);
  const auto own = static_cast<std::uint32_t>(volume.clusters + 1);
  // 4097 clusters of 16 entries.
  std::uint32_t last = own;
  for (std::uint32_t next = 100; next < 100 + 4096; ++next) {
    volume.set_entry(last, next);
    std::ranges::fill(volume.disk.content().subspan(volume.at(last), 512), std::byte{0xE5});
    last = next;
  }
  volume.set_entry(last, kFatLast);
  with_fat_files(volume.disk, [&](Files& files) {
    BOOST_TEST((test::names_in(files, test::node_at(files, "FOLDER")) ==
                FatNames{"Error: a folder is larger than one can be"}));
  });
}

BOOST_AUTO_TEST_CASE(either_fat_is_enough) {
  for (const unsigned bits : {12u, 16u, 32u}) {
    BOOST_TEST_CONTEXT(bits) {
      FatFilesVolume volume(bits);
      volume.set_entry(6, 20);
      volume.set_entry(20, 8);
      std::string intact;
      with_fat_files(volume.disk,
                     [&](Files& files) { intact = test::pieces_at(files, "FILE.TXT"); });
      const std::uint64_t fat = volume.fat_sectors * 512;
      const auto faulty_first = volume.without({volume.fat_offset(0), fat});
      const auto faulty_second = volume.without({volume.fat_offset(1), fat});
      for (const io::BlockSource* source : {&faulty_first, &faulty_second})
        with_fat_files(*source, [&](Files& files) {
          BOOST_TEST(test::pieces_at(files, "FILE.TXT") == intact);
        });
      const auto neither = volume.without({volume.fat_offset(0), 2 * fat});
      with_fat_files(neither, [&](Files& files) {
        // FAT32's root has a chain too, of which the end cannot be told then.
        FatNames names{"FILE.TXT", "FOLDER"};
        BOOST_TEST((test::names_in_root(files) == names));
        BOOST_TEST(test::pieces_at(files, "FILE.TXT") == "0+512@" + std::to_string(volume.at(5)) +
                                                             " Error: the FAT cannot be read (" +
                                                             std::strerror(EIO) + ")");
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(entries_that_cannot_be_read_hide_no_others) {
  FatFilesVolume volume(16);
  volume.put_entry(volume.root() + 15 * 32, "\xE5", 0, 0);
  for (std::uint64_t i = 3; i < 40; ++i) volume.put_entry(volume.root() + i * 32, "\xE5", 0, 0);
  volume.put_piece(volume.root() + 15 * 32, 0x41, u"long name", "CUT        ");
  volume.put_entry(volume.root() + 16 * 32, "LOST       \x20", 0, 0);
  volume.put_entry(volume.root() + 32 * 32, "CUT        \x20", 0, 0);
  const auto faulty = volume.without({volume.root() + 512, 512});
  with_fat_files(faulty, [&](Files& files) {
    BOOST_TEST(
        (test::names_in_root(files) ==
         FatNames{"FILE.TXT", "FOLDER", "CUT",
                  std::string("Error: a folder cannot be read (") + std::strerror(EIO) + ")"}));
    BOOST_TEST(test::text_at(files, "FILE.TXT").size() == 2038u);
  });
}

BOOST_AUTO_TEST_CASE(what_a_map_refuses_is_listed_all_the_same) {
  FatFilesVolume dirty(16);
  dirty.set_entry(1, 0x3FFF);
  dirty.disk.content()[37] = std::byte{3};
  test::put_text(dirty.disk, 54, "FAT12   ");
  BOOST_TEST(!used_fat(dirty.disk).has_value());
  with_fat_files(dirty.disk, [&](Files& files) {
    BOOST_TEST(test::pieces_at(files, "FILE.TXT").starts_with("0+2038@"));
  });
}

BOOST_AUTO_TEST_CASE(the_one_fat_that_is_kept_up_to_date_counts) {
  FatFilesVolume volume(32);
  test::put16(volume.disk, 40, 0x81);
  test::put32(volume.disk, volume.fat_offset(0) + 5 * 4, 0);
  with_fat_files(volume.disk, [&](Files& files) {
    BOOST_TEST(test::pieces_at(files, "FILE.TXT").starts_with("0+2038@"));
  });
  // Nor is the other one asked where it cannot be read.
  const auto faulty = volume.without({volume.fat_offset(1), 512});
  with_fat_files(faulty, [&](Files& files) {
    BOOST_TEST(test::pieces_at(files, "FILE.TXT").contains("the FAT cannot be read"));
  });
  test::put16(volume.disk, 40, 0x82);
  BOOST_TEST(why_no_fat_files(volume.disk) == "it uses FAT 3 of 2");
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_fit_are_refused) {
  FatFilesVolume truncated(16);
  test::put32(truncated.disk, 32, 100'000);
  BOOST_TEST(why_no_fat_files(truncated.disk).contains("more than the volume"));
  FatFilesVolume small(32);
  test::put32(small.disk, 36, 10);
  BOOST_TEST(why_no_fat_files(small.disk).contains("too small"));
  FatFilesVolume gone(16);
  test::put16(gone.disk, 510, 0);
  test::put_text(gone.disk, 54, "        ");
  BOOST_TEST(why_no_fat_files(gone.disk) == "its boot sector has gone");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
