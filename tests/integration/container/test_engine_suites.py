"""The suites of the local engine, with containers as hosts."""

import importlib
import os
import subprocess
import unittest

from engine_image import engine_with_image

SUITES = ["test_inputs_and_outputs", "test_misbehaving_programs", "test_several_hosts"]


class Library(unittest.TestCase):
    def test_what_holds_for_processes_holds_for_containers(self):
        ran = subprocess.run([os.environ["SMFLOW_ENGINE_TEST"], "--gtest_brief=1"], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout)


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite([WithEngine(loader)])


class WithEngine(unittest.TestSuite):
    """One engine for all suites, which are read when it is there."""

    def __init__(self, loader):
        super().__init__()
        self.loader = loader

    def run(self, result, debug=False):
        try:
            with engine_with_image():
                self.loader.loadTestsFromTestCase(Library).run(result)
                for suite in SUITES:
                    self.loader.loadTestsFromModule(importlib.import_module(suite)).run(result)
        except unittest.SkipTest as skipped:
            print(skipped)
        return result


if __name__ == "__main__":
    unittest.main()
