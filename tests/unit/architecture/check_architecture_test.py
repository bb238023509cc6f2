"""The check of the architecture can fail: each rule is broken once in a small tree."""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import check_architecture  # noqa: E402

TABLE = """# Architecture
| library | does | may include | only user of |
| --- | --- | --- | --- |
| `base` | errors | - | fmt |
| `config` | YACS | base | yaml-cpp |
| `storage` | objects | base | libarchive |
| `training` | training | config, base | Torch |
"""


class CheckArchitecture(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="smflow-test-")
        self.root = Path(self.folder.name)
        self.write("ARCHITECTURE.md", TABLE)
        for library in ("base", "config", "storage", "training"):
            self.write(f"libs/{library}/include/smflow/{library}/{library}.hpp", "#pragma once\n#include <string>\n")
        self.write("libs/config/src/config.cpp", "#include <smflow/base/base.hpp>\n#include <yaml-cpp/parser.h>\n")
        self.write("apps/smflow/main.cpp", "#include <smflow/storage/storage.hpp>\n#include <CLI/CLI.hpp>\n")
        self.write("tests/unit/x_test.cpp", "#include <zlib.h>\n#include <smflow/training/training.hpp>\n")

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, content):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")

    def expect(self, *words):
        violations = check_architecture.check_tree(self.root)
        self.assertEqual(len(violations), 1, violations)
        for word in words:
            self.assertIn(word, violations[0])

    def test_a_sound_tree_passes(self):
        self.assertEqual(check_architecture.check_tree(self.root), [])

    def test_an_upward_include_fails(self):
        self.write("libs/base/src/base.cpp", "\n#include <smflow/config/config.hpp>\n")
        self.expect("libs/base/src/base.cpp:2:", "smflow/config/config.hpp")

    def test_a_sideways_include_fails(self):
        self.write("libs/config/include/smflow/config/more.hpp", "#pragma once\n#  include <smflow/storage/storage.hpp>\n")
        self.expect("more.hpp:2:", "may include only base, config")

    def test_the_launcher_never_includes_the_training_library(self):
        self.write("apps/smflow/report.cpp", "#include <smflow/training/training.hpp>\n")
        self.expect("apps/smflow/report.cpp:1:")

    def test_a_program_includes_only_what_is_listed(self):
        self.write("tools/emoji_dataset/main.cpp", "#include <smflow/storage/storage.hpp>\n")
        self.expect("tools/emoji_dataset/main.cpp:1:")

    def test_a_heavy_header_outside_of_its_library_fails(self):
        for header in ("yaml-cpp/yaml.h", "torch/torch.h", "archive.h", "archive_entry.h", "zlib.h", "jpeglib.h", "png.h",
                       "libdeflate.h", "ft2build.h", "CLI/CLI.hpp", "curl/curl.h", "openssl/evp.h", "pugixml.hpp"):
            with self.subTest(header):
                self.write("libs/base/src/base.cpp", f"#include <{header}>\n")
                self.expect("libs/base/src/base.cpp:1:", header)

    def test_a_heavy_header_in_the_public_header_of_its_library_fails(self):
        self.write("libs/config/include/smflow/config/config.hpp", "#pragma once\n#include <yaml-cpp/node.h>\n")
        self.expect("config.hpp:2:", "libs/config/src/")

    def test_a_library_without_a_row_fails(self):
        self.write("libs/extra/src/extra.cpp", "")
        self.expect("extra has no row")

    def test_a_circle_in_the_table_fails(self):
        self.write("ARCHITECTURE.md", TABLE.replace("| errors | - |", "| errors | training |"))
        self.assertTrue(any("include each other" in v for v in check_architecture.check_tree(self.root)))

    def test_a_missing_table_fails(self):
        self.write("ARCHITECTURE.md", "# Architecture\n")
        self.assertTrue(any("not found" in v for v in check_architecture.check_tree(self.root)))

    def test_quotes_do_not_hide_an_upward_include(self):
        self.write("libs/base/src/base.cpp", '#include "smflow/config/config.hpp"\n')
        self.expect("libs/base/src/base.cpp:1:", "smflow/config/config.hpp")

    def test_a_header_without_a_guard_fails(self):
        self.write("libs/base/src/inner.hpp", "int x;\n")
        self.expect("inner.hpp:1:", "#pragma once")

    def test_a_long_file_fails(self):
        self.write("libs/base/src/long.cpp", "// line\n" * 900)
        self.assertEqual(check_architecture.check_tree(self.root), [])
        self.write("libs/base/src/long.cpp", "// line\n" * 901)
        self.expect("long.cpp:901:", "901 lines")

    def test_a_forbidden_word_fails(self):
        for word in ("TO" + "DO", "FIX" + "ME"):
            with self.subTest(word):
                self.write("tests/unit/y_test.cpp", f"// {word}: later\n")
                self.expect("tests/unit/y_test.cpp:1:", word)

    @unittest.skipUnless(shutil.which("ctags"), "universal-ctags is not installed")
    def test_a_long_function_fails(self):
        self.write("libs/base/src/f.cpp", "namespace a {\nint f(int x) {\n" + "  x += 1;\n" * 117 + "  return x;\n}\n}\n")
        self.assertEqual(check_architecture.check_tree(self.root), [])
        self.write("libs/base/src/f.cpp", "namespace a {\nint f(int x) {\n" + "  x += 1;\n" * 118 + "  return x;\n}\n}\n")
        self.expect("f.cpp:2:", "the function f has 121 lines")


if __name__ == "__main__":
    unittest.main()
