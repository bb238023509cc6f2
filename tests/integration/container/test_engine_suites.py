"""The suites of the local engine, with containers as hosts."""

import importlib
import unittest

from engine_image import engine_with_image

SUITES = ["test_inputs_and_outputs", "test_misbehaving_programs", "test_several_hosts"]


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
                for suite in SUITES:
                    self.loader.loadTestsFromModule(importlib.import_module(suite)).run(result)
        except unittest.SkipTest as skipped:
            print(skipped)
        return result


if __name__ == "__main__":
    unittest.main()
